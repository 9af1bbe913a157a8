"""Rings of departments and calls of coworkers."""

from __future__ import annotations

import uuid

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ringdesk.providers.team.calls import LogCall, ReportAnswer, WithdrawCall
from ringdesk.providers.team.ring import Caller, ClaimedPrivately
from ringdesk.providers.team.wire import Claim, Delete
from tests.providers.team.aid import new_id, number
from tests.providers.team.histories.comparing import shown, word
from tests.providers.team.histories.draws import card, doer, pick, place, rarely, text, who
from tests.providers.team.histories.overtaking import Overtaking


class Ringing(Overtaking):
    """Rules about rings and calls."""

    @rule(who=who, department=place, digits=st.sampled_from(["491", "492"]))
    def ring(self, who: str, department: str, digits: str) -> None:
        if who in self.model.left:
            return
        expected, id = self.model.ring(who, department, digits)
        answer = self.desks[who].directory.department_call(department, number(digits))
        if isinstance(answer, Caller):
            assert expected == ("made" if answer.made else "found"), expected
            if answer.made:
                self.model.made(who, department, digits, answer.contact.id)
                self.ids.append(answer.contact.id)
            else:
                assert answer.contact.id == id
            assert shown(who, answer.contact) == self.model.visible(who)[answer.contact.id]
        else:
            assert expected == ("claimed" if isinstance(answer, ClaimedPrivately) else word(answer))

    @rule(department=place, digits=st.sampled_from(["491", "492"]), text=st.none() | text)
    def ring_again(self, department: str, digits: str, text: str | None) -> None:
        """A caller is claimed, comes up again, is deleted, and comes up once more."""
        for first in sorted(self.model.members[department] - self.model.left)[:1]:
            self.ring(first, department, digits)
            id = self.model.callers.get((department, digits), "")
            if id:
                self.put(first, Claim(new_id(), id, card(text) if text else None), text or "", True)
                self.ring(first, department, digits)
                self.put(self.actor("owner", id), Delete(new_id(), id), "", True)
                self.ring(first, department, digits)

    @rule(who=who, n=pick, again=rarely)
    def phone(self, who: str, n: int, again: bool) -> None:
        contact, call = self.any_id(n), new_id()
        if again and self.call_ids:
            call = self.call_ids[n % len(self.call_ids)]
        else:
            self.call_ids.append(call)
        op = LogCall(op=new_id(), call=call, contact=contact, direction="in", state="missed", started=1_790_000_000.0)
        self.tell(who, op, lambda: self.model.tell_call(who, call, contact))

    @precondition(lambda self: self.call_ids)
    @rule(who=doer, n=pick)
    def keep_call_private(self, who: str, n: int) -> None:
        call = self.call_ids[n % len(self.call_ids)]
        who = self.actor(who, self.model.calls.get(call, ("", ""))[1])
        self.tell(who, WithdrawCall(new_id(), call), lambda: self.model.withdraw_call(who, call))

    @rule(who=who, department=place)
    def answer(self, who: str, department: str) -> None:
        ring = uuid.uuid4().hex * 2
        self.tell(who, ReportAnswer(new_id(), department, ring), lambda: self.model.answer(who, department, ring))
