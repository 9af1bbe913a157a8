"""What the directory answers, seen through the client."""

from __future__ import annotations

import pytest

from tests.postgres import Team

pytestmark = pytest.mark.postgres


def test_start(team: Team) -> None:
    assert team.cluster.version >= 15
