"""The peewee models of the tables that ordinary reads and writes go through.

They are bound to no database: a query is handed to the connection it runs on (`Connection.fetch` and `apply`), so
that two threads never share one. Contacts and their lookup tables are not here: those paths are raw SQL, because
peewee is 24 times slower on a lookup.
"""

from __future__ import annotations

from typing import Any

from ringdesk.store.orm import peewee

BareField, BlobField, BooleanField = peewee.BareField, peewee.BlobField, peewee.BooleanField
FloatField, IntegerField, TextField = peewee.FloatField, peewee.IntegerField, peewee.TextField
Model = peewee.Model


class Note(Model):
    """A note on a contact."""

    id = TextField(primary_key=True)
    contact = IntegerField()
    at = IntegerField()
    text = TextField()
    call = TextField(null=True)


class Draft(Model):
    """The note being written for a call."""

    call = TextField(primary_key=True)
    text = TextField()
    at = IntegerField()


class Pick(Model):
    """The contact the user chose for a number."""

    number = TextField(primary_key=True)
    contact = IntegerField()


class Category(Model):
    """A contact group."""

    name = TextField(unique=True)


class Photo(Model):
    """A picture."""

    digest = TextField(primary_key=True)
    data = BlobField()


class Call(Model):
    """A row of the call list."""

    id = TextField(primary_key=True)
    source = TextField()
    direction = TextField()
    state = TextField()
    over = BooleanField()
    number = TextField(null=True)
    country = IntegerField(null=True)
    name = TextField()
    contact: Any = BareField(null=True)
    contact_name = TextField()
    line = TextField()
    answered_by = TextField()
    transferred_to = TextField()
    private = BooleanField()
    seen = BooleanField()
    started = FloatField()
    answered = FloatField(null=True)
    ended = FloatField(null=True)


class Link(Model):
    """One replica of a contact in an account."""

    contact: Any = BareField()
    account = TextField()
    remote = TextField()
    etag = TextField()
    base = BlobField(null=True)
    acknowledged = IntegerField()
    there = BlobField(null=True)
    payload = BlobField(null=True)
    state = TextField(default="active")
    held = TextField(default="")
    updated = FloatField(null=True)
    written = FloatField(default=0)
    photo = TextField(default="")
    photo_ref = TextField(default="")
    photo_due = BooleanField(default=False)
    others = FloatField(null=True)
    name = TextField(null=True)
    company = TextField(null=True)
    phone = TextField(null=True)


class Outbox(Model):
    """A request to an account: intent before, result after."""

    id = TextField(primary_key=True)
    account = TextField()
    contact: Any = BareField()
    intent = TextField()
    payload = BlobField(null=True)
    at = IntegerField()
    tries = IntegerField(default=0)
    result = TextField(null=True)
