from __future__ import annotations

from tests.providers.team.conftest import cluster, own_team, standing_team, team

__all__ = ["cluster", "own_team", "standing_team", "team"]
