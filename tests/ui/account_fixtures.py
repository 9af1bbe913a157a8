"""A Google desk over ports in memory, and what becomes of its orders, for tests of its windows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ringdesk.desk.accounts import AccountDesk
from ringdesk.desk.connecting import KIND, GoogleDesk
from ringdesk.domain.account import Choices, Standing
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Question
from ringdesk.domain.signing import ClientFile, Keeping
from ringdesk.domain.syncing import (
    AccountChanged,
    AccountNews,
    ClientFileTaken,
    Disconnected,
    Label,
    RehearsalDone,
    RoundDone,
    SignedInAs,
    SignInAsked,
    Surveyed,
)
from tests.account_ports import CLIENT, ROBIN, MemoryPorts

ID = ROBIN.id
ASKED = SignInAsked(KIND, "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&state=1", 300.0, opened=True)
SURVEY = Surveyed(
    ID, (Label("g1", "Clients", 120, 118), Label("g2", "Family", 14, 12), Label("g3", "R&D", 3, 0)), 1234, 1010, 12
)
LABELS = tuple(Container(one.id, one.name, members=one.contacts) for one in SURVEY.labels)
WOULD = RoundDone(
    account=ID,
    at=0.0,
    counts={"added here": 120, "added there": 3, "changed here": 2, "changed there": 3, "asked about": 1},
    lines=(
        *(("added here", f"c{n}", f"Person {n}") for n in range(120)),
        ("added there", "d1", "Anna Berg"),
        ("added there", "d2", "Bo Chen"),
        ("added there", "d3", "Cleo Diaz"),
        ("changed here", "e1", "Ella Ford"),
        ("asked about", "f1", "Martin Green"),
    ),
)


class Google:
    """The desk and its ports; the methods are what happens outside."""

    def __init__(self, ports: MemoryPorts | None = None) -> None:
        self.ports = ports or MemoryPorts(labels=LABELS)
        self.desk = GoogleDesk(self.ports)
        self.ports.tell = self.desk.take

    @property
    def orders(self) -> list[str]:
        """The names of the orders given."""
        return [str(order[0]) for order in self.ports.orders]

    @property
    def account(self) -> AccountDesk:
        """The connected account."""
        assert self.desk.account is not None
        return self.desk.account

    def say(self, *news: AccountNews) -> None:
        for one in news:
            self.ports.say(one)

    def client_taken(self, client: ClientFile = CLIENT) -> None:
        self.ports.file = client
        self.say(ClientFileTaken(client))

    def signed_in(self, keeping: Keeping = Keeping.KEYRING) -> None:
        record = replace(ROBIN, kept=replace(ROBIN.kept, keeping=keeping))
        self.ports.keep(record, Standing.SETTING_UP)
        self.say(SignedInAs(KIND, ID, ROBIN.name, keeping, new=True))

    def surveyed(self) -> None:
        self.say(SURVEY)

    def rehearsed(self, would: RoundDone = WOULD) -> None:
        self.say(RehearsalDone(ID, would))

    def gone(self) -> None:
        self.ports.kept.clear()
        self.say(Disconnected(ID, revoked=True))

    def asks(self, *questions: Question) -> None:
        self.ports.asked.extend(questions)
        self.say(AccountChanged(ID))


def connected(choices: Choices | None = None, **more: Any) -> Google:
    """A desk whose account is connected; `more` goes into what is kept of it."""
    ports = MemoryPorts(labels=LABELS)
    ports.keep(replace(ROBIN, **more), Standing.CONNECTED, choices)
    return Google(ports)
