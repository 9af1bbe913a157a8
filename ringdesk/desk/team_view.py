"""How the team stands: what windows show of it, whether there is a team or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ringdesk.domain.team_kept import FREE, Rights
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from ringdesk.domain.team import Roster

# The first picture of every window needs this much; the rest of the team's rooms only who has a team.


@dataclass(frozen=True, slots=True)
class TeamView:
    """How the team stands. `joined` False: this desk is in none. `trouble`: a code, why there is no directory now."""

    joined: bool = False
    online: bool = False
    trouble: str = ""
    roster: Roster | None = None
    rights: Rights = FREE
    """What the team lets this desk do, as last heard: they bind while the directory is away too."""

    @property
    def administrator(self) -> bool:
        """Who works alone is the administrator."""
        if not self.joined:
            return True
        return self.roster is not None and self.roster.me.administrator

    @property
    def may_share(self) -> bool:
        """Whether the Clients box may be ticked, and what coworkers share be edited."""
        return not (self.joined and self.rights.view_only)

    @property
    def may_use_google(self) -> bool:
        """Whether there may be a Google account on this desk."""
        return not self.joined or self.rights.google


ALONE: Final = TeamView()
