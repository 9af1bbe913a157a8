"""Pages of a listing: what is read straight from the bytes is what is read from JSON, whatever comes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringdesk.domain.remote import RemoteContact, RemoteGone, RemoteUnreadable
from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google import listing, mapping
from ringdesk.providers.google.fields import READ_MASK
from ringdesk.providers.google.listing import read_listing
from ringdesk.providers.google.surrogates import healed
from ringdesk.providers.google.usual import usual
from tests.providers.google.people import Item, labels, persons, words
from tests.providers.google.practice import Practice

much = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ABOUT: Final = {"source": {"type": "CONTACT", "id": "1f"}}
WHOLE: Final[Item] = {
    "resourceName": "people/c31",
    "etag": "%person",
    "metadata": {
        "sources": [{"type": "CONTACT", "id": "1f", "etag": "#s", "updateTime": "2026-02-25T06:13:20.000000Z"}],
        "previousResourceNames": ["people/c7"],
        "objectType": "PERSON",
    },
    "names": [
        {"metadata": {"primary": True, "sourcePrimary": True, **ABOUT}, "givenName": "Rosé", "familyName": "Anía",
         "displayName": "Rosé Anía", "displayNameLastFirst": "Anía, Rosé", "unstructuredName": "Rosé Anía"}
    ],
    "phoneNumbers": [
        {"metadata": {"primary": True, **ABOUT}, "value": "+349", "type": "work", "canonicalForm": "+349",
         "formattedType": "Work"},
        {"metadata": ABOUT, "value": "600"},
    ],
    "emailAddresses": [{"metadata": ABOUT, "value": "a@example.com", "type": "home", "formattedType": "Home"}],
    "organizations": [{"metadata": ABOUT, "name": "Firm", "title": "Director", "department": "IT", "type": "work"}],
    "urls": [{"metadata": ABOUT, "value": "https://example.com", "type": "blog"}],
    "addresses": [{"metadata": ABOUT, "streetAddress": "Calle 1", "city": "Rota", "formattedValue": "Calle 1\nRota"}],
    "birthdays": [{"metadata": ABOUT, "date": {"year": 1990, "month": 5, "day": 1}, "text": "1 May"}],
    "biographies": [{"metadata": ABOUT, "value": "a 😀 note", "contentType": "TEXT_PLAIN"}],
    "relations": [{"metadata": ABOUT, "person": "Eve", "type": "spouse"}],
    "nicknames": [{"metadata": ABOUT, "value": "Rosi"}],
    "userDefined": [{"metadata": ABOUT, "key": "size", "value": "9"}],
    "memberships": [
        {"metadata": ABOUT, "contactGroupMembership": {"contactGroupResourceName": f"contactGroups/{name}"}}
        for name in ("myContacts", "friends")
    ],
    "clientData": [
        {"metadata": ABOUT, "key": "ringdesk.id", "value": "one"},
        {"metadata": ABOUT, "key": "ringdesk.was.1", "value": "five"},
        {"metadata": ABOUT, "key": "ringdesk.was", "value": "two"},
        {"metadata": ABOUT, "key": "other", "value": "three"},
        {"metadata": ABOUT, "key": "ringdesk.id", "value": "four"},
    ],
    "photos": [{"metadata": ABOUT, "url": "https://x/l=s100", "default": True}, {"metadata": ABOUT, "url": "https://x/p=s9"}],
}  # several to a line  # fmt: skip
ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, 3, -1.5, 1.0, "", "x", "PROFILE", "CONTACT", "TEXT_HTML", "\ud800", "a\udfff", "\U0001f600",
    "\\ud800", [], {}, [None], [[]], [{}], ["x"], {"x": 1}, {"type": "PROFILE"}, {"source": {"type": "PROFILE"}},
    {"source": {}}, float("nan"), float("inf"), 10**400, "\x00", "2026-13-01", "2026-02-25t06:13:20z",
    '},{"resourceName"',
)  # several to a line  # fmt: skip
PLACES: Final = (
    "other", "type", "value", "metadata", "source", "sourcePrimary", "deleted", "middleName", "phoneticGivenName",
    "honorificPrefix", "key", "url", "default", "location", "current", "resourceName", "connections", "sources", "name",
    "canonicalForm", "formattedType", "displayName", "displayNameLastFirst", "unstructuredName", "phoneticFullName",
    "contentType", "title", "familyName", "etag",
)  # several to a line  # fmt: skip


def outcome(read: Callable[[bytes], Any], content: bytes) -> Any:
    try:
        return read(content)
    except ValueError as error:
        return str(error)


def as_any(content: bytes) -> Any:
    return listing._as_any(content, mapping.LISTED)


def in_pieces(content: bytes) -> Any:
    return read_listing(content, listed=mapping.LISTED)


def check(content: bytes) -> None:
    assert outcome(in_pieces, content) == outcome(as_any, content)


def containers(value: Any) -> list[Any]:
    """All lists and objects in it, itself included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, (dict, list)) else []
    return found + [deeper for each in inner for deeper in containers(each)]


@st.composite
def people(draw: st.DrawFn) -> Item:
    """A person as it should be, with some fields only, changed in some places."""
    kept = draw(st.sets(st.sampled_from(sorted(WHOLE)))) | {"resourceName", "metadata"}
    person: Item = json.loads(json.dumps({name: part for name, part in WHOLE.items() if name in kept}))
    for phone in person.get("phoneNumbers", ()):
        phone |= {"value": draw(words), "type": draw(labels)}
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
        place = draw(st.sampled_from(containers(person)))
        if isinstance(place, list):
            place.insert(0, deepcopy(draw(st.sampled_from(ODD))))
        elif draw(st.booleans()) and place:
            place[draw(st.sampled_from(sorted(place)))] = deepcopy(draw(st.sampled_from(ODD)))
        else:
            place[draw(st.sampled_from(PLACES))] = deepcopy(draw(st.sampled_from(ODD)))
    return person


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """A page, in one of the ways to write JSON."""
    listed = draw(st.lists(people() | persons(), max_size=4))
    rest: Item = draw(st.sampled_from([{}, {"nextPageToken": "x", "totalItems": 3}, {"nextSyncToken": "\ud800"}]))
    page: Item = {"connections": listed, **rest} if draw(st.integers(0, 5)) else {**rest, "connections": listed}
    ascii_only, indent = draw(st.booleans()), draw(st.sampled_from([None, None, 2]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :")]))
    text = json.dumps(page, ensure_ascii=ascii_only, indent=indent, separators=separators)
    return text.encode("utf-8", "surrogatepass")


@much
@given(pages())
def test_a_page_is_read_as_any_json(content: bytes) -> None:
    check(content)


PIECES: Final = (
    b"", b"\xff", b"\n", b'"', b",", b"]", b"}", b"\\", b"{", b'},{"resourceName":', b'"connections":[1],',
)  # several to a line  # fmt: skip


@much
@given(pages(), st.data())
def test_a_broken_page_is_refused_as_any_json(content: bytes, data: st.DataObject) -> None:
    """Cut, with other bytes in it, or with a part of it twice."""
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 80)))
    twice = content[start:end] * 2
    inserted = data.draw(st.sampled_from([*PIECES, twice]))
    check(content[:start] + inserted + content[end:])
    check(content[:end])


def written(*people: str, rest: str = "") -> bytes:
    return f'{{"connections":[{",".join(people)}]{rest}}}'.encode("utf-8", "surrogatepass")


USUAL: Final = json.dumps(WHOLE)
VALUES: Final = (
    "NaN", "-Infinity", "01", "9" * 4301, "9" * 4299, "1e999", "[" * 100_000, "tru", '"\t"', '"\\x"', '"\\ud800"',
    '"\\ud83d\\ude00"', "[" * 200 + "]" * 200, '"\ud800"',
)  # several to a line  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b'{"connections":null}', b'{"connections":[]}', b"\xef\xbb\xbf" + written(USUAL, USUAL),
        written(USUAL), written(USUAL, USUAL) + b"x", written(USUAL, "1"), written("1", USUAL),
        written(USUAL, "", USUAL),
        written(USUAL, USUAL, rest=',"connections":[{}]'), written(USUAL, USUAL, rest=',"connections":[]'),
        written(USUAL, USUAL, rest=',"connections":3'), written(USUAL, USUAL, rest=',"connection\\u0073":[1]'),
        b'{"connections":[1],' + written(USUAL, USUAL)[1:], b'{"totalItems":1,' + written(USUAL, USUAL)[1:],
        *(written(USUAL.replace('"etag"', f'"x":{odd},"etag"', 1), USUAL) for odd in VALUES),
        written(USUAL.replace('"etag"', '"\\u0065tag"', 1), USUAL), written(USUAL.replace("+349", "\\ud800"), USUAL),
        written(USUAL[:-1] + ',"resourceName":"people/c5","names":[],"names":[{"givenName":"x"}]}', USUAL),
        written(USUAL[:-1] + ',"phoneNumbers":[{"value":1}],"phoneNumbers":[]}', USUAL),
        written('{"resourceName":"people/c1","metadata":{"deleted":true}}', USUAL, USUAL),
        written(USUAL, '{"resourceName":"people/c1","x":[{"a":1},{"resourceName":2}]}', USUAL),
        written(USUAL, '{"resourceName":"","metadata":{}}', "{}", USUAL, USUAL),
        written(USUAL.replace("%person", "},{\\\"resourceName\\\":"), USUAL),
        written(USUAL, USUAL.replace("{", "{ ", 1), USUAL),
        written(USUAL.replace("Firm", "F" * 70_000), USUAL), written(USUAL.replace("Firm", "F" * 5_000), USUAL),
    ],
)  # several to a line  # fmt: skip
def test_an_odd_page_is_read_as_any_json(content: bytes) -> None:
    check(content)


@pytest.mark.parametrize("digits", [4290, 4301, 4302, 9000])
@pytest.mark.parametrize("before", [0, 137, 2150, 4300])
def test_no_number_is_too_long_unseen(digits: int, before: int) -> None:
    person = USUAL.replace('"etag"', f'"x":"{"x" * before}","y":{"9" * digits},"etag"', 1)
    check(written(person, USUAL))


@pytest.mark.parametrize("listed", [1, 2, 3, 100])
def test_a_list_that_may_be_cut_is_told(listed: int) -> None:
    content = written(USUAL, USUAL)
    assert read_listing(content, listed=listed) == listing._as_any(content, listed)


def test_usual_people_are_read_from_their_bytes() -> None:
    assert WHOLE.keys() == {*READ_MASK.split(","), "resourceName", "etag"}, "a field that is asked for is read, or lost"
    assert usual(USUAL.encode(), listed=100) == mapping.contact_of(WHOLE)
    for name in sorted(WHOLE.keys() - {"resourceName", "metadata"}):
        person = {key: part for key, part in WHOLE.items() if key != name}
        read = usual(json.dumps(person).encode(), listed=100)
        assert isinstance(read, RemoteContact)
        assert read == mapping.contact_of(person)


def test_a_person_with_one_thing_changed_is_read_as_any_json() -> None:
    """Every value replaced by every odd one, and something odd at every place where it could be."""
    person = json.loads(USUAL)
    for name in ("addresses", "biographies", "memberships", "urls"):
        del person[name][1:]
    for place in containers(person):
        keys = range(len(place)) if isinstance(place, list) else place.keys() | PLACES
        for key in sorted(keys):
            there = isinstance(place, list) or key in place
            before = place[key] if there else None
            for value in ODD if there else ODD[1:15:3]:
                place[key] = value
                said = json.dumps(person)
                wanted = mapping.contact_of(healed(json.loads(said)))
                assert listing._item(said.encode(), mapping.LISTED) == wanted, (key, value)
            if there:
                place[key] = before
            else:
                del place[key]


def test_so_are_those_of_the_practice_google(practice: Practice) -> None:
    """All but the last of a page, which is read with what else the page says."""
    account = practice.account(people=300)
    book = account.book()
    content = book._service.content(
        book._service.connections.list(resourceName="people/me", personFields=READ_MASK, pageSize=1000)
    )
    with (
        patch.object(listing, "usual", side_effect=usual) as asked,
        patch.object(mapping, "contact_of", wraps=mapping.contact_of) as other,
    ):
        found = in_pieces(content)
    assert found == as_any(content)
    assert len(found[0]) == 300
    assert asked.call_count == 299
    assert other.call_count < 30


def test_every_kind_of_item_comes_from_a_page() -> None:
    gone = {"resourceName": "people/c1", "metadata": {"deleted": True}}
    items, rest = in_pieces(written(USUAL, json.dumps(gone), '{"resourceName":"people/c2"}', USUAL, rest=',"a":1'))
    assert [type(item) for item in items] == [RemoteContact, RemoteGone, RemoteUnreadable, RemoteContact]
    assert rest == {"a": 1}


def test_people_stand_still_while_the_window_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WINDOW, "_longest", 30.0)
    with ThreadPoolExecutor(1) as others:
        with WINDOW.first():
            found = others.submit(in_pieces, written(USUAL, USUAL))
            with pytest.raises(TimeoutError):
                found.result(0.1)
        assert len(found.result(10.0)[0]) == 2


def test_python_reads_no_longer_numbers() -> None:
    assert sys.get_int_max_str_digits() == listing._DIGITS
