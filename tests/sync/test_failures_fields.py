"""The failures of other programs, F10 to F16, as far as they are the engine's: what is lost of a contact or a label."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import Birthday, Card, Name, PhoneEntry
from tests.sync.kit import Pair, card, mail


def test_f10_fields_that_are_not_synced_stay(pair: Pair) -> None:
    pair.set(fields=frozenset({"name", "phones"}))
    held = pair.server.add(card("Ana", "+34600111222", note="there", emails=mail("a@b.c")))
    pair.sync()
    ana = pair.here("Ana")
    assert not ana.card.note
    pair.desk.edit(ana.id, card("Ana", "+34600111223", note="here"))
    pair.settled()
    assert held.card.note == "there"
    assert held.card.emails
    assert pair.here("Ana").card.note == "here"
    assert [phone.value for phone in held.card.phones] == ["+34600111223"]


@pytest.mark.parametrize("birthday", [Birthday(2, 29), Birthday(2, 28, 1604), Birthday(12, 31, 1980)])
def test_f11_birthdays_keep_or_lack_their_year(pair: Pair, birthday: Birthday) -> None:
    pair.desk.add(card("Here", birthday=birthday))
    pair.server.add(card("There", birthday=birthday))
    pair.settled()
    assert pair.there("Here").card.birthday == pair.here("There").card.birthday == birthday
    here = pair.here("There")
    pair.desk.edit(here.id, replace(here.card, birthday=None))
    pair.settled()
    assert pair.there("There").card.birthday is None


def test_f12_one_number_under_two_labels_stays_two_items(pair: Pair) -> None:
    phones = (PhoneEntry("+34600111222", "mobile"), PhoneEntry("+34600111222", "work"))
    pair.server.add(Card(name=Name(given="Ana"), phones=phones))
    pair.sync()
    ana = pair.here("Ana")
    assert ana.card.phones == phones
    pair.desk.edit(ana.id, replace(ana.card, phones=(*phones, PhoneEntry("+34600111222", "home"))))
    pair.settled()
    assert {phone.label for phone in pair.there("Ana").card.phones} == {"mobile", "work", "home"}


def test_f13_one_number_in_two_formats_is_one(pair: Pair) -> None:
    pair.desk.add(card("Ana", "600 11 12 22"))
    pair.server.add(card("Ana", "+34 600-111-222"))
    pair.sync()
    pair.sync()
    assert len(pair.here("Ana").card.phones) == len(pair.there("Ana").card.phones) == 1
    assert pair.server.mutations == 0


def test_f14_a_picture_is_not_sent_again_and_again(pair: Pair) -> None:
    pair.desk.add(card("Ana"))
    digest = pair.desk.store.writes.put_photo(b"high resolution").result()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, photo=digest))
    for _ in range(5):
        pair.sync()
    assert pair.server.requests["put"] == 1
    assert pair.server.requests["photo"] == 0
    assert pair.here("Ana").card.photo == digest


def test_f14_pictures_that_were_never_compared_stay_as_they_are(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    held.photo, pair.server.photos["https://p/1"] = "https://p/1", b"theirs"
    digest = pair.desk.store.writes.put_photo(b"mine").result()
    pair.desk.add(card("Ana", "+34600111222", photo=digest))
    for _ in range(3):
        pair.sync()
    assert (pair.here("Ana").card.photo, held.photo) == (digest, "https://p/1")


def test_f15_labels_travel_both_ways(pair: Pair) -> None:
    label = pair.server.label("Friends")
    held = pair.server.add(card("Ana"), containers=frozenset({label}))
    pair.sync()
    ana = pair.here("Ana")
    assert ana.card.groups == ("Friends",)
    pair.desk.edit(ana.id, replace(ana.card, groups=("Friends", "Clients")))
    pair.settled()
    assert held.containers == {"all", label, pair.server.label("Clients")}
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, groups=()))
    pair.settled()
    assert held.containers == {"all"}


def test_f16_system_groups_are_not_shown_and_not_touched(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    assert ana.card.groups == ()
    pair.desk.edit(ana.id, replace(ana.card, groups=("Clients",)))
    pair.settled()
    assert "all" in held.containers
