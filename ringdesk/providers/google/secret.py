"""Texts that show themselves to nobody: a traceback with its variables says that one was there."""

from __future__ import annotations

from typing import Final

_HIDDEN: Final = "'[secret]'"


class Secret(str):
    """A token, or a text with one in it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return _HIDDEN


class SecretBytes(bytes):
    """The same as bytes on their way to the network."""

    __slots__ = ()

    def __repr__(self) -> str:
        return _HIDDEN
