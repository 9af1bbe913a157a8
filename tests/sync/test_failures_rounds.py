"""The failures of other programs, F17 to F26, as far as they are the engine's: rounds that grow, stop or repeat.

F22 to F25 (sign-in, tokens, the receiver) are the provider's and the vault's; what the engine has of them is here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest

from ringdesk.domain.contact import Marks
from ringdesk.domain.remote import CursorExpired, Death, RemoteContact, Retry, SignInDead, Stop
from ringdesk.domain.replica import Direction, LinkState
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.sync.failure import Halt, Reconnect, Wait, backoff, react
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Fault, Faults


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
