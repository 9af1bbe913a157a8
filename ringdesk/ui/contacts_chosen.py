"""What is chosen in a list, read a few rows a turn of the event loop: all of a hundred thousand take a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ringdesk.desk.contacts_several import Counted, SeveralContacts
from ringdesk.ui.contacts_model import ContactsModel

SLICE: Final = 400
"""Rows read at a time: some milliseconds."""


class ChosenRows(QObject):
    """Reads what is chosen; `known` tells what it means for sharing (`desk.contacts_several.Several`)."""

    known = Signal(object)

    def __init__(self, rows: ContactsModel, several: SeveralContacts, parent: QObject) -> None:
        super().__init__(parent)
        self._rows, self._several = rows, several
        self._places: Iterator[int] = iter(())
        self._counted: Counted | None = None
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._read)

    @property
    def reading(self) -> bool:
        """Some rows are still to be read."""
        return self._counted is not None

    def read(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Read the rows of these ranges instead of what was being read; few of them are known at once."""
        self._places = chain.from_iterable(range(top, bottom + 1) for top, bottom in ranges)
        self._counted = self._several.counted()
        self._turn.start()
        self._read()

    def stop(self) -> None:
        """Read no further."""
        self._counted = None
        self._turn.stop()

    @Slot()
    def _read(self) -> None:
        counted = self._counted
        if counted is None:
            return
        places = [*islice(self._places, SLICE)]
        counted.add([row for place in places if (row := self._rows.contact_row(place)) is not None])
        if len(places) < SLICE:
            self.stop()
            self.known.emit(counted.several())
