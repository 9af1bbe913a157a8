"""Every fact about Google that is reported [T] or not known [U], as a switch a suite can turn both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints


class UnknownSwitch(ValueError):
    """A switch that does not exist, or a value it cannot have; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How this Google behaves where the facts leave a choice. The defaults are the best guess."""

    # --- listing and incremental sync
    paging: Literal["snapshot", "cursor", "offset"] = "snapshot"
    """What a later page shows when contacts change between two pages [U]: the first page's state, a live list read on
    from the last contact (an edited one may come twice), or a live list counted off (one may be skipped)."""
    page_token_seconds: float = 3600.0
    """How long a page token lives [U]."""
    page_size_bound: bool = False
    """Whether a sync token is bound to pageSize too: "all other parameters must match" [D] can be read so [U]."""
    expired_token: Literal["failed_precondition", "invalid_argument", "gone"] = "failed_precondition"
    """An expired sync token: 400 FAILED_PRECONDITION or 400 INVALID_ARGUMENT [T], or 410 as in old texts [G, stale]."""
    expired_token_details: bool = True
    """Whether that error carries ErrorInfo with EXPIRED_SYNC_TOKEN [D]; false: the message alone [T]."""
    group_token_days: float = 0.0
    """After how many days a group sync token expires; 0: never [U]."""
    propagation: tuple[float, float] = (0.0, 0.0)
    """Shortest and longest delay in seconds, drawn for each write, until sync requests show it: "several minutes" [D],
    how many is [U]."""
    delta_shows: Literal["current", "replica"] = "current"
    """What a delta shows of a contact written again meanwhile: its newest state, or the state that has arrived [U]."""
    full_listing: Literal["fresh", "lags_in_sync", "lags"] = "fresh"
    """Whether a full listing sees writes at once: always, not with requestSyncToken, or never [U]."""
    bare_tombstones: Literal["bare", "absent", "shown"] = "bare"
    """A deleted contact when the mask lacks metadata: without the flag, left out, or with the flag all the same [U]."""
    sort_with_sync: Literal["reject", "ignore"] = "reject"
    """sortOrder together with a sync request: rejected [T] or ignored [G]."""
    delta_totals: bool = True
    """Whether a delta has totalItems (then it counts the delta) [U]."""
    shuffle: bool = True
    """Whether the items of a field come in another order each time: no order is promised [D]."""
    list_item_cap: int = 100
    """How many phone numbers and e-mail addresses of one contact a listing shows [D]; small values make small tests."""

    # --- quotas
    quotas: bool = True
    """Whether quotas are kept at all."""
    first_pages_per_minute: int | None = None
    """The additional quota of a full sync's first page [D]; its size is not published [U]. None: no such limit."""
    critical_reads: int = 60
    """Critical reads a user and minute, as read off one console in 2026 [T]; others saw 90 and 180."""
    critical_writes: int = 30
    """Critical writes a user and minute [T]."""
    writes: int = 30
    """Deletes and group writes a user and minute [T]."""
    group_reads: int = 90
    """Group reads a user and minute [T]."""
    photo_writes: int = 50
    """Photo writes a user and minute [T]."""
    daily_contact_writes: int = 100_000
    """Contact writes a user and day [T]."""
    minute_shape: Literal["rate_limit", "exhausted"] = "rate_limit"
    """Which of the two known 429 bodies a spent minute gets [T]."""
    daily_shape: Literal["rate_limit", "exhausted"] = "exhausted"
    """Which of the two known 429 bodies a spent day gets [T]."""
    retry_after: int | None = None
    """Seconds in a Retry-After header on 429 and 503; None: no header [U]."""

    # --- writing
    unparsable_numbers: Literal["absent", "digits"] = "absent"
    """canonicalForm of a number that cannot become E.164: missing, or its digits [U]."""
    sources_required: bool = True
    """Whether an update with person.etag alone, without metadata.sources, is 400 [D]; false: it is enough [T]."""
    person_etag_checked: bool = True
    """Whether a stale or foreign person.etag is refused even when the source's etag is current [T]."""
    precondition_names: Literal["person.etag", "person.metadata.sources.etag"] = "person.etag"
    """Which etag the message of a stale write names [T: both seen]."""
    precondition_code: Literal[400, 403] = 400
    """The HTTP code of a stale write: 400 [D], once seen as 403 [T: google-api-python-client#1169]."""
    spurious_every: int = 0
    """Every how manieth update of one contact fails with FAILED_PRECONDITION for no reason [T: #2417]; 0: never."""
    new_contacts: Literal["my_contacts", "no_group"] = "my_contacts"
    """Where a contact created without memberships lands [U]."""
    user_group_adds_my_contacts: bool = False
    """Whether a contact created in a user group only is put in myContacts too [U]."""
    empty_contact: Literal["refuse", "accept"] = "refuse"
    """Creating a contact without any field: 400 [T: pipedream#20812] or accepted."""
    batch: Literal["all_or_nothing", "per_element"] = "all_or_nothing"
    """A batch with one bad element: 400 with error details and nothing written, or a status for each element [U]."""
    batch_order: Literal["shuffled", "kept"] = "shuffled"
    """Order of createdPeople against the request: not stated [U]."""
    batch_delete_unknown: Literal["ignore", "refuse"] = "refuse"
    """A batch delete that names an unknown contact: the others are deleted, or 404 and nothing is [U]."""
    concurrent: Literal["allow", "conflict", "unavailable", "slow"] = "allow"
    """A second mutation of an account while one is in flight: "increased latency and failures" [D]. Always counted."""
    slow_seconds: float = 5.0
    """How slow "slow" is."""
    group_etag_checked: bool = False
    """Whether a group update with a stale etag is refused [U]."""

    # --- photos
    photo_urls: Literal["stable", "rotating"] = "stable"
    """Whether the URL of an unchanged photo stays [U]; rotating: it changes every hour."""
    photo_limit: int | None = None
    """The largest accepted photo in bytes; None: any [U]."""
    photo_changes_etag: bool = True
    """Whether a new photo changes the contact's etag and so shows in a delta [U]."""

    # --- caps
    contact_cap: int = 25_000
    """Contacts of one account, those in the trash included [T]."""
    overflow_code: Literal[400, 403, 429] = 400
    """The HTTP code of MY_CONTACTS_OVERFLOW_COUNT; only the word is known [T]."""
    field_cap: int = 500
    """Items of one contact [T]."""
    character_cap: int = 1024
    """Characters of one value, notes excepted [T]."""
    byte_cap: int = 128 * 1024
    """Bytes of one contact [T]."""
    trash_days: float = 30.0
    """How long a deleted contact stays in the trash [T]."""

    # --- what people do by hand in Google's own pages
    merge_client_data: Literal["both", "survivor", "none"] = "both"
    """Whose clientData a merge by hand keeps [U]."""
    merge_lists_previous: bool = True
    """Whether the survivor of a merge lists the other's name in previousResourceNames [U]."""
    relink_tombstone: bool = False
    """Whether a changed resource name also comes as a tombstone of the old one [U]."""
    old_names_resolve: bool = True
    """Whether a former resource name still finds the contact [U]; that the answer's name may differ is [D]."""
    phantom_in_delta: bool = True
    """Whether an etag that changed without content (a mail was sent) brings the contact into deltas [U]."""

    # --- OAuth
    publishing: Literal["production", "testing"] = "production"
    """Publishing status of the client; in testing a refresh token dies 7 days after consent [G]."""
    refresh_on_repeat: bool = False
    """Whether a repeated consent without prompt=consent brings a refresh token again [T: it does not]."""
    token_limit: int = 100
    """Live refresh tokens for one account and client; one more, and the oldest dies silently [T quoting G]."""
    idle_days: float = 182.0
    """Days without use after which a refresh token dies: six months [T quoting G]."""
    spelled_scopes: bool = True
    """Whether granted `email` and `profile` come back as their long names [T]."""


_HINTS: Mapping[str, Any] = get_type_hints(Switches)


def turned(switches: Switches, changes: Mapping[str, object]) -> Switches:
    """The switches with some of them turned, as JSON names them. Raises UnknownSwitch."""
    return replace(switches, **{name: _value(name, value) for name, value in changes.items()})  # type: ignore[arg-type]  # given by name, checked when run


def _value(name: str, value: object) -> object:
    if name not in {each.name for each in fields(Switches)}:
        raise UnknownSwitch(f"no switch is called {name}")
    hint = _HINTS[name]
    if get_origin(hint) is tuple:
        return _pair(name, value)
    allowed = get_args(hint) if get_origin(hint) is Literal else None
    fits = value in allowed if allowed else _is(value, get_args(hint) or (hint,))
    if not fits:
        raise UnknownSwitch(f"{name} cannot be {value!r}")
    return value


def _pair(name: str, value: object) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(_is(part, (float,)) for part in value):
        return float(value[0]), float(value[1])
    raise UnknownSwitch(f"{name} is a pair of numbers, not {value!r}")


def _is(value: object, kinds: tuple[Any, ...]) -> bool:
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, tuple(int if kind is float else kind for kind in kinds)) or (
        float in kinds and isinstance(value, float)
    )
