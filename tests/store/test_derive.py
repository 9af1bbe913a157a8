"""The words of a name are the same whether they are read off its folded text or off the name."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.domain.card import Card, Name
from ringdesk.store.derive import LONGEST_WORD, NAME, derive, words_of

TEXTS = st.text(max_size=14) | st.sampled_from(
    ["María", "O'Connor", "D’Arcy", "№ 5", "José-Luis", "ﬁsh", "山田", "\u0301"]
)


@given(TEXTS, TEXTS, TEXTS)
@example("Dr.", "Ana", "Gil")
@example("", "№", "Ⅷ")
@example("", "a\u00a0b", "\u0301c")
def test_words_of_a_name(prefix: str, given: str, family: str) -> None:
    card = Card(name=Name(prefix=prefix, given=given, family=family))
    found = {word for kind, word in derive(card, (), "ES").tokens if kind == NAME}
    assert found == {word[:LONGEST_WORD] for word in words_of(card.name.full)}
