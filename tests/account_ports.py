"""The ports of the account presenters, held in memory: orders are noted, and a test gives the news."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ringdesk.desk.accounts import AccountRecord
from ringdesk.domain.account import Choices, Kept, Standing
from ringdesk.domain.contact import Contact
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.domain.signing import ClientFile
from ringdesk.domain.syncing import AccountNews

CLIENT = ClientFile("/home/robin/client.json", "12345.apps.googleusercontent.com")
ROBIN = AccountRecord("google:42", "google", "robin@example.com", Kept())


@dataclass
class MemoryPorts:
    """`desk.accounts.AccountPorts` without threads: every order is a row of `orders`, and changes what is kept.

    `tell` is where news goes; `say` gives it, as the program would.
    """

    kept: dict[str, AccountRecord] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    contacts: dict[str, Contact] = field(default_factory=dict)
    file: ClientFile | None = CLIENT
    orders: list[tuple[object, ...]] = field(default_factory=list)
    labels: Sequence[Container] = ()
    tell: Callable[[AccountNews], None] = lambda news: None

    def say(self, news: AccountNews) -> None:
        """Give news."""
        self.tell(news)

    def keep(self, record: AccountRecord, standing: Standing, choices: Choices | None = None) -> AccountRecord:
        """Keep an account as standing so."""
        kept = replace(record.kept, standing=standing, choices=choices or record.kept.choices)
        self.kept[record.id] = replace(record, kept=kept)
        return self.kept[record.id]

    # Reads

    def accounts(self, kind: str) -> Sequence[AccountRecord]:
        """The accounts of a kind."""
        return [one for one in self.kept.values() if one.kind == kind]

    def waiting(self, account: str) -> Mapping[Review, int]:
        """How many questions of each kind are open."""
        kinds = {one.kind for one in self.asked}
        return {kind: sum(one.kind is kind for one in self.asked) for kind in kinds}

    def questions(self, account: str, kind: Review, start: int, count: int) -> Sequence[Question]:
        """Open questions of a kind."""
        return [one for one in self.asked if one.kind is kind][start : start + count]

    def contact(self, id: str) -> Contact | None:
        """A contact."""
        return self.contacts.get(id)

    def containers(self, account: str) -> Sequence[Container]:
        """The account's labels."""
        return self.labels

    def client(self) -> ClientFile | None:
        """The client file."""
        return self.file

    # Orders

    def take_client_file(self, path: Path) -> None:
        """Note it."""
        self.orders.append(("take_client_file", path))

    def sign_in(self, kind: str, account: str) -> None:
        """Note it."""
        self.orders.append(("sign_in", kind, account))

    def cancel_sign_in(self, kind: str) -> None:
        """Note it."""
        self.orders.append(("cancel_sign_in", kind))

    def survey(self, account: str) -> None:
        """Note it."""
        self.orders.append(("survey", account))

    def rehearse(self, account: str, choices: Choices) -> None:
        """Note it."""
        self.orders.append(("rehearse", account, choices))

    def accept(self, account: str, choices: Choices) -> None:
        """Note it; the account is connected from now on."""
        self.orders.append(("accept", account, choices))
        self.keep(self.kept[account], Standing.CONNECTED, choices)

    def keep_choices(self, account: str, choices: Choices) -> None:
        """Note and keep them."""
        self.orders.append(("keep_choices", account, choices))
        self.keep(self.kept[account], self.kept[account].kept.standing, choices)

    def sync_now(self, account: str, *, full: bool = False) -> None:
        """Note it."""
        self.orders.append(("sync_now", account, full))

    def break_off(self, account: str) -> None:
        """Note it."""
        self.orders.append(("break_off", account))

    def answer(self, account: str, question: Question, choice: Choice) -> None:
        """Note it; the question is not open any more."""
        self.orders.append(("answer", account, question, choice))
        self.asked.remove(question)

    def approve(self, account: str, deletions: int, kept: frozenset[str]) -> None:
        """Note it."""
        self.orders.append(("approve", account, deletions, kept))

    def undo(self, account: str) -> None:
        """Note it."""
        self.orders.append(("undo", account))

    def disconnect(self, account: str) -> None:
        """Note it; the account is kept as disconnected."""
        self.orders.append(("disconnect", account))
        self.keep(self.kept[account], Standing.DISCONNECTED)
