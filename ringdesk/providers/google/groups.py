"""Labels: Google's contact groups as containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ringdesk.domain.remote import Container, Retry, Stop
from ringdesk.providers.google.fields import text
from ringdesk.providers.google.service import Refused, Service, Unsure
from ringdesk.providers.google.surrogates import healed

_FIELDS: Final = "groupType,memberCount,metadata,name"
_PAGE: Final = 1000
_NAMES_TAKEN: Final = (409,)


class Groups:
    """The labels of an account."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[str, Container] | None = None

    def containers(self) -> Sequence[Container]:
        """All labels, as they are now."""
        found: list[Container] = []
        token, seen = None, set[str]()
        while True:
            asked = {"pageSize": _PAGE, "groupFields": _FIELDS, **({"pageToken": token} if token else {})}
            answer = self._read(self._service.groups.list(**asked))
            groups = answer.get("contactGroups")
            found += [one for group in (groups if isinstance(groups, list) else ()) if (one := _container(group))]
            token = answer.get("nextPageToken")
            if not isinstance(token, str) or not token:
                break
            if token in seen:
                raise Retry("the list of labels goes round in circles")
            seen.add(token)
        self._known = {one.remote: one for one in found}
        return found

    def users(self) -> frozenset[str]:
        """The user's own labels, as far as they have been listed; a membership of any other stays as it is."""
        if self._known is None:
            self.containers()
        return frozenset(one.remote for one in (self._known or {}).values() if not one.system)

    def create(self, name: str) -> Container:
        """Make a label; where one of that name exists, gives that one."""
        try:
            made = _container(self._service.change(self._service.groups.create(body={"contactGroup": {"name": name}})))
        except Unsure as error:  # names are unique: asking again finds it
            raise Retry(str(error)) from error
        except Refused as error:
            if error.problem.code not in _NAMES_TAKEN:
                raise Stop("label", error.problem.message) from error
            made = self._named(name)
        if made is None:
            raise Retry("the new label could not be read")
        return self._learnt(made)

    def _named(self, name: str) -> Container | None:
        alike = [one for one in self.containers() if not one.system and one.name.casefold() == name.casefold()]
        return next((one for one in alike if one.name == name), alike[0] if alike else None)

    def rename(self, remote: str, name: str) -> Container:
        """Give a label another name. Raises Stop."""
        group = self._service.groups
        try:
            now = self._service.read(group.get(resourceName=remote, groupFields=_FIELDS))
            body: dict[str, Any] = {"contactGroup": {"name": name}, "updateGroupFields": "name"}
            if etag := text(now, "etag"):
                body["contactGroup"]["etag"] = etag
            made = _container(self._service.change(group.update(resourceName=remote, body=body)))
        except Unsure as error:
            raise Retry(str(error)) from error
        except Refused as error:
            code = "label gone" if error.problem.code == 404 else "label taken"
            raise Stop(code if error.problem.code in (404, 409) else "label", error.problem.message) from error
        if made is None:
            raise Retry("the renamed label could not be read")
        return self._learnt(made)

    def _learnt(self, made: Container) -> Container:
        if self._known is not None:
            self._known[made.remote] = made
        return made

    def _read(self, request: Any) -> dict[str, Any]:
        try:
            return self._service.read(request)
        except Refused as error:
            raise error.problem.error() from error


def _container(group: Any) -> Container | None:
    """A label as a container; none for one that is deleted or cannot be read."""
    group = healed(group)
    if not isinstance(group, dict) or not text(group, "resourceName"):
        return None
    metadata = group.get("metadata")
    if isinstance(metadata, dict) and metadata.get("deleted"):
        return None
    count = group.get("memberCount", 0)
    return Container(
        text(group, "resourceName"),
        text(group, "name") or text(group, "formattedName"),
        system=group.get("groupType") == "SYSTEM_CONTACT_GROUP",
        members=count if isinstance(count, int) else None,
    )
