"""The vault: secrets in the system's keyring, or, where there is none to be trusted, in memory for this session.

Never in a file. A secret is one short string: Windows takes 1,280 characters and no more. When it cannot be written,
the one before is deleted too, because it would come back at the next start in place of the new one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from ringdesk.domain.signing import Keeping
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.vault.probe import SECONDS, Keyring, Probe, probe, trusted_backend

NAME: Final = "RingDesk"
"""The service name of all entries in the keyring."""
LONGEST: Final = 1200

T = TypeVar("T")


class SecretTooLong(ValueError):
    """A secret longer than every keyring can hold; it was not kept."""


class Vault:
    """`domain.sockets.Secrets` over the keyring. One for the program; each method may be called on any worker."""

    def __init__(self, *, seconds: float = SECONDS, service: str = NAME) -> None:
        self._seconds = seconds
        self._service = service
        self._session: dict[str, str] = {}
        self._found: Probe | None = None
        self._lock = threading.Lock()

    def probe(self, *, anew: bool = False) -> Probe:
        """What the keyring of this desktop is good for; asked once, or anew."""
        with self._lock:
            if anew or self._found is None:
                self._found = probe(self._seconds)
            return self._found

    def keep(self, key: str, secret: str) -> Keeping:
        """Keep a secret. Raises SecretTooLong."""
        if not secret or len(secret) > LONGEST:
            raise SecretTooLong(f"a secret has 1 to {LONGEST} characters, not {len(secret)}")
        if self.probe(anew=True).found is Keyring.GOOD:
            try:
                self._ask(lambda backend: backend.set_password(self._service, key, secret))
                kept = self._ask(lambda backend: backend.get_password(self._service, key)) == secret
            except SecretsUnavailable:
                kept = False
            if kept:
                self._session.pop(key, None)
                return Keeping.KEYRING
        self.forget(key)
        self._session[key] = secret
        return Keeping.SESSION

    def get(self, key: str) -> str | None:
        """The secret, or None. Raises SecretsUnavailable while the keyring is locked or does not answer."""
        if key in self._session:
            return self._session[key]
        found: str | None = self._ask(lambda backend: backend.get_password(self._service, key))
        return found

    def forget(self, key: str) -> bool:
        """Forget a secret wherever it is; False where the keyring could not be asked to."""
        self._session.pop(key, None)
        try:
            self._ask(lambda backend: _delete(backend, self._service, key))
        except SecretsUnavailable:
            return False
        return True

    def _ask(self, question: Callable[[Any], T]) -> T | None:
        """Ask the trusted back end, for a limited time; None where there is none. Raises SecretsUnavailable."""
        answers: list[T | None] = []
        failures: list[SecretsUnavailable] = []

        def work() -> None:
            try:
                backend, _ = trusted_backend()
                answers.append(None if backend is None else question(backend))
            except _errors() as error:
                failures.append(_unavailable(error))

        worker = threading.Thread(target=work, name="keyring", daemon=True)
        worker.start()
        worker.join(self._seconds)
        if failures:
            raise failures[0]
        if not answers:
            raise SecretsUnavailable(Keyring.SILENT.value, f"no answer within {self._seconds:g} s")
        return answers[0]


def _delete(backend: Any, service: str, key: str) -> None:
    if backend.get_password(service, key) is not None:
        backend.delete_password(service, key)


def _errors() -> tuple[type[Exception], ...]:
    from keyring.errors import KeyringError

    return (KeyringError, OSError, RuntimeError, ValueError)


def _unavailable(error: Exception) -> SecretsUnavailable:
    """The error's kind alone: what a back end says may quote what it was given."""
    from keyring.errors import InitError, KeyringLocked

    locked = isinstance(error, KeyringLocked | InitError)
    return SecretsUnavailable((Keyring.LOCKED if locked else Keyring.BROKEN).value, type(error).__name__)
