"""Contacts out of a file: what kind of file it is, and its contacts one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from ringdesk.domain.dates import DayOrder
from ringdesk.files.csv_read import CsvReader
from ringdesk.files.encodings import wide
from ringdesk.files.report import ReadCard, Refused, RefusedCode
from ringdesk.files.source import FileError, FileErrorCode, Source
from ringdesk.files.vcard_read import read_vcards

__all__ = ["FileError", "FileErrorCode", "ReadCard", "read_contacts"]

_VCARD: Final = re.compile(r"(?:^|[\r\n\ufeff])BEGIN[ \t]{0,8}:[ \t]{0,8}VCARD", re.I)
_TABLE_NAMES: Final = (".csv", ".tsv")
_VCARD_NAMES: Final = (".vcf", ".vcard")


def read_contacts(data: bytes | BinaryIO, *, name: str, order: DayOrder | None = None) -> Iterator[ReadCard | Refused]:
    """Read a file's contacts, lazily; what cannot be read of it is among them, by place and reason.

    The file's content tells whether it is vCard or CSV, its name only where the content does not. `order` is how dates
    of a table are to be read that can be read in two ways. Raises FileError, at once, where the file is neither, empty
    or too large.
    """
    source = Source(data)
    if not source.head:
        raise FileError(FileErrorCode.EMPTY)
    head = source.head.decode(wide(source.head) or "latin-1", "replace").removeprefix("ï»¿")
    if _VCARD.search(head) or name.lower().endswith(_VCARD_NAMES):
        return _to_the_limit(source, read_vcards(source.chunks()))
    reader = CsvReader(source.text())
    if not reader.known:
        table = name.lower().endswith(_TABLE_NAMES) and "\0" not in head
        raise FileError(FileErrorCode.NO_COLUMNS if table else FileErrorCode.UNKNOWN)
    return _to_the_limit(source, reader.cards(order))


def _to_the_limit(source: Source, items: Iterator[ReadCard | Refused]) -> Iterator[ReadCard | Refused]:
    for item in items:
        source.fruitful()
        yield item
    if source.cut:
        yield Refused("the rest of the file", RefusedCode.TOO_LARGE, source.cut)
