"""Turns a version into JSON text: pieces are serialised once and only put together for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from json.encoder import encode_basestring

from ringdesk.sandbox.google.book import Pieces, Profile, Version
from ringdesk.sandbox.google.clock import stamp
from ringdesk.sandbox.google.etags import person_etag
from ringdesk.sandbox.google.fields import CUT_IN_LISTS
from ringdesk.sandbox.google.masks import View
from ringdesk.sandbox.google.pictures import Picture
from ringdesk.sandbox.google.web import JsonObject, encode
from ringdesk.sandbox.google.world import World

_HOUR = 3600


class Renderer:
    """Writes people as the People API does: masked fields only, resourceName and etag always [D]."""

    def __init__(self, world: World) -> None:
        self._world = world

    def person(self, version: Version, view: View, *, listed: bool = False, former: Sequence[str] = ()) -> str:
        """One person; a list shows at most 100 numbers and addresses [D], a delta also former names [D]."""
        parts = [f'"resourceName":"{version.name}","etag":"{person_etag(view, version.etag)}"']
        made = version.pieces
        mixed = version.profile is not None or version.kind not in view.sources
        cap = self._world.switches.list_item_cap
        dice = self._world.rng.getrandbits(30) if self._world.switches.shuffle else 0
        for field in view.plain:
            pieces = _mixed_pieces(version, field, view) if mixed else made.get(field)
            if pieces is None:
                pieces = _own_pieces(version, field)
            if not pieces:
                continue
            if len(pieces) > 1:
                pieces = pieces[:cap] if listed and field in CUT_IN_LISTS else pieces
                parts.append(f'"{field}":[{",".join(_turned(pieces, dice))}]')
            else:
                parts.append(f'"{field}":[{pieces[0]}]')
        if view.photos:
            parts.append(f'"photos":[{",".join(self._photos(version, view))}]')
        if view.metadata:
            parts.append(_metadata(version, view, former))
        return "{" + ",".join(parts) + "}"

    def tombstone(self, version: Version, view: View) -> str:
        """A deleted contact in a delta [D]; without metadata in the mask the flag is left out, by switch [U]."""
        shown: JsonObject = {"resourceName": version.name, "etag": person_etag(view, version.etag)}
        if view.metadata or self._world.switches.bare_tombstones == "shown":
            sources = [{"type": version.kind, "id": version.hex, "etag": f"#{version.etag}"}]
            shown["metadata"] = {"sources": sources, "deleted": True, "objectType": "PERSON"}
        return encode(shown)

    def photo_url(self, picture: Picture) -> str:
        """A plain URL that ends in a size [R]; by switch it changes while the photo does not [U]."""
        turn = f"-{int(self._world.now() // _HOUR)}" if self._world.switches.photo_urls == "rotating" else ""
        return f"{self._world.base_url}/photos/{picture.key}{turn}=s100"

    def _photos(self, version: Version, view: View) -> list[str]:
        shown: list[str] = []
        if version.kind in view.sources:
            url = self.photo_url(version.picture or Picture(f"letter{version.hex}"))
            default = "" if version.picture else ',"default":true'
            shown.append(f'{{"metadata":{{"primary":true,{_source(version)}}},"url":"{url}"{default}}}')
        if version.profile and version.profile.picture and "PROFILE" in view.sources:
            url = self.photo_url(version.profile.picture)
            source = f'"source":{{"type":"PROFILE","id":"{version.profile.id}"}}'
            shown.append(f'{{"metadata":{{{source}}},"url":"{url}"}}')
        return shown


def _source(version: Version) -> str:
    return f'"source":{{"type":"{version.kind}","id":"{version.hex}"}}'


def _turned(pieces: Pieces, dice: int) -> Pieces:
    """Another order for every answer: no order is promised [D]."""
    if not dice:
        return pieces
    start = dice % len(pieces)
    turned = pieces[start:] + pieces[:start]
    return turned if dice >> 20 & 1 else turned[::-1]


def _metadata(version: Version, view: View, former: Sequence[str]) -> str:
    sources: list[str] = []
    if version.kind in view.sources:
        sources += _own_source(version)
    if version.profile and "PROFILE" in view.sources:
        about = {"objectType": "PERSON", "userTypes": ["GOOGLE_USER"]}
        profile = {"type": "PROFILE", "id": version.profile.id, "etag": "#profile", "profileMetadata": about}
        sources.append(encode(profile))
    once = f'"previousResourceNames":{encode(list(former))},' if former else ""
    return f'"metadata":{{"sources":[{",".join(sources)}],{once}"objectType":"PERSON"}}'


def _own_source(version: Version) -> Pieces:
    """The source of the contact itself, with the etag that says whether it changed [R]."""
    made = version.pieces.get("metadata")
    if made is None:
        text = (
            f'{{"type":"{version.kind}","id":"{version.hex}","etag":"#{version.etag}",'
            f'"updateTime":"{stamp(version.updated)}"}}'
        )
        made = version.pieces["metadata"] = (text,)
    return made


def _mixed_pieces(version: Version, field: str, view: View) -> Pieces:
    """Items of the contact and of the linked profile, as the sources ask [D]."""
    pieces: Pieces = _own_pieces(version, field) if version.kind in view.sources else ()
    if version.profile and "PROFILE" in view.sources:
        pieces += _profile_pieces(version.profile, field, primary=not pieces)
    return pieces


def serialise(version: Version) -> None:
    """Make the pieces of a contact before anyone asks, so that the first listing is as quick as the next."""
    _own_source(version)
    for field in ("memberships", *version.content):
        _own_pieces(version, field)


def _own_pieces(version: Version, field: str) -> Pieces:
    pieces = version.pieces.get(field)
    if pieces is None:
        source = _source(version)
        if field == "memberships":
            pieces = tuple(_membership(group, source) for group in version.groups)
        else:
            pieces = _serialised(version.content.get(field, ()), source)
        version.pieces[field] = pieces
    return pieces


def _serialised(items: Sequence[JsonObject], source: str) -> Pieces:
    """One item has metadata.primary [D]; it is the first that was sent, wherever it stands in an answer."""
    pieces: list[str] = []
    primary = '"primary":true,'
    for item in items:
        rest = [f'"{name}":{encode_basestring(v) if type(v) is str else encode(v)}' for name, v in item.items()]
        pieces.append(f'{{"metadata":{{{primary}{source}}},{",".join(rest)}}}')
        primary = ""
    return tuple(pieces)


def _membership(group: str, source: str) -> str:
    inner = f'{{"contactGroupId":"{group}","contactGroupResourceName":"contactGroups/{group}"}}'
    return f'{{"metadata":{{{source}}},"contactGroupMembership":{inner}}}'


def _profile_pieces(profile: Profile, field: str, *, primary: bool) -> Pieces:
    pieces: list[str] = []
    for index, item in enumerate(profile.content.get(field, ())):
        meta: JsonObject = {"source": {"type": "PROFILE", "id": profile.id}, "verified": True}
        if primary and not index:
            meta["primary"] = True
        pieces.append(encode({"metadata": meta, **item}))
    return tuple(pieces)
