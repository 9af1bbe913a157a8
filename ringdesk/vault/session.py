"""Secrets that live as long as the program, and nowhere but in its memory."""

from __future__ import annotations

from ringdesk.domain.signing import Keeping


class SessionSecrets:
    """`domain.sockets.Secrets` without a keyring: for practising, so that nothing of it stays in the user's own."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def keep(self, key: str, secret: str) -> Keeping:
        """Keep a secret until the program ends."""
        self._kept[key] = secret
        return Keeping.SESSION

    def get(self, key: str) -> str | None:
        """The secret, or None."""
        return self._kept.get(key)

    def forget(self, key: str) -> bool:
        """Forget a secret."""
        self._kept.pop(key, None)
        return True
