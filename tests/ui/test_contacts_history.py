"""Changes in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from ringdesk.domain.contact import Change
from ringdesk.ui.contacts_history import sentence


def change(field: str, old: str, new: str, source: Literal["hand", "account", "undo"] = "hand") -> Change:
    return Change(1, "a", field, old, new, 0.0, "me", source, "b")


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (change("name", '{"given": "Anna"}', '{"given": "Anne", "family": "Berg"}'), "Name: Anna became Anne Berg"),
        (change("phones", "", '[{"value": "204", "label": "work"}]'), "Phone numbers: 204 added"),
        (change("note", '"call before ten"', "null"), "Note: call before ten removed"),
        (change("birthday", "", "[0, 3, 14]"), "Birthday: 3-14 added"),
        (change("photo", '"ab"', '"cd"', "account"), "Photo changed (from an account)"),
        (change("shared", "", "true"), "Shared with coworkers"),
        (change("vip", "true", "", "undo"), "No longer a VIP (by undo)"),
        (change("later", "", "x"), "Saved"),
        (change("note", "not json", '"<b>\\u202ex"'), "Note: not json became <b>x"),
    ],
)
def test_a_change_in_words(made: Change, text: str) -> None:
    assert sentence(made) == text


def test_a_value_that_lost_a_clash_is_told_with_its_source() -> None:
    lost = Change(1, "a", "phones", '[{"value": "030"}]', '[{"value": "040"}]', 0.0, "me", "account", "b", aside=True)
    assert sentence(lost) == "Phone numbers: 030 came at the same time and lost to 040 (from an account)"
    assert "lost to (empty)" in sentence(replace(lost, new="null"))
