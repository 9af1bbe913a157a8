"""Google Contacts as a RemoteBook. Import this on the worker only: it brings Google's client along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from ringdesk.domain.remote import (
    Capabilities,
    Container,
    Op,
    Page,
    RemoteContact,
    RemoteGone,
    RemoteItem,
    RemoteUnreadable,
    Result,
    Retry,
)
from ringdesk.domain.sockets import Clock
from ringdesk.domain.uncollected import uncollected
from ringdesk.providers.google import mapping
from ringdesk.providers.google.access import Access, Standing
from ringdesk.providers.google.answers import NOT_FOUND, status_of
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.fields import READ_MASK
from ringdesk.providers.google.groups import Groups
from ringdesk.providers.google.listing import read_listing
from ringdesk.providers.google.pictures import Pictures
from ringdesk.providers.google.service import Refused, Service
from ringdesk.providers.google.surrogates import healed
from ringdesk.providers.google.survey import Counted, count
from ringdesk.providers.google.wire import Wire
from ringdesk.providers.google.writing import Writing

SOURCE: Final = "READ_SOURCE_TYPE_CONTACT"
PAGE: Final = 1000
WEEK: Final = 7 * 86_400.0
CAPABILITIES: Final = Capabilities(
    cursor_life=WEEK,
    guarded_deletes=False,
    create_batch=200,
    update_batch=200,
    delete_batch=500,
    fetch_batch=200,
    small_batch=5,
    photos=True,
)


class GoogleBook:
    """One Google account's contacts. Everything on one thread."""

    def __init__(
        self,
        client: Client,
        refresh_token: Callable[[], str | None],
        clock: Clock,
        *,
        standing: Standing | None = None,
        wire: Wire | None = None,
        api: str | None = None,
        listed: int = mapping.LISTED,
    ) -> None:
        self._wire = wire or Wire()
        self._listed = listed
        access = Access(client, refresh_token, self._wire, clock, standing or Standing())
        self._service = Service(api or client.api, access, self._wire, clock)
        self._groups = Groups(self._service)
        self._pictures = Pictures(self._service, self._wire, self._item, api or client.api)
        self._writing = Writing(self._service, self._item, self.fetch, self._groups.users)

    @property
    def capabilities(self) -> Capabilities:
        """What Google can do."""
        return CAPABILITIES

    @property
    def form(self) -> str:
        """The mask, source and page size that a sync token is bound to."""
        return f"people.v1 {SOURCE} {PAGE} {READ_MASK}"

    def survey(self, tell: Callable[[int, int | None], None], stopped: Callable[[], bool]) -> Counted:
        """How many contacts there are, by label and with phone numbers; nothing of them is kept."""
        return count(self._service, tell, stopped)

    def abort(self) -> None:
        """Give up whatever it waits for, from any thread, and ask no more: the program ends."""
        self._wire.abort()

    def break_off(self) -> None:
        """Give up what it waits for, from any thread, unless that is a change that was sent."""
        self._wire.break_off()

    # Reading -----------------------------------------------------------------------------------------------------

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """The changes since a sync token, or everything."""
        return _Listing(self, cursor)

    def page(self, asked: dict[str, Any], *, synced: bool) -> tuple[list[RemoteItem], dict[str, Any]]:
        """One page of a listing: its items and the rest of the answer."""
        try:
            content = self._service.content(self._service.connections.list(**asked))
        except Refused as error:
            raise error.problem.error_of_pull(synced=synced) from error
        try:
            with uncollected():  # a look through all of it while it is read holds others up
                return read_listing(content, listed=self._listed)
        except ValueError as error:
            raise Retry(f"the listing could not be read: {error}") from error

    def _item(self, person: Any, *, whole: bool = False) -> RemoteItem:
        return mapping.contact_of(person, listed=2**31 if whole else self._listed)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """The current form of contacts; long ones one by one, because only so they come whole."""
        if len(remotes) == 1:
            return [self._whole(remotes[0])]
        asked = self._service.people.getBatchGet(resourceNames=list(remotes), personFields=READ_MASK, sources=[SOURCE])
        try:
            answer = self._service.read(asked)
        except Refused as error:
            if error.problem.code != 404:
                raise error.problem.error() from error
            return [self._whole(remote) for remote in remotes]
        found = {}
        responses = answer.get("responses")
        for one in responses if isinstance(responses, list) else ():
            if isinstance(one, dict) and isinstance(one.get("requestedResourceName"), str):
                name = one["requestedResourceName"]
                found[name] = self._answered(name, healed(one))
        items = [found.get(name, RemoteUnreadable(name, "not in the answer")) for name in remotes]
        return [
            self._whole(name) if isinstance(item, RemoteContact) and not item.whole else item
            for name, item in zip(remotes, items, strict=True)
        ]

    def _answered(self, name: str, response: dict[str, Any]) -> RemoteItem:
        code, message = status_of(response.get("status"))
        if code == NOT_FOUND or response.get("httpStatusCode") == 404:
            return RemoteGone(name)
        if code:
            return RemoteUnreadable(name, message)
        return _under(name, self._item(response.get("person")))

    def _whole(self, name: str) -> RemoteItem:
        try:
            person = self._service.read(
                self._service.people.get(resourceName=name, personFields=READ_MASK, sources=[SOURCE])
            )
        except Refused as error:
            if error.problem.code in (404, 410):
                return RemoteGone(name)
            raise error.problem.error() from error
        return _under(name, self._item(healed(person), whole=True))

    # Writing -----------------------------------------------------------------------------------------------------

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """Carry changes out."""
        return self._writing.push(ops)

    # Pictures and labels -----------------------------------------------------------------------------------------

    def photo(self, reference: str) -> bytes:
        """A picture's bytes."""
        return self._pictures.photo(reference)

    def put_photo(self, remote: str, etag: str, data: bytes | None) -> Result:
        """Give a contact a picture, or take it away; Google guards neither by etag."""
        del etag
        return self._pictures.put_photo(remote, data)

    def containers(self) -> Sequence[Container]:
        """All labels."""
        return self._groups.containers()

    def create_container(self, name: str) -> Container:
        """Make a label, or find the one of that name."""
        return self._groups.create(name)

    def rename_container(self, remote: str, name: str) -> Container:
        """Give a label another name. Raises Stop("label taken") or Stop("label gone")."""
        return self._groups.rename(remote, name)

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        """Google tells desktops nothing by itself."""
        del wake

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


class _Listing:
    """The pages of a listing. One that could not be read is asked for again when the next is asked for."""

    def __init__(self, book: GoogleBook, cursor: str | None) -> None:
        self._book = book
        self._full = cursor is None
        self._asked: dict[str, Any] = {
            "resourceName": "people/me",
            "personFields": READ_MASK,
            "sources": [SOURCE],
            "pageSize": PAGE,
            "requestSyncToken": True,
            **({} if cursor is None else {"syncToken": cursor}),
        }
        self._seen: set[str] = set()
        self._ended = False

    def __iter__(self) -> Iterator[Page]:
        return self

    def __next__(self) -> Page:
        if self._ended:
            raise StopIteration
        items, rest = self._book.page(self._asked, synced=not self._full)
        following = rest.get("nextPageToken")
        if not following or not isinstance(following, str):
            self._ended = True
            return self._made(items, rest, complete=True)
        if following in self._seen:
            self._ended = True
            raise Retry("the listing goes round in circles")
        self._seen.add(following)
        self._asked["pageToken"] = following
        return self._made(items, rest, complete=False)

    def _made(self, items: list[RemoteItem], rest: dict[str, Any], *, complete: bool) -> Page:
        kept = [item for item in items if not isinstance(item, RemoteGone)] if self._full else items
        total, cursor = rest.get("totalItems", rest.get("totalPeople")), rest.get("nextSyncToken")
        return Page(
            items=tuple(kept),
            full=self._full,
            total=total if self._full and isinstance(total, int) else None,
            complete=complete,
            cursor=cursor if complete and isinstance(cursor, str) else None,
        )


def _under(asked: str, item: RemoteItem) -> RemoteItem:
    """The item; where it answers under another name than asked, the name asked for is a former one."""
    if isinstance(item, RemoteContact) and item.remote != asked and asked not in item.former:
        return replace(item, former=(*item.former, asked))
    return item if item.remote else RemoteUnreadable(asked, "the answer could not be read")
