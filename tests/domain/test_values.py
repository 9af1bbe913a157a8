"""Values made the quick way are what the standard library's are: both are asked the same here."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from ringdesk.domain import values
from ringdesk.domain.values import dataclass as quick

Maker = Callable[..., Any]


def made(dataclass: Maker) -> tuple[Any, Any, Any, Any]:
    @dataclass(frozen=True, slots=True)
    class Point:
        """With a default, a factory, a field that is not compared, and a check."""

        x: int
        y: int = 2
        seen: list[int] = dataclasses.field(default_factory=list, compare=False)
        secret: str = dataclasses.field(default="", repr=False)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("left of the edge")

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """By name only."""

        name: str
        one: int = 1

    @dataclass(frozen=True, slots=True)
    class Empty:
        """No field."""

    @dataclass(frozen=True, slots=True)
    class Own:
        """One field, and a way of its own to be shown and compared."""

        text: str

        def __str__(self) -> str:
            return self.text

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and other.text.casefold() == self.text.casefold()

        def __hash__(self) -> int:
            return hash(self.text.casefold())

    return Point, Named, Empty, Own


@pytest.fixture(params=[dataclasses.dataclass, quick], ids=["standard", "quick"])
def classes(request: pytest.FixtureRequest) -> tuple[Any, Any, Any, Any]:
    return made(request.param)


def test_values_are_made_compared_and_shown(classes: tuple[Any, Any, Any, Any]) -> None:
    point, named, empty, own = classes
    assert point(1) == point(1, 2, [5]) != point(1, 3)
    assert point(1) != named(name="1")
    assert {point(1), point(1, 2, [7]), point(2)} == {point(2), point(1)}
    assert repr(point(1, secret="s")).endswith("Point(x=1, y=2, seen=[])")
    assert repr(named(name="a")).endswith("Named(name='a', one=1)")
    assert empty() == empty()
    assert repr(empty()).endswith("Empty()")
    assert own("A") == own("a")
    assert hash(own("A")) == hash(own("a"))
    first, second = point(1), point(1)
    first.seen.append(1)
    assert second.seen == []


def test_nothing_can_be_assigned_or_deleted(classes: tuple[Any, Any, Any, Any]) -> None:
    value = classes[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        value.x = 1
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del value.x
    assert not hasattr(value, "__dict__")


def test_nor_can_what_is_no_field() -> None:
    value = made(quick)[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        value.other = 1
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'other'"):
        del value.other


@pytest.mark.parametrize("arguments", [(), (1, 2, [], "", 5)])
def test_wrong_arguments_are_named(classes: tuple[Any, Any, Any, Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"Point.__init__\(\)"):
        classes[0](*arguments)
    with pytest.raises(TypeError, match=r"Named.__init__\(\)"):
        classes[1]("by place")
    with pytest.raises(ValueError, match="left of the edge"):
        classes[0](-1)


def test_the_standard_librarys_tools_work_on_them(classes: tuple[Any, Any, Any, Any]) -> None:
    point, named, _, _ = classes
    assert dataclasses.replace(point(1), y=5) == point(1, 5)
    assert dataclasses.asdict(named(name="a")) == {"name": "a", "one": 1}
    assert [field.name for field in dataclasses.fields(point)] == ["x", "y", "seen", "secret"]
    value = point(1, seen=[3])
    assert copy.copy(value) == value
    assert copy.deepcopy(value).seen == [3]
    match value:
        case point(x, y):
            assert (x, y) == (1, 2)
    with pytest.raises(ValueError, match="left of the edge"):
        dataclasses.replace(value, x=-1)


def test_a_value_of_the_house_can_be_pickled() -> None:
    from ringdesk.domain.card import Name

    name = Name(given="Ada")
    assert pickle.loads(pickle.dumps(name)) == name  # noqa: S301  # made in the same breath


def test_a_default_that_all_would_share_is_refused() -> None:
    with pytest.raises(ValueError, match="mutable default"):

        @quick(frozen=True, slots=True)
        class Shared:
            """All would share the list."""

            items: list[int] = []  # noqa: RUF012  # what is refused here


def test_a_field_that_is_not_given_is_refused() -> None:
    with pytest.raises(TypeError, match="every field"):

        @quick(frozen=True, slots=True)
        class Later:
            """Filled by nobody knows whom."""

            text: str = dataclasses.field(init=False)


def test_a_maker_makes_what_the_class_does() -> None:
    @quick(frozen=True, slots=True)
    class Two:
        """One field that is shared by nobody."""

        first: str
        second: list[int] = dataclasses.field(default_factory=list)

    point, named, empty, own = made(quick)
    name = values.maker(named)(name="a", one=3)
    assert name == named(name="a", one=3)
    assert type(name) is named
    assert hash(name) == hash(named(name="a", one=3))
    assert values.maker(named)(name="a") == named(name="a")
    assert values.maker(own)("A") == own("a")
    assert values.maker(empty)() == empty()
    make = values.maker(Two)
    assert make("x", [1]) == Two("x", [1])
    assert make("x").second is not make("x").second
    with pytest.raises(dataclasses.FrozenInstanceError):
        name.one = 4
    with pytest.raises(TypeError):
        values.maker(named)("by place")
    with pytest.raises(TypeError, match="look at nothing"):
        values.maker(point)


def test_prepare_compiles_what_nobody_has_made_yet() -> None:
    point = made(quick)[0]
    before = point.__init__
    turns = sum(1 for _ in values.prepare(3))
    assert turns
    assert point.__init__ is not before
    assert point(1) == point(1)
    assert list(values.prepare(3)) == []
