"""`ringdesk import FILE` and `ringdesk export FILE`: contacts in and out without the window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from ringdesk import settings
from ringdesk.app.clockwork import RandomIds, SystemClock
from ringdesk.app.places import Places, places
from ringdesk.app.reading import Tally, ready_cards
from ringdesk.domain.contact import Origin
from ringdesk.domain.dates import DayOrder, order_told
from ringdesk.domain.sockets import Show
from ringdesk.domain.status import StoreError
from ringdesk.domain.uncollected import uncollected
from ringdesk.files.reading import FileError, FileErrorCode, read_contacts
from ringdesk.files.writing import write_csv, write_vcards
from ringdesk.store.store import Store

PAGE = 500
VCARDS = (".vcf", ".vcard")


def add_parser(subparsers: Any) -> None:
    """Say what the two commands take."""
    for name, purpose, do in (
        ("import", "read contacts from a vCard or CSV file", take_in),
        ("export", "write all contacts to a vCard or CSV file", give_out),
    ):
        parser = subparsers.add_parser(name, help=purpose)
        parser.add_argument("file", type=Path, help="*.vcf or *.csv")
        parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder")
        if name == "import":
            orders = [_word(order) for order in DayOrder]
            parser.add_argument(
                "--dates", choices=orders, help="how dates such as 3/4/1980 are meant, where none tells"
            )
        parser.set_defaults(func=do)


def take_in(options: argparse.Namespace) -> int:
    """Import a file; the status is 1 where something was refused, 2 where the file cannot be read."""
    tally = Tally()
    try:
        order = _order(options)
        # cards hold no circles, and looking for some takes a tenth of the time
        with options.file.open("rb"), Opened(places(options.data)) as store, uncollected():
            done = store.writes.import_ready(
                lambda region: ready_cards(str(options.file), region, order, tally), origin=Origin.FILE
            ).result()
    except (OSError, FileError, StoreError, settings.SettingsError, UnclearDates) as error:
        print(f"ringdesk: {options.file}: {_reason(error)}; nothing was changed", file=sys.stderr)
        return 2
    print(f"{done.added} contacts added, {done.already} were here already, {len(tally.refused)} refused")
    for refused in tally.refused:
        print(f"  {refused.where}: {refused.why.value}" + (f" ({refused.detail})" if refused.detail else ""))
    return int(bool(tally.refused))


_UNREADABLE: Final = {
    FileErrorCode.EMPTY: "there is nothing in it",
    FileErrorCode.UNKNOWN: "it is neither vCard nor CSV; export your contacts as one of them",
    FileErrorCode.NO_COLUMNS: "its first line names no column that RingDesk knows, such as Name, Phone or E-mail",
    FileErrorCode.TOO_LARGE: "it has more than 4 GiB; export it in parts",
    FileErrorCode.UNREADABLE: "the disk did not give it; copy it to another one",
}


def _reason(error: Exception) -> str:
    """What went wrong, as a person says it."""
    if isinstance(error, FileError):
        return _UNREADABLE[error.code]
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


class UnclearDates(Exception):
    """Dates of the file can be read in two ways, and nothing tells which is meant."""


def _word(order: DayOrder) -> str:
    return order.value.replace(" ", "-")


def _order(options: argparse.Namespace) -> DayOrder | None:
    """What comes first in the file's dates: said by the user, or told by other dates of the file."""
    if options.dates is not None:
        return next(order for order in DayOrder if _word(order) == options.dates)
    if options.file.suffix.lower() in VCARDS:
        return None
    tally = Tally()
    with options.file.open("rb") as file:
        for item in read_contacts(file, name=options.file.name):
            tally.count(item)
    told = order_told(tally.orders)
    if tally.unclear and told is None:
        ways = " or ".join(f"--dates {_word(order)}" for order in DayOrder)
        raise UnclearDates(f"{tally.unclear} dates such as {tally.example} can be read in two ways; say {ways}")
    return told


def give_out(options: argparse.Namespace) -> int:
    """Export all known contacts of mine; an existing file is never overwritten."""
    try:
        with Opened(places(options.data)) as store, options.file.open("xb") as out:
            contacts = [c for c in _all(store) if c is not None]
            if options.file.suffix.lower() == ".csv":
                write_csv((c.card for c in contacts), out)
            else:
                write_vcards(
                    ((c.card, c.id, store.reads.photo(c.card.photo) if c.card.photo else None) for c in contacts), out
                )
    except FileExistsError:
        print(f"ringdesk: {options.file} exists already; choose another name", file=sys.stderr)
        return 2
    except (OSError, StoreError, settings.SettingsError) as error:
        print(f"ringdesk: {options.file}: {_reason(error)}", file=sys.stderr)
        return 2
    print(f"{len(contacts)} contacts written to {options.file}")
    return 0


class Opened:
    """The store of a data folder, for as long as the command runs."""

    def __init__(self, here: Places) -> None:
        here.make()
        region = settings.load(here.data).region
        self._store = Store.open(
            here.database, region=region, clock=SystemClock(), ids=RandomIds(), send_news=lambda news: None, inline=True
        )

    def __enter__(self) -> Store:
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()


def _all(store: Store) -> Any:
    show = Show()
    for start in range(0, store.reads.count(show), PAGE):
        yield from (store.reads.get(row.id) for row in store.reads.page(show, start, PAGE))
