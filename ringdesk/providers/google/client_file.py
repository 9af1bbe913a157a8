"""The client file: what Google's console gives out for a "Desktop app", and where its requests go.

RingDesk ships none. The user or an administrator puts one in place; a file that points anywhere else than to Google,
or to a practice Google on this computer, is refused, because the sign-in would go there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from ringdesk.domain.signing import ClientTrouble

API: Final = "https://people.googleapis.com/"
_HOSTS: Final = ("google.com", "googleapis.com")
_LARGEST: Final = 65_536


class ClientFileError(Exception):
    """The file is no client file: `trouble` says why, `detail` which part."""

    def __init__(self, trouble: ClientTrouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Client:
    """RingDesk as Google knows it. The "secret" of a desktop client is none, and is shown nowhere all the same."""

    id: str
    secret: str = field(repr=False)
    auth_uri: str
    token_uri: str

    @property
    def revoke_uri(self) -> str:
        """Where tokens are taken back: beside the token endpoint."""
        parts = urlsplit(self.token_uri)
        return urlunsplit(parts._replace(path=parts.path.rpartition("/")[0] + "/revoke"))

    @property
    def api(self) -> str:
        """Where the contacts are: at Google, or on this computer where the sign-in is here."""
        parts = urlsplit(self.token_uri)
        return f"{parts.scheme}://{parts.netloc}/" if is_here(self.token_uri) else API


def is_here(address: str) -> bool:
    """Whether an address is on this computer."""
    return urlsplit(address).hostname in {"127.0.0.1", "::1", "localhost"}


def read_client_file(path: Path) -> Client:
    """The client of a file. Raises ClientFileError."""
    return parse_client(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """The content of a file that may be a client file. Raises ClientFileError."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise ClientFileError(ClientTrouble.UNREADABLE, error.strerror or str(error)) from error
    if len(content) > _LARGEST:
        raise ClientFileError(ClientTrouble.NOT_A_CLIENT, "too large")
    return content


def parse_client(content: bytes) -> Client:
    """The client of a file's content. Raises ClientFileError."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ClientFileError(ClientTrouble.NOT_JSON) from error
    if not isinstance(document, dict):
        raise ClientFileError(ClientTrouble.NOT_A_CLIENT)
    installed = document.get("installed")
    if not isinstance(installed, dict):
        raise ClientFileError(_instead(document))
    return Client(
        id=_part(installed, "client_id"),
        secret=str(installed.get("client_secret") or ""),
        auth_uri=_address(installed, "auth_uri"),
        token_uri=_address(installed, "token_uri"),
    )


def _instead(document: dict[str, Any]) -> ClientTrouble:
    if "web" in document:
        return ClientTrouble.WEB
    if document.get("type") == "service_account":
        return ClientTrouble.SERVICE_ACCOUNT
    return ClientTrouble.NOT_A_CLIENT


def _part(installed: dict[str, Any], name: str) -> str:
    value = installed.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ClientFileError(ClientTrouble.INCOMPLETE, name)
    return value.strip()


def _address(installed: dict[str, Any], name: str) -> str:
    address = _part(installed, name)
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise ClientFileError(ClientTrouble.FOREIGN, name) from error
    google = parts.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in _HOSTS)
    practice = parts.scheme in {"http", "https"} and is_here(address)
    if not (google or practice) or parts.username is not None:
        raise ClientFileError(ClientTrouble.FOREIGN, name)
    return address
