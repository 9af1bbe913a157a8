"""What waits for the user of a Google account, and what is taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ringdesk.desk.accounts import Quiet
from ringdesk.domain.card import Name
from ringdesk.domain.replica import Choice, Clash, GoneThere, Policy, Review
from tests.e2e.google.people import card, person, put_there
from tests.e2e.house import housed, names_there
from tests.providers.google.practice import Account, Practice


def test_the_last_sync_is_taken_back_at_google_too(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        house.account.choose(replace(house.account.view.choices, every=None))
        house.quiet()
        [here] = house.contacts()
        house.add(card("Cyd", "+442079460003"))
        house.edit(here, replace(here.card, note="Likes tea"))
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        house.sync()
        assert (house.names(), names_there(account)) == (["Anabel", "Cyd"], ["Anabel", "Cyd"])
        assert house.account.view.undoable
        house.account.undo()
        house.until(lambda: house.account.view.undone is not None, "it is taken back")
        assert house.account.view.undone is not None
        assert house.account.view.undone.counts == {"changed back": 1, "deleted there": 1}
        house.until(lambda: names_there(account) == ["Anabel"], "what went there has gone again")
        house.until(lambda: isinstance(house.account.view.status, Quiet), "the round is over")
        assert house.names() == ["Ana", "Cyd"]
        assert house.get(here.id).card.note == ""
        assert "biographies" not in account.dump()["contacts"][ana]
        before = [one["method"] for one in practice.since(practice.log()) if one["verb"] != "GET"]
        house.sync(full=True)
        assert (house.names(), names_there(account)) == (["Ana", "Cyd"], ["Anabel"])
        assert before == []


def test_a_deletion_at_google_is_asked_about_and_the_answer_is_carried_out(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    names = [put_there(account, given, f"+44207946000{number}") for number, given in enumerate(("Ana", "Ben", "Cyd"))]
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        for name in names:
            account.hand("delete", name=name)
        house.sync()
        assert house.account.view.waiting == {Review.REMOVED: 3}
        assert house.account.view.last is not None
        assert house.account.view.last.questions == 3
        rows = {row.here.card.name.given: row for row in house.account.reviews(Review.REMOVED) if row.here is not None}
        house.account.answer(rows["Ana"].question, Choice.DELETE)
        house.account.answer(rows["Ben"].question, Choice.KEEP)
        house.account.answer(rows["Cyd"].question, Choice.CREATE)
        house.until(lambda: names_there(account) == ["Cyd"], "one is made again there")
        house.until(lambda: house.account.view.waiting == {}, "nothing is asked any more")
        house.quiet()
        assert (house.names(), names_there(account)) == (["Ben", "Cyd"], ["Cyd"])


def test_clashes_and_doubtful_matches_wait_for_the_user(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    with housed(tmp_path, practice, account) as house:
        house.add(card("Zoe", "+442079460001"))
        house.choose_client(practice)
        setting_up = house.sign_in()
        house.connect_from(replace(setting_up.choices, policy=Policy(clash=Clash.ASK), every=None))
        assert house.account.view.waiting == {Review.DOUBTFUL: 1}
        [row] = house.account.reviews(Review.DOUBTFUL)
        assert row.here is not None
        assert row.question.theirs is not None
        assert (row.here.card.name.given, row.question.theirs.name.given) == ("Zoe", "Ana")
        house.account.answer(row.question, Choice.SAME)
        house.until(lambda: Review.DOUBTFUL not in house.account.view.waiting, "the match is settled")
        house.quiet()
        [zoe] = house.contacts()
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        house.edit(zoe, replace(zoe.card, name=Name(given="Zoe Maria")))
        house.sync()
        clashes = {row.question.field: row.question for row in house.account.reviews(Review.CLASH)}
        assert set(clashes) == {"name", "phones"}  # the number is "work" here and has no label there
        house.account.answer(clashes["name"], Choice.THEIRS)
        house.account.answer(clashes["phones"], Choice.MINE)
        house.until(lambda: house.names() == ["Anabel"], "theirs is taken")
        house.until(lambda: house.account.view.waiting == {}, "nothing is asked any more")
        assert [change.new for change in house.store.reads.changes(zoe.id) if change.field == "name"]


def test_too_many_deletions_wait_for_the_user(tmp_path: Path, practice: Practice, account: Account) -> None:
    names = [put_there(account, f"P{number:02d}", f"+4420794600{number:02d}") for number in range(20)]
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        setting_up = house.sign_in()
        house.connect_from(replace(setting_up.choices, policy=Policy(gone_there=GoneThere.DELETE)))
        for name in names[:15]:
            account.hand("delete", name=name)
        house.sync()
        assert house.account.view.guarded == 15
        assert len(house.names()) == 20
        last = house.account.view.last
        assert last is not None
        assert sorted(name for _, _, name in last.guarded) == [f"P{number:02d}" for number in range(15)]
        house.account.approve(kept=[id for _, id, name in last.guarded if name == "P03"])
        house.until(lambda: len(house.names()) == 6, "they go once the user has said so")
        house.until(lambda: house.account.view.guarded == 0, "nothing waits any more")
        assert "P03" in house.names()
        assert "P03" not in names_there(account)


def test_a_value_of_the_past_put_back_with_one_click_is_synced(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        ana = house.add(card("Ana", "+442079460001"))
        house.until(lambda: names_there(account) == ["Ana"], "she is there")
        house.quiet()  # what the account answered is kept, so that nobody saves between reading and writing
        house.edit(ana, card("Anabel", "+442079460001"))
        house.until(lambda: names_there(account) == ["Anabel"], "she is renamed there")
        [change] = [one for one in house.store.reads.changes(ana.id) if one.field == "name"]
        house.store.writes.restore(ana.id, change.id).result()
        house.until(lambda: names_there(account) == ["Ana"], "the old name is there again")
        house.quiet()
