"""The phone library, in two halves: its tables at once, its functions when the first of them is asked for.

A list of contacts spells its numbers by the tables alone (`numbering.read_plain`, `spell_plain`). The package itself
imports all it can do, number matchers and short numbers too, before a table can be read: twice the time of the tables,
on the way to the first picture of the window.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

_NAME: Final = "phonenumbers"


def _open() -> ModuleType:
    """The package, empty until something is asked of it; as it is where somebody has imported it already."""
    spec = find_spec(_NAME) if _NAME not in sys.modules else None
    if spec is None or spec.loader is None:
        return __import__(_NAME)
    package = sys.modules[_NAME] = module_from_spec(spec)
    vars(package)["__getattr__"] = _filling(package, spec)
    return package


def _filling(package: ModuleType, spec: ModuleSpec) -> Callable[[str], Any]:
    """What the empty package does when it is asked for something."""
    lock, begun = threading.RLock(), False

    def filled(wanted: str) -> Any:
        nonlocal begun
        with lock:  # another thread waits until everything is there
            if not begun and not wanted.startswith("__"):
                begun = True
                assert spec.loader is not None
                spec.loader.exec_module(package)
                del vars(package)["__getattr__"]
        if wanted not in vars(package):
            raise AttributeError(f"module {_NAME!r} has no attribute {wanted!r}", name=wanted, obj=package)
        return vars(package)[wanted]

    return filled


if TYPE_CHECKING:
    import phonenumbers as phonenumbers
else:
    phonenumbers = _open()

from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS  # noqa: E402  # once it is open
from phonenumbers.phonemetadata import REGION_CODE_FOR_NON_GEO_ENTITY, PhoneMetadata  # noqa: E402  # likewise

__all__ = ["REGIONS", "PhoneMetadata", "country_code", "phonenumbers", "supported"]
# REGIONS: the regions of each country code, the main one first (`phonenumbers.COUNTRY_CODE_TO_REGION_CODE`)


def supported() -> frozenset[str]:
    """All regions there are (`phonenumbers.SUPPORTED_REGIONS`)."""
    every = {region for regions in REGIONS.values() for region in regions}
    return frozenset(every - {REGION_CODE_FOR_NON_GEO_ENTITY})


def country_code(region: str) -> int:
    """The country code of a region, 0 where there is no such region (`phonenumbers.country_code_for_region`)."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    return (metadata.country_code or 0) if metadata is not None else 0
