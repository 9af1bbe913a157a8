"""The fields of a person: which can be read, written and repeated, and what Google names them inside an etag."""

from __future__ import annotations

READABLE: tuple[str, ...] = (
    "addresses",
    "ageRanges",
    "biographies",
    "birthdays",
    "calendarUrls",
    "clientData",
    "coverPhotos",
    "emailAddresses",
    "events",
    "externalIds",
    "genders",
    "imClients",
    "interests",
    "locales",
    "locations",
    "memberships",
    "metadata",
    "miscKeywords",
    "names",
    "nicknames",
    "occupations",
    "organizations",
    "phoneNumbers",
    "photos",
    "relations",
    "sipAddresses",
    "skills",
    "urls",
    "userDefined",
)
"""The valid paths of personFields and readMask [D]."""

WRITABLE: tuple[str, ...] = tuple(
    name for name in READABLE if name not in {"ageRanges", "coverPhotos", "metadata", "photos", "skills"}
)
"""The valid paths of updatePersonFields and updateMask [D]."""

SINGLETONS = frozenset({"biographies", "birthdays", "genders", "names"})
"""Fields of which a contact source has at most one item [D]."""

CUT_IN_LISTS = frozenset({"phoneNumbers", "emailAddresses"})
"""Fields of which a listing shows only the first 100 items [D]."""

COPYABLE: tuple[str, ...] = ("names", "emailAddresses", "phoneNumbers")
"""The valid paths of copyMask [D]."""

OTHER_READABLE: tuple[str, ...] = ("emailAddresses", "metadata", "names", "phoneNumbers", "photos")
"""The valid paths of readMask for Other contacts [D]."""

ITEM_SCHEMA: dict[str, str] = {
    "addresses": "Address",
    "biographies": "Biography",
    "birthdays": "Birthday",
    "calendarUrls": "CalendarUrl",
    "clientData": "ClientData",
    "emailAddresses": "EmailAddress",
    "events": "Event",
    "externalIds": "ExternalId",
    "genders": "Gender",
    "imClients": "ImClient",
    "interests": "Interest",
    "locales": "Locale",
    "locations": "Location",
    "miscKeywords": "MiscKeyword",
    "names": "Name",
    "nicknames": "Nickname",
    "occupations": "Occupation",
    "organizations": "Organization",
    "phoneNumbers": "PhoneNumber",
    "relations": "Relation",
    "sipAddresses": "SipAddress",
    "urls": "Url",
    "userDefined": "UserDefined",
}
"""The schema of a writable field's items [D]; memberships are kept apart, as sets of groups."""

NUMBERS: dict[str, int] = {name: number for number, name in enumerate(READABLE, start=1)}
"""The field numbers that person.etag lists; that it lists them is [R], Google's own numbering is not known."""

SYSTEM_GROUPS: dict[str, str] = {
    "myContacts": "My Contacts",
    "starred": "Starred",
    "all": "All Contacts",
    "friends": "Friends",
    "family": "Family",
    "coworkers": "Coworkers",
    "chatBuddies": "Chat contacts",
    "blocked": "Blocked",
}
"""System groups and their formatted names [T: Google-4-TbSync#48]; "My Contacts" is [R]."""

OPEN_SYSTEM_GROUPS = frozenset({"myContacts", "starred"})
"""The system groups that accept new members; the others are deprecated [D]."""
