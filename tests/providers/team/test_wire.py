"""The wire, without a server: what is written can be read; what cannot be read does not raise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.contact import Coworker, Me, Unclaimed
from ringdesk.domain.document import from_document
from ringdesk.domain.team import SHOWN
from ringdesk.providers.team.calls import read_call_item
from ringdesk.providers.team.invitation import Invitation, read_invitation, write_invitation
from ringdesk.providers.team.ring import ClaimedPrivately, read_caller
from ringdesk.providers.team.rows import GoneContact, SharedContact, Unreadable, owner_of, read_item
from ringdesk.providers.team.wire import Share, encode_op, read_result, shared_part, to_json
from tests.providers.team.aid import content, new_id

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(["contact", "gone", "call", "answered", "ok", "conflict", "refused", "invalid"])
rows = anything | st.dictionaries(
    st.sampled_from(["contact", "owner", "shared", "rev", "card", "call", "now", "why", "field", "started"]), anything
).flatmap(lambda row: kinds.map(lambda kind: row | {"is": kind}))


@given(rows)
def test_nothing_a_server_sends_raises(row: Any) -> None:
    for read in (lambda r: read_item(r, "alice"), read_call_item, lambda r: read_result(r, "alice")):
        read(row)


def test_row_is_read_and_a_broken_card_names_its_contact() -> None:
    row = {"is": "contact", "contact": "7", "owner": "bob", "shared": True, "rev": 3, "card": {"name": {"given": "Z"}}}
    read = read_item(row, "alice")
    assert isinstance(read, SharedContact)
    assert (read.owner, read.rev, read.card) == (Coworker("bob"), 3, from_document({"name": {"given": "Z"}}))
    assert read_item({"is": "gone", "contact": "7"}, "alice") == GoneContact("7")
    broken = read_item(row | {"card": {"phones": 7}}, "alice")
    assert isinstance(broken, Unreadable)
    assert broken.id == "7"


def test_owner_is_told_from_where_one_sits() -> None:
    owners = [owner_of("bob", "Sales", "bob"), owner_of("bob", "Sales", "alice"), owner_of(None, "Sales", "alice")]
    assert owners == [Me(), Coworker("bob"), Unclaimed("Sales")]


@given(st.text())
def test_what_is_written_is_json_that_postgresql_takes_or_none(said: str) -> None:
    text = to_json(encode_op(Share(new_id(), new_id(), 0, content(said))))
    bad = "\0" in said or any("\ud800" <= c <= "\udfff" for c in said)
    assert (text is None) == bad
    if text is not None:
        assert json.loads(text)["card"].get("name", {}).get("given", "") == said


def test_a_backslash_before_u0000_is_only_text() -> None:
    assert to_json({"note": "\\u0000"}) is not None


def test_shared_part_gives_nothing_but_the_shared_fields() -> None:
    document = {
        "name": {"given": "Z"},
        "organizations": [{"name": "Acme"}],
        "phones": [{"value": "1"}],
        "emails": [{"value": "z@example.org"}],
        "addresses": [{"city": "Ulm"}],
        "groups": ["Clients"],
        "note": "own",
        "nicknames": ["Z"],
        "relations": [{"person": "Y"}],
        "custom": [{"key": "k", "value": "v"}],
        "urls": [{"value": "https://example.org"}],
        "birthday": [2000, 1, 2],
        "photo": "ab",
    }
    card = from_document(document)
    assert shared_part(card) == from_document({field: document[field] for field in SHOWN})


def test_caller_answers() -> None:
    assert read_caller({"is": "claimed"}, "alice") == ClaimedPrivately()
    with pytest.raises(ValueError, match="no such answer"):
        read_caller({"is": "ok", "rev": 1}, "alice")


INVITATION = Invitation(
    host="office.example",
    port=5432,
    database="ringdesk",
    login="alice",
    name="Alice",
    authority="-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n",
    expires=1_800_000_000,
)


def test_invitation_comes_back_as_it_was_written() -> None:
    assert read_invitation(write_invitation(INVITATION)) == INVITATION


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "something else"),
        ("host", ""),
        ("host", "/tmp"),
        ("host", "a,b"),
        ("port", "5432"),
        ("port", 0),
        ("port", True),
        ("expires", 0),
        ("expires", 1.5),
        ("expires", 10**15),
        ("login", 7),
        ("authority", "/etc/passwd"),
        ("authority", None),
    ],
)
def test_wrong_invitation_is_refused_by_what_is_wrong(field: str, value: object) -> None:
    text = json.dumps(json.loads(write_invitation(INVITATION)) | {field: value})
    with pytest.raises(ValueError, match=r"invitation"):
        read_invitation(text)


@given(st.text())
def test_no_text_reads_as_an_invitation_by_accident(text: str) -> None:
    with pytest.raises(ValueError, match="invitation"):
        read_invitation(text)
