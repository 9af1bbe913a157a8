from __future__ import annotations

import pytest

from ringdesk.domain.call import (
    Answered,
    Answerer,
    Call,
    CallChanged,
    CallKey,
    CallState,
    Direction,
    Ended,
    EndReason,
    Fact,
    Held,
    Rang,
    Resumed,
    SourceLost,
    Transferred,
)
from ringdesk.domain.line import Department, Internal, Lines, OtherPerson, Personal
from ringdesk.domain.phone import E164, Extension, Withheld
from ringdesk.feed.memory import EARLY_SECONDS, FINISHED_MOST, KEPT_SECONDS, OPEN_MOST
from ringdesk.feed.tracker import Tracker
from tests.fakes import CountingIds

S = CallState
PHONE, PBX = CallKey("phone", "sip-call-0001"), CallKey("pbx", "1763776423.12")
GREEN, GREEN_NUMBER = "+14155550123", E164("14155550123", 1)
LINES = Lines(
    region="GB",
    extension="201",
    called={E164("442079460101", 2): Personal(), E164("442079460102", 2): OtherPerson()},
    queue={"support": Department("Support")},
)


class Desk:
    """A tracker, and every call as it stands."""

    def __init__(self, lines: Lines = LINES) -> None:
        self.tracker = Tracker(lines, CountingIds())
        self.calls: dict[str, Call] = {}
        self.now = 1000.0

    def take(self, *facts: Fact) -> list[CallChanged]:
        changes = [change for fact in facts for change in self.tracker.take(fact, self.now)]
        for change in changes:
            assert self.calls.get(change.call.id) == change.before
            self.calls[change.call.id] = change.call
        return changes

    @property
    def call(self) -> Call:
        (one,) = self.calls.values()
        return one


@pytest.fixture
def desk() -> Desk:
    return Desk()


def rang(key: CallKey = PHONE, number: str = GREEN, **more: object) -> Rang:
    fields: dict[str, object] = {"direction": Direction.INCOMING, **more}
    return Rang(key=key, number=number, **fields)  # type: ignore[arg-type]  # given by name, checked when run


def test_a_call_rings_is_answered_held_resumed_and_ends(desk: Desk) -> None:
    desk.take(rang(name="MARTIN GREEN", at=990.0))
    assert (desk.call.state, desk.call.number, desk.call.name) == (S.RINGING, GREEN_NUMBER, "MARTIN GREEN")
    desk.now += 5
    desk.take(Answered(key=PHONE), Held(key=PHONE))
    assert (desk.call.state, desk.call.held) == (S.ANSWERED_HERE, True)
    desk.take(Resumed(key=PHONE))
    desk.now += 60
    desk.take(Ended(key=PHONE))
    assert (desk.call.state, desk.call.over, desk.call.held) == (S.ANSWERED_HERE, True, False)
    assert (desk.call.started, desk.call.duration) == (990.0, 60.0)


def test_repeats_change_nothing(desk: Desk) -> None:
    story: list[Fact] = [rang(), Answered(key=PHONE), Held(key=PHONE), Ended(key=PHONE)]
    for fact in story:
        assert len(desk.take(fact)) == 1
        desk.now += 1
        assert desk.take(fact) == []
    assert desk.take(*story) == []


@pytest.mark.parametrize(
    "fact", [Ended(key=PHONE), Answered(key=PHONE), Held(key=PHONE), Transferred(key=PHONE, to="2")]
)
def test_no_fact_but_a_ring_makes_a_call(desk: Desk, fact: Fact) -> None:
    assert desk.take(fact) == []
    assert desk.tracker.open_calls() == []


def test_a_ring_that_comes_after_its_end_is_not_believed(desk: Desk) -> None:
    assert desk.take(Ended(key=PHONE), rang()) == []
    desk.now += KEPT_SECONDS + 1
    assert len(desk.take(rang())) == 1


def test_a_finished_call_does_not_ring_again(desk: Desk) -> None:
    desk.take(rang(), Ended(key=PHONE))
    assert desk.take(rang()) == desk.take(rang(name="Late")) == []
    desk.now += KEPT_SECONDS + 1
    assert desk.take(rang())[0].before is None


def test_an_answer_that_overtakes_its_ring_counts(desk: Desk) -> None:
    desk.take(Answered(key=PHONE), rang())
    assert desk.call.state is S.ANSWERED_HERE


def test_an_answer_does_not_wait_for_ever(desk: Desk) -> None:
    desk.take(Answered(key=PHONE))
    desk.now += EARLY_SECONDS + 1
    desk.take(rang())
    assert desk.call.state is S.RINGING


def test_a_repeated_ring_brings_better_words_for_the_caller_only(desk: Desk) -> None:
    desk.take(rang(number=""))
    assert desk.call.withheld
    desk.now += 3
    desk.take(rang(name="Green", called="020 7946 0101"))
    assert (desk.call.number, desk.call.name, desk.call.started) == (GREEN_NUMBER, "Green", 1000.0)
    assert (desk.call.state, desk.call.called, desk.call.line) == (S.RINGING, "+442079460101", Personal())
    desk.take(rang(number=""))
    assert (desk.call.number, desk.call.name) == (GREEN_NUMBER, "Green")


class TestLines:
    def test_the_called_number_and_the_queue_give_the_line(self, desk: Desk) -> None:
        desk.take(rang(called="+442079460102", queue="Support"))
        assert (desk.call.line, desk.call.queue) == (Department("Support"), "Support")

    def test_another_persons_number_is_told_apart(self, desk: Desk) -> None:
        desk.take(rang(called="020 7946 0102"))
        assert desk.call.line == OtherPerson()

    def test_an_extension_is_internal(self, desk: Desk) -> None:
        desk.take(rang(number="202"))
        assert (desk.call.number, desk.call.line) == (Extension("202"), Internal())

    def test_where_it_was_diverted_from_is_kept(self, desk: Desk) -> None:
        desk.take(rang(diverted_from="020 7946 0911"))
        assert desk.call.diverted_from == "+442079460911"

    def test_lines_that_change_count_from_the_next_call(self) -> None:
        lines = [Lines(region="US")]
        tracker = Tracker(lambda: lines[-1], CountingIds())
        lines.append(Lines(region="GB"))
        (change,) = tracker.take(rang(number="020 7946 0777"), 0.0)
        assert change.call.number == E164("442079460777", 2)


class TestWithheld:
    LEAKED = "+442079460123"

    def gone(self, call: Call) -> bool:
        return "9460123" not in repr(call).replace(" ", "").replace("-", "")

    def test_the_mark_wins_over_a_number_that_came_along(self, desk: Desk) -> None:
        desk.take(rang(number=self.LEAKED, name="020 7946 0123 Smith", withheld=True))
        assert (desk.call.number, desk.call.name) == (Withheld(), "")
        assert self.gone(desk.call)

    def test_a_name_without_digits_may_stay(self, desk: Desk) -> None:
        desk.take(rang(number=self.LEAKED, name="Smith", withheld=True))
        assert desk.call.name == "Smith"

    def test_it_wins_when_the_mark_comes_later_and_stays_when_the_number_returns(self, desk: Desk) -> None:
        desk.take(rang(number=self.LEAKED, name="Smith (020-7946-0123)"))
        desk.take(rang(number="", withheld=True))
        assert self.gone(desk.call)
        desk.take(rang(number=self.LEAKED, name="Smith 02079460123"))
        desk.take(Transferred(key=PHONE, number=self.LEAKED, name="S 442079460123"))
        assert desk.call.withheld
        assert self.gone(desk.call)

    def test_it_wins_when_only_the_second_source_knows(self, desk: Desk) -> None:
        desk.take(rang(CallKey("phone", "sip-id-long"), self.LEAKED, name="Smith"))
        desk.take(rang(CallKey("pbx", "sip-id-long"), "anonymous"))
        assert desk.call.withheld
        assert self.gone(desk.call)

    @pytest.mark.parametrize("word", ["anonymous", "Anonymous", "PRIVATE", "restricted"])
    def test_words_for_it_are_neither_number_nor_name(self, desk: Desk, word: str) -> None:
        desk.take(rang(number=word, name=word))
        assert (desk.call.number, desk.call.name) == (Withheld(), "")

    def test_a_coworker_who_takes_over_is_named(self, desk: Desk) -> None:
        desk.take(rang(withheld=True), Answered(key=PHONE), Transferred(key=PHONE, number="203", name="Ines Kohl"))
        assert (desk.call.number, desk.call.name) == (Extension("203"), "Ines Kohl")


class TestNames:
    @pytest.mark.parametrize(
        "name", ["+14155550123", "+1 (415) 555-0123", "0014155550123", "14155550123", "unknown", ""]
    )
    def test_the_number_again_is_no_name(self, desk: Desk, name: str) -> None:
        desk.take(rang(name=name))
        assert desk.call.name == ""

    def test_a_name_with_other_digits_is_one(self, desk: Desk) -> None:
        desk.take(rang(name="Studio 54"))
        assert desk.call.name == "Studio 54"

    def test_a_name_is_plain_and_short(self, desk: Desk) -> None:
        desk.take(rang(name="<b>\u202eBob\x00\ud800</b>\n" + "x" * 10_000))
        assert desk.call.name.startswith("<b>Bob</b> xxx")
        assert len(desk.call.name) == 200
        desk.call.name.encode()


class TestTwoSources:
    def test_one_call_seen_twice_is_one_call_with_two_keys(self, desk: Desk) -> None:
        desk.take(rang())
        desk.now += 1.5
        desk.take(rang(PBX, "0014155550123", called="+442079460101", queue="Support"))
        assert (desk.call.keys, desk.call.line) == ((PHONE, PBX), Department("Support"))

    def test_rings_further_apart_are_two_calls(self, desk: Desk) -> None:
        desk.take(rang())
        desk.now += 2.5
        desk.take(rang(PBX))
        assert len(desk.calls) == 2

    def test_one_sip_call_id_is_one_call_whatever_the_time(self, desk: Desk) -> None:
        desk.take(rang())
        desk.now += 20
        desk.take(rang(CallKey("pbx", PHONE.id), "202"))
        assert len(desk.calls) == 1

    def test_a_counter_is_no_call_id(self, desk: Desk) -> None:
        desk.take(rang(CallKey("a", "1")), rang(CallKey("b", "1"), "202"))
        assert len(desk.calls) == 2

    def test_a_source_never_joins_itself(self, desk: Desk) -> None:
        desk.take(rang(), rang(CallKey("phone", "sip-call-0002")))
        assert len(desk.calls) == 2

    def test_two_calls_of_one_number_pair_up_in_their_order(self, desk: Desk) -> None:
        a1, a2, b1, b2 = (CallKey(s, f"long-id-{s}{n}") for s in "ab" for n in "12")
        desk.take(rang(a1), rang(b1), Ended(key=a1), rang(a2), rang(b2))
        assert [call.keys for call in desk.calls.values()] == [(a1, b1), (a2, b2)]

    def test_two_withheld_rings_are_one_call_but_one_not_yet_known_is_another(self, desk: Desk) -> None:
        desk.take(rang(number="anonymous"), rang(PBX, withheld=True), rang(CallKey("x", "other-long"), ""))
        assert [call.keys for call in desk.calls.values()] == [(PHONE, PBX), (CallKey("x", "other-long"),)]

    def test_in_and_out_never_join(self, desk: Desk) -> None:
        desk.take(rang(), rang(PBX, direction=Direction.OUTGOING))
        assert len(desk.calls) == 2

    @pytest.mark.parametrize("phone_first", [True, False])
    @pytest.mark.parametrize(
        ("reason", "state"),
        [
            (EndReason.NO_ANSWER, S.MISSED),
            (EndReason.CANCELLED, S.MISSED),
            (EndReason.ELSEWHERE, S.ANSWERED_ELSEWHERE),
            (EndReason.HANGUP, S.ENDED_UNKNOWN),
        ],
    )
    def test_who_knows_more_says_how_it_ended(
        self, desk: Desk, reason: EndReason, state: CallState, *, phone_first: bool
    ) -> None:
        ends = [Ended(key=PHONE), Ended(key=PBX, reason=reason)]
        desk.take(rang(), rang(PBX), *(ends if phone_first else ends[::-1]))
        assert (desk.call.state, desk.call.over) == (state, True)

    def test_answered_elsewhere_names_the_coworker(self, desk: Desk) -> None:
        desk.take(rang(), rang(PBX), Ended(key=PHONE), Answered(key=PBX, who=Answerer.ELSEWHERE, by="Tomas Reed"))
        assert (desk.call.state, desk.call.answered_by) == (S.ANSWERED_ELSEWHERE, "Tomas Reed")
        assert desk.call.duration is None

    def test_the_desk_phone_beside_the_softphone_opens_the_call_again(self, desk: Desk) -> None:
        desk.take(rang(), rang(PBX), Ended(key=PHONE))
        assert desk.call.over
        desk.take(Answered(key=PBX, by="201"))
        assert (desk.call.state, desk.call.over, desk.call.ended) == (S.ANSWERED_HERE, False, None)
        desk.now += 2 * KEPT_SECONDS
        desk.take(Held(key=PBX))
        assert desk.call.held, "an open call is not forgotten, however long it lasts"

    def test_a_source_that_is_lost_leaves_the_other_one(self, desk: Desk) -> None:
        desk.take(rang(), rang(PBX), Answered(key=PHONE), Answered(key=PBX))
        assert desk.take(SourceLost(source="phone")) == []
        desk.take(Ended(key=PBX))
        assert desk.call.over


class TestLoss:
    def test_open_calls_end_and_none_as_missed(self, desk: Desk) -> None:
        keys = [CallKey("phone", f"long-id-{n}") for n in range(3)]
        desk.take(rang(keys[0]), rang(keys[1]), Answered(key=keys[1]))
        desk.take(rang(keys[2], direction=Direction.OUTGOING, alerting=False), rang(CallKey("x", "other-long"), "202"))
        desk.take(SourceLost(source="phone"))
        states = [(call.state, call.over) for call in desk.calls.values()]
        lost = [(S.ENDED_UNKNOWN, True), (S.ANSWERED_HERE, True), (S.OUTGOING_FAILED, True)]
        assert states == [*lost, (S.RINGING, False)]

    def test_an_end_after_the_reconnect_changes_no_outcome(self, desk: Desk) -> None:
        desk.take(rang(), SourceLost(source="phone"), Ended(key=PHONE))
        assert (desk.call.state, desk.call.over) == (S.ENDED_UNKNOWN, True)

    def test_an_answer_after_the_reconnect_is_believed(self, desk: Desk) -> None:
        desk.take(rang(), SourceLost(source="phone"), Answered(key=PHONE))
        assert (desk.call.state, desk.call.over) == (S.ANSWERED_HERE, False)


class TestTransfer:
    def test_it_is_an_annotation_of_the_same_call(self, desk: Desk) -> None:
        desk.take(rang(), Answered(key=PHONE), Transferred(key=PHONE, to="202"))
        assert (desk.call.state, desk.call.transferred_to, desk.call.over) == (S.ANSWERED_HERE, "202", False)

    def test_the_other_party_may_change(self, desk: Desk) -> None:
        desk.take(rang(number="202", name="Tomas"), Answered(key=PHONE))
        desk.take(Transferred(key=PHONE, number=GREEN, name="Green", via="202"))
        assert (desk.call.number, desk.call.name, desk.call.via) == (GREEN_NUMBER, "Green", "202")
        assert desk.call.line == Internal()


class TestMemory:
    def test_too_many_open_calls_let_the_oldest_go(self, desk: Desk) -> None:
        keys = [CallKey("phone", f"long-id-{n}") for n in range(OPEN_MOST + 3)]
        desk.take(*(rang(key, f"+1415555{n:04}") for n, key in enumerate(keys)))
        assert len(desk.tracker.open_calls()) == OPEN_MOST
        gone = [call.keys[0] for call in desk.calls.values() if call.over]
        assert gone == keys[:3]
        assert {call.state for call in desk.calls.values() if call.over} == {S.ENDED_UNKNOWN}

    def test_a_long_day_is_forgotten(self, desk: Desk) -> None:
        for n in range(FINISHED_MOST + 500):
            key = CallKey("phone", f"long-id-{n}")
            for fact in (
                rang(key),
                Ended(key=key),
                Ended(key=CallKey("x", f"{n}")),
                Answered(key=CallKey("y", f"{n}")),
            ):
                desk.tracker.take(fact, desk.now)
        memory = desk.tracker._memory
        sizes = [
            len(getattr(memory, name)) for name in ("_stories", "_by_key", "_by_text", "_finished", "_spent", "_early")
        ]
        assert max(sizes) <= FINISHED_MOST + 1
        desk.now += KEPT_SECONDS + 1
        desk.tracker.take(Held(key=PHONE), desk.now)
        assert (memory._stories, memory._by_key, memory._by_text, memory._spent, memory._early) == ({}, {}, {}, {}, {})
