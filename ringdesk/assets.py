"""Finds what lies in resources/: icons, style sheet, schemas, demo data.

In a source checkout the folder stands beside the package; inside an installed wheel it lies in the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


class AssetMissing(Exception):
    """A file that RingDesk brings along is not where it was installed; the message names it."""


def asset(*parts: str) -> Path:
    """The path of a file or folder of resources/, such as `asset("icons", "phone.svg")`. Raises AssetMissing."""
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    looked = " and ".join(str(place) for place in _PLACES)
    raise AssetMissing(f"{'/'.join(parts)} is missing: looked in {looked}; install RingDesk again")
