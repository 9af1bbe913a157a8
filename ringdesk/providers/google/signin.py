"""Signing in at Google: the browser asks the user, this computer receives the answer and exchanges it for a token.

Runs in a short thread of its own, for as long as the user takes; it can be called off at any moment and ends by
itself at a deadline. Import this in that thread only: it brings Google's sign-in library along.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google_auth_oauthlib.flow import Flow

from ringdesk.domain.remote import Retry
from ringdesk.domain.signing import Ending
from ringdesk.domain.sockets import Browser
from ringdesk.providers.google.access import credentials, post_form, read_body
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.receiver import Callback, Receiver
from ringdesk.providers.google.secret import Secret
from ringdesk.providers.google.wire import Answer, Wire

CONTACTS: Final = "https://www.googleapis.com/auth/contacts"
SCOPES: Final = (CONTACTS, "openid", "email")
"""Contacts, and which account it is: without its name two accounts could be mixed up when one connects again."""
DEADLINE: Final = 300.0
LAST_WORD: Final = 2.0
"""Seconds that Google has to answer once the sign-in is called off: a permission that is given can be taken back."""
LONGEST_TOKEN: Final = 1200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The user is signed in. `account` is the e-mail address and `subject` Google's own id, where Google tells."""

    refresh_token: str = field(repr=False)
    account: str
    subject: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """The user is not signed in, and why. `detail` is Google's or the system's own word, never a secret."""

    ending: Ending
    detail: str = ""


Outcome = SignedIn | NotSignedIn


@dataclass(frozen=True, slots=True)
class Saying:
    """What the browser's last page says."""

    title: str
    text: str


ENGLISH: Final[Mapping[Ending, Saying]] = {
    Ending.SIGNED_IN: Saying("RingDesk is connected", "You can close this page and go back to RingDesk."),
    Ending.DENIED: Saying(
        "RingDesk was not connected", "You did not allow access, so nothing was changed. You can close this page."
    ),
    Ending.FEWER_SCOPES: Saying(
        "One permission is missing",
        "RingDesk may not see your contacts. Connect again, and tick the box for contacts on Google's page.",
    ),
    Ending.NO_REFRESH_TOKEN: Saying(
        "Almost there", "Google did not give a lasting permission. Go back to RingDesk and connect again."
    ),
    Ending.BAD_CLIENT: Saying(
        "Google does not know this client file", "Go back to RingDesk and choose another client file."
    ),
    Ending.REFUSED: Saying("RingDesk was not connected", "Google refused. Go back to RingDesk to see why."),
    Ending.UNREACHABLE: Saying(
        "RingDesk could not reach Google", "Look at your network connection, then connect again from RingDesk."
    ),
    Ending.UNREADABLE: Saying("Something went wrong", "Google's answer could not be read. Please connect again."),
    Ending.CANCELLED: Saying("The sign-in was called off", "RingDesk was not connected. You can close this page."),
}
ONE_MORE: Final = Saying("One more step", "Google asks once more in a new page. You can close this one.")


class SignIn:
    """One sign-in. `run` blocks; `cancel` may be called from any thread."""

    def __init__(
        self,
        client: Client,
        browser: Browser,
        *,
        seconds: float = DEADLINE,
        hint: str = "",
        again: bool = False,
        words: Mapping[Ending, Saying] = ENGLISH,
        one_more: Saying = ONE_MORE,
        wire: Wire | None = None,
        asked: Callable[[str, float, bool], None] | None = None,
    ) -> None:
        """`hint`: the account to suggest. `again`: ask for consent anew, as for reconnecting.

        `asked` is told the address, the seconds that are left, and whether a browser was opened; whoever listens can
        open the address elsewhere on this computer, so that the lack of a browser is no end then.
        """
        self._client = client
        self._browser = browser
        self._seconds = seconds
        self._hint = hint
        self._again = again
        self._words = words
        self._one_more = one_more
        self._wire = wire or Wire()
        self._asked = asked
        self._receiver: Receiver | None = None
        self._cancelled = threading.Event()
        self._hurry = threading.Timer(LAST_WORD, self._wire.abort)

    def cancel(self) -> None:
        """Call it off; what it waits for is given up, at once where nothing was sent yet."""
        if self._cancelled.is_set():
            return
        self._cancelled.set()
        receiver = self._receiver
        if receiver is not None:
            receiver.wake()
            self._wire.leave()
            self._hurry.start()

    def start(self, report: Callable[[Outcome], None]) -> threading.Thread:
        """Sign in on a thread of its own; `report` is called there, once, however it ends."""

        def work() -> None:
            outcome: Outcome = NotSignedIn(Ending.UNREADABLE, "a fault of this program")
            try:
                outcome = self.run()
            finally:
                report(outcome)

        thread = threading.Thread(target=work, name="sign-in")
        thread.start()
        return thread

    def run(self) -> Outcome:
        """Sign in; blocks until the user has answered, called it off, or let the time pass."""
        try:
            receiver = Receiver()
        except OSError as error:
            return NotSignedIn(Ending.NO_PORT, error.strerror or "")
        until = time.monotonic() + self._seconds
        with receiver:
            self._receiver = receiver
            try:
                return self._both(receiver, until)
            finally:
                self._receiver = None
                self._hurry.cancel()
                self._wire.close()

    def _both(self, receiver: Receiver, until: float) -> Outcome:
        """Once, and once more with the question for consent where no lasting permission came."""
        outcome = self._once(receiver, until, consent=self._again)
        if outcome != NotSignedIn(Ending.NO_REFRESH_TOKEN) or self._again:
            self._tell(receiver, outcome)
            return outcome
        receiver.tell(self._one_more.title, self._one_more.text, good=True)
        outcome = self._once(receiver, until, consent=True)
        self._tell(receiver, outcome)
        return outcome

    def _tell(self, receiver: Receiver, outcome: Outcome) -> None:
        ending = Ending.SIGNED_IN if isinstance(outcome, SignedIn) else outcome.ending
        if saying := self._words.get(ending):
            receiver.tell(saying.title, saying.text, good=ending is Ending.SIGNED_IN)

    def _once(self, receiver: Receiver, until: float, *, consent: bool) -> Outcome:
        flow = _flow(self._client, receiver.address)
        extra = {"prompt": "consent"} if consent else {}
        if self._hint:
            extra["login_hint"] = self._hint
        address, state = flow.authorization_url(access_type="offline", **extra)
        if self._client.auth_uri.startswith("http:"):
            address = "http:" + address.removeprefix("https:")
        if self._cancelled.is_set():
            return NotSignedIn(Ending.CANCELLED)
        if not self._open(address, until):
            return NotSignedIn(Ending.NO_BROWSER)
        callback = receiver.wait(state, until)
        if self._cancelled.is_set():
            return NotSignedIn(Ending.CANCELLED)
        if callback is None:
            return NotSignedIn(Ending.TIMED_OUT)
        if callback.error or not callback.code:
            return _turned_away(callback.error)
        return self._exchanged(callback, receiver.address, flow.code_verifier)

    def _open(self, address: str, until: float) -> bool:
        """Ask in the browser; False where there is none and nobody was told the address."""
        opened = self._browser.open(address)
        if self._asked is not None:
            self._asked(address, max(0.0, until - time.monotonic()), opened)
        return opened or self._asked is not None

    def _exchanged(self, callback: Callback, redirect: str, verifier: str) -> Outcome:
        fields = {
            "grant_type": "authorization_code",
            "code": Secret(callback.code),
            "code_verifier": Secret(verifier),
            "redirect_uri": redirect,
            **credentials(self._client),
        }
        try:
            answer = post_form(self._wire, self._client.token_uri, fields)
        except Retry as error:
            called_off = self._cancelled.is_set()
            return NotSignedIn(Ending.CANCELLED) if called_off else NotSignedIn(Ending.UNREACHABLE, error.detail[:200])
        outcome = _read(answer)
        token = outcome.refresh_token if isinstance(outcome, SignedIn) else _any_token(answer)
        unwanted = self._cancelled.is_set() or outcome == NotSignedIn(Ending.FEWER_SCOPES)
        if unwanted and token:
            self._take_back(token)
        return NotSignedIn(Ending.CANCELLED) if self._cancelled.is_set() else outcome

    def _take_back(self, token: str) -> None:
        """Over a wire of its own, because this one may be given up; in seconds, because the user waits."""
        wire = Wire(connect=LAST_WORD, answer=LAST_WORD)
        try:
            revoke(self._client, token, wire)
        finally:
            wire.close()


def revoke(client: Client, token: str, wire: Wire) -> bool:
    """Take a token back at Google, as far as Google can be reached; whether it said yes."""
    try:
        answer = post_form(wire, client.revoke_uri, {"token": token})
        if read_body(answer).get("error") in {"invalid_client", "invalid_request"}:  # RFC 7009: say who asks
            answer = post_form(wire, client.revoke_uri, {"token": token, **credentials(client)})
    except Retry:
        return False
    return answer.status == 200


def _flow(client: Client, redirect: str) -> Any:
    config = {
        "client_id": client.id,
        "client_secret": client.secret,
        # The library takes no other address. A practice Google on this computer, and only one, has none.
        "auth_uri": re.sub("^http:", "https:", client.auth_uri),
        "token_uri": client.token_uri,
    }
    return Flow.from_client_config(
        {"installed": config}, list(SCOPES), redirect_uri=redirect, autogenerate_code_verifier=True
    )


def _turned_away(error: str) -> NotSignedIn:
    if error == "access_denied":
        return NotSignedIn(Ending.DENIED)
    if error in {"unauthorized_client", "invalid_client", "deleted_client", "disabled_client", "redirect_uri_mismatch"}:
        return NotSignedIn(Ending.BAD_CLIENT, error)
    return NotSignedIn(Ending.REFUSED, error[:100])


def _read(answer: Answer) -> Outcome:
    """What the token endpoint said."""
    body = read_body(answer)
    if answer.status != 200:
        error = str(body.get("error", ""))[:100]
        if answer.status >= 500 or answer.status == 429:
            return NotSignedIn(Ending.UNREACHABLE, str(answer.status))
        return _turned_away(error) if error else NotSignedIn(Ending.UNREADABLE, str(answer.status))
    if not isinstance(body.get("access_token"), str):
        return NotSignedIn(Ending.UNREADABLE)
    said = body.get("scope")
    granted = frozenset(said.split() if isinstance(said, str) else SCOPES)
    if CONTACTS not in granted:
        return NotSignedIn(Ending.FEWER_SCOPES)
    token = body.get("refresh_token")
    if not isinstance(token, str) or not token:
        return NotSignedIn(Ending.NO_REFRESH_TOKEN)
    if len(token) > LONGEST_TOKEN:
        return NotSignedIn(Ending.UNREADABLE, "the token is too long to be kept")
    claims = _claims(body.get("id_token"))
    return SignedIn(token, str(claims.get("email", "")), str(claims.get("sub", "")), granted)


def _any_token(answer: Answer) -> str:
    body = read_body(answer)
    return Secret(body.get("refresh_token") or body.get("access_token") or "")


def _claims(token: Any) -> dict[str, Any]:
    """What the id token says. It came from the token endpoint itself, so that its signature adds nothing."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (AttributeError, IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
