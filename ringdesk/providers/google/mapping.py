"""A Google person as a remote contact, and changes of a card as a person to be sent. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.remote import Create, RemoteContact, RemoteGone, RemoteItem, RemoteUnreadable, Update
from ringdesk.providers.google import singles
from ringdesk.providers.google.fields import LISTS, PERSON_OF, Item, JsonObject, cleaned, own_items, read_list, text
from ringdesk.providers.google.writeback import written_list

MARK: Final = "ringdesk.id"
"""The key of the client data that carries our id."""
WAS: Final = "ringdesk.was"
"""The key of the id of a deleted contact that this one was made again from; of further ones it ends in their places."""
MY_CONTACTS: Final = "contactGroups/myContacts"
LISTED: Final = 100
"""A listing shows at most so many phone numbers and e-mail addresses of a contact."""

_to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SIZE: Final = re.compile(r"=s\d+[a-zA-Z0-9-]*$")
_WERE: Final = re.compile(re.escape(WAS) + r"(?:\.([0-9]{1,4}))?")
_LISTS: Final = {one.card: one for one in LISTS}


@dataclass(slots=True)
class Raw:
    """What is needed to write a contact back: its source with the etags, and the items a card does not tell whole."""

    person_etag: str = ""
    source_etag: str = ""
    source: str = ""
    cut: bool = False
    items: dict[str, list[Item]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)

    def pack(self) -> bytes:
        """As bytes that the engine keeps."""
        if not self.items and not self.cut:
            return packed(self.person_etag, self.source_etag, self.source, self.groups)
        kept: JsonObject = {"e": self.person_etag, "t": self.source_etag, "i": self.source, "g": self.groups}
        if self.items:
            kept["f"] = self.items
        if self.cut:
            kept["c"] = True
        return _to_json(kept).encode("utf-8", "replace")

    @classmethod
    def unpack(cls, raw: bytes) -> Raw:
        """From the engine's bytes; of an older form as little as can be told."""
        try:
            kept = json.loads(raw)
            return cls(kept["e"], kept["t"], kept["i"], kept.get("c", False), kept.get("f", {}), kept["g"])
        except (ValueError, KeyError, TypeError):
            return cls(cut=True)


def packed(person_etag: str, source_etag: str, source: str, groups: Sequence[str]) -> bytes:
    """What `Raw.pack` gives of a contact that its card tells whole, as are nearly all."""
    listed = ",".join(map(quoted, groups)) if len(groups) > 1 else quoted(groups[0]) if groups else ""
    etags = f'"e":{quoted(person_etag)},"t":{quoted(source_etag)}'
    return f'{{{etags},"i":{quoted(source)},"g":[{listed}]}}'.encode("utf-8", "replace")


def contact_of(person: Any, *, listed: int = LISTED) -> RemoteItem:
    """What an answer says about a contact. `listed`: a list of so many phones or e-mails may have been cut."""
    if not isinstance(person, dict) or not text(person, "resourceName"):
        return RemoteUnreadable("", "a contact without a name of its own")
    name = text(person, "resourceName")
    metadata = person.get("metadata")
    if isinstance(metadata, dict) and metadata.get("deleted") is True:
        return RemoteGone(name)
    source = _source(metadata)
    if source is None:
        return RemoteUnreadable(name, "no contact of one's own")
    try:
        return _read(name, person, source, listed)
    except (TypeError, ValueError, AttributeError) as error:
        return RemoteUnreadable(name, f"{type(error).__name__}: {error}")


def _source(metadata: Any) -> JsonObject | None:
    sources = metadata.get("sources") if isinstance(metadata, dict) else None
    for source in sources if isinstance(sources, list) else ():
        if isinstance(source, dict) and source.get("type") == "CONTACT" and text(source, "etag"):
            return source
    return None


def _read(name: str, person: JsonObject, source: JsonObject, listed: int) -> RemoteContact:
    made, untold = read_fields(person)
    groups = _groups(person)
    etag, stamp = text(source, "etag"), text(source, "updateTime")
    cut = max(len(person.get("phoneNumbers") or ()), len(person.get("emailAddresses") or ())) >= listed
    former = person["metadata"].get("previousResourceNames")
    ours, before = _marks(person) if "clientData" in person else ([], ())
    return RemoteContact(
        remote=name,
        etag=etag,
        card=Card(**made),
        raw=Raw(text(person, "etag"), etag, text(source, "id"), cut, untold, groups).pack(),
        containers=frozenset(groups),
        former=tuple(one for one in former if isinstance(one, str)) if isinstance(former, list) else (),
        id=ours[0] if ours else "",
        also=tuple(ours[1:]),
        was=before,
        updated=time_of(stamp) if stamp else None,
        photo=_photo(person) if "photos" in person else "",
        whole=not cut,
    )


def _marks(person: JsonObject) -> tuple[list[str], tuple[str, ...]]:
    """What clients have put on it: our ids, and those of contacts that it was made again from."""
    marks = [(item.get("key"), text(item, "value")) for item in own_items(person, "clientData")]
    return [value for key, value in marks if key == MARK], were(marks)


def were(marks: Iterable[tuple[object, str]]) -> tuple[str, ...]:
    """Of marks, each a key and a value, the ids it had before, as they were told: Google keeps no order of them."""
    found: list[tuple[int, str]] = []
    for key, value in marks:
        place = _WERE.fullmatch(key) if isinstance(key, str) else None
        if place is not None:
            found.append((int(place[1] or 0), value))
    return tuple([value for _, value in sorted(found, key=itemgetter(0))])


def read_fields(person: JsonObject) -> tuple[dict[str, Any], dict[str, list[Item]]]:
    """The fields of the card, and the items they do not tell whole."""
    made: dict[str, Any] = {}
    untold: dict[str, list[Item]] = {}
    for name, one in _LISTS_READ:
        if name in person:
            made[one.card], told = read_list(one, person[name])
            if not told:
                untold[name] = [cleaned(item) for item in own_items(person, name)]
    for name, card_field, read in _SINGLES_READ:
        if name in person and (items := own_items(person, name)):
            made[card_field], told = read(items)
            if not told:
                untold[name] = [cleaned(items[0])]
    return made, untold


_LISTS_READ: Final = tuple((one.person, one) for one in LISTS)
_SINGLES_READ: Final[tuple[tuple[str, str, Any], ...]] = (
    (PERSON_OF["name"], "name", singles.read_name),
    (PERSON_OF["birthday"], "birthday", singles.read_birthday),
    (PERSON_OF["note"], "note", singles.read_note),
)
_SINGLES_WRITTEN: Final[Mapping[str, Any]] = {
    "name": singles.written_name,
    "birthday": singles.written_birthday,
    "note": singles.written_note,
}


def _groups(person: JsonObject) -> list[str]:
    found: list[str] = []
    for item in own_items(person, "memberships"):
        group = item.get("contactGroupMembership")
        if isinstance(group, dict) and (name := text(group, "contactGroupResourceName")):
            found.append(name)
    return sorted(set(found)) if len(found) > 1 else found


def time_of(stamp: str) -> float | None:
    """Seconds since 1970."""
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _photo(person: JsonObject) -> str:
    """The picture's address without its size, so that it names the picture; none for a generated letter."""
    for item in own_items(person, "photos"):
        if not item.get("default") and (url := text(item, "url")):
            return unsized(url)
    return ""


def unsized(url: str) -> str:
    """The address of a picture in whatever size."""
    return _SIZE.sub("", url)


def sized(reference: str, pixels: int) -> str:
    """The address of a picture in a size; addresses of the old form end in a file's name."""
    return f"{reference}?sz={pixels}" if "." in reference.rpartition("/")[2] else f"{reference}=s{pixels}"


# The way back -----------------------------------------------------------------------------------------------------


def created(op: Create) -> JsonObject:
    """A new person that carries our id."""
    person = _fields(op.card, frozenset(PERSON_OF) - {"groups"}, {})
    person = {name: items for name, items in person.items() if items}
    were_told = [{"key": f"{WAS}.{place}" if place else WAS, "value": one} for place, one in enumerate(op.was)]
    person["clientData"] = [{"key": MARK, "value": op.id}, *were_told]
    person["memberships"] = _memberships({*op.containers, MY_CONTACTS})
    return person


def updated(op: Update, raw: Raw, users: frozenset[str]) -> JsonObject:
    """The changed fields of a person, with the source it was read from. `users` are the known labels of the user."""
    person = _fields(op.card, op.mask, raw.items)
    if "groups" in op.mask:
        others = {group for group in raw.groups if group not in users}
        person["memberships"] = _memberships({*op.containers, *others} or {MY_CONTACTS})
    source = {"type": "CONTACT", "etag": op.etag}
    if raw.source:
        source["id"] = raw.source
    person |= {"resourceName": op.remote, "metadata": {"sources": [source]}}
    if raw.person_etag and raw.source_etag == op.etag:
        person["etag"] = raw.person_etag
    return person


def update_mask(mask: Iterable[str]) -> str:
    """The person fields of changed card fields."""
    return ",".join(sorted(PERSON_OF[name] for name in mask))


def _fields(card: Card, mask: frozenset[str], leftovers: Mapping[str, list[Item]]) -> JsonObject:
    person: JsonObject = {}
    for name in sorted(mask):
        leftover = leftovers.get(PERSON_OF[name], [])
        if name in _LISTS:
            person[PERSON_OF[name]] = written_list(_LISTS[name], getattr(card, name), leftover)
        elif name in _SINGLES_WRITTEN:
            person[PERSON_OF[name]] = _SINGLES_WRITTEN[name](getattr(card, name), leftover)
    return person


def _memberships(groups: Iterable[str]) -> list[JsonObject]:
    return [{"contactGroupMembership": {"contactGroupResourceName": group}} for group in sorted(groups)]
