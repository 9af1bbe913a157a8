"""What a contact is found by is the same whether texts are read for it or remembered from contacts before."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.words import tokens
from ringdesk.store.derive import MOST_WORDS, derive
from ringdesk.store.wording import COMPANY, EMAIL, LONGEST_WORD, NAME, NICKNAME, NOTE, folded, signature, words_of

TEXTS = st.text(max_size=14) | st.sampled_from(
    ["María", "O'Connor", "D’Arcy", "№ 5", "José-Luis", "ﬁsh", "山田", "\u0301", "1500", "a" * 50]
)
ADDRESSES = TEXTS | st.sampled_from(
    ["ana@example.com", "ana.gil@example.com", "Ana@x.co.uk", "a@b", "@b.c", "a@", "a@b@c.d", "ñ@x.org", "a@ñ.org", "@"]
)


def read(card: Card, notes: list[str]) -> list[tuple[int, str]]:
    """The words of a card, text by text."""
    name = card.name
    found = [(NAME, word) for word in words_of(name.full)]
    found += [(NAME, word) for part in (name.phonetic_given, name.phonetic_family) for word in words_of(part)]
    found += [(NICKNAME, word) for nickname in card.nicknames for word in words_of(nickname)]
    found += [(COMPANY, word) for organization in card.organizations for word in words_of(organization.name)]
    for email in card.emails:
        words = tokens(email.value)
        found += [(EMAIL, word) for word in (words[:-1] if len(words) > 2 and "@" in email.value else words)]
    found += [(NOTE, word) for note in (card.note, *notes) for word in words_of(note)]
    return [(kind, word[:LONGEST_WORD]) for kind, word in found]


names = st.builds(Name, given=TEXTS, family=TEXTS, prefix=st.just("") | TEXTS, phonetic_given=st.just("") | TEXTS)
cards = st.builds(
    Card,
    name=names,
    nicknames=st.lists(TEXTS, max_size=2).map(tuple),
    emails=st.lists(st.builds(Email, ADDRESSES), max_size=3).map(tuple),
    organizations=st.lists(st.builds(Organization, TEXTS, TEXTS), max_size=2).map(tuple),
    phones=st.lists(st.builds(PhoneEntry, TEXTS), max_size=1).map(tuple),
    note=st.just("") | TEXTS,
)


@given(cards, st.lists(TEXTS, max_size=2))
@example(Card(name=Name(prefix="Dr.", given="Ana", family="Gil")), [])
@example(Card(name=Name(given="№", family="Ⅷ")), [])
@example(Card(name=Name(given="a\u00a0b", family="\u0301c")), [])
@example(Card(name=Name(given="Ana  ", family=" ´x")), ["", "Ana"])
def test_what_a_card_says(card: Card, notes: list[str]) -> None:
    found, words = derive(card, notes, "ES"), read(card, notes)
    assert sorted(found.tokens) == sorted({*words})
    assert found.words == signature([word for _, word in words])
    if not card.name.prefix:
        assert found.sort == (folded(card.name.full) or folded(card.display_name))


def test_the_words_of_one_contact_have_an_end() -> None:
    many = " ".join(map(str, range(MOST_WORDS)))
    for card in (Card(note=many), Card(organizations=(Organization(many), Organization("b"))), Card(name=Name(many))):
        found = derive(Card(name=card.name, organizations=card.organizations, note=card.note + " a"), ["c"], "ES")
        assert len(found.tokens) == MOST_WORDS
        assert found.words == signature([word for _, word in found.tokens])
