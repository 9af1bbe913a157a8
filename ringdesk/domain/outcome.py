"""What the last round did, as the text that is kept with the account."""

from __future__ import annotations

import json
from typing import Any, Final

from ringdesk.domain.syncing import RoundDone

MOST_KEPT: Final = 200
"""Lines of a round's list that outlive the program."""

MOST_GUARDED: Final = 1000
"""Deletions that wait are to be chosen from, so that more of them are kept."""

_COUNTS: Final = ("guard_here", "guard_there", "questions", "invalid", "unclear", "put_off", "unreadable")


CHANGES: Final = frozenset(f"{deed} {side}" for deed in ("added", "changed", "deleted") for side in ("here", "there"))
"""The deeds that change a contact on one side or the other, as a round counts them: what *Undo* takes back."""


def changed(done: RoundDone) -> bool:
    """Whether a round changed anything."""
    return any(done.counts.get(deed) for deed in CHANGES)


def outcome_text(done: RoundDone, before: str = "") -> str:
    """The text of it, for `Account.outcome`. `before`: the text so far, whose last change is kept beside it."""
    said = _said(done)
    held = None if changed(done) else last_change("", before)
    if held is not None:
        said["did"] = _said(held)
    return json.dumps(said, ensure_ascii=False)


def undone_text(before: str) -> str:
    """The text once the last change was taken back: of the last round nothing but when it was is left."""
    done = outcome_of("", before)
    return "" if done is None else json.dumps(_said(RoundDone(account="", at=done.at, counts={})), ensure_ascii=False)


def last_change(account: str, text: str) -> RoundDone | None:
    """The last round that changed something: the last one, or one before it."""
    done = outcome_of(account, text)
    if done is None or changed(done):
        return done
    return outcome_of(account, json.dumps(json.loads(text).get("did")))


def _said(done: RoundDone) -> dict[str, Any]:
    return {
        "at": done.at,
        "counts": dict(done.counts),
        "lines": [list(line) for line in done.lines[:MOST_KEPT]],
        "guarded": [list(line) for line in done.guarded[:MOST_GUARDED]],
        "distrusted": done.distrusted,
        **{name: getattr(done, name) for name in _COUNTS},
    }


def outcome_of(account: str, text: str) -> RoundDone | None:
    """What the last round did; None where nothing is kept or it cannot be read."""
    try:
        said = json.loads(text) if text else None
        return None if not isinstance(said, dict) else _made(account, said)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _made(account: str, said: dict[str, Any]) -> RoundDone:
    return RoundDone(
        account=account,
        at=float(said["at"]),
        counts={str(deed): int(count) for deed, count in said["counts"].items()},
        lines=_lines(said["lines"]),
        guarded=_lines(said.get("guarded", [])),
        guard_here=int(said["guard_here"]),
        guard_there=int(said["guard_there"]),
        questions=int(said["questions"]),
        invalid=int(said["invalid"]),
        unclear=int(said["unclear"]),
        put_off=int(said["put_off"]),
        unreadable=int(said["unreadable"]),
        distrusted=bool(said["distrusted"]),
    )


def _lines(said: list[Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(deed), str(contact), str(name)) for deed, contact, name in said)
