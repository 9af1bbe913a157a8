"""What can go wrong with the team directory, by what there is to do about it."""

from __future__ import annotations

from enum import Enum


class TeamTrouble(Enum):
    """Why the directory did not do what was asked."""

    UNREACHABLE = "unreachable"
    """No answer from the server: wait and try again."""
    BUSY = "busy"
    """Another transaction was in the way; nothing was changed, the same operations may be sent again."""
    UNTRUSTED = "untrusted"
    """The server could not prove who it is, or speaks no TLS. Never retried without the user."""
    LOGIN = "login refused"
    """Wrong password, or a login that may not connect."""
    OUT = "shut out"
    """The directory has proved who it is, knows who asks, and says that they are in the team no more."""
    NOT_A_COWORKER = "not a coworker"
    """The login may not do this."""
    EXPIRED = "invitation ended"
    """The coworker was invited and did not join in time: they need another invitation."""
    RIGHTS = "set-up role"
    """The role that shall set the directory up lacks a right it needs for that."""
    TAKEN = "name taken"
    """The login belongs to somebody, or to something else on the server, already."""
    VERSION = "other version"
    """The directory does not have the functions this RingDesk needs, or is no directory."""
    UNKNOWN = "unknown"
    """Something named (a coworker, a department) is not there."""
    INVALID = "invalid"
    """The directory refused what it was given."""
    SERVER = "server"
    """The server failed in a way nobody expected."""


class TeamError(Exception):
    """The team directory did not do what was asked: `trouble` says why, `detail` what the server said."""

    def __init__(self, trouble: TeamTrouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}")
        self.trouble = trouble
        self.detail = detail
