"""Google as a kind of account: client file, sign-in, the open book. The libraries come with the first use only."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ringdesk.app.account_kinds import Consent, Held, NoConsent, Told, Wish
from ringdesk.domain.account import Kept
from ringdesk.domain.remote import Death, RemoteBook, SignInDead, Stop
from ringdesk.domain.replica import Account
from ringdesk.domain.signing import ClientFile, ClientTrouble, Ending
from ringdesk.domain.sockets import Browser, Clock, Secrets, SecretsUnavailable
from ringdesk.domain.syncing import ClientFileTaken, Label

if TYPE_CHECKING:
    from ringdesk.providers.google.client_file import Client
    from ringdesk.providers.google.people import GoogleBook
    from ringdesk.providers.google.signin import SignedIn

log = logging.getLogger(__name__)

KIND = "google"


class OpenGoogle:
    """A Google account that is open."""

    def __init__(self, book: GoogleBook) -> None:
        self._book = book

    @property
    def book(self) -> RemoteBook:
        """The book."""
        return self._book

    def held(self, told: Told, stopped: Callable[[], bool]) -> Held:
        """Count what is in it: two requests, and one more for each further thousand contacts."""
        labels = [one for one in self._book.containers() if not one.system]
        counted = self._book.survey(told, stopped)
        named = (
            Label(one.remote, one.name, counted.labelled[one.remote], counted.labelled_with_phones[one.remote])
            for one in labels
        )
        return Held(sorted(named, key=lambda one: one.name.casefold()), counted.contacts, counted.with_phones)

    def abort(self) -> None:
        """Give up."""
        self._book.abort()

    def break_off(self) -> None:
        """Give up what it waits for."""
        self._book.break_off()


class GoogleKind:
    """`AccountKind` of Google. `own` is where the user's client file is kept, `common` the administrator's place."""

    kind = KIND

    def __init__(self, own: Path, common: Path, secrets: Secrets, browser: Browser) -> None:
        self._own, self._common = own, common
        self._secrets, self._browser = secrets, browser

    # The client file; all of these read files, so never on the Qt thread

    def find_client(self) -> ClientFileTaken:
        """The client file that is in place: the user's own, else the administrator's."""
        for path in (self._own, self._common):
            if path.exists():
                return self._read(path)[0]
        return ClientFileTaken(None)

    def take_client(self, path: Path) -> ClientFileTaken:
        """Put a client file in place; the one before stays where this one is none."""
        taken, content = self._read(path)
        if taken.client is None:
            return taken
        try:
            self._own.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._own.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._own)
        except OSError as error:
            return ClientFileTaken(None, ClientTrouble.NOT_KEPT, error.strerror or str(error))
        return self._read(self._own)[0]

    def take_practice(self, path: Path) -> ClientFileTaken:
        """Put the client file of a practice Google in place, unless a real one is."""
        held = self.find_client()
        return held if held.client is not None and not held.client.practice else self.take_client(path)

    def _read(self, path: Path) -> tuple[ClientFileTaken, bytes]:
        from ringdesk.providers.google.client_file import ClientFileError, is_here, parse_client, read_bytes

        try:
            content = read_bytes(path)
            client = parse_client(content)
        except ClientFileError as error:
            return ClientFileTaken(None, error.trouble, error.detail), b""
        found = ClientFile(str(path), client.id, administrator=path == self._common, practice=is_here(client.token_uri))
        return ClientFileTaken(found), content

    def _client(self) -> Client:
        """The client. Raises Stop("client") where there is none."""
        from ringdesk.providers.google.client_file import ClientFileError, read_client_file

        try:
            return read_client_file(self._own if self._own.exists() else self._common)
        except ClientFileError as error:
            raise Stop("client", str(error)) from error

    # The account

    def open(self, account: Account, kept: Kept, clock: Clock) -> OpenGoogle:
        """Open an account's book."""
        from ringdesk.providers.google.access import Standing
        from ringdesk.providers.google.people import GoogleBook

        standing = Standing(kept.granted, account.synced_at)
        return OpenGoogle(GoogleBook(self._client(), lambda: self._token(account.id), clock, standing=standing))

    def _token(self, id: str) -> str:
        token = self._secrets.get(id)
        if not token:
            raise SignInDead(Death.NO_SECRET, "no_secret")
        return token

    def sign_in(self, wish: Wish) -> Consent | NoConsent:
        """Sign in in the browser, and keep the refresh token in the keyring."""
        from ringdesk.providers.google.signin import SignedIn, SignIn

        try:
            client = self._client()
        except Stop as error:
            return NoConsent(Ending.BAD_CLIENT, error.detail)
        signing = SignIn(client, self._browser, hint=wish.name, again=bool(wish.account), asked=wish.asked)
        wish.on_cancel(signing.cancel)
        outcome = signing.run()
        if not isinstance(outcome, SignedIn):
            return NoConsent(outcome.ending, outcome.detail)
        return self._kept(client, outcome, wish)

    def _kept(self, client: Client, signed: SignedIn, wish: Wish) -> Consent | NoConsent:
        id = account_id(signed)
        if wish.cancelled or (wish.account and wish.account != id):
            self._take_back(client, signed.refresh_token)
            return NoConsent(Ending.CANCELLED if wish.cancelled else Ending.OTHER_ACCOUNT, signed.account)
        return Consent(id, signed.account or id, self._secrets.keep(id, signed.refresh_token))

    def revoke(self, account: Account) -> bool:
        """Take the token back at Google, as far as it can be reached, and forget it."""
        token, revoked = None, False
        with contextlib.suppress(SecretsUnavailable):
            token = self._secrets.get(account.id)
        if token:
            try:
                revoked = self._take_back(self._client(), token)
            except Stop as error:
                log.warning("a token was forgotten and not taken back: %s", error.code)
        self._secrets.forget(account.id)
        return revoked

    def _take_back(self, client: Client, token: str) -> bool:
        from ringdesk.providers.google.signin import revoke
        from ringdesk.providers.google.wire import Wire

        wire = Wire(connect=5.0, answer=5.0)
        try:
            return revoke(client, token, wire)
        finally:
            wire.close()


def account_id(signed: SignedIn) -> str:
    """The id of an account here: by Google's own id, which stays when the address changes."""
    return f"{KIND}:{signed.subject or signed.account or 'account'}"
