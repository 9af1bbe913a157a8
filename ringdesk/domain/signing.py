"""Signing in to an account, as values: how it ended, and the client file that Google wants for it."""

from __future__ import annotations

from enum import Enum

from ringdesk.domain.values import dataclass


class Ending(Enum):
    """How a sign-in ended; the code under which ui finds its words."""

    SIGNED_IN = "signed_in"
    DENIED = "denied"
    """The user said no in the browser."""
    TIMED_OUT = "timed_out"
    """Nothing came back: the page was closed, or forgotten."""
    CANCELLED = "cancelled"
    """Called off in RingDesk."""
    NO_BROWSER = "no_browser"
    NO_PORT = "no_port"
    """This computer does not let RingDesk listen for the browser."""
    FEWER_SCOPES = "fewer_scopes"
    """Signed in, but the box for contacts was not ticked."""
    NO_REFRESH_TOKEN = "no_refresh_token"
    """Google gave no lasting permission, even when asked twice."""
    BAD_CLIENT = "bad_client"
    """Google does not take the client file."""
    REFUSED = "refused"
    """Google refused for a reason of its own; `detail` has its word."""
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    """Google's answer could not be understood."""
    OTHER_ACCOUNT = "other_account"
    """Signed in, but to another account than the one to be connected again; `detail` names it."""
    NOT_KEPT = "not_kept"
    """Signed in, but the account could not be written down here; `detail` says why."""


class Keeping(Enum):
    """Where a secret is kept."""

    KEYRING = "keyring"
    SESSION = "session"
    """In memory only: the user signs in again after the next start, and is told so."""


class ClientTrouble(Enum):
    """What is wrong with a client file."""

    UNREADABLE = "the file cannot be opened"
    NOT_JSON = "not a JSON file"
    WEB = "made for a web application; a desktop client is needed"
    NOT_A_CLIENT = "not a client file of Google's console"
    SERVICE_ACCOUNT = "a service account's key; a desktop client is needed"
    INCOMPLETE = "a part is missing"
    FOREIGN = "it points to another place than Google"
    NOT_KEPT = "the copy in RingDesk's folder could not be written"


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A client file that is in place.

    `id` is the client's public id. `administrator`: put in place for the whole computer, so that the user need not
    choose one. `practice`: it leads to a practice Google on this computer.
    """

    path: str
    id: str
    administrator: bool = False
    practice: bool = False
