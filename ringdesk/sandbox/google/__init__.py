"""The practice Google: an honest local stand-in for the People API v1 and Google's OAuth.

Written from the facts about Google alone; it knows no sync engine. `Google` is a pure core, `PracticeServer` a thin
shell of sockets around it, `Switches` every fact that is reported [T] or unknown [U]. The marks in the docstrings say
where a fact is from: [D] Google's discovery document, [G] Google's guides, [R] recorded answers, [T] third parties,
[U] not known.
"""

from __future__ import annotations

from ringdesk.sandbox.google.clock import RealClock, VirtualClock
from ringdesk.sandbox.google.consent import Answer
from ringdesk.sandbox.google.core import CONTACTS_SCOPE, Google, Signed
from ringdesk.sandbox.google.faults import Fault, Kind, QueuedFaults, at_numbers, at_random
from ringdesk.sandbox.google.grants import Death
from ringdesk.sandbox.google.hand import Hand, HandError
from ringdesk.sandbox.google.server import PracticeServer
from ringdesk.sandbox.google.switches import Switches, UnknownSwitch, turned
from ringdesk.sandbox.google.web import Cut, Request, Response

__all__ = [
    "CONTACTS_SCOPE",
    "Answer",
    "Cut",
    "Death",
    "Fault",
    "Google",
    "Hand",
    "HandError",
    "Kind",
    "PracticeServer",
    "QueuedFaults",
    "RealClock",
    "Request",
    "Response",
    "Signed",
    "Switches",
    "UnknownSwitch",
    "VirtualClock",
    "at_numbers",
    "at_random",
    "turned",
]
