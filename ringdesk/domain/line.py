"""What a called number or queue means to this user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Extension, Number, Withheld
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """My own number."""


@dataclass(frozen=True, slots=True)
class Department:
    """A number or queue that several desks answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Internal:
    """A coworker's extension calls another extension."""


@dataclass(frozen=True, slots=True)
class OtherPerson:
    """Somebody else's number."""


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """The source did not say what was dialled, and no default is set."""


Line = Personal | Department | Internal | OtherPerson | UnknownLine

NAMES: Mapping[str, Line] = {
    "personal": Personal(),
    "internal": Internal(),
    "other person": OtherPerson(),
    "unknown": UnknownLine(),
}


def line_named(text: str) -> Line:
    """The line a setting names: personal, internal, other person, unknown or "department NAME".

    Raises ValueError that says what was expected.
    """
    plain = " ".join(text.split())
    if plain.lower().startswith("department ") and len(plain) > len("department "):
        return Department(plain[len("department ") :])
    try:
        return NAMES[plain.lower()]
    except KeyError:
        known = ", ".join(NAMES)
        raise ValueError(f"{text!r} is no line: expected {known} or 'department NAME'") from None


def line_text(line: Line) -> str:
    """The inverse of `line_named`."""
    if isinstance(line, Department):
        return f"department {line.name}"
    return next(name for name, value in NAMES.items() if value == line)


@dataclass(frozen=True, slots=True)
class Lines:
    """The table of Settings > Lines: region, my extension, what each called number and queue means.

    `called` is keyed by number (already parsed in `region`), `queue` by the queue's name, folded to lower case.
    """

    region: str = "US"
    extension: str = ""
    default: Line = field(default_factory=Personal)
    called: Mapping[Number, Line] = field(default_factory=dict)
    queue: Mapping[str, Line] = field(default_factory=dict)

    def number(self, text: str) -> Number:
        """Read a number as the user's phone system writes it."""
        return parse(text, self.region)

    def of(self, remote: Number, called: str | None, queue: str | None) -> Line:
        """What this call is to the user.

        A queue says more than a number; an extension calling is internal unless a queue or a listed number says
        otherwise; a called number that is not listed, or none at all, is the default line.
        """
        if queue and (line := self.queue.get(queue.lower())) is not None:
            return line
        if called and (line := self.called.get(self.number(called))) is not None:
            return line
        if isinstance(remote, Extension):
            return Internal()
        return self.default

    def is_mine(self, text: str) -> bool:
        """True when a number or extension is this user's own."""
        number = self.number(text)
        if isinstance(number, Withheld):
            return False
        return str(number) == self.extension or self.called.get(number) == Personal()
