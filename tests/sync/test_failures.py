"""The failures of other programs, F1 to F26, as far as they are the engine's: one named test each.

F22 to F25 (sign-in, tokens, the receiver) are the provider's and the vault's; what the engine has of them is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest

from ringdesk.domain.card import Birthday, Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import Marks
from ringdesk.domain.effects import DropLink
from ringdesk.domain.remote import CursorExpired, Death, Page, RemoteContact, RemoteGone, Retry, SignInDead, Stop
from ringdesk.domain.replica import Direction, GoneThere, LinkState, Review
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.sync.failure import Halt, Reconnect, Wait, backoff, react
from ringdesk.sync.plan import Deed
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Fault, Faults


def test_f1_a_lost_link_makes_no_duplicate(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    pair.desk.add(card("Eva", "+34600111223"))
    pair.sync()
    pair.desk.replicas.commit([DropLink(contact.id) for contact in pair.desk.contacts()])
    pair.sync(full=True)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]


def test_f2_a_first_sync_matches_before_it_copies(pair: Pair) -> None:
    for number in range(20):
        pair.server.add(card(f"N{number}", f"+346001112{number:02}"))
        pair.desk.add(card(f"N{number}", f"6001112{number:02}"))
    report = pair.sync()
    assert report.counts == {Deed.LINK: 20}
    assert pair.server.mutations == 0


@pytest.mark.parametrize("policy", [GoneThere.DELETE, GoneThere.REVIEW])
def test_f3_an_empty_account_empties_nothing(pair: Pair, policy: GoneThere) -> None:
    pair.set(gone_there=policy)
    for number in range(5):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    right = pair.book._all
    pair.book._all = list  # type: ignore[method-assign]  # the test puts its own in this place
    assert pair.sync(full=True).distrusted
    pair.book._all = right  # type: ignore[method-assign]  # the test puts its own in this place
    assert len(pair.names()) == 5
    assert not pair.questions(Review.REMOVED)


def test_f3_an_empty_store_empties_nothing(pair: Pair) -> None:
    for number in range(30):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    pair.desk.delete(*(contact.id for contact in pair.desk.contacts()))
    assert pair.sync().guard_there == 30
    assert len(pair.server.held) == 30


def test_f4_a_truncated_listing_deletes_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(10):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.TRUNCATED,))
    for _ in range(3):
        assert pair.sync(full=True).distrusted
    assert len(pair.names()) == 10


def test_f4_a_listing_that_breaks_off_deletes_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    pair.book.page = 2
    for number in range(10):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    right = pair.book.pull

    def pull(cursor: str | None) -> Iterator[Page]:
        yield next(right(cursor))

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    with pytest.raises(Retry):
        pair.sync(full=True)
    assert len(pair.names()) == 10


def test_f5_an_old_tombstone_is_not_believed(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Ana"))
    pair.sync()
    right = pair.book._delta
    pair.book._delta = lambda changed: [RemoteGone(held.remote)]  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    pair.book._delta = right  # type: ignore[method-assign]  # the test puts its own in this place
    pair.settled()
    assert pair.names() == ["Ana"]


def test_f5_an_old_form_does_not_undo_a_new_one(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    old = pair.server.form(pair.there("Ana"))
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.desk.sync()
    right = pair.book._delta
    pair.book._delta = lambda changed: [old]  # type: ignore[method-assign]  # the test puts its own in this place
    pair.desk.sync()
    pair.sync()
    pair.book._delta = right  # type: ignore[method-assign]  # the test puts its own in this place
    pair.settled()
    assert pair.here("Ana").card.note == pair.there("Ana").card.note == "new"


def test_f6_a_real_emptying_can_be_allowed(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(30):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    for remote in list(pair.server.held):
        pair.server.delete(remote)
    report = pair.sync()
    assert report.guard_here == 30
    pair.desk.engine.approve(report.guard_here)
    pair.sync()
    assert not pair.names()


def test_f7_a_new_contact_does_not_vanish_on_the_second_sync(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    pair.server.delay = lambda: 500.0
    pair.desk.add(card("Ana"))
    pair.desk.sync()
    pair.desk.sync()
    pair.desk.sync(full=True)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


def test_f8_an_expired_cursor_recovers_by_itself(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    pair.clock.pass_(30 * 86400.0)
    pair.server.add(card("Eva"))
    pair.settled()
    assert pair.names() == ["Ana", "Eva"]
    pair.clock.pass_(4000.0)
    right, expired = pair.book.pull, [True]

    def pull(cursor: str | None) -> Iterator[Page]:
        if cursor is not None and expired.pop():
            raise CursorExpired
        return right(cursor)

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    pair.server.add(card("Pía"))
    pair.sync()
    assert pair.names() == ["Ana", "Eva", "Pía"]


def test_f9_a_conflict_is_merged_and_sent_again(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="here"))
    done: list[str] = []

    def between(what: str) -> None:
        if what.startswith("push") and not done:
            done.append(what)
            pair.server.edit(held.remote, card("Ana", emails=mail("a@b.c")))

    pair.book.between = between
    pair.sync()
    assert (held.card.note, held.card.emails) == ("here", (Email("a@b.c", "work"),))
    pair.settled()


def test_f9_spurious_conflicts_are_tried_a_few_times_and_put_off(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="here"))
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.SPURIOUS,))
    before = pair.server.requests["push"]
    pair.sync()
    assert 2 <= pair.server.requests["push"] - before <= 4
    before = pair.server.requests["push"]
    pair.desk.sync()
    assert pair.server.requests["push"] == before
    pair.book.faults.rate = 0.0
    pair.settled()
    assert held.card.note == "here"


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


def test_f17_nothing_grows_over_fifty_rounds(pair: Pair) -> None:
    for number in range(5):
        pair.server.add(card(f"N{number}", "600 11 12 2" + str(number)))
    pair.sync()
    before = pair.server.mutations
    for _ in range(50):
        pair.server.phantom(next(iter(pair.server.held)))
        pair.sync()
    connection = pair.desk.reader.connection
    assert pair.server.mutations == before
    for table in ("outbox", "touched", "question", "parked"):
        assert connection.value(f"SELECT count(*) FROM {table}") == 0
    assert connection.value("SELECT count(*) FROM change") == 0
    assert connection.value("SELECT count(*) FROM batch") == 1


@pytest.mark.parametrize("former", [True, False])
def test_f18_a_merge_there_leaves_one_here(pair: Pair, former: bool) -> None:
    one, other = pair.server.add(card("Ana", "+34600111221")), pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.merge(one.remote, other.remote, card("Ana", "+34600111221", "+34600111222"))
    if not former:
        one.former = ()
    pair.settled()
    assert pair.names() == ["Ana"]
    assert len(pair.here("Ana").card.phones) == 2


def test_f19_an_update_of_what_is_gone_does_not_stop_the_rest(pair: Pair) -> None:
    gone, kept = pair.server.add(card("Gone", "+34600111221")), pair.server.add(card("Kept", "+34600111222"))
    pair.sync()
    for name in ("Gone", "Kept"):
        contact = pair.here(name)
        pair.desk.edit(contact.id, replace(contact.card, note="edited"))
    pair.server.delay = lambda: 5000.0
    pair.server.delete(gone.remote)
    pair.sync()
    assert kept.card.note == "edited"
    pair.clock.pass_(5000.0)
    pair.sync()
    pair.settled()
    assert sorted(pair.names_there()) == ["Gone", "Kept"]


def test_f20_quota_does_not_start_over(pair: Pair) -> None:
    pair.book.capabilities = replace(pair.book.capabilities, create_batch=10)
    for number in range(100):
        pair.desk.add(card(f"N{number}"))
    right, budget = pair.book._asked, [3]

    def asked(what: str, possible: object) -> Fault | None:
        if what.startswith("push"):
            budget[0] -= 1
            if budget[0] < 0:
                raise Retry("429", after=60.0)
        return right(what, ())

    pair.book._asked = asked  # type: ignore[method-assign]  # the test puts its own in this place
    rounds = 0
    while len(pair.server.held) < 100:
        budget[0], rounds = 3, rounds + 1
        with suppress(Retry):
            pair.sync()
    assert rounds == 4
    assert len(pair.server.creates) == 100


def test_f21_what_is_mine_alone_is_not_overwritten(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.store.writes.save(replace(ana, marks=Marks(vip=True)), read_revision=ana.revision).result()
    note = pair.desk.store.writes.add_note(ana.id, "private").result()
    pair.server.edit(held.remote, card("Ana", "+34600111222"))
    pair.settled()
    assert pair.here("Ana").marks.vip
    assert pair.desk.store.reads.notes(ana.id) == [note]
    assert not held.card.note


def test_f22_a_dead_sign_in_stops_everything_in_one_request(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.desk.add(card("Eva"))
    asked: list[str] = []

    def between(what: str) -> None:
        asked.append(what)
        raise SignInDead(Death.REVOKED)

    pair.book.between = between
    with pytest.raises(SignInDead):
        pair.sync()
    assert len(asked) == 1
    assert pair.names() == ["Eva"]
    assert react(SignInDead(Death.REVOKED), 1, Random(1)) == Reconnect(Death.REVOKED)


def test_f23_a_second_desk_takes_nothing_from_the_first(pair: Pair) -> None:
    other = pair.second()
    pair.server.add(card("Ana"))
    pair.sync()
    other.sync()
    cursor = pair.desk.replicas.account().cursor
    other.sync()
    assert pair.desk.replicas.account().cursor == cursor
    pair.settled()


def test_f24_no_secret_is_in_the_store(pair: Pair) -> None:
    names = {row[1] for row in pair.desk.reader.connection.rows("PRAGMA table_info(account)")}
    assert not {name for name in names if "token" in name or "secret" in name or "password" in name}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Retry("net", after=400.0), Wait),
        (CursorExpired(), Wait),
        (SignInDead(Death.SCOPE), Reconnect),
        (Stop("disabled"), Halt),
        (StoreError(StoreTrouble.LOCKED), Wait),
        (StoreError(StoreTrouble.FULL), Halt),
    ],
)
def test_f25_every_failure_has_one_reaction(error: Exception, kind: type) -> None:
    assert isinstance(error, Retry | CursorExpired | SignInDead | Stop | StoreError)
    reaction = react(error, 3, Random(1))
    assert isinstance(reaction, kind)
    if isinstance(error, Retry) and isinstance(reaction, Wait):
        assert reaction.seconds >= 400.0


def test_f25_waits_double_and_differ() -> None:
    dice = Random(1)
    spans = [backoff(tries, dice) for tries in range(1, 12)]
    assert all(2.0 ** (n - 1) <= span <= 2.0**n for n, span in enumerate(spans, 1) if n < 9)
    assert max(backoff(50, dice) for _ in range(50)) <= 900.0
    assert len({backoff(5, dice) for _ in range(20)}) == 20


def test_f26_an_unclear_creation_is_never_repeated_blindly(pair: Pair) -> None:
    pair.server.delay = lambda: 550.0
    pair.desk.add(card("Ana", "+34600111222"))
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.CUT_AFTER,))
    assert pair.desk.sync().unclear == 1
    pair.book.faults.rate = 0.0
    for _ in range(10):
        pair.clock.pass_(60.0)
        pair.desk.sync()
    pair.settled()
    assert len(pair.server.creates) == 1
    [link] = pair.desk.replicas.links(list(pair.server.held)).values()
    assert link.state is LinkState.ACTIVE
    assert not pair.desk.replicas.entries()


def test_f26_what_did_not_happen_is_sent_again_after_two_listings(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    right = pair.book._carry
    pair.book._carry = lambda op: Retry  # type: ignore[method-assign,assignment,return-value]  # the test puts its own in this place
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.CUT_AFTER,))
    pair.desk.sync()
    pair.book._carry = right  # type: ignore[method-assign]  # the test puts its own in this place
    pair.book.faults.rate = 0.0
    pair.clock.pass_(10.0)
    pair.desk.sync()
    assert not pair.server.held
    pair.clock.pass_(610.0)
    pair.desk.sync()
    pair.settled()
    assert pair.names_there() == ["Ana"]


def test_direction_to_links_without_taking(pair: Pair) -> None:
    pair.set(direction=Direction.TO)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.server.add(card("Ana", "+34600111222", note="there"))
    pair.sync()
    pair.sync()
    assert len(pair.server.held) == 1
    assert not pair.here("Ana").card.note


def test_a_cut_contact_is_fetched_before_anything_is_decided(pair: Pair) -> None:
    held = pair.server.add(card("Ana", *(f"+346{n:08}" for n in range(120))))
    whole = pair.book._all

    def cut() -> list[object]:
        return [
            replace(item, card=replace(item.card, phones=item.card.phones[:100]), whole=False)
            for item in whole()
            if isinstance(item, RemoteContact)
        ]

    pair.book._all = cut  # type: ignore[method-assign,assignment]  # the test puts its own in this place
    pair.sync()
    assert len(pair.here("Ana").card.phones) == 120
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, phones=ana.card.phones[1:]))
    pair.settled()
    assert len(held.card.phones) == 119
