"""Whether this desktop has a keyring that RingDesk may trust.

Only back ends that really keep secrets are allowed: keyring's own choice may fall on one that stores in the clear,
asks on standard input or forgets everything (measured with the `null` and `fail` back ends and with keyrings.alt).
"""

from __future__ import annotations

import threading
import uuid
from enum import Enum
from typing import Any, Final

from ringdesk.domain.values import dataclass

SERVICE: Final = "ringdesk-probe"
ALLOWED: Final = {
    "keyring.backends.SecretService": "Secret Service (GNOME Keyring, KWallet)",
    "keyring.backends.libsecret": "Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
SECONDS: Final = 5.0


class Keyring(Enum):
    """What the probe found."""

    GOOD = "good"
    NONE = "none"
    """No back end that may be trusted."""
    LOCKED = "locked"
    SILENT = "silent"
    """It did not answer in time; perhaps it waits for a password in a window."""
    BROKEN = "broken"
    """It took a secret and did not give it back."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The outcome: what was found, which back end, what it said."""

    found: Keyring
    name: str
    detail: str = ""


def probe(seconds: float = SECONDS) -> Probe:
    """Write, read and delete a secret. Blocks up to `seconds`: never call it on the Qt thread."""
    answer: list[Probe] = []
    worker = threading.Thread(target=lambda: answer.append(_probe()), name="keyring-probe", daemon=True)
    worker.start()
    worker.join(seconds)
    return answer[0] if answer else Probe(Keyring.SILENT, "", f"no answer within {seconds:g} s")


def trusted_backend() -> tuple[Any | None, str]:
    """The back end that may keep secrets, or None, and the module of the one that keyring chose. May block."""
    import keyring

    backend = keyring.get_keyring()
    chosen = [backend, *getattr(backend, "backends", [])]
    return next((b for b in chosen if type(b).__module__ in ALLOWED), None), type(backend).__module__


def _probe() -> Probe:
    from keyring.errors import InitError, KeyringError, KeyringLocked

    trusted, module = trusted_backend()
    if trusted is None:
        return Probe(Keyring.NONE, module)
    name, secret = ALLOWED[type(trusted).__module__], uuid.uuid4().hex
    try:
        trusted.set_password(SERVICE, secret, secret)
        kept = trusted.get_password(SERVICE, secret) == secret
        trusted.delete_password(SERVICE, secret)
    except (KeyringLocked, InitError) as error:
        return Probe(Keyring.LOCKED, name, str(error))
    except (KeyringError, OSError, RuntimeError) as error:
        return Probe(Keyring.BROKEN, name, str(error))
    return Probe(Keyring.GOOD if kept else Keyring.BROKEN, name)
