"""An invitation to the team: one file with everything but the password, which travels apart. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT: Final = "ringdesk team invitation 1"

_TEXTS: Final = ("host", "database", "login", "name", "authority")
_END_OF_TIME: Final = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Where the team's server is and who is invited; `authority` is the PEM text to trust, or "system".

    `expires`: when the first password ends, in seconds since 1970. The directory keeps to it whatever a file says.
    """

    host: str
    port: int
    database: str
    login: str
    name: str
    authority: str
    expires: int


def write_invitation(invitation: Invitation) -> str:
    """The invitation as the text of a file."""
    return json.dumps({"format": FORMAT, **asdict(invitation)}, indent=1, ensure_ascii=False) + "\n"


def read_invitation(text: str) -> Invitation:
    """The invitation in a file's text. Raises ValueError that says what is wrong with it."""
    try:
        document: Any = json.loads(text)
    except ValueError as error:
        raise ValueError(f"no invitation: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("no invitation to a RingDesk team, or one of another version")
    for key in _TEXTS:
        if not isinstance(document.get(key), str) or not document[key]:
            raise ValueError(f"the invitation has no {key}")
    port, expires = _number(document, "port", 65535), _number(document, "expires", _END_OF_TIME)
    if not (document["authority"] == "system" or "BEGIN CERTIFICATE" in document["authority"]):
        raise ValueError("the invitation's authority is no certificate")
    if document["host"].startswith(("/", "@")) or "," in document["host"]:
        raise ValueError("the invitation's host is no host name")
    return Invitation(port=port, expires=expires, **{key: document[key] for key in _TEXTS})


def _number(document: dict[str, Any], key: str, most: int) -> int:
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        raise ValueError(f"the invitation has no {key}")
    return value
