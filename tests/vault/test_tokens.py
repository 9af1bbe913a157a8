"""The vault: only where secrets are really kept, else for this session, and never the old one in place of the new."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.errors import KeyringLocked, PasswordSetError

from ringdesk.domain.signing import Keeping
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.vault import probe
from ringdesk.vault.probe import Keyring
from ringdesk.vault.tokens import LONGEST, SecretTooLong, Vault

KEY = "google:robin@example.com"


class Memory(keyring.backend.KeyringBackend):
    """A keyring in memory that can be told to misbehave."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library is not typed here
        self.held: dict[tuple[str, str], str] = {}
        self.before: Callable[[str], None] = lambda _: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before("get")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before("set" if service == "RingDesk" else "probe")
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.before("delete")
        del self.held[service, username]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Puts a back end in place; `Memory` is trusted here."""
    monkeypatch.setitem(probe.ALLOWED, Memory.__module__, "memory")
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def memory(use: Callable[[Any], None]) -> Memory:
    one = Memory()
    use(one)
    return one


def test_a_secret_is_kept_found_and_forgotten(memory: Memory) -> None:
    vault = Vault()
    assert vault.keep(KEY, "1//token") is Keeping.KEYRING
    assert memory.held == {("RingDesk", KEY): "1//token"}
    assert Vault().get(KEY) == "1//token"
    assert vault.forget(KEY)
    assert memory.held == {}
    assert vault.get(KEY) is None
    assert vault.forget(KEY)


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_back_ends_that_keep_nothing_are_for_this_session(
    use: Callable[[Any], None], backend: type[keyring.backend.KeyringBackend]
) -> None:
    use(backend())
    vault = Vault()
    assert vault.keep(KEY, "1//token") is Keeping.SESSION
    assert vault.probe().found is Keyring.NONE
    assert vault.get(KEY) == "1//token"
    assert Vault().get(KEY) is None
    assert vault.forget(KEY)
    assert vault.get(KEY) is None


class PlaintextKeyring(Memory):
    """What keyrings.alt brings: it works, and in the clear."""


def test_a_back_end_that_stores_in_the_clear_is_not_used(
    use: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlaintextKeyring, "__module__", "keyrings.alt.file")
    plain = PlaintextKeyring()
    use(plain)
    vault = Vault()
    assert vault.keep(KEY, "1//token") is Keeping.SESSION
    assert plain.held == {}


def test_a_failed_write_takes_the_old_secret_away(memory: Memory) -> None:
    vault = Vault()
    vault.keep(KEY, "old")

    def refuse(deed: str) -> None:
        if deed == "set":
            raise PasswordSetError("1783: new")

    memory.before = refuse
    assert vault.keep(KEY, "new") is Keeping.SESSION
    assert vault.get(KEY) == "new"
    assert memory.held == {}
    assert Vault().get(KEY) is None


def test_a_locked_keyring_says_so_and_is_no_empty_one(memory: Memory) -> None:
    Vault().keep(KEY, "1//token")

    def refuse(deed: str) -> None:
        raise KeyringLocked(f"{deed} 1//token")

    memory.before = refuse
    with pytest.raises(SecretsUnavailable) as caught:
        Vault().get(KEY)
    assert caught.value.why == "locked"
    assert "1//" not in str(caught.value)
    assert not Vault().forget(KEY)


def test_a_silent_keyring_ends_at_the_time_limit(memory: Memory) -> None:
    asked, go = threading.Event(), threading.Event()

    def hang(deed: str) -> None:
        del deed
        asked.set()
        go.wait(10)

    memory.before = hang
    start = time.monotonic()
    with pytest.raises(SecretsUnavailable) as caught:
        Vault(seconds=0.1).get(KEY)
    assert caught.value.why == "silent"
    assert time.monotonic() - start < 2
    go.set()


@pytest.mark.parametrize("secret", ["", "x" * (LONGEST + 1)])
def test_what_not_every_keyring_can_hold_is_not_kept(memory: Memory, secret: str) -> None:
    with pytest.raises(SecretTooLong) as caught:
        Vault().keep(KEY, secret)
    assert "xxx" not in str(caught.value)
    assert memory.held == {}


@pytest.mark.keyring
def test_a_real_keyring_keeps_it() -> None:
    """Run inside a session bus with an unlocked Secret Service."""
    vault = Vault(service="RingDesk test")
    assert vault.probe().found is Keyring.GOOD
    try:
        assert vault.keep(KEY, "1//" + "t" * 1000) is Keeping.KEYRING
        assert Vault(service="RingDesk test").get(KEY) == "1//" + "t" * 1000
    finally:
        assert vault.forget(KEY)
    assert Vault(service="RingDesk test").get(KEY) is None
