"""The methods of contact groups."""

from __future__ import annotations

from collections.abc import Sequence

from ringdesk.sandbox.google.account import check_open
from ringdesk.sandbox.google.errors import Refusal, invalid, not_found
from ringdesk.sandbox.google.groups import DEFAULT_FIELDS, VALID_FIELDS, Group, group_json
from ringdesk.sandbox.google.masks import read_mask
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import JsonObject, encode, first

MOST_MEMBERS = 1000
"""Names added and removed in one members.modify together [D]."""

_CREATED_FIELDS = ("metadata", "groupType", "name")


def list_groups(call: Call) -> str:
    """contactGroups.list: members not shown [D], a sync token without being asked [R], deleted groups in deltas [D]."""
    size = call.integer("pageSize", 30, 1000)
    fields = _fields(first(call.query, "groupFields"), "groupFields", DEFAULT_FIELDS)
    synced = first(call.query, "syncToken")
    groups, full_at = _listed(call, synced)
    offset = 0
    if token := first(call.query, "pageToken"):
        payload = call.service.tokens.read(token, "groups page")
        if payload["bound"] != [call.account.id, size, list(fields), synced]:
            raise invalid("Page token was created with other request parameters.")
        offset = payload["offset"]
    shown = [group_json(group, fields, call.account.member_count(group)) for group in groups[offset : offset + size]]
    answer: JsonObject = {"contactGroups": shown} if shown else {}
    if groups:
        answer["totalItems"] = len(groups)
    if offset + size < len(groups):
        bound = [call.account.id, size, list(fields), synced]
        page = {"kind": "groups page", "bound": bound, "offset": offset + size}
        return encode(answer | {"nextPageToken": call.service.tokens.seal(page)})
    sync = {"kind": "groups", "account": call.account.id, "number": call.account.groups.number, "full_at": full_at}
    return encode(answer | {"nextSyncToken": call.service.tokens.seal(sync)})


def _listed(call: Call, synced: str) -> tuple[list[Group], float]:
    if not synced:
        return call.account.groups.live(), call.world.now()
    payload = call.service.tokens.read(synced, "groups")
    if payload["account"] != call.account.id:
        raise invalid()
    if days := call.world.switches.group_token_days:
        call.service.tokens.check_age(payload["full_at"], days)
    return call.account.groups.changes_after(payload["number"]), payload["full_at"]


def get_group(call: Call) -> str:
    """contactGroups.get: members only up to maxMembers, 0 when not set [D]."""
    fields = _fields(first(call.query, "groupFields"), "groupFields", DEFAULT_FIELDS)
    return encode(_whole(call, _find(call, call.resource), fields))


def get_groups(call: Call) -> str:
    """contactGroups.batchGet: at most 200 names, a status for each [D]."""
    fields = _fields(first(call.query, "groupFields"), "groupFields", DEFAULT_FIELDS)
    names = call.query.get("resourceNames", [])
    if not 1 <= len(names) <= 200:
        raise invalid("Must specify between 1 and 200 resource names.")
    responses: list[JsonObject] = []
    for name in names:
        group = call.account.groups.find(name)
        if group is None:
            responses.append({"requestedResourceName": name, "status": not_found().rpc_status()})
        else:
            shown = _whole(call, group, fields)
            responses.append({"requestedResourceName": name, "status": {}, "contactGroup": shown})
    return encode({"responses": responses})


def create_group(call: Call) -> str:
    """contactGroups.create: 409 for a name that exists [D]."""
    fields = _fields(call.body.get("readGroupFields", ""), "readGroupFields", _CREATED_FIELDS)
    sent = call.body.get("contactGroup") or {}
    name = _free_name(call, sent)
    return encode(group_json(call.account.groups.add(name, sent.get("clientData") or ()), fields))


def update_group(call: Call) -> str:
    """contactGroups.update: the user's own groups only; 409 for a name that exists [D]."""
    group = _own(call)
    fields = _fields(call.body.get("readGroupFields", ""), "readGroupFields", _CREATED_FIELDS, VALID_FIELDS)
    mask = _fields(call.body.get("updateGroupFields", ""), "updateGroupFields", ("name",), ("clientData", "name"))
    sent = call.body.get("contactGroup") or {}
    if call.world.switches.group_etag_checked and sent.get("etag", group.etag) != group.etag:
        raise Refusal(400, "Request contact group etag is different than the current one.", "FAILED_PRECONDITION")
    if "name" in mask:
        group.name = group.formatted = _free_name(call, sent, group)
    if "clientData" in mask:
        group.client_data = list(sent.get("clientData") or ())
    call.account.groups.changed(group)
    return encode(_whole(call, group, fields))


def delete_group(call: Call) -> str:
    """contactGroups.delete: with deleteContacts the members too [D]."""
    delete_contacts = call.flag("deleteContacts")
    call.account.leave_group(_own(call), delete_contacts=delete_contacts)
    return "{}"


def modify_members(call: Call) -> str:
    """contactGroups.members.modify: nobody loses the last group, unknown names are told [D]."""
    group = _find(call, call.resource)
    added: list[str] = call.body.get("resourceNamesToAdd") or []
    removed: list[str] = call.body.get("resourceNamesToRemove") or []
    if len(added) + len(removed) > MOST_MEMBERS:
        raise invalid(f"Must specify at most {MOST_MEMBERS} resource names to add and remove.")
    if added:
        check_open(group)
    lost = _add(call, group, added)
    gone, last = _remove(call, group, removed)
    answer: JsonObject = {}
    if lost or gone:
        answer["notFoundResourceNames"] = list(dict.fromkeys([*lost, *gone]))
    if last:
        answer["canNotRemoveLastContactGroupResourceNames"] = last
    return encode(answer)


def _add(call: Call, group: Group, names: Sequence[str]) -> list[str]:
    lost = []
    for name in names:
        version = call.account.contacts.find(name)
        if version is None:
            lost.append(name)
        elif group.id not in version.groups:
            call.account.contacts.change(version, groups=(*version.groups, group.id))
    return lost


def _remove(call: Call, group: Group, names: Sequence[str]) -> tuple[list[str], list[str]]:
    lost, last = [], []
    for name in names:
        version = call.account.contacts.find(name)
        if version is None:
            lost.append(name)
        elif version.groups == (group.id,):
            last.append(name)
        elif group.id in version.groups:
            rest = tuple(each for each in version.groups if each != group.id)
            call.account.contacts.change(version, groups=rest)
    return lost, last


def _whole(call: Call, group: Group, fields: Sequence[str]) -> JsonObject:
    most = call.integer("maxMembers", 0, 10**9)
    members = call.account.members(group)
    return group_json(group, fields, len(members), [version.name for version in members[:most]])


def _find(call: Call, resource: str) -> Group:
    group = call.account.groups.find(resource)
    if group is None:
        raise not_found()
    return group


def _own(call: Call) -> Group:
    group = _find(call, call.resource)
    if group.system:
        raise invalid("System contact groups cannot be modified.")
    return group


def _free_name(call: Call, sent: JsonObject, group: Group | None = None) -> str:
    name: str = (sent.get("name") or "").strip()
    if not name:
        raise invalid("Contact group name must be set.")
    holder = call.account.groups.named(name)
    if holder is not None and holder is not group:
        raise Refusal(409, "Contact group name already exists.")
    return name


def _fields(text: str, parameter: str, default: Sequence[str], valid: Sequence[str] = ()) -> Sequence[str]:
    if not text:
        return default
    allowed = valid or (VALID_FIELDS if parameter == "groupFields" else ("clientData", *_CREATED_FIELDS))
    return read_mask(text, parameter, "people.contactGroups.get", allowed)
