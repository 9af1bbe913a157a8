"""Changes on their way to Google: batches and single requests, and what each answer says about each contact.

Nothing is sent twice by itself. Whatever nobody can know is Unclear, and the engine finds out by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from ringdesk.domain.remote import (
    Conflict,
    Create,
    Delete,
    Gone,
    Invalid,
    Ok,
    Op,
    RemoteContact,
    RemoteError,
    RemoteGone,
    RemoteItem,
    Result,
    Retry,
    RetryAfter,
    Stop,
    Unclear,
    Update,
)
from ringdesk.providers.google import answers, mapping
from ringdesk.providers.google.answers import Problem, status_of
from ringdesk.providers.google.fields import READ_MASK, JsonObject
from ringdesk.providers.google.service import Refused, Service, Unsure
from ringdesk.providers.google.surrogates import healed

SINGLY: Final = 5
"""A batch costs as much as six single requests."""
_SOURCES: Final = ["READ_SOURCE_TYPE_CONTACT"]

AnyOp = TypeVar("AnyOp", Create, Update, Delete)


class Writing:
    """Carries changes out."""

    def __init__(
        self,
        service: Service,
        item: Callable[[Any], RemoteItem],
        fetch: Callable[[Sequence[str]], Sequence[RemoteItem]],
        users: Callable[[], frozenset[str]],
    ) -> None:
        self._service = service
        self._item = item
        self._fetch = fetch
        self._users = users
        self._alone: set[str] = set()
        """Contacts of a batch that was refused without naming the culprit: from then on they go one by one."""
        self._full = False
        """The account took no more contacts: one single contact at a time finds out whether it does again."""

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """One result an op, in order. Raises RemoteError where nothing was carried out."""
        creates = [op for op in ops if isinstance(op, Create)]
        updates = [op for op in ops if isinstance(op, Update)]
        deletes = [op for op in ops if isinstance(op, Delete)]
        if ops and len(creates) == len(ops):
            return self._sorted(creates, [op.id for op in creates], self._create, self._create_batch)
        if ops and len(updates) == len(ops):
            return self._sorted(updates, [op.remote for op in updates], self._update, self._update_batch)
        if ops and len(deletes) == len(ops):
            return self._sorted(deletes, [op.remote for op in deletes], self._delete, self._delete_batch)
        return [Invalid("", "Google does not do this")] * len(ops)

    def _sorted(
        self,
        ops: Sequence[AnyOp],
        keys: Sequence[str],
        one: Callable[[AnyOp], Result],
        batch: Callable[[Sequence[AnyOp]], Sequence[Result]],
    ) -> list[Result]:
        """The batch first, then those that go alone; once something may be done, an error puts off the rest only."""
        together: list[int] = [place for place, key in enumerate(keys) if key not in self._alone]
        if len(together) <= SINGLY or (self._full and isinstance(ops[0], Create)):
            together = []
        alone = [place for place in range(len(ops)) if place not in set(together)]
        results: list[Result] = [RetryAfter()] * len(ops)
        begun = bool(together)
        if together:
            for place, result in zip(together, batch([ops[place] for place in together]), strict=True):
                results[place] = result
        for count, place in enumerate(alone):
            try:
                results[place] = one(ops[place])
            except RemoteError as error:
                if not begun and count == 0:
                    raise
                for left in alone[count:]:
                    results[left] = RetryAfter(error.after if isinstance(error, Retry) else None)
                break
            self._alone.discard(keys[place])
        return results

    # One by one --------------------------------------------------------------------------------------------------

    def _create(self, op: Create) -> Result:
        request = self._service.people.createContact(body=mapping.created(op), personFields=READ_MASK, sources=_SOURCES)
        try:
            person = self._service.change(request, guarded=False)
        except Unsure as error:
            return Unclear(str(error))
        except Refused as error:
            return _refused(error.problem)
        self._full = False
        return self._done(person)

    def _update(self, op: Update) -> Result:
        raw = mapping.Raw.unpack(op.raw)
        if _cut(op, raw):
            return self._conflict(op.remote)
        request = self._service.people.updateContact(
            resourceName=op.remote,
            updatePersonFields=mapping.update_mask(op.mask),
            personFields=READ_MASK,
            sources=_SOURCES,
            body=mapping.updated(op, raw, self._users_for(op)),
        )
        try:
            return self._done(self._service.change(request))
        except Unsure as error:
            return Unclear(str(error))
        except Refused as error:
            return self._conflict(op.remote) if error.problem.stale else _refused(error.problem)

    def _delete(self, op: Delete) -> Result:
        try:
            self._service.change(self._service.people.deleteContact(resourceName=op.remote), guarded=False)
        except Unsure as error:
            return Unclear(str(error))
        except Refused as error:
            return _refused(error.problem)
        return Ok(None)

    def _users_for(self, op: Update) -> frozenset[str]:
        return self._users() if "groups" in op.mask else frozenset()

    def _done(self, person: Any) -> Result:
        item = self._item(healed(person))
        return Ok(item) if isinstance(item, RemoteContact) else Unclear("the answer could not be read")

    def _conflict(self, remote: str) -> Result:
        """Google says that the contact has changed; what it is like now."""
        try:
            return _compared(self._fetch([remote])[0])
        except RemoteError as error:
            return RetryAfter(error.after if isinstance(error, Retry) else None)

    # Batches -----------------------------------------------------------------------------------------------------

    def _create_batch(self, ops: Sequence[Create]) -> Sequence[Result]:
        body = {
            "contacts": [{"contactPerson": mapping.created(op)} for op in ops],
            "readMask": READ_MASK,
            "sources": _SOURCES,
        }
        try:
            answer = self._service.change(self._service.people.batchCreateContacts(body=body), guarded=False)
        except Unsure as error:
            return [Unclear(str(error))] * len(ops)
        except Refused as error:
            return self._refused_creates(ops, error.problem)
        return self._created(ops, answer)

    def _refused_creates(self, ops: Sequence[Create], problem: Problem) -> Sequence[Result]:
        """Whether a refused batch wrote the good ones is not known: only the bad ones can be told."""
        if problem.code == 409:
            raise problem.error()
        self._full = problem.full
        bad = {place: found for place in range(len(ops)) if (found := problem.elements.get(str(place)))}
        if not bad:
            self._alone.update(op.id for op in ops)
        return [_element(*bad[place]) if place in bad else Unclear(problem.message) for place in range(len(ops))]

    def _created(self, ops: Sequence[Create], answer: JsonObject) -> Sequence[Result]:
        """Answers come in any order: each is known by the id it carries, and those without by what is left."""
        items: dict[str, RemoteContact] = {}
        failures: list[Result] = []
        for response in _responses(answer.get("createdPeople")):
            code, message = status_of(response.get("status"))
            item = self._item(healed(response.get("person"))) if not code else None
            if isinstance(item, RemoteContact) and item.id:
                items[item.id] = item
            elif code:
                failures.append(_element(code, message))
        left = [op for op in ops if op.id not in items]
        told = len(left) == len(failures) and len(set(failures)) == 1
        if not told:
            self._alone.update(op.id for op in left)
        rest = failures[0] if told else Unclear("the answer does not say which contact was not made")
        return [Ok(items[op.id]) if op.id in items else rest for op in ops]

    def _update_batch(self, ops: Sequence[Update]) -> Sequence[Result]:
        raws = [mapping.Raw.unpack(op.raw) for op in ops]
        users = self._users_for(ops[0])
        sent = [(op, raw) for op, raw in zip(ops, raws, strict=True) if not _cut(op, raw)]
        results = {op.remote: self._conflict(op.remote) for op, raw in zip(ops, raws, strict=True) if _cut(op, raw)}
        body = {
            "contacts": {op.remote: mapping.updated(op, raw, users) for op, raw in sent},
            "updateMask": mapping.update_mask(ops[0].mask),
            "readMask": READ_MASK,
            "sources": _SOURCES,
        }
        try:
            answer = self._service.change(self._service.people.batchUpdateContacts(body=body)) if sent else {}
        except Unsure as error:
            results |= {op.remote: Unclear(str(error)) for op, _ in sent}
        except Refused as error:
            results |= self._refused_updates([op for op, _ in sent], error.problem)
        else:
            results |= self._updated([op for op, _ in sent], answer)
        return [results[op.remote] for op in ops]

    def _refused_updates(self, ops: Sequence[Update], problem: Problem) -> Mapping[str, Result]:
        """Etags guard updates: how each contact lies there now tells what became of it."""
        if problem.code == 409:
            raise problem.error()
        bad = {op.remote: problem.elements[op.remote] for op in ops if op.remote in problem.elements}
        if not bad:
            self._alone.update(op.remote for op in ops)
        etags = {op.remote: op.etag for op in ops}
        now = self._looked_at([*etags])
        results: dict[str, Result] = {}
        for remote, item in now.items():
            same = isinstance(item, RemoteContact) and item.etag == etags[remote]
            if remote in bad and not _is_stale(*bad[remote]):
                results[remote] = _element(*bad[remote])
            elif item is None:
                results[remote] = Unclear(problem.message)
            elif same and remote not in bad:
                results[remote] = RetryAfter()
            else:
                results[remote] = _compared(item)
        return results

    def _updated(self, ops: Sequence[Update], answer: JsonObject) -> Mapping[str, Result]:
        found = answer.get("updateResult")
        responses = found if isinstance(found, dict) else {}
        results: dict[str, Result] = {}
        stale: list[str] = []
        for op in ops:
            response = responses.get(op.remote)
            code, message = status_of(response.get("status") if isinstance(response, dict) else None)
            if not isinstance(response, dict):
                results[op.remote] = Unclear("not in the answer")
            elif code and _is_stale(code, message):
                stale.append(op.remote)
            else:
                results[op.remote] = _element(code, message) if code else self._done(response.get("person"))
        for remote, item in self._looked_at(stale).items():
            results[remote] = RetryAfter() if item is None else _compared(item)
        return results

    def _delete_batch(self, ops: Sequence[Delete]) -> Sequence[Result]:
        names = [op.remote for op in ops]
        gone: dict[str, Result] = {}
        for _ in range(2):
            left = [name for name in names if name not in gone]
            try:
                if left:
                    request = self._service.people.batchDeleteContacts(body={"resourceNames": left})
                    self._service.change(request, guarded=False)
            except Unsure as error:
                return [gone.get(name, Unclear(str(error))) for name in names]
            except Refused as error:
                if error.problem.code != 404:
                    return [gone.get(name, _refused(error.problem)) for name in names]
                # Somebody deleted one of them first. Those that are still there were certainly not deleted.
                now = self._looked_at(left)
                gone |= {name: Gone() for name in left if isinstance(now[name], RemoteGone)}
            else:
                return [gone.get(name, Ok(None)) for name in names]
        return [gone.get(name, RetryAfter()) for name in names]

    def _looked_at(self, names: Sequence[str]) -> dict[str, RemoteItem | None]:
        """How contacts lie there now; None where that cannot be told."""
        found: dict[str, RemoteItem | None] = dict.fromkeys(names)
        try:
            for start in range(0, len(names), 200):
                some = names[start : start + 200]
                found |= dict(zip(some, self._fetch(some), strict=True))
        except RemoteError:
            return found
        return found


def _cut(op: Update, raw: mapping.Raw) -> bool:
    """Whether the form it was read from lacked a part of a list that is to be written."""
    return raw.cut and bool(op.mask & {"phones", "emails"})


def _responses(found: Any) -> list[JsonObject]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _compared(item: RemoteItem) -> Result:
    if isinstance(item, RemoteContact):
        return Conflict(item)
    return Gone() if isinstance(item, RemoteGone) else RetryAfter()


def _is_stale(code: int, message: str) -> bool:
    return code == answers.PRECONDITION or "etag is different" in message


def _refused(problem: Problem) -> Result:
    """A refusal of one contact. Raises RemoteError where it is about the account."""
    if problem.code in (404, 410):
        return Gone()
    if problem.full:
        raise Stop("full", problem.message)
    if problem.code == 409:
        raise problem.error()
    if not problem.status and not problem.message:  # its reason was cut off: it may have been a stale etag
        return RetryAfter()
    return Invalid(problem.field, problem.message)


def _element(code: int, message: str) -> Result:
    """What the status of one contact in a batch says."""
    if code == answers.NOT_FOUND:
        return Gone()
    if code == answers.EXHAUSTED:
        return RetryAfter()
    if code in answers.BUSY:
        return Unclear(message)
    return Invalid(Problem(code, message=message).field, message)
