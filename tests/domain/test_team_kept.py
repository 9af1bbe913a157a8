"""What is kept of a team with its account: read back as written, and harmless where it is broken."""

from __future__ import annotations

import pytest

from ringdesk.domain.team_kept import FREE, Rights, TeamKept, team_kept, team_kept_text


@pytest.mark.parametrize(
    "kept",
    [
        TeamKept(),
        TeamKept(frozenset({"note", "birthday"}), Rights(view_only=True, google=False)),
        TeamKept(frozenset({"custom"}), FREE),
    ],
)
def test_it_is_read_as_it_was_written(kept: TeamKept) -> None:
    assert team_kept(team_kept_text(kept)) == kept


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"chosen": "note"}', '{"chosen": [1, ["note"]]}', "[" * 9999])
def test_what_cannot_be_read_shows_nothing_more(text: str) -> None:
    assert team_kept(text).chosen == frozenset()


def test_only_fields_that_can_be_chosen_are() -> None:
    assert team_kept('{"chosen": ["note", "photo", "name", "groups"]}').chosen == {"note"}
