"""What is kept of a team with its account here: what the user shows besides the usual, and the rights as last heard.

The rights are kept because they bind without the server too: a desk that starts offline must not sync with Google what
the administrator has forbidden.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from ringdesk.domain.team import Person


@dataclass(frozen=True, slots=True)
class Rights:
    """What the team lets this desk do with its own accounts.

    `view_only`: an account takes contacts from here and brings none in. `google`: there may be a Google account at all.
    """

    view_only: bool = False
    google: bool = True


FREE = Rights()
"""Whoever is in no team."""


@dataclass(frozen=True, slots=True)
class TeamKept:
    """`chosen`: fields of `domain.team.BY_CHOICE` that coworkers see too."""

    chosen: frozenset[str] = frozenset()
    rights: Rights = FREE


def rights_of(me: Person) -> Rights:
    """What the directory says of me."""
    return Rights(me.view_only, me.google)


def team_kept(text: str) -> TeamKept:
    """What the text says; whatever cannot be read is as if nothing had been chosen."""
    try:
        said: Any = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        said = {}
    if not isinstance(said, dict):
        return TeamKept()
    from ringdesk.domain.team import BY_CHOICE  # only who has a team needs the rest of it

    chosen = said.get("chosen")
    names = chosen if isinstance(chosen, list) else []
    rights = Rights(said.get("view_only") is True, said.get("google") is not False)
    return TeamKept(frozenset(one for one in BY_CHOICE if one in names), rights)


def team_kept_text(kept: TeamKept) -> str:
    """The text of it."""
    said = {"chosen": sorted(kept.chosen), "view_only": kept.rights.view_only, "google": kept.rights.google}
    return json.dumps(said, sort_keys=True)
