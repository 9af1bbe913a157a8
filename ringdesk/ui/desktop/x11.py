"""The few things Qt does not say about an X11 desktop: its window manager, and which window has the keyboard.

Spoken through libxcb, which Qt's own X11 plug-in needs anyway. Unlike Xlib it never ends the program over an error:
a question about a window that is gone just has no answer.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_uint8, c_uint16, c_uint32, c_void_p
from functools import cache
from typing import Final

from PySide6.QtGui import QGuiApplication, QNativeInterface

_CLIENT_MESSAGE: Final = 33
_REDIRECT_AND_NOTIFY: Final = 1 << 20 | 1 << 19
_FROM_USER: Final = 2
_ANY: Final = 0
_EVENT_MASK: Final = 1 << 11
_PROPERTY_CHANGE: Final = 1 << 22


class _Cookie(Structure):
    _fields_ = (("sequence", c_uint),)


class _Roots(Structure):
    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


_CALLS: Final[dict[str, tuple[object, tuple[object, ...]]]] = {
    "xcb_connect": (c_void_p, (c_char_p, POINTER(c_int))),
    "xcb_disconnect": (None, (c_void_p,)),
    "xcb_connection_has_error": (c_int, (c_void_p,)),
    "xcb_get_setup": (c_void_p, (c_void_p,)),
    "xcb_setup_roots_iterator": (_Roots, (c_void_p,)),
    "xcb_intern_atom": (_Cookie, (c_void_p, c_uint8, c_uint16, c_char_p)),
    "xcb_intern_atom_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_get_property": (_Cookie, (c_void_p, c_uint8, c_uint32, c_uint32, c_uint32, c_uint32, c_uint32)),
    "xcb_get_property_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_get_property_value": (c_void_p, (c_void_p,)),
    "xcb_get_property_value_length": (c_int, (c_void_p,)),
    "xcb_get_geometry": (_Cookie, (c_void_p, c_uint32)),
    "xcb_get_geometry_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_translate_coordinates": (_Cookie, (c_void_p, c_uint32, c_uint32, ctypes.c_int16, ctypes.c_int16)),
    "xcb_translate_coordinates_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_get_window_attributes": (_Cookie, (c_void_p, c_uint32)),
    "xcb_get_window_attributes_reply": (c_void_p, (c_void_p, _Cookie, c_void_p)),
    "xcb_change_window_attributes": (_Cookie, (c_void_p, c_uint32, c_uint32, POINTER(c_uint32))),
    "xcb_send_event": (_Cookie, (c_void_p, c_uint8, c_uint32, c_uint32, c_char_p)),
    "xcb_flush": (c_int, (c_void_p,)),
}


class X11:
    """One connection to the X server of this session."""

    def __init__(self, library: ctypes.CDLL, connection: int) -> None:
        self._xcb = library
        self._connection = connection
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = (c_void_p,)
        self._free.restype = None
        self._root: int = library.xcb_setup_roots_iterator(library.xcb_get_setup(connection)).data[0]
        self._atoms: dict[str, int] = {}

    @classmethod
    def open(cls) -> X11 | None:
        """Connect to the display of the environment; None where there is none, or no X11 at all."""
        library = _library()
        if library is None:
            return None
        number = c_int(0)
        connection = library.xcb_connect(None, byref(number))
        if library.xcb_connection_has_error(connection):
            library.xcb_disconnect(connection)
            return None
        return cls(library, connection)

    @classmethod
    def of_qt(cls) -> X11 | None:
        """Speak over the connection of Qt itself, never to be closed; None where Qt is no client of an X server."""
        app = QGuiApplication.instance()
        if not isinstance(app, QGuiApplication) or app.platformName() != "xcb":
            return None  # by its native interface alone `offscreen` would be one, too
        native, library = app.nativeInterface(), _library()
        if library is None or not isinstance(native, QNativeInterface.QX11Application):
            return None
        return cls(library, native.connection())

    def told_of(self, window: int) -> int:
        """What this connection is told of a window: the X protocol's set of events, 0 where the window is gone."""
        asked = self._xcb.xcb_get_window_attributes(self._connection, window)
        answer = self._reply(self._xcb.xcb_get_window_attributes_reply, asked, 44)
        told: int = struct.unpack_from("=I", answer, 36)[0] if answer else 0
        return told

    def leave_properties(self, window: int) -> None:
        """Be told no longer when a property of a window of this connection changes."""
        if told := self.told_of(window):
            events = c_uint32(told & ~_PROPERTY_CHANGE)
            self._xcb.xcb_change_window_attributes(self._connection, window, _EVENT_MASK, byref(events))
            self._xcb.xcb_flush(self._connection)

    def close(self) -> None:
        """Hang up; nothing may be asked after it."""
        self._xcb.xcb_disconnect(self._connection)

    def window_manager(self) -> str | None:
        """The name of the window manager; None where none runs, empty where it does not say its name."""
        check = self._window(self._root, "_NET_SUPPORTING_WM_CHECK")
        if check is None or self._window(check, "_NET_SUPPORTING_WM_CHECK") != check:
            return None
        return self._property(check, "_NET_WM_NAME").decode("utf-8", "replace")

    def active_window(self) -> int | None:
        """The window that has the keyboard, as the window manager says."""
        return self._window(self._root, "_NET_ACTIVE_WINDOW")

    def activate(self, window: int) -> None:
        """Ask the window manager to give a window the keyboard, in the user's name."""
        head = struct.pack("=BBHII", _CLIENT_MESSAGE, 32, 0, window, self._atom("_NET_ACTIVE_WINDOW"))
        message = head + struct.pack("=5I", _FROM_USER, 0, 0, 0, 0)
        self._xcb.xcb_send_event(self._connection, 0, self._root, _REDIRECT_AND_NOTIFY, message)
        self._xcb.xcb_flush(self._connection)

    def rect(self, window: int) -> tuple[int, int, int, int] | None:
        """Where a window is: x, y, width, height in pixels of the whole desktop."""
        xcb, connection = self._xcb, self._connection
        size = self._reply(xcb.xcb_get_geometry_reply, xcb.xcb_get_geometry(connection, window), 20)
        place = self._reply(
            xcb.xcb_translate_coordinates_reply,
            xcb.xcb_translate_coordinates(connection, window, self._root, 0, 0),
            16,
        )
        if size is None or place is None:
            return None
        x, y = struct.unpack_from("=hh", place, 12)
        width, height = struct.unpack_from("=HH", size, 16)
        return x, y, width, height

    def _reply(self, ask: Callable[[int, _Cookie, None], int | None], cookie: _Cookie, length: int) -> bytes | None:
        pointer = ask(self._connection, cookie, None)
        if not pointer:
            return None
        answer = ctypes.string_at(pointer, length)
        self._free(pointer)
        return answer

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            text = name.encode("ascii")
            cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(text), text)
            answer = self._reply(self._xcb.xcb_intern_atom_reply, cookie, 12)
            self._atoms[name] = struct.unpack_from("=I", answer, 8)[0] if answer else 0
        return self._atoms[name]

    def _property(self, window: int, name: str) -> bytes:
        xcb, connection = self._xcb, self._connection
        cookie = xcb.xcb_get_property(connection, 0, window, self._atom(name), _ANY, 0, 64)
        pointer = xcb.xcb_get_property_reply(connection, cookie, None)
        if not pointer:
            return b""
        value = ctypes.string_at(xcb.xcb_get_property_value(pointer), xcb.xcb_get_property_value_length(pointer))
        self._free(pointer)
        return value

    def _window(self, window: int, name: str) -> int | None:
        value = self._property(window, name)
        found: int = struct.unpack_from("=I", value)[0] if len(value) >= 4 else 0
        return found or None


@cache
def _library() -> ctypes.CDLL | None:
    """Made ready once; None where there is none."""
    try:
        library = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None
    for name, (result, arguments) in _CALLS.items():
        call = getattr(library, name)
        call.restype, call.argtypes = result, arguments
    return library
