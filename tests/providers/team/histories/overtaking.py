"""A transaction that stays open while others go on."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from ringdesk.providers.team.wire import Share, encode_op, to_json
from tests.providers.team.aid import new_id
from tests.providers.team.histories.deeds import Deeds
from tests.providers.team.histories.draws import card, text, who


class Overtaking(Deeds):
    """Rules about a slow transaction."""

    @precondition(lambda self: self.held is None)
    @rule(who=who, text=text)
    def begin_slowly(self, who: str, text: str) -> None:
        """A share whose transaction stays open while others go on: nobody sees it, and nobody may miss it later."""
        if who in self.model.left | self.model.view_only:
            return
        op = Share(new_id(), new_id(), 0, card(text))
        self.field.slow[who].execute("begin")
        self.field.slow[who].execute("select api.push(%s::jsonb)", (f"[{to_json(encode_op(op))}]",))
        self.held = (who, op.contact, text)

    @precondition(lambda self: self.held is not None)
    @rule()
    def commit_at_last(self) -> None:
        self.release()

    @precondition(lambda self: self.held is None)
    @rule(who=who, text=text, other=who)
    def overtake(self, who: str, text: str, other: str) -> None:
        """Somebody shares and looks while a slow transaction is open, and looks again once it has come to its end."""
        self.begin_slowly(who, text)
        self.tick(other, text, 0, True, True)
        self.pull(other)
        self.release()
        self.pull(other)
