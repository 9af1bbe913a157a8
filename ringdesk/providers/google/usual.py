"""Reads a person as nearly all are straight from its bytes, and leaves any other to `mapping`.

What may be there is typed. An item of a linked profile, a part that no card shows, a number where a text belongs, and
the person is not a usual one: `mapping.contact_of` reads what it says from JSON. Both say the same of a usual one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, MsgspecError, Struct, field
from msgspec.json import Decoder, decode

from ringdesk.domain.card import Card, CustomField, Email, Name, Organization, PhoneEntry, Url
from ringdesk.domain.remote import RemoteContact
from ringdesk.domain.values import maker
from ringdesk.providers.google.fields import Item
from ringdesk.providers.google.mapping import MARK, Raw, packed, read_fields, time_of, unsized, were
from ringdesk.providers.google.singles import EMPTY

_ABSENT: Final = msgspec.Raw()


class _Own(Struct, gc=False, tag_field="type", tag="CONTACT"):
    """The source of what is the contact's own."""


class _About(Struct, gc=False):
    source: _Own


class _Unchosen(Struct, gc=False, rename="camel"):
    """Of an item that nobody chose before others, which a card could not tell."""

    source: _Own
    source_primary: None = None


class _Valued(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    metadata: _Unchosen
    value: Annotated[str, Meta(min_length=1)]
    type: str = ""
    canonical_form: str = ""
    formatted_type: str = ""


class _Firm(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    metadata: _Unchosen
    name: Annotated[str, Meta(min_length=1)]
    title: str = ""
    department: str = ""
    type: str = ""
    formatted_type: str = ""


class _Named(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    metadata: _About
    given_name: str = ""
    family_name: str = ""
    middle_name: str = ""
    honorific_prefix: str = ""
    honorific_suffix: str = ""
    display_name: str = ""
    display_name_last_first: str = ""
    unstructured_name: str = ""


class _Custom(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    metadata: _Unchosen
    key: Annotated[str, Meta(min_length=1)]
    value: str = ""


class _Note(Struct, gc=False, rename="camel", forbid_unknown_fields=True):
    metadata: _About
    value: str = ""
    content_type: str = "TEXT_PLAIN"


class _Group(Struct, gc=False):
    name: Annotated[str, Meta(min_length=1)] = field(name="contactGroupResourceName")


class _Member(Struct, gc=False):
    metadata: _About
    group: _Group = field(name="contactGroupMembership")


class _Mark(Struct, gc=False):
    metadata: _About
    key: str
    value: str = ""


class _Photo(Struct, gc=False):
    metadata: _About
    url: str = ""
    default: bool = False


class _Source(Struct, gc=False, rename="camel"):
    type: str = ""
    id: str = ""
    etag: str = ""
    update_time: str = ""


class _Metadata(Struct, gc=False, rename="camel"):
    sources: tuple[_Source, ...]
    deleted: bool = False
    previous_resource_names: tuple[str, ...] = ()


class _Person(Struct, gc=False, rename="camel"):
    resource_name: Annotated[str, Meta(min_length=1)]
    metadata: _Metadata
    etag: str = ""
    names: tuple[_Named, ...] = ()
    phone_numbers: tuple[_Valued, ...] = ()
    email_addresses: tuple[_Valued, ...] = ()
    organizations: tuple[_Firm, ...] = ()
    urls: tuple[_Valued, ...] = ()
    memberships: tuple[_Member, ...] = ()
    client_data: tuple[_Mark, ...] = ()
    photos: tuple[_Photo, ...] = ()
    biographies: tuple[_Note, ...] = ()
    user_defined: tuple[_Custom, ...] = ()
    addresses: msgspec.Raw = _ABSENT
    birthdays: msgspec.Raw = _ABSENT
    nicknames: msgspec.Raw = _ABSENT
    relations: msgspec.Raw = _ABSENT


_decode: Final = Decoder(_Person).decode


def usual(person: bytes, *, listed: int) -> RemoteContact | None:
    """The contact that the JSON of a person tells of, or None where it is no usual one or none at all."""
    try:
        read = _decode(person)
        metadata, notes = read.metadata, read.biographies
        for source in metadata.sources:
            if source.type == "CONTACT" and source.etag:
                break
        else:
            return None
        if metadata.deleted or len(read.phone_numbers) >= listed or len(read.email_addresses) >= listed:
            return None
        if notes and notes[0].content_type == "TEXT_HTML":
            return None
        name = _name(read.names[0]) if read.names else EMPTY
        return None if name is None else _contact(read, source, name)
    except (MsgspecError, RecursionError, TypeError, ValueError, AttributeError):
        return None


def _name(one: _Named) -> Name | None:
    """The name, where its parts say it."""
    given, family = one.given_name, one.family_name
    if one.honorific_prefix or one.middle_name or one.honorific_suffix:
        return Name(one.honorific_prefix, given, one.middle_name, family, one.honorific_suffix)
    return _new_name("", given, "", family) if given or family else None


def _contact(read: _Person, source: _Source, name: Name) -> RemoteContact:
    usual_only = read.addresses is read.birthdays is read.nicknames is read.relations  # the one value of what is absent
    more, untold = _NOTHING if usual_only else _seldom(read)
    groups, containers = _groups_of(tuple([one.group.name for one in read.memberships]))
    ours, before = _marks(read.client_data) if read.client_data else _NONE
    etag, stamp = source.etag, source.update_time
    phones, mails, firms, urls = read.phone_numbers, read.email_addresses, read.organizations, read.urls
    notes, customs = read.biographies, read.user_defined
    card = _new_card(
        name=name,
        phones=tuple([_new_phone(one.value, one.type) for one in phones]) if phones else (),
        emails=tuple([_new_email(one.value, one.type) for one in mails]) if mails else (),
        organizations=tuple([_new_firm(one.name, one.title, one.department, one.type) for one in firms])
        if firms
        else (),
        urls=tuple([Url(one.value, one.type) for one in urls]) if urls else (),
        birthday=more["birthday"],
        note=notes[0].value if notes else "",
        custom=tuple([CustomField(one.key, one.value) for one in customs]) if customs else (),
        addresses=more["addresses"],
        nicknames=more["nicknames"],
        relations=more["relations"],
    )
    return _new_contact(
        remote=read.resource_name,
        etag=etag,
        card=card,
        raw=Raw(read.etag, etag, source.id, False, untold, [*groups]).pack()
        if untold
        else packed(read.etag, etag, source.id, groups),
        containers=containers,
        former=read.metadata.previous_resource_names,
        id=ours[0] if ours else "",
        also=ours[1:],
        was=before,
        updated=time_of(stamp) if stamp else None,
        photo=_photo(read.photos) if read.photos else "",
    )


@lru_cache(maxsize=1024)
def _groups_of(groups: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Memberships in order, each once: nearly all people have those of many others."""
    once = frozenset(groups)
    return tuple(sorted(once)), once


def _seldom(read: _Person) -> tuple[dict[str, Any], dict[str, list[Item]]]:
    """Fields that are few, or that a card mostly does not tell whole: as `mapping` reads them."""
    found = {
        "addresses": read.addresses,
        "birthdays": read.birthdays,
        "nicknames": read.nicknames,
        "relations": read.relations,
    }
    made, untold = read_fields({name: decode(said) for name, said in found.items() if said is not _ABSENT})
    return _FEW | made, untold


def _marks(data: tuple[_Mark, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What clients have put on it: our ids, and those of contacts that it was made again from."""
    if len(data) == 1 and data[0].key == MARK:
        return (data[0].value,), ()
    return tuple([one.value for one in data if one.key == MARK]), were((one.key, one.value) for one in data)


def _photo(photos: tuple[_Photo, ...]) -> str:
    for one in photos:
        if one.url and not one.default:
            return unsized(one.url)
    return ""


_new_contact, _new_card, _new_name = maker(RemoteContact), maker(Card), maker(Name)
_new_phone, _new_email, _new_firm = maker(PhoneEntry), maker(Email), maker(Organization)
_NONE: Final = ((), ())
_FEW: Final[dict[str, Any]] = {"addresses": (), "birthday": None, "nicknames": (), "relations": ()}
_NOTHING: Final[tuple[dict[str, Any], dict[str, list[Item]]]] = (_FEW, {})
