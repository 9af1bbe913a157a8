"""The methods of photos, and the server that shows them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.errors import invalid
from ringdesk.sandbox.google.pictures import NoPicture, Picture, encode_anew, make_picture, painted
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import Request, Response, first, query_int
from ringdesk.sandbox.google.writing import target

NO_PICTURE = Picture("")
"""Takes a contact's photo away."""

_SIZED = re.compile(r"^(?P<key>[A-Za-z0-9]+)(?:-\d+)?(?:=s(?P<size>\d{1,4}))?$")


def update_photo(call: Call) -> str:
    """people.updateContactPhoto: base64 of a PNG or JPEG [D]; encoded anew, new content has a new URL [T]."""
    old = target(call, call.resource)
    picture = read_picture(call)
    return _answer(call, _paint(call, old, picture))


def delete_photo(call: Call) -> str:
    """people.deleteContactPhoto: what remains is the generated picture, default true [D]."""
    old = target(call, call.resource)
    return _answer(call, _paint(call, old, NO_PICTURE) if old.picture else old)


def read_picture(call: Call) -> Picture:
    """The photo in the body. Raises Refusal: not base64, too large by switch [U], no PNG or JPEG [D]."""
    text: str = call.body.get("photoBytes") or ""
    try:
        data = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error) as error:
        raise invalid("Invalid value at 'photo_bytes' (TYPE_BYTES), Base64 decoding failed.") from error
    limit = call.world.switches.photo_limit
    if limit is not None and len(data) > limit:
        raise invalid("Photo is too large.")
    try:
        picture = make_picture(data)
    except NoPicture as error:
        raise invalid(str(error)) from error
    call.world.pictures[picture.key] = picture
    return picture


def _paint(call: Call, old: Version, picture: Picture) -> Version:
    contacts = call.account.contacts
    if call.world.switches.photo_changes_etag:
        return contacts.change(old, picture=picture)
    return contacts.repaint(old, picture if picture.key else None)


def _answer(call: Call, version: Version) -> str:
    view = call.view(default=())
    return f'{{"person":{call.service.renderer.person(version, view)}}}' if view.fields else "{}"


def show_picture(request: Request, pictures: Mapping[str, Picture]) -> Response:
    """GET of a photo: its size by the end of the URL, as =s100 or /s100/, or by ?sz= [D/R]."""
    parts = request.path.removeprefix("/photos/").split("/")
    match = _SIZED.match(parts[0])
    if match is None:
        return Response(404)
    sizes = [part[1:] for part in parts[1:] if part.startswith("s") and part[1:].isdigit()]
    size = query_int(first(request.query, "sz")) or int(match["size"] or (sizes or ["100"])[0])
    key = match["key"]
    picture = pictures.get(key) or Picture(key)
    data = encode_anew(picture.data, size)[1] if picture.data else painted(key, size)
    return Response(200, data, {"content-type": picture.kind, "cache-control": "public, max-age=86400"})
