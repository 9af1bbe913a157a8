"""The card in the details pane: every field in one line, with its icon, its label and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ringdesk.domain.card import Card, Organization
from ringdesk.domain.numbering import display, parse
from ringdesk.domain.values import dataclass
from ringdesk.ui.contacts_links import mail_link, phone_link, web_link
from ringdesk.ui.soft_breaks import breakable
from ringdesk.ui.theme import CONTROL, M, S, Theme
from ringdesk.ui.widgets_button import IconButton, Link
from ringdesk.ui.widgets_frame import Glyph, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, label, say, shown, shown_lines
from ringdesk.ui.words_address import postal
from ringdesk.ui.words_time import birthday

_LONG = 40
"""Longer texts are set in several lines."""
_LABEL = 28
"""Letters of a label somebody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the card. `copy` is what the copy button copies, `link` what a click on the text opens."""

    icon: str
    text: str
    label: str = ""
    copy: str = ""
    link: str = ""
    dial: str = ""


def lines(card: Card, region: str) -> Iterator[Line]:
    """Every field of a card as lines, in the order one looks for them."""
    for phone in card.phones:
        text = display(parse(phone.value, region), region) or phone.value
        dial = phone.value if phone_link(phone.value, region) else ""
        yield Line(icon="phone", text=shown(text), label=label(phone.label), copy=phone.value, dial=dial)
    for email in card.emails:
        link = mail_link(email.value) or ""
        yield Line(icon="mail", text=shown(email.value, 120), label=label(email.label), copy=email.value, link=link)
    for body in card.organizations:
        if text := organization(body):
            yield Line(icon="company", text=text, label=label(body.label) if body.label else "")
    for address in card.addresses:
        if text := postal(address):
            yield Line(icon="place", text=text, label=label(address.label), copy=text)
    for url in card.urls:
        link = web_link(url.value) or ""
        yield Line(icon="globe", text=shown(url.value, 160), label=label(url.label), copy=url.value, link=link)
    yield from _personal(card)


def _personal(card: Card) -> Iterator[Line]:
    if card.nicknames:
        text = ", ".join(shown(name) for name in card.nicknames)
        yield Line(icon="person", text=text, label=say(QT_TRANSLATE_NOOP("words", "nickname")))
    if card.birthday is not None:
        born = birthday(card.birthday.year, card.birthday.month, card.birthday.day)
        yield Line(icon="cake", text=born, label=say(QT_TRANSLATE_NOOP("words", "birthday")))
    for relation in card.relations:
        yield Line(icon="relation", text=shown(relation.person), label=label(relation.label))
    for own in card.custom:
        yield Line(icon="field", text=shown(own.value, 300), label=shown(own.key), copy=own.value)
    if card.note:
        text = shown_lines(card.note)
        yield Line(icon="note", text=text, label=say(QT_TRANSLATE_NOOP("words", "note on the card")))


def organization(body: Organization) -> str:
    """An organization in one line: title, department, name."""
    return shown(", ".join(part for part in (body.title, body.department, body.name) if part), 200)


def _long(text: str) -> bool:
    return max(map(len, text.split("\n"))) > _LONG or breakable(text) != text


class CardFields(QWidget):
    """All lines of a card. Nothing is opened, dialled or copied without a click."""

    copy_asked = Signal(object)
    link_asked = Signal(object)
    dial_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._can_dial = False
        self._lines: tuple[Line, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(M)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def set_can_dial(self, can: bool) -> None:
        """Show or hide the dial buttons."""
        if can != self._can_dial:
            self._can_dial, kept, self._lines = can, self._lines, ()
            self.show_lines(kept)

    def show_lines(self, wanted: tuple[Line, ...]) -> None:
        """Show these lines; the widgets stay where nothing changed."""
        if wanted == self._lines:
            return
        self._lines = wanted
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        before = ""
        for place, line in enumerate(wanted):
            self._add(place, line, new_icon=line.icon != before)
            before = line.icon

    def _add(self, place: int, line: Line, *, new_icon: bool) -> None:
        top = Qt.AlignmentFlag.AlignTop
        if new_icon:
            holder = QWidget()
            holder.setFixedHeight(CONTROL)
            row(holder).addWidget(Glyph(self._theme, line.icon))
            self._grid.addWidget(holder, place, 0, top)
        text = QWidget()
        text.setMinimumHeight(CONTROL)
        long = _long(line.text) and not line.link
        inside = row(text, margins=(0, 7, 0, 7) if long or "\n" in line.text else (0, 0, 0, 0), gap=M)
        where = top if long or "\n" in line.text else Qt.AlignmentFlag.AlignVCenter
        inside.addWidget(self._value(place, line), int(long), Qt.AlignmentFlag.AlignVCenter)
        if line.label:
            inside.addWidget(PlainLabel(shown(line.label, _LABEL), Role.SMALL), 0, where)
        inside.addStretch(0 if long else 1)
        self._grid.addWidget(text, place, 1)
        buttons = QWidget()
        self._buttons(buttons, place, line)
        self._grid.addWidget(buttons, place, 2, top)

    def _value(self, place: int, line: Line) -> QWidget:
        if not line.link:
            value = PlainLabel(line.text, wrap=_long(line.text), selectable=True)
            value.setObjectName(f"field_{place}")
            return value
        link = Link(self._theme, line.text, f"field_{place}")
        link.clicked.connect(lambda: self.link_asked.emit(line.link))
        return link

    def _buttons(self, holder: QWidget, place: int, line: Line) -> None:
        inside = row(holder, gap=S)
        inside.addStretch(1)
        if line.dial and self._can_dial:
            dial = IconButton(self._theme, "phone", self.tr("Call"), f"dial_{place}")
            dial.setAccessibleName(self.tr("Call {0}").format(line.text))
            dial.clicked.connect(lambda: self.dial_asked.emit(line.dial))
            inside.addWidget(dial)
        if line.copy:
            copy = IconButton(self._theme, "copy", self.tr("Copy"), f"copy_{place}")
            copy.setAccessibleName(self.tr("Copy {0}").format(line.text))
            copy.clicked.connect(lambda: self.copy_asked.emit(line.copy))
            inside.addWidget(copy)
        holder.setMinimumHeight(CONTROL)
