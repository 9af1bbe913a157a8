"""The practice Google as a process, driven over its control port: what these tests know of it is its address."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ringdesk.providers.google.client_file import Client, parse_client
from ringdesk.providers.google.people import GoogleBook

QUIET: Mapping[str, object] = {"quotas": False}


class PracticeClock:
    """The practice Google's own time."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def now(self) -> float:
        now: float = self._practice.order("GET", "/state")["now"]
        return now


@dataclass
class Practice:
    """A running practice Google."""

    introduction: dict[str, Any]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    turned: dict[str, object] = field(default_factory=dict)
    books: list[GoogleBook] = field(default_factory=list)
    pid: int = 0

    @property
    def address(self) -> str:
        address: str = self.introduction["address"]
        return address

    @property
    def client_file(self) -> bytes:
        return json.dumps(self.introduction["client"]).encode()

    @property
    def client(self) -> Client:
        return parse_client(self.client_file)

    def order(self, verb: str, path: str, /, **body: object) -> Any:
        """An order to the control port."""
        control = self.introduction["control"]
        request = urllib.request.Request(
            control["address"] + path,
            data=json.dumps(body).encode(),
            method=verb,
            headers={"Authorization": f"Bearer {control['token']}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["result"]

    def turn(self, **switches: object) -> None:
        """Turn switches; `reset` turns them back."""
        before = self.order("GET", "/switches")
        self.turned = {name: before[name] for name in switches} | self.turned
        self.order("POST", "/switches", **switches)

    def reset(self) -> None:
        """As it was at the start, but for accounts and time."""
        while self.books:
            self.books.pop().close()
        self.order("DELETE", "/faults")
        self.order("DELETE", "/consent")
        self.order("POST", "/late", seconds=None)
        if self.turned:
            self.order("POST", "/switches", **self.turned)
            self.turned = {}

    def account(self, *, people: int = 0) -> Account:
        """A new account."""
        email = f"user{next(self.numbers)}@example.com"
        self.order("POST", "/accounts", email=email, people=people)
        return Account(self, email)

    def book(self, token: Callable[[], str | None], *, client: Client | None = None, **more: Any) -> GoogleBook:
        """A door to an account; `reset` closes it."""
        one = GoogleBook(client or self.client, token, PracticeClock(self), **more)
        self.books.append(one)
        return one

    def fault(self, kind: str, **more: object) -> None:
        """The next request to a path goes wrong."""
        self.order("POST", "/faults", kind=kind, **more)

    def log(self) -> int:
        """How many requests there were until now."""
        number: int = self.order("GET", "/state")["requests"]
        return number

    def since(self, number: int) -> Sequence[dict[str, Any]]:
        """The requests after the first so many."""
        entries: list[dict[str, Any]] = self.order("GET", f"/log?since={number}")
        return entries


@dataclass
class Account:
    """One account at the practice Google."""

    practice: Practice
    email: str

    def sign_in(self, **more: object) -> str:
        """A refresh token."""
        token: str = self.practice.order("POST", "/sign-in", account=self.email, **more)["refresh"]
        return token

    def book(self, **more: Any) -> GoogleBook:
        """A door to it."""
        token = self.sign_in()
        return self.practice.book(lambda: token, **more)

    def hand(self, action: str, **more: object) -> Any:
        """Somebody does something in Google's own pages."""
        if isinstance(data := more.get("data"), bytes):
            more["data"] = base64.b64encode(data).decode()
        return self.practice.order("POST", "/hand", action=action, account=self.email, **more)

    def dump(self) -> Any:
        """What is in the account."""
        return self.practice.order("GET", f"/dump?account={self.email}")


@contextmanager
def practising(*options: str) -> Iterator[Practice]:
    """Start one; it ends with the test."""
    command = [sys.executable, "-m", "ringdesk.sandbox.google", "--port", "0", "--people", "0", "--until-eof"]
    command += ["--switches", json.dumps(QUIET), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Practice(json.loads(process.stdout.readline()), pid=process.pid)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(20)
