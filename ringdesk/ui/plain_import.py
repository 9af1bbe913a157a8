"""PySide6 imported without what RingDesk never uses of it.

PySide6 brings a dozen modules in Python (`shibokensupport`), packed into its library as source text: compiled anew in
every process, they are a third of its import, and nearly all of them only tell signatures: in messages about
wrong arguments and to whoever writes stubs. Under `plain_import` they are made when something is first asked of them.

It also hangs a hook into Python's import for its `__feature__` switches: after every module that is imported later it
reads that module's source text, to see whether the word PySide6 is in it. That was a third of RingDesk's start, and
every text stayed in memory (`linecache`). RingDesk uses none of these switches: the hook does not outlive the import.

Its libraries name 13,000 functions of Qt's: each is looked up when it is first called.

Where a PySide6 does none of this any longer, nothing happens.
"""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

SUPPORT: Final = "shibokensupport"
LATER: Final = frozenset(
    f"{SUPPORT}.signature.{name}"
    for name in ("mapping", "errorhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
)
"""What only signatures need."""

_CALLED: Final = "update_mapping"
"""PySide6's library calls this function of `mapping` without asking the module for it: it looks into its dictionary."""


@contextmanager
def plain_import() -> Iterator[None]:
    """Import PySide6 in here for the first time."""
    own = builtins.__import__

    def watched(name: str, *others: Any, **named: Any) -> ModuleType:
        if name.startswith(SUPPORT):
            _postpone()
        return own(name, *others, **named)

    builtins.__import__ = watched
    try:
        with _lazy_binding():
            yield
    finally:
        builtins.__import__ = own
        sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Postponed)]


@contextmanager
def _lazy_binding() -> Iterator[None]:
    """Find a library's functions when they are first called, not all of them when it is loaded, as Windows does."""
    if not hasattr(sys, "setdlopenflags"):
        yield
        return
    usual = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        yield
    finally:
        sys.setdlopenflags(usual)


def _postpone() -> None:
    """Stand before the importer that PySide6 has just put in front of all others for its modules."""
    first = sys.meta_path[0]
    if not isinstance(first, _Postponed) and hasattr(first, "exec_module"):
        sys.meta_path.insert(0, _Postponed(first))


class _Postponed:
    """Finds the modules of `LATER` as another importer does, and leaves them empty until something is asked of them."""

    def __init__(self, importer: Any) -> None:
        self._importer = importer

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in LATER or self._importer.find_spec(name, path, target) is None:
            return None
        loader: Any = self  # not an `importlib.abc.Loader`: importing that takes longer than what is saved here
        return ModuleSpec(name, loader)

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        fill = _filling(module, module.__name__, self._importer.exec_module)
        module.__dict__.update({"__getattr__": fill, _CALLED: lambda: fill(_CALLED)()})


def _filling(module: ModuleType, name: str, fill: Callable[[ModuleType], None]) -> Callable[[str], Any]:
    """What a module does when it is asked for something while it is empty."""

    def filled(wanted: str) -> Any:
        if module.__dict__.pop("__getattr__", None) is not None:
            module.__dict__.pop(_CALLED)
            known, module.__spec__ = module.__spec__, ModuleSpec(name, None)  # PySide6 has renamed it meanwhile
            fill(module)
            module.__spec__ = known
        return getattr(module, wanted)

    return filled
