"""What a desk does to contacts, and how it looks at them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from ringdesk.providers.team.rows import GoneContact, SharedContact
from ringdesk.providers.team.wire import Claim, Delete, Edit, Share, Unshare
from tests.providers.team.aid import new_id
from tests.providers.team.histories.comparing import shut_out
from tests.providers.team.histories.draws import DEEDS, card, doer, often, pick, seldom, text, who
from tests.providers.team.histories.stage import Stage


class Deeds(Stage):
    """Rules about contacts, and about looking."""

    @rule(who=doer, text=text, n=pick, fresh=seldom, online=often)
    def tick(self, who: str, text: str, n: int, fresh: bool, online: bool) -> None:
        id = new_id() if fresh else self.any_id(n)
        who = self.actor(who, id)
        if id not in self.ids:
            self.ids.append(id)
        self.put(who, Share(new_id(), id, self.read_rev(who, id), card(text)), text, online)

    @rule(who=doer, text=text, n=pick, online=often)
    def edit(self, who: str, text: str, n: int, online: bool) -> None:
        id = self.any_id(n)
        who = self.actor(who, id)
        self.put(who, Edit(new_id(), id, self.read_rev(who, id), card(text)), text, online)

    @rule(who=doer, n=pick, text=st.none() | text, online=often)
    def claim(self, who: str, n: int, text: str | None, online: bool) -> None:
        id = self.any_id(n)
        op = Claim(new_id(), id, card(text) if text else None)
        self.put(self.actor(who, id), op, text or "", online)

    @rule(who=doer, n=pick, delete=st.booleans(), online=often)
    def withdraw(self, who: str, n: int, delete: bool, online: bool) -> None:
        id = self.any_id(n)
        self.put(self.actor(who, id), (Delete if delete else Unshare)(new_id(), id), "", online)

    @rule(n=pick, by=who, text=text, deeds=st.lists(st.sampled_from(DEEDS), min_size=2, max_size=3))
    def life(self, n: int, by: str, text: str, deeds: list[str]) -> None:
        """One contact goes through its owner's hands while a coworker and the owner's other desk look on."""
        for deed in deeds:
            owner = self.actor("owner", self.any_id(n))
            if deed == "claim":
                self.claim(owner, n, text, True)
            elif deed == "share":
                self.tick(owner, text, n, False, True)
            elif deed == "edit":
                self.edit(owner, text, n, True)
            else:
                self.withdraw(owner, n, deed == "delete", True)
            self.pull_at_the_other_desk(owner)
            self.pull_at_the_other_desk(by)

    @rule(who=who, of=who, n=pick)
    def replay_a_coworkers(self, who: str, of: str, n: int) -> None:
        """An operation of somebody else, id and all, is one's own try at the same."""
        done = list(self.sent[of].values())
        if who not in self.model.left and who != of and done:
            op, said, _ = done[n % len(done)]
            if op.op not in self.sent[who] and all(op.op != waiting.op for waiting, _ in self.outbox[who]):
                self.put(who, op, said, online=True)

    @rule(who=who)
    def send_again(self, who: str) -> None:
        """Lost answers: what was done must not be done twice, what was refused is judged anew."""
        if self.sent[who]:
            self.push(who, [(op, said) for op, said, _ in list(self.sent[who].values())[-6:]])

    @rule(who=who)
    def pull(self, who: str) -> None:
        if who in self.model.left:
            shut_out(self.desks[who].pull)
        else:
            self.desks[who].pull()
            self.check(who, self.desks[who].contacts.values())

    @rule(who=who)
    def pull_at_the_other_desk(self, who: str) -> None:
        """A login may have two desks, each with its own cursor."""
        if who not in self.model.left:
            self.second[who].pull()
            self.check(who, self.second[who].contacts.values())

    @rule(who=who)
    def fetch(self, who: str) -> None:
        """Asked for by id, a contact is there or not as in a pull."""
        if who not in self.model.left:
            asked = [*self.ids, new_id()]
            found = self.desks[who].directory.fetch(asked)
            assert [one.id for one in found if isinstance(one, GoneContact | SharedContact)] == asked
            self.check(who, [one for one in found if isinstance(one, SharedContact)])

    @rule(who=who)
    def pull_calls(self, who: str) -> None:
        if who not in self.model.left:
            self.heard[who].pull()
            assert self.heard[who].calls == self.model.visible_calls()
            assert self.heard[who].answered == self.model.visible_answers(who)
