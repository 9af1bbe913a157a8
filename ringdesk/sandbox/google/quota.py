"""What requests cost, and the two bodies of 429."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ringdesk.sandbox.google.errors import Refusal, error_info
from ringdesk.sandbox.google.world import World

Cost = Mapping[str, int]

CRITICAL_READS = "critical_reads"
CRITICAL_WRITES = "critical_writes"
WRITES = "writes"
GROUP_READS = "group_reads"
PHOTO_WRITES = "photo_writes"
DAILY = "daily_contact_writes"
FIRST_PAGES = "first_pages_per_minute"

_SINGLE: Cost = {CRITICAL_READS: 1, CRITICAL_WRITES: 1, DAILY: 1}
_BATCH: Cost = {CRITICAL_READS: 6, CRITICAL_WRITES: 6, DAILY: 200}
_READ: Cost = {CRITICAL_READS: 1}
_GROUP_READ: Cost = {GROUP_READS: 1}
_WRITE: Cost = {WRITES: 1}
_PHOTO: Cost = {PHOTO_WRITES: 1}

COSTS: Mapping[str, Cost] = MappingProxyType(
    {
        "people.createContact": _SINGLE,
        "people.updateContact": _SINGLE,
        "people.batchCreateContacts": _BATCH,
        "people.batchUpdateContacts": _BATCH,
        "people.deleteContact": _WRITE,
        "people.batchDeleteContacts": {WRITES: 10},
        "people.updateContactPhoto": _PHOTO,
        "people.deleteContactPhoto": _PHOTO,
        "people.connections.list": _READ,
        "people.get": _READ,
        "people.getBatchGet": _READ,
        "people.searchContacts": _READ,
        "people.listDirectoryPeople": _READ,
        "people.searchDirectoryPeople": _READ,
        "otherContacts.list": _READ,
        "otherContacts.search": _READ,
        "otherContacts.copyOtherContactToMyContactsGroup": _SINGLE,
        "contactGroups.list": _GROUP_READ,
        "contactGroups.get": _GROUP_READ,
        "contactGroups.batchGet": _GROUP_READ,
        "contactGroups.create": _WRITE,
        "contactGroups.update": _WRITE,
        "contactGroups.delete": _WRITE,
        "contactGroups.members.modify": _WRITE,
    }
)
"""Units of each method: writes as two notes quote Google's guide [T], reads one each [U]."""

_METRICS = {
    CRITICAL_READS: ("Critical read requests", "critical_read_requests", "CriticalReads"),
    CRITICAL_WRITES: ("Critical write requests", "critical_write_requests", "CriticalWrites"),
    WRITES: ("Write requests", "write_requests", "Writes"),
    GROUP_READS: ("Contact group read requests", "contact_group_read_requests", "ContactGroupReads"),
    PHOTO_WRITES: ("Photo write requests", "photo_write_requests", "PhotoWrites"),
    DAILY: ("Daily contact writes", "daily_contact_writes", "DailyContactWrites"),
    FIRST_PAGES: ("First page full sync requests", "first_page_full_sync_requests", "FirstPageFullSyncs"),
}


class Quota:
    """The buckets of one account; they are full again at every new minute or day."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._spent: dict[str, tuple[int, int]] = {}

    def charge(self, cost: Cost) -> None:
        """Spend units, all or none. Raises Refusal when a bucket is empty."""
        if not self._world.switches.quotas:
            return
        now = self._world.now()
        after: dict[str, tuple[int, int]] = {}
        for bucket, units in cost.items():
            limit = getattr(self._world.switches, bucket)
            window = int(now // (86_400 if bucket == DAILY else 60))
            then, spent = self._spent.get(bucket, (window, 0))
            spent = spent if then == window else 0
            if limit is not None and spent + units > limit:
                raise self.refusal(bucket)
            after[bucket] = (window, spent + units)
        self._spent.update(after)

    def refusal(self, bucket: str) -> Refusal:
        """429 for a bucket, in the shape the switches name."""
        switches = self._world.switches
        shape = switches.daily_shape if bucket == DAILY else switches.minute_shape
        headers = {} if switches.retry_after is None else {"retry-after": str(switches.retry_after)}
        return exhausted(headers) if shape == "exhausted" else rate_limited(bucket, headers)


def rate_limited(bucket: str, headers: Mapping[str, str]) -> Refusal:
    """429 that names the metric and the limit [T]."""
    words, metric, limit = _METRICS[bucket]
    period = "day" if bucket == DAILY else "minute"
    message = (
        f"Quota exceeded for quota metric '{words}' and limit '{words} per {period} per user' of service "
        "'people.googleapis.com' for consumer 'project_number:000000000000'."
    )
    detail = error_info(
        "RATE_LIMIT_EXCEEDED",
        "googleapis.com",
        {
            "service": "people.googleapis.com",
            "quota_metric": f"people.googleapis.com/{metric}",
            "quota_limit": f"{limit}Per{period.capitalize()}PerProjectPerUser",
            "consumer": "projects/000000000000",
        },
    )
    return Refusal(429, message, details=[detail], headers=headers)


def exhausted(headers: Mapping[str, str]) -> Refusal:
    """429 that only says that something is exhausted [T: php-google-people-api#45]."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"subject": "QUOTA_EXCEEDED", "description": "FBS quota limit exceeded"}],
    }
    return Refusal(429, "Resource has been exhausted (e.g. check quota).", details=[detail], headers=headers)
