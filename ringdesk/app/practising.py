"""What is another thing in the demo: the keyring and the settings. What is not used is not imported."""

from __future__ import annotations

from ringdesk.domain.sockets import Secrets
from ringdesk.settings import Settings


def keyring(*, practising: bool) -> Secrets:
    """The keyring; while practising nothing is kept in it."""
    if practising:
        from ringdesk.vault.session import SessionSecrets

        return SessionSecrets()
    from ringdesk.vault.tokens import Vault

    return Vault()


def settings(*, practising: bool) -> Settings | None:
    """The settings of the demo; None where the user's own are used."""
    if not practising:
        return None
    from ringdesk.app.demo import PRACTICE

    return PRACTICE
