"""Frozen dataclasses that are made in a tenth of the time.

The standard library writes six methods of every frozen, slotted dataclass as text and compiles them while the module is
imported: 0.3 ms a class, and the start imports some hundred of them before the window is painted. Here a frozen,
slotted class shares the methods that are the same for all, and `__init__` is compiled when the first value of the class
is made, or by `prepare` in a quiet moment. Everything else is the standard library's own: fields, `replace`, matching,
errors. For a type checker it is `dataclasses.dataclass` itself.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # given on under this name
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> Any:
        """As `dataclasses.dataclass`, of which it takes these three options."""
        if not (frozen and slots):
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, kw_only=kw_only)
        return (lambda made: _frozen(made, kw_only=kw_only)) if cls is None else _frozen(cls, kw_only=kw_only)


_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")

_WORDS: Final = ("ClassVar", "InitVar", "KW_ONLY")
_waiting: dict[Any, None] = {}
"""Classes whose `__init__` nobody has needed yet."""


def prepare(count: int) -> Iterator[None]:
    """Compile what is still waiting, `count` classes a turn."""
    while _waiting:
        for cls in list(_waiting)[:count]:
            _compile(cls)
        yield


def _frozen(cls: type, *, kw_only: bool) -> type:
    own = set(vars(cls))
    made = _made(cls, kw_only=kw_only)
    made.__dataclass_params__.frozen = made.__dataclass_params__.eq = True
    fields = dataclasses.fields(made)
    if not all(field.init for field in fields):
        raise TypeError("every field of a frozen value is given when it is made")
    names = tuple(field.name for field in fields)
    compared = _reader([field.name for field in fields if field.compare])
    for name, method in _methods(made, names, compared).items():
        if name not in own:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]  # the class that the standard library made of it


def _made(cls: type, *, kw_only: bool) -> Any:
    """The standard library's class of it, without methods.

    It searches the text of each annotation for the words of `_WORDS`; where none of them is in any, it gets no texts to
    search, which is a third of its work.
    """
    told = inspect.get_annotations(cls)
    plain = not any(word in str(each) for each in told.values() for word in _WORDS)
    if plain:
        cls.__annotations__ = dict.fromkeys(told, object)
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    if plain:
        made.__annotations__ = told
        for name, each in told.items():
            made.__dataclass_fields__[name].type = each
    return made


def _methods(made: Any, names: tuple[str, ...], compared: Callable[[Any], Any]) -> dict[str, Any]:
    """The methods that all such classes have in common, over the fields of this one."""

    def init(self: Any, *values: Any, **named: Any) -> None:
        _compile(made)
        made.__init__(self, *values, **named)

    def equal(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def digest(self: Any) -> int:
        return hash(compared(self))

    _waiting[made] = None
    shared = {"__init__": init, "__repr__": _shown, "__eq__": equal, "__hash__": digest}
    return shared | _state(names) | _frozen_methods(made, names)


def _state(names: tuple[str, ...]) -> dict[str, Any]:
    """For copies and pickles."""

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def take_state(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": state, "__setstate__": take_state}


def _frozen_methods(made: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Nothing is assigned to, nothing deleted."""

    def assign(self: Any, name: str, value: object) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(made, self).__setattr__(name, value)

    def delete(self: Any, name: str) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(made, self).__delattr__(name)

    return {"__setattr__": assign, "__delattr__": delete}


@recursive_repr()
def _shown(self: Any) -> str:
    told = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({told})"


def _reader(names: list[str]) -> Callable[[Any], Any]:
    """Gives the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda value: ()
    read = attrgetter(names[0])
    return lambda value: (read(value),)


_MANY: Final = 3
"""Fields from which on it pays to fill a value while it is of another class."""

_turn: Final = object.__dict__["__class__"].__set__


def _compile(made: Any) -> None:
    """Give a class its `__init__`: what the standard library's does, and in half the time where fields are many.

    A frozen value has no quick way to fill it. So it is of another class meanwhile, of the same slots and not frozen.
    """
    fields = dataclasses.fields(made)
    quick = len(fields) >= _MANY and made.__bases__ == (object,)
    space = _space(made, quick=quick)
    lines = ["turn(self, Open)"] if quick else []
    lines += _filling(fields, space, "self.{0} = {1}" if quick else "put(self, {0!r}, {1})")
    lines += ["turn(self, made)"] if quick else []
    lines += ["self.__post_init__()"] if hasattr(made, "__post_init__") else []
    text = f"def __init__({_parameters(fields, space, 'self')}):\n " + "\n ".join(lines or ["pass"])
    exec(text, space)  # noqa: S102  # names of fields, as the standard library does
    made.__init__ = space["__init__"]
    made.__init__.__qualname__ = f"{made.__qualname__}.__init__"
    _waiting.pop(made, None)


def maker(made: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """A function that makes values of a frozen, slotted class in half the time, for where they come by the thousand.

    It is called as the class is, and compiled at once.
    """
    cls: Any = made
    if hasattr(cls, "__post_init__") or cls.__bases__ != (object,):
        raise TypeError("only of values that look at nothing when they are made")
    fields = dataclasses.fields(cls)
    space = _space(cls, quick=True)
    lines = ["self = Open()", *_filling(fields, space, "self.{0} = {1}"), "turn(self, made)", "return self"]
    exec(f"def make({_parameters(fields, space)}):\n " + "\n ".join(lines), space)  # noqa: S102  # names of fields only
    return space["make"]  # type: ignore[no-any-return]  # compiled, so nothing is known of it


def _space(made: Any, *, quick: bool) -> dict[str, Any]:
    space: dict[str, Any] = {"absent": dataclasses.MISSING, "put": object.__setattr__, "turn": _turn, "made": made}
    if quick:
        space["Open"] = type(made.__name__, (), {"__slots__": made.__slots__})
    return space


def _filling(fields: Sequence[Any], space: dict[str, Any], line: str) -> list[str]:
    """A line for each field; what makes a default goes into the space it is compiled in."""
    lines: list[str] = []
    for field in fields:
        value = field.name
        if field.default_factory is not dataclasses.MISSING:
            space[f"make_{field.name}"] = field.default_factory
            value = f"make_{field.name}() if {field.name} is absent else {field.name}"
        lines.append(line.format(field.name, value))
    return lines


def _parameters(fields: Sequence[Any], space: dict[str, Any], *before: str) -> str:
    """What is given; defaults go into the space it is compiled in."""
    taken: list[str] = []
    named: list[str] = []
    for field in fields:
        text = field.name
        if field.default is not dataclasses.MISSING:
            space[f"default_{field.name}"] = field.default
            text += f"=default_{field.name}"
        elif field.default_factory is not dataclasses.MISSING:
            text += "=absent"
        (named if field.kw_only else taken).append(text)
    return ", ".join([*before, *taken, *(["*", *named] if named else [])])
