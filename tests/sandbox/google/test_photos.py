"""S19: photos."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from ringdesk.sandbox.google import Google, Request, VirtualClock, turned
from ringdesk.sandbox.google.pictures import painted
from tests.sandbox.google.app import App, Json, etag_of
from tests.sandbox.google.conftest import EMAIL

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xdb\x00\x43\x00" + bytes(64) + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\xd9"
)
PNG = painted("sent", 40)


def put(app: App, name: str, data: bytes) -> Json:
    body = {"photoBytes": base64.b64encode(data).decode(), "personFields": "photos,metadata"}
    person: Json = app.ok("PATCH", f"{name}:updateContactPhoto", body)["person"]
    return person


def fetch(google: Google, url: str) -> tuple[str, bytes]:
    response = google.handle(Request.of("GET", url.removeprefix(google.world.base_url)))
    assert response.status == 200
    return response.headers["content-type"], response.body


def pixels(png: bytes) -> bytes:
    place, data = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += 12 + length
    return zlib.decompress(data)


@pytest.mark.parametrize(("data", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_s19_a_photo_is_encoded_anew(google: Google, app: App, data: bytes, kind: str) -> None:
    (photo,) = put(app, app.create()["resourceName"], data)["photos"]
    assert "default" not in photo
    served, back = fetch(google, photo["url"])
    assert served == kind
    assert back != data
    if kind == "image/png":
        assert pixels(back) == pixels(data)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"RIFF0000WEBP", PNG[:20], JPEG[:5], b"\xff\xd8\xff" + b"x" * 50])
def test_s19_only_whole_png_and_jpeg_are_taken(app: App, data: bytes) -> None:
    name = app.create()["resourceName"]
    body = {"photoBytes": base64.b64encode(data).decode()}
    app.refused(400, "PATCH", f"{name}:updateContactPhoto", body)
    app.refused(400, "PATCH", f"{name}:updateContactPhoto", {"photoBytes": "!!"})


def test_s19_no_mask_no_person(app: App) -> None:
    name = app.create()["resourceName"]
    body = {"photoBytes": base64.b64encode(PNG).decode()}
    assert app.ok("PATCH", f"{name}:updateContactPhoto", body) == {}
    assert app.ok("DELETE", f"{name}:deleteContactPhoto") == {}
    app.refused(404, "DELETE", "people/c404:deleteContactPhoto")


def test_s19_without_a_photo_there_is_a_default_one(google: Google, app: App) -> None:
    name = app.create()["resourceName"]
    (photo,) = app.get(name, "photos")["photos"]
    assert photo["default"] is True
    assert fetch(google, photo["url"])[1].startswith(b"\x89PNG")
    put(app, name, PNG)
    person = app.ok("DELETE", f"{name}:deleteContactPhoto", personFields="photos")["person"]
    assert person["photos"][0]["default"] is True


def test_s19_sizes_by_suffix_and_parameter(google: Google, app: App) -> None:
    (photo,) = app.get(app.create()["resourceName"], "photos")["photos"]
    assert photo["url"].endswith("=s100")
    plain = photo["url"].removesuffix("=s100")
    sides = [
        struct.unpack(">I", fetch(google, url)[1][16:20])[0]
        for url in (f"{plain}=s64", f"{plain}?sz=50", f"{plain}/s32/")
    ]
    assert sides == [64, 50, 32]


def test_s19_another_content_another_url_the_same_content_the_same(app: App) -> None:
    name = app.create()["resourceName"]
    first = put(app, name, PNG)["photos"][0]["url"]
    assert put(app, name, painted("other", 40))["photos"][0]["url"] != first
    assert put(app, name, PNG)["photos"][0]["url"] == first


@pytest.mark.parametrize(("switch", "same"), [("stable", True), ("rotating", False)])
def test_s19_whether_the_url_of_an_unchanged_photo_stays(
    google: Google, clock: VirtualClock, app: App, switch: str, same: bool
) -> None:
    google.switches = turned(google.switches, {"photo_urls": switch})
    name = app.create()["resourceName"]
    before = put(app, name, PNG)["photos"][0]["url"]
    clock.advance(7200)
    app.signed = google.sign_in(EMAIL)
    after = app.get(name, "photos")["photos"][0]["url"]
    assert (after == before) is same
    assert fetch(google, after) == fetch(google, before)


@pytest.mark.parametrize(("limit", "status"), [(None, 200), (100, 400)])
def test_s19_the_size_limit(google: Google, app: App, limit: int | None, status: int) -> None:
    google.switches = turned(google.switches, {"photo_limit": limit})
    body = {"photoBytes": base64.b64encode(PNG).decode()}
    name = app.create()["resourceName"]
    assert app.call("PATCH", f"{name}:updateContactPhoto", body).status == status


@pytest.mark.parametrize("changes", [True, False])
def test_s19_whether_a_photo_changes_the_etag(google: Google, app: App, changes: bool) -> None:
    google.switches = turned(google.switches, {"photo_changes_etag": changes})
    before = app.create()
    token = app.full()
    after = put(app, before["resourceName"], PNG)
    assert (etag_of(after) != etag_of(before)) is changes
    assert len(app.delta(token)[0]) == (1 if changes else 0)


def test_s19_an_unknown_picture_path_is_not_found(google: Google) -> None:
    assert google.handle(Request.of("GET", "/photos/../secret")).status == 404
