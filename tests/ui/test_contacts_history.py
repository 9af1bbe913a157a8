"""Changes in sentences."""

from __future__ import annotations

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
