"""What a history is drawn from: who does it, to which contact, with which card, and how often."""

from __future__ import annotations

from hypothesis import strategies as st

from ringdesk.providers.team.wire import Content
from tests.providers.team.aid import content
from tests.providers.team.histories.rules import NUMBERS

LOGINS = ("alice", "bob", "carol", "dave")

who = st.sampled_from(LOGINS)
DEEDS = ["claim", "share", "edit", "unshare", "delete"]
doer = st.sampled_from([*LOGINS, *["owner"] * 4])
pick = st.integers(0, 5)
text = st.sampled_from([*NUMBERS])
place = st.sampled_from(["Sales", "Support"])
often = st.sampled_from([True, True, False])
rarely = st.sampled_from([False, False, True])
seldom = st.sampled_from([False, False, False, False, True])
rights = st.sampled_from([(True, True), (True, True), (True, False), (True, False), (False, True), (False, False)])
"""View-only and administrator: both at once forbids most, so it comes often."""


def card(text: str) -> Content:
    return content(text, *NUMBERS[text])
