"""Without the garbage collector for a while: where nothing is thrown away, looking for it only takes time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

A_PAGE: Final = 50_000
"""Values that a page of an account is read into, and some more; all of them go with it."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing inside; afterwards it is as it was."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class _Seldom:
    """How many ask for it, and how often it was collected before the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = gc.get_threshold()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Collect inside only once there is more new than a page: what was read just now is no garbage."""
        with self._lock:
            if not self._inside:
                self._before = gc.get_threshold()
                gc.set_threshold(A_PAGE, *self._before[1:])
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    gc.set_threshold(*self._before)


seldom_collected: Final = _Seldom()
"""Of this process, for the threads of all accounts."""
