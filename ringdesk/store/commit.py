"""One transaction of the sync engine: its effects, done on the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ringdesk.domain import effects
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Marks
from ringdesk.domain.document import to_document
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.replica import Link
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import contacts, history, links, notes, outbox, synclog, told
from ringdesk.store.arrivals import Arrivals
from ringdesk.store.database import Connection
from ringdesk.store.encode import json_of, key_of, millis, seconds
from ringdesk.store.links import TEAM
from ringdesk.store.snapshot import revive
from ringdesk.store.writer import Work


def deleted_whole(connection: Connection, id: str) -> str | None:
    """All of a contact as it was when it was deleted last."""
    kept = connection.value(
        "SELECT old FROM change WHERE contact = ? AND field = ? AND new = ? ORDER BY id DESC LIMIT 1",
        (key_of(id), history.WHOLE, history.NOTHING),
    )
    return None if kept is None else str(kept)


def _born(link: Link, cards: Mapping[str, Card]) -> bool:
    """Whether this is the link of a contact that is added, with nothing but that one's card for a base."""
    return link.contact in cards and link.base is cards[link.contact]


class Commit:
    """One transaction of effects."""

    def __init__(self, work: Work, account: str, now: float, region: str, arrivals: Arrivals) -> None:
        self._work = work
        self._connection = work.connection
        self._account = account
        self._now = seconds(millis(now))
        self._region = region
        self._arrivals = arrivals
        self._batch: int | None = None
        self._aside: int | None = None
        self._changed: set[str] = set()

    def run(self, wanted: Sequence[effects.Effect]) -> None:
        """Do the effects in order, new contacts first and together."""
        for effect in wanted:
            if type(effect) is effects.Arrive:
                self._arrive(effect)
        added = [effect for effect in wanted if type(effect) is effects.AddContact]
        self._add(added)
        cards = {effect.contact.id: effect.contact.card for effect in added}
        born = [one.link for one in wanted if type(one) is effects.PutLink and _born(one.link, cards)]
        links.put_born(self._connection, self._account, born, [key_of(link.contact) for link in born])
        logged = [effect for effect in wanted if type(effect) is effects.Logged]
        synclog.note(self._connection, self._account, logged)
        for effect in wanted:
            kind = type(effect)
            if kind is effects.AddContact or kind is effects.Arrive or kind is effects.Logged:
                continue
            if isinstance(effect, effects.PutLink) and _born(effect.link, cards):
                continue
            if not self._contact_effect(effect):
                self._row_effect(effect)
        if self._changed:
            self._work.news.append(ContactsChanged(frozenset(self._changed), more=self._account != TEAM))

    def _history(self) -> int:
        if self._batch is None:
            self._batch = history.open_batch(self._connection, millis(self._now), "account")
        return self._batch

    def _lost(self) -> int:
        """A value that lost a clash was never done, so undo of the round must not bring it in."""
        if self._aside is None:
            at = millis(self._now)
            self._aside = history.open_batch(self._connection, at, "account", state=history.ASIDE)
        return self._aside

    def _add(self, added: Sequence[effects.AddContact]) -> None:
        for clean in (True, False):
            if some := [effect.contact for effect in added if effect.clean is clean]:
                self._arrivals.put(self._work, some, self._now, clean=clean)
                self._changed |= {contact.id for contact in some}

    def _arrive(self, come: effects.Arrive) -> None:
        keys = [key_of(link.contact) for link in come.links]
        self._arrivals.take(self._work, come, keys, self._now)
        links.put_born(self._connection, self._account, come.links, keys)
        synclog.note_arrived(self._connection, self._account, come, keys)
        self._changed.update([link.contact for link in come.links])

    def _clean(self, *ids: str) -> None:
        sql = "DELETE FROM touched WHERE account = ? AND contact = ?"
        self._connection.many(sql, [(self._account, key_of(id)) for id in ids])

    def _contact_effect(self, effect: effects.Effect) -> bool:
        match effect:
            case effects.SaveContact(contact, clean):
                self._save(contact, clean=clean)
            case effects.RemoveContact(id, revision):
                self._remove(self._held(id, revision))
            case effects.Absorb(into, gone):
                self._absorb(into, gone)
            case effects.BringBack(id):
                self._bring_back(id)
            case effects.Lost(id, field, lost, won):
                before, after = (json_of(to_document(card).get(field)) for card in (lost, won))
                history.write(self._connection, self._lost(), id, [(field, before, after)])
            case _:
                return False
        return True

    def _held(self, id: str, revision: int) -> contacts.Held:
        found = contacts.held(self._connection, id)
        if found is None:
            raise StoreError(StoreTrouble.STALE, f"{id} is gone")
        if found.contact.revision != revision:
            raise StoreError(StoreTrouble.STALE, f"revision {found.contact.revision}, read was {revision}")
        return found

    def _save(self, contact: Contact, *, clean: bool) -> None:
        before = self._held(contact.id, contact.revision)
        wanted = replace(contact, revision=contact.revision + 1, updated=self._now)
        after = contacts.change(self._connection, before, wanted, self._region).contact
        found = history.differences(before.contact, after)
        if found:
            history.write(self._connection, self._history(), contact.id, found)
        self._changed.add(contact.id)
        if clean:
            self._clean(contact.id)

    def _remove(self, gone: contacts.Held) -> None:
        text = history.snapshot(self._connection, gone)
        history.write(self._connection, self._history(), gone.contact.id, [(history.WHOLE, text, history.NOTHING)])
        contacts.remove(self._connection, gone, self._region)
        self._changed.add(gone.contact.id)

    def _bring_back(self, id: str) -> None:
        kept = deleted_whole(self._connection, id)
        if kept is None or contacts.held(self._connection, id) is not None:
            raise StoreError(StoreTrouble.STALE, f"{id} cannot come back")
        revive(self._connection, id, json.loads(kept), self._now, self._region)
        history.write(self._connection, self._history(), id, [(history.WHOLE, history.NOTHING, history.ADDED)])
        self._changed.add(id)

    def _absorb(self, into: str, gone: str) -> None:
        kept, lost = contacts.held(self._connection, into), contacts.held(self._connection, gone)
        if kept is None or lost is None:
            raise StoreError(StoreTrouble.STALE, f"{into} or {gone} is gone")
        for id, _, _, _ in self._connection.rows(
            "SELECT id, at, text, call FROM note WHERE contact = ? ORDER BY at", (lost.row,)
        ):
            note = notes.take(self._connection, id, self._region)
            if note is not None:
                notes.put(self._connection, replace(note, contact=into), self._region)
        self._connection.run("UPDATE call SET contact = ? WHERE contact = ?", (key_of(into), key_of(gone)))
        self._connection.run("UPDATE pick SET contact = ? WHERE contact = ?", (kept.row, lost.row))
        one, other = kept.contact.marks, lost.contact.marks
        marks = Marks(vip=one.vip or other.vip, blocked=one.blocked or other.blocked)
        shared = kept.contact.shared or lost.contact.shared
        if (marks, shared) != (one, kept.contact.shared):
            self._save(replace(kept.contact, marks=marks, shared=shared), clean=False)
        self._remove(lost)
        told.follow(self._connection, self._account, into, gone)

    def _row_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.PutLink(kept):
                links.put(connection, account, kept)
            case effects.DropLink(contact):
                links.leave(connection, account, contact)
            case effects.Told(contact, remotes, anew):
                told.remember(connection, account, contact, remotes, anew=anew)
            case effects.PutEntry(entry):
                outbox.put_entry(connection, account, entry)
            case effects.DropEntry(id):
                outbox.drop_entry(connection, id)
            case effects.Untouch(contact, revision):
                outbox.untouch(connection, account, contact, revision)
            case _:
                self._other_effect(effect)

    def _other_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.PutAccount(kept):
                outbox.put_account(connection, kept)
            case effects.Unlog(contact):
                synclog.forget(connection, account, contact)
            case effects.Touch(contact):
                connection.run(
                    "INSERT OR IGNORE INTO touched (account, contact) VALUES (?, ?)", (account, key_of(contact))
                )
            case effects.TouchAll():
                outbox.touch_all(connection, account)
            case effects.PutContainers(found):
                outbox.put_containers(connection, account, found)
            case _:
                self._question_effect(effect)

    def _question_effect(self, effect: effects.Effect) -> None:
        connection, account = self._connection, self._account
        match effect:
            case effects.Ask(question):
                outbox.ask(connection, account, question)
            case effects.Settle(contact, kinds, field, remote):
                outbox.settle(connection, account, contact, [kind.value for kind in kinds], field, remote)
            case effects.Park(waits):
                outbox.park(connection, account, waits)
            case effects.Unpark(contact):
                outbox.unpark(connection, account, contact)
            case _:
                raise TypeError(f"no such effect: {effect!r}")
