"""How one account is synced, and how it stands, as the text that the store keeps with the account.

What a newer RingDesk wrote is left out; what cannot be read falls back to its default, field by field, because a
policy that is not understood must never stop the start.
"""

from __future__ import annotations

import json
from dataclasses import field, fields
from enum import Enum
from typing import Any, Final

from ringdesk.domain.replica import Account, Policy
from ringdesk.domain.signing import Keeping
from ringdesk.domain.values import dataclass

EVERY: Final[tuple[int | None, ...]] = (1, 5, 15, 60, None)
"""Minutes between rounds that can be chosen; None: only by hand."""


class Standing(Enum):
    """How far an account has come. The text is how it is stored."""

    SETTING_UP = "setting up"
    """Signed in; nothing was synced yet."""
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    """Nothing is synced; links stay, so that connecting again makes no duplicate."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user can choose of one account: the policy, and the minutes between rounds (None: only by hand)."""

    policy: Policy = field(default_factory=Policy)
    every: int | None = 5

    def __post_init__(self) -> None:
        if self.every not in EVERY:
            raise ValueError(f"every is {self.every!r} minutes, expected 1, 5, 15, 60 or None")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept with an account besides the engine's own: `granted` is when consent was given (seconds, 1970)."""

    choices: Choices = field(default_factory=Choices)
    standing: Standing = Standing.SETTING_UP
    keeping: Keeping = Keeping.KEYRING
    granted: float | None = None


def kept_of(account: Account) -> Kept:
    """What is kept with an account."""
    said = _object(account.settings)
    every, granted = said.get("every", 5), said.get("granted")
    return Kept(
        Choices(_policy(said.get("policy")), every if every in EVERY and not isinstance(every, bool) else 5),
        _member(Standing, said.get("standing"), Standing.DISCONNECTED if said else Standing.SETTING_UP),
        _member(Keeping, said.get("keeping"), Keeping.KEYRING),
        float(granted) if isinstance(granted, int | float) and not isinstance(granted, bool) else None,
    )


def kept_text(kept: Kept) -> str:
    """The text of it, for `Account.settings`."""
    policy: dict[str, Any] = {}
    for one in fields(Policy):
        value = getattr(kept.choices.policy, one.name)
        policy[one.name] = _plain(value)
    said = {
        "standing": kept.standing.value,
        "keeping": kept.keeping.value,
        "granted": kept.granted,
        "every": kept.choices.every,
        "policy": policy,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return sorted(value) if isinstance(value, frozenset) else value


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _policy(said: Any) -> Policy:
    if not isinstance(said, dict):
        return Policy()
    usual, made = Policy(), {}
    for one in fields(Policy):
        if one.name in said:
            made[one.name] = _read(said[one.name], getattr(usual, one.name))
    return Policy(**made)


def _read(said: Any, usual: Any) -> Any:
    """The value, or the default where it is not of the default's kind."""
    if isinstance(usual, Enum):
        return _member(type(usual), said, usual)
    if isinstance(usual, frozenset):
        return frozenset(said) if isinstance(said, list) and all(isinstance(one, str) for one in said) else usual
    return said if type(said) is type(usual) else usual


def _member(kind: Any, said: Any, usual: Any) -> Any:
    return next((one for one in kind if one.value == said), usual)
