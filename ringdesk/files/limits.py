"""How much of a file is read: no file may cost more than these bounds."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

FILE_BYTES: Final = 4096 * MIB
"""The largest file: some 25,000 contacts with large pictures have as much. A file is read card by card and never held
whole, so that its size costs time and no memory."""

FRUITLESS_BYTES: Final = 200 * MIB
"""So much is read without coming upon a contact, or anything to say of one; then reading ends."""

CARD_BYTES: Final = 5 * MIB
"""The largest vCard."""

CARDS: Final = 2_000_000
"""The most cards or rows of one file."""

PICTURE_BYTES: Final = MIB
"""The largest picture; a larger one is left out and its card kept."""

PROPERTIES: Final = 200
"""The most properties of one vCard; labels of properties are not counted."""

LINES: Final = 150_000
"""The most lines of one vCard as they stand in the file: more than a picture of 5 MiB has."""

LINE_LETTERS: Final = 2 * MIB
"""The longest unfolded line of a vCard; a longer one is left out and its card kept. The longest line of a CSV file."""
