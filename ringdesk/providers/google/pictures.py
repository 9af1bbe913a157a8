"""Pictures of contacts, both ways. They are behind everything else, and one request each."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from ringdesk.domain.remote import Gone, Invalid, NoPicture, Ok, RemoteContact, RemoteItem, Result, Retry, Unclear
from ringdesk.providers.google.fields import READ_MASK
from ringdesk.providers.google.mapping import sized
from ringdesk.providers.google.service import Refused, Service, Unsure
from ringdesk.providers.google.wire import Broken, Unreachable, Wire

PIXELS: Final = 720
_GONE: Final = (404, 410, 451)
_REFUSED: Final = (400, 403)
"""So may a proxy or a quota answer for a picture that is there."""
LARGEST: Final = 16 * 1024 * 1024
_SOURCE: Final = "READ_SOURCE_TYPE_CONTACT"
_KINDS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class Pictures:
    """Fetches and gives pictures."""

    def __init__(self, service: Service, wire: Wire, item: Callable[[Any], RemoteItem], api: str) -> None:
        self._service = service
        self._wire = wire
        self._item = item
        self._here = urlsplit(api)

    def photo(self, reference: str) -> bytes:
        """A picture's bytes. It lies at an open address: the token is not sent there. Raises NoPicture or Retry."""
        parts = urlsplit(reference)
        if parts.scheme != "https" and (parts.scheme, parts.netloc) != (self._here.scheme, self._here.netloc):
            raise NoPicture("the picture lies at an address that is not encrypted", gone=True)
        try:
            answer = self._wire.request("GET", sized(reference, PIXELS))
        except (Unreachable, Broken) as error:
            raise Retry(str(error)) from error
        if answer.status in _GONE or answer.status in _REFUSED:
            raise NoPicture(f"{answer.status} for a picture", gone=answer.status in _GONE)
        if answer.status != 200:
            raise Retry(f"{answer.status} for a picture")
        if len(answer.content) > LARGEST or not answer.content.startswith(_KINDS):
            page = answer.headers.get("content-type", "").startswith("text/")  # of a proxy that answers for anything
            raise NoPicture("what came is no picture", gone=not page)
        return answer.content

    def put_photo(self, remote: str, data: bytes | None) -> Result:
        """Give a contact a picture (PNG or JPEG), or take it away."""
        people = self._service.people
        if data is None:
            request = people.deleteContactPhoto(resourceName=remote, personFields=READ_MASK, sources=[_SOURCE])
        elif not data.startswith(_KINDS):
            return Invalid("photo", "neither PNG nor JPEG")
        else:
            body = {
                "photoBytes": base64.b64encode(data).decode(),
                "personFields": READ_MASK,
                "sources": [_SOURCE],
            }
            request = people.updateContactPhoto(resourceName=remote, body=body)
        try:
            item = self._item(self._service.change(request, guarded=False).get("person"))
        except Unsure as error:
            return Unclear(str(error))
        except Refused as error:
            return Gone() if error.problem.code == 404 else Invalid("photo", error.problem.message)
        return Ok(item) if isinstance(item, RemoteContact) else Unclear("the answer could not be read")
