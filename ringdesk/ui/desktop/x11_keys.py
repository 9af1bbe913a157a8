"""A key of the whole X11 desktop: taken from the server, told as an event; no thread, no polling."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from ctypes import POINTER, c_int, c_uint8, c_uint16, c_uint32, c_void_p
from itertools import combinations
from typing import Final, Self

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from ringdesk.desk.hotkey import Hotkey
from ringdesk.ui.desktop.x11 import X11, _Cookie

_KEY_PRESS, _MAPPING_NOTIFY = 2, 34
_ASYNC: Final = 1
_CAPS: Final = 2
_NUM_LOCK, _SCROLL_LOCK = 0xFF7F, 0xFF14
_MIN_KEYCODE_AT: Final = 34

_CALLS: Final[dict[str, tuple[object, tuple[object, ...]]]] = {
    "xcb_grab_key_checked": (
        _Cookie, (c_void_p, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8)
    ),
    "xcb_request_check": (c_void_p, (c_void_p, _Cookie)),
    "xcb_ungrab_key": (_Cookie, (c_void_p, c_uint8, c_uint32, c_uint16)),
    "xcb_get_keyboard_mapping": (_Cookie, (c_void_p, c_uint8, c_uint8)),
    "xcb_get_keyboard_mapping_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_get_modifier_mapping": (_Cookie, (c_void_p,)),
    "xcb_get_modifier_mapping_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_get_file_descriptor": (c_int, (c_void_p,)),
    "xcb_poll_for_event": (c_void_p, (c_void_p,)),
}  # several to a line  # fmt: skip


class KeyServer(X11):
    """What is asked of the X server about keys, on a connection of its own."""

    @classmethod
    def open(cls) -> Self | None:
        """Connect; None where there is no X server."""
        server = super().open()
        if server is None:
            return None
        assert isinstance(server, cls)
        for name, (result, arguments) in _CALLS.items():
            call = getattr(server._xcb, name)
            call.restype, call.argtypes = result, arguments
        return server

    @property
    def number(self) -> int:
        """The file descriptor that becomes readable when there is an event."""
        return int(self._xcb.xcb_get_file_descriptor(self._connection))

    def grab(self, code: int, held: int) -> bool:
        """Take a key; False where another program has it."""
        cookie = self._xcb.xcb_grab_key_checked(self._connection, 1, self._root, held, code, _ASYNC, _ASYNC)
        error = self._xcb.xcb_request_check(self._connection, cookie)
        if error:
            self._free(error)
        return not error

    def release(self, code: int, held: int) -> None:
        """Give a key back."""
        self._xcb.xcb_ungrab_key(self._connection, code, self._root, held)
        self._xcb.xcb_flush(self._connection)

    def events(self) -> Iterator[int]:
        """The kinds of all events that have come."""
        while event := self._xcb.xcb_poll_for_event(self._connection):
            kind = ctypes.string_at(event, 1)[0] & 0x7F
            self._free(event)
            yield kind

    def codes(self, keysym: int) -> list[int]:
        """The keys that give this symbol, with or without Shift."""
        width, first, symbols = self._symbols()
        found = (n for n in range(len(symbols) // width) if keysym in symbols[n * width : n * width + 2])
        return [first + n for n in found]

    def locks(self) -> list[int]:
        """All combinations of lock keys that may be on: Caps, Num and Scroll Lock."""
        masks = [_CAPS, *(m for s in (_NUM_LOCK, _SCROLL_LOCK) if (m := self._mask(self.codes(s))))]
        return sorted({sum(some) for n in range(len(masks) + 1) for some in combinations(set(masks), n)})

    def _symbols(self) -> tuple[int, int, tuple[int, ...]]:
        setup = self._xcb.xcb_get_setup(self._connection)
        first, last = ctypes.string_at(setup + _MIN_KEYCODE_AT, 2)
        cookie = self._xcb.xcb_get_keyboard_mapping(self._connection, first, last - first + 1)
        pointer = self._xcb.xcb_get_keyboard_mapping_reply(self._connection, cookie, None)
        if not pointer:
            return 1, first, ()
        head = ctypes.string_at(pointer, 32)
        width, length = head[1], struct.unpack_from("=I", head, 4)[0]
        data = ctypes.cast(pointer + 32, POINTER(c_uint32 * length)).contents
        symbols = tuple(data)
        self._free(pointer)
        return width, first, symbols

    def _mask(self, codes: list[int]) -> int:
        """The modifier that these keys switch; 0 where none."""
        cookie = self._xcb.xcb_get_modifier_mapping(self._connection)
        pointer = self._xcb.xcb_get_modifier_mapping_reply(self._connection, cookie, None)
        if not pointer:
            return 0
        each = ctypes.string_at(pointer, 32)[1]
        table = ctypes.string_at(pointer + 32, 8 * each)
        self._free(pointer)
        return next((1 << n for n in range(8) if set(codes) & set(table[n * each : (n + 1) * each])), 0)


class KeyGrab(QObject):
    """Takes one combination of keys from the desktop; `pressed` tells each time it was pressed."""

    pressed = Signal()

    def __init__(self, server: KeyServer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = server
        self._key: Hotkey | None = None
        self._taken: list[tuple[int, int]] = []
        self._reader = QSocketNotifier(server.number, QSocketNotifier.Type.Read, self)
        self._reader.activated.connect(self._read)

    def take(self, key: Hotkey | None) -> bool:
        """Take this combination instead of the one before; False where another program has it."""
        self._key = key
        for code, held in self._taken:
            self._server.release(code, held)
        self._taken = []
        if key is None:
            return True
        whole = True
        codes = self._server.codes(key.keysym)
        for code in codes:
            for locks in self._server.locks():
                held = int(key.modifiers) | locks
                if self._server.grab(code, held):
                    self._taken.append((code, held))
                else:
                    whole = False
        self._read()  # what came while the server was asked would else wait for the next event
        return whole and bool(codes)

    def close(self) -> None:
        """Give the keys back."""
        self._reader.setEnabled(False)
        self.take(None)
        self._server.close()

    @Slot()
    def _read(self) -> None:
        kinds = list(self._server.events())
        if _MAPPING_NOTIFY in kinds and self._key is not None:
            self.take(self._key)
        if _KEY_PRESS in kinds:
            self.pressed.emit()
