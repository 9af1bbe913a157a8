"""What can be posted to the HTTP feed, where, and in which form. Pure.

`/v1/call-event` takes the JSON of the local feed and nothing else. `/v1/cti` takes the generic CTI webhook, also as a
form, because telephone systems post it so. A form is the one body that a web page can post without asking first; it is
safe here because a page can neither leave out its Origin nor set an Authorization header on such a post, and both are
checked before the body is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from ringdesk.domain.line import Lines
from ringdesk.feed.wire import forms, local, webhook
from ringdesk.feed.wire.http import ContentType, Head, Rejected, content_type
from ringdesk.feed.wire.local import Refused, Taken

CALL_EVENT: Final = "/v1/call-event"
CTI: Final = "/v1/cti"
JSON: Final = "application/json"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
ROUTES: Final[Mapping[str, tuple[str, ...]]] = {CALL_EVENT: (JSON,), CTI: (JSON, URLENCODED, MULTIPART)}
_UTF8: Final = ("utf-8", "utf8")


def kind(head: Head) -> ContentType | Rejected:
    """The form of the body, where the route is one of ours and takes it."""
    taken = ROUTES.get(head.target)
    if taken is None:
        return Rejected(HTTPStatus.NOT_FOUND, "no_route", f"post to {' or '.join(ROUTES)}")
    said = content_type(head)
    if said.type not in taken or said.parameters.get("charset", "utf-8").lower() not in _UTF8:
        return Rejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content_type", f"{' or '.join(taken)} in UTF-8 expected")
    return said


def read(target: str, said: ContentType, body: bytes, source: str, lines: Lines, now: float) -> Taken | Refused:
    """The facts of a body that was posted to one of our routes."""
    if target == CALL_EVENT:
        return local.decode(body, source, lines.is_mine, now)
    if said.type == JSON:
        return webhook.decode_json(body, source, lines)
    return _form(lambda: _fields(said, body), source, lines)


def _fields(said: ContentType, body: bytes) -> forms.Fields:
    if said.type == URLENCODED:
        return forms.urlencoded(body)
    return forms.multipart(body, said.parameters.get("boundary", ""))


def _form(fields: Callable[[], forms.Fields], source: str, lines: Lines) -> Taken | Refused:
    try:
        return webhook.decode(fields(), source, lines)
    except ValueError as error:
        return Refused("not_form", str(error)[:200])
