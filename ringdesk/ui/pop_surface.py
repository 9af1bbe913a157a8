"""What can show pops: windows of our own, or the desktop's notifications where no window can leave the keyboard."""

from __future__ import annotations

from typing import Protocol

from ringdesk.desk.pops import Stack
from ringdesk.ui.desktop.screens import PopPlace
from ringdesk.ui.pop_window import PopTaps


class PopSurface(Protocol):
    """Shows stacks of pops and tells what the user did on them."""

    taps: PopTaps
    """Where it is told what the user does."""
    place: PopPlace
    """Where pops go, as far as that can be chosen."""
    locked: bool
    """The screen is locked: no name may be read, seen or heard."""

    def warm(self) -> None:
        """Make ready, so that the first call is as quick as any."""

    def show(self, stack: Stack) -> None:
        """Show this stack and nothing else."""

    def enter(self) -> bool:
        """Move the keyboard into the newest pop, at the user's wish; False where there is none."""
