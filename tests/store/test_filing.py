"""Lookup rows are put in as their tables' keys go, whether few contacts or many are filed together."""

from __future__ import annotations

import pytest

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import ANONYMOUS
from ringdesk.store import filing
from ringdesk.store.derive import derive, parts
from ringdesk.store.filing import Filed, runs

CATEGORIES = {"Clients": 1, "Callers": 2}
CARDS = [
    Card(
        name=Name(given=("Ana", "María", "Bo")[number % 3], family=f"Gil {number * 7 % 40}"),
        phones=(PhoneEntry(f"+34600111{number * 37 % 1000:03}"), PhoneEntry(str(100 + number % 9))),
        emails=(Email(f"p{number}@example.com"),),
        groups=tuple(CATEGORIES)[: number % 3],
        note="a few words" if number % 4 else "",
    )
    for number in range(60)
]


def filed() -> list[Filed]:
    made: list[Filed] = []
    for row, card in enumerate(CARDS, 1):
        flags = ANONYMOUS if row % 5 == 0 else 0
        made.append((row, derive(card, (), "ES"), parts(flags, [CATEGORIES[group] for group in card.groups])))
    return made


@pytest.mark.parametrize("few", [0, 1000])
def test_rows_are_in_order_and_each_is_there_once(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "_FEW", few)
    found: dict[str, list[tuple[object, ...]]] = {}
    for sql, rows in runs(filed(), CATEGORIES):
        assert rows
        found.setdefault(sql, []).extend(rows)
    numbers = found.pop(filing._PHONE)
    texts = [row for row in numbers if isinstance(row[0], str)]
    assert numbers == [*sorted(row for row in numbers if row not in texts), *sorted(texts)]  # as SQLite sorts them
    assert all(rows == sorted(rows) for rows in found.values())
    assert len(texts) == len(CARDS)
    words = {(kind, *row) for kind, sql in enumerate(filing._TOKENS) for row in found.get(sql, [])}
    assert words == {(*token, row) for row, derived, _ in filed() for token in derived.tokens}
    assert sum(len(found.get(sql, [])) for sql in filing._TOKENS) == len(words)
    listed = {(part, derived.sort, row) for row, derived, into in filed() for part in into}
    assert set(found[filing._LISTED]) == listed
    assert set(found[filing._MEMBERSHIP]) == {
        (CATEGORIES[group], row) for row, derived, _ in filed() for group in derived.groups
    }


def test_nobody_is_filed_without_rows() -> None:
    assert runs([], {}) == []
