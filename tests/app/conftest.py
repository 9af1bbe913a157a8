from __future__ import annotations

from tests.providers.team.conftest import cluster, own_team, standing_team, team
from tests.ui.conftest import office, theme

__all__ = ["cluster", "office", "own_team", "standing_team", "team", "theme"]
