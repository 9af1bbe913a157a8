"""The global key as a value: which keys together move into the newest pop."""

from __future__ import annotations

from enum import IntFlag
from typing import Final

from ringdesk.domain.values import dataclass


class Modifier(IntFlag):
    """Keys that are held; the values are those of the X11 protocol."""

    SHIFT = 1
    CTRL = 4
    ALT = 8
    META = 64


@dataclass(frozen=True, slots=True)
class Hotkey:
    """One combination. `keysym` is the key as X11 and the desktop portals number it, `name` as they write it."""

    modifiers: Modifier
    keysym: int
    name: str

    @property
    def trigger(self) -> str:
        """As the desktop portal takes it: "CTRL+ALT+j"."""
        held = [_TRIGGERS[one] for one in Modifier if one in self.modifiers]
        return "+".join([*held, self.name])


_MODIFIERS: Final = {
    "ctrl": Modifier.CTRL,
    "alt": Modifier.ALT,
    "shift": Modifier.SHIFT,
    "meta": Modifier.META,
    "super": Modifier.META,
}
_TRIGGERS: Final = {Modifier.SHIFT: "SHIFT", Modifier.CTRL: "CTRL", Modifier.ALT: "ALT", Modifier.META: "LOGO"}
_NAMED: Final = {
    "space": (0x20, "space"),
    "pause": (0xFF13, "Pause"),
    "ins": (0xFF63, "Insert"),
    "insert": (0xFF63, "Insert"),
    "home": (0xFF50, "Home"),
    "end": (0xFF57, "End"),
    **{f"f{n}": (0xFFBD + n, f"F{n}") for n in range(1, 13)},
}


def hotkey(text: str) -> Hotkey | None:
    """The combination that a text such as "Ctrl+Alt+J" names; None where it names none that can be taken.

    A letter or digit needs Ctrl, Alt or Meta: with Shift alone it could not be typed any more.
    """
    *held, last = (part.strip().lower() for part in text.split("+"))
    if any(part not in _MODIFIERS for part in held):
        return None
    modifiers = Modifier(0)
    for part in held:
        modifiers |= _MODIFIERS[part]
    if last in _NAMED:
        keysym, name = _NAMED[last]
        plain = last.startswith("f") or last == "pause"
    elif len(last) == 1 and last.isascii() and last.isalnum():
        keysym, name, plain = ord(last), last, False
    else:
        return None
    if not plain and not modifiers & (Modifier.CTRL | Modifier.ALT | Modifier.META):
        return None
    return Hotkey(modifiers, keysym, name)
