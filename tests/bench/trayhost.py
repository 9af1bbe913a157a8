"""A tray for a bare X11 screen: owns the tray's selection and docks nothing, so that programs stay in the tray.

usage: python -m tests.bench.trayhost (until its standard input ends)
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def tray_host() -> Iterator[None]:
    """A tray for as long as the block runs; nothing where the platform is not X11."""
    if os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb" or "DISPLAY" not in os.environ:
        yield
        return
    with subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as host:
        assert host.stdin is not None
        assert host.stdout is not None
        host.stdout.readline()
        try:
            yield
        finally:
            host.stdin.close()
            host.wait(10)


def main() -> None:
    """Own _NET_SYSTEM_TRAY_S0 until standard input ends."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XCreateSimpleWindow.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_int] * 5, *[ctypes.c_ulong] * 2]
    x11.XCreateSimpleWindow.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XSetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]
    x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    display = x11.XOpenDisplay(None)
    if not display:
        sys.exit("no X11 screen")
    window = x11.XCreateSimpleWindow(display, x11.XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
    x11.XSetSelectionOwner(display, x11.XInternAtom(display, b"_NET_SYSTEM_TRAY_S0", 0), window, 0)
    x11.XSync(display, 0)
    print("up", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
