"""The contacts list as a Qt model: it asks the presenter row by row, and decides nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.contact import ANONYMOUS, BLOCKED, FOREIGN, LINKED, SHARED, UNCLAIMED, VIP, ContactRow
from ringdesk.domain.numbering import display, parse
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_PLAIN: Final = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_MINE: Final = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
"""Put together once: they are asked for several times a row and paint."""
_BADGES: Final = {
    VIP: QT_TRANSLATE_NOOP("words", "VIP"),
    SHARED: QT_TRANSLATE_NOOP("words", "shared with coworkers"),
    FOREIGN: QT_TRANSLATE_NOOP("words", "a coworker's contact"),
    BLOCKED: QT_TRANSLATE_NOOP("words", "blocked"),
    LINKED: QT_TRANSLATE_NOOP("words", "in your Google account"),
    ANONYMOUS: QT_TRANSLATE_NOOP("words", "unknown caller"),
}


class ContactsModel(QAbstractTableModel):
    """Rows of `ContactsPresenter.rows`; a search grows when it is scrolled to its end."""

    def __init__(self, presenter: ContactsPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._count = presenter.rows.count
        self._moving = False

    def replaced(self) -> None:
        """The presenter shows another list."""
        self._moving = True
        self.beginResetModel()
        self._count = self._presenter.rows.count
        self.endResetModel()
        self._moving = False

    def changed(self) -> None:
        """The presenter has read the same list anew."""
        self._moving = True
        self._grow_or_shrink(self._presenter.rows.count)
        self._moving = False
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, 0))

    @property
    def marks(self) -> int:
        """The flags that are marked: what was in an account is not while no account is connected."""
        return ~0 if self._presenter.synced else ~LINKED

    @property
    def region(self) -> str:
        """The home country of now."""
        return self._presenter.region()

    def contact_row(self, place: int) -> ContactRow | None:
        """The presenter's row."""
        return self._presenter.rows.row(place)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows are known."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """One column: the delegate paints the whole row."""
        return 0 if parent.isValid() else 1

    def canFetchMore(self, parent: Index) -> bool:
        """True while a search may find more."""
        return not (parent.isValid() or self._moving or self._presenter.rows.complete)

    def fetchMore(self, parent: Index) -> None:
        """Read the next page of a search."""
        if self.canFetchMore(parent):
            self._presenter.rows.extend()
            self._grow_or_shrink(self._presenter.rows.count)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be selected; own contacts can be ticked as shared."""
        row = self._presenter.rows.row(index.row())  # -1 where the index is of nothing
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        return _MINE if self.can_tick(row) else _PLAIN

    def can_tick(self, row: ContactRow) -> bool:
        """Whether the row has a box: what is not mine has none, and with view-only rights nothing new is shared."""
        return not row.flags & (FOREIGN | UNCLAIMED) and (
            bool(row.flags & SHARED) or self._presenter.team_view.may_share
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the delegate paints and screen readers read."""
        row = self.contact_row(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown_name(row)
            case Qt.ItemDataRole.CheckStateRole:
                if not self.can_tick(row):
                    return None
                return Qt.CheckState.Checked if row.flags & SHARED else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask the presenter to share or unshare; the row changes when the store says so."""
        row = self.contact_row(index.row()) if index.isValid() else None
        if row is None or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self._presenter.tick(row.id, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _grow_or_shrink(self, count: int) -> None:
        self._moving = True  # views may ask for more rows while they hear of these
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        self._moving = False

    def _spoken(self, row: ContactRow) -> str:
        flags = row.flags & self.marks
        badges = [say(text) for bit, text in _BADGES.items() if flags & bit and not (bit == FOREIGN and row.owner)]
        if row.owner:
            badges.append(shared_by(row))
        name = shown_name(row)
        company = shown(row.company)
        number = spelled(row.phone, self.region)
        return ", ".join(part for part in (name, company if company != name else "", number, *badges) if part)


@lru_cache(maxsize=1024)
def spelled(phone: str, region: str) -> str:
    """A row's number as people in a region write it; nothing where it has none."""
    return shown(display(parse(phone, region), region) or phone) if phone else ""


def row_lines(row: ContactRow, region: str) -> list[str]:
    """What a row says: its first line, then what stands side by side in its second."""
    name, company, number = shown_name(row), shown(row.company), spelled(row.phone, region)
    first = number if row.flags & ANONYMOUS and number else name
    parts = [part for part in (company, number) if part not in ("", first, name, shown(row.name))]
    whose = say(QT_TRANSLATE_NOOP("words", "Unclaimed")) if row.flags & UNCLAIMED else shared_by(row)
    return [first, *([whose] if whose else []), *parts]


def shared_by(row: ContactRow) -> str:
    """Who shares a coworker's contact."""
    return say(QT_TRANSLATE_NOOP("words", "Shared by %1"), shown(row.owner, 40)) if row.owner else ""


def shown_name(row: ContactRow) -> str:
    """The name of a row, or what stands for it where there is none."""
    return shown(row.name) or say(QT_TRANSLATE_NOOP("words", "No name"))
