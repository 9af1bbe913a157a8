"""The bytes of a file: as many as are read of one file, and never an exception of the disk's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from enum import Enum
from typing import BinaryIO, Final

from ringdesk.files.encodings import ESCAPE, wide
from ringdesk.files.limits import FILE_BYTES, FRUITLESS_BYTES

_HEAD: Final = 64 * 1024
_CHUNK: Final = 256 * 1024


class FileErrorCode(Enum):
    """Why a whole file cannot be read; each is a different sentence for the user."""

    EMPTY = "empty"
    """There is nothing in it."""

    UNKNOWN = "unknown"
    """It is neither vCard nor CSV."""

    NO_COLUMNS = "no columns"
    """It is a table, but no heading of it means anything to a contact."""

    TOO_LARGE = "too large"
    """It has more than 4 GiB."""

    UNREADABLE = "unreadable"
    """The disk did not give it."""


class FileError(Exception):
    """A whole file cannot be read."""

    def __init__(self, code: FileErrorCode) -> None:
        super().__init__(code.value)
        self.code = code


class Source(io.RawIOBase):
    """A stream whose beginning was looked at. Ends where a limit does; `cut` then says which."""

    def __init__(self, data: bytes | BinaryIO) -> None:
        super().__init__()
        self._stream = io.BytesIO(data) if isinstance(data, bytes) else data
        if _size(self._stream) > FILE_BYTES:
            raise FileError(FileErrorCode.TOO_LARGE)
        self.head = self._read(_HEAD)
        self.cut = ""
        self._rest = self.head
        self._left = FILE_BYTES
        self._patience = FRUITLESS_BYTES

    def readable(self) -> bool:
        """True: sources are read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the base class types it otherwise
        """Fill a buffer as far as one read gives."""
        self._rest = self._rest or self._read(len(buffer))
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        if len(data) > self._left:
            self.cut = "the file has more than 4 GiB"
            data = data[: self._left]
        elif self._patience < 0:
            self.cut = "200 MiB on end hold nothing that is a contact"
            data = b""
        self._left -= len(data)
        self._patience -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def fruitful(self) -> None:
        """Something came of what was read so far."""
        self._patience = FRUITLESS_BYTES

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size) or b""
        except (OSError, ValueError) as error:
            raise FileError(FileErrorCode.UNREADABLE) from error

    def text(self) -> io.TextIOWrapper:
        """The file as text, line ends as they are, bytes that are not UTF-8 escaped."""
        encoding = wide(self.head)
        errors = "replace" if encoding else ESCAPE
        return io.TextIOWrapper(io.BufferedReader(self, _CHUNK), encoding or "utf-8-sig", errors=errors, newline="")

    def chunks(self) -> Iterator[bytes]:
        """The file as UTF-8 bytes (or what pretends to be), piece by piece."""
        if wide(self.head):
            text = self.text()
            while letters := text.read(_CHUNK):
                yield letters.encode("utf-8", "replace")
        else:
            reader = io.BufferedReader(self, _CHUNK)
            while data := reader.read(_CHUNK):
                yield data


def _size(stream: BinaryIO) -> int:
    """The size of a stream that can tell, else 0."""
    try:
        if not stream.seekable():
            return 0
        here = stream.tell()
        end = stream.seek(0, io.SEEK_END)
        stream.seek(here)
    except (OSError, ValueError) as error:
        raise FileError(FileErrorCode.UNREADABLE) from error
    return end - here
