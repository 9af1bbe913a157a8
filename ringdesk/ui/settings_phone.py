"""Settings > Phone: the phones RingDesk listens to, the local feed, and what a phone cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget
from shiboken6 import isValid

from ringdesk.desk.preferences import Preferences, Problem
from ringdesk.domain.choices import PhoneChoice
from ringdesk.domain.status import Finding, Health
from ringdesk.ui.settings_feed import HttpFeedBox
from ringdesk.ui.settings_page import Field, Page, number_box
from ringdesk.ui.settings_words import fault, finding
from ringdesk.ui.theme import XS, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import shown

Test = Callable[[PhoneChoice, Callable[[Finding], None]], None]

_ROLES: Final = {Health.GOOD: Role.GOOD, Health.NOTE: Role.WARN, Health.BAD: Role.BAD}


class PhoneRow(Frame):
    """One softphone: its name, where it listens, whether it is used, and a test."""

    removed = Signal(object)

    def __init__(self, theme: Theme, test: Test, parent: QWidget | None = None) -> None:
        super().__init__("note", parent, "phone_row")
        self._test, self._kind = test, "baresip"
        self.name, self.host, self.port = QLineEdit(), QLineEdit(), number_box("phone_port", 1, 65535)
        self.name.setObjectName("phone_name")
        self.host.setObjectName("phone_host")
        self.port.setGroupSeparatorShown(False)
        self.enabled = QCheckBox(self.tr("Listen to this phone"))
        self.enabled.setObjectName("phone_enabled")
        self.enabled.setAccessibleName(self.tr("Listen to this phone"))
        self.test = Button(theme, self.tr("&Test"), "phone_test")
        remove = Button(theme, self.tr("Remove"), "phone_remove", role="quiet")
        self.told = PlainLabel("", Role.SMALL, wrap=True, selectable=True)
        self.told.setObjectName("phone_told")
        self.told.hide()
        self.test.clicked.connect(self._asked)
        remove.clicked.connect(self._remove)
        self._fields = {
            "id": Field(self.tr("Name"), self.name),
            "host": Field(self.tr("Computer"), self.host),
            "port": Field(self.tr("Port"), self.port),
        }
        fields, below = row(gap=M), row(gap=S)
        for field, share in zip(self._fields.values(), (3, 3, 1), strict=True):
            fields.addWidget(field, share)
        below.addWidget(self.enabled)
        below.addStretch(1)
        below.addWidget(remove)
        below.addWidget(self.test)
        layout = column(self, margins=(M, M, M, M), gap=S)
        layout.addLayout(fields)
        layout.addLayout(below)
        layout.addWidget(self.told)

    def take(self, phone: PhoneChoice) -> None:
        """Show a phone."""
        self._kind = phone.kind
        self.name.setText(phone.id)
        self.host.setText(phone.host)
        self.port.setValue(phone.port)
        self.enabled.setChecked(phone.enabled)

    def give(self) -> PhoneChoice:
        """The phone as it is now."""
        return PhoneChoice(
            self.name.text().strip(), self._kind, self.host.text().strip(), self.port.value(), self.enabled.isChecked()
        )

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this phone; gives the control to go to."""
        first: QWidget | None = None
        by_column = {problem.column: problem for problem in problems}
        for name, field in self._fields.items():
            problem = by_column.get(name)
            field.mark(fault(problem.fault) if problem else "")
            if problem and first is None:
                first = field.control
        return first

    @Slot()
    def _asked(self) -> None:
        self.test.setEnabled(False)
        self._tell(self.tr("Asking the phone…"), Role.SMALL)
        self._test(self.give(), self._found)

    def _found(self, found: Finding) -> None:
        if not isValid(self):
            return  # the row was removed while the phone was asked
        self.test.setEnabled(True)
        self._tell(finding(found), _ROLES[found.health])

    def _tell(self, text: str, role: Role) -> None:
        self.told.set_role(role)
        self.told.setText(text)
        self.told.show()

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)


class PhonePage(Page):
    """Phone."""

    def __init__(
        self, theme: Theme, test: Test, feed_path: str, feed_address: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "settings_phone", parent)
        self._test = test
        card = self.card(
            self.tr("Softphones"),
            self.tr(
                "RingDesk listens to baresip through its control port. In baresip’s config, load ctrl_tcp.so and set "
                "ctrl_tcp_listen 127.0.0.1:4444."
            ),
        )
        self.rows: list[PhoneRow] = []
        self._phones = column(gap=S)
        card.addLayout(self._phones)
        self.add = Button(theme, self.tr("&Add baresip"), "settings_phone_add", role="link", icon="plus")
        self.add.setProperty("kind", "add")
        self.add.clicked.connect(self._added)
        bottom = row()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        card.addLayout(bottom)
        self._feed(feed_path)
        self.http = HttpFeedBox(feed_address)
        self.card(
            self.tr("Telephone systems and programs that can only post to a web address"),
            self.tr("Off unless you need it. No other computer can reach it, and no web page."),
        ).addWidget(self.http)
        self._limits()
        self.fill_up()

    def _feed(self, path: str) -> None:
        card = self.card(
            self.tr("Any other phone"),
            self.tr("Whatever can start a command when it rings can tell RingDesk. The local feed listens at:"),
        )
        where = PlainLabel(shown(path, 300), Role.BODY, wrap=True, selectable=True)
        where.setObjectName("settings_feed_path")
        how = PlainLabel("ringdesk call ring --id 1 --from +442079460123", Role.BODY, wrap=True, selectable=True)
        how.setObjectName("settings_feed_command")
        card.addWidget(where)
        card.addSpacing(XS)
        card.addWidget(PlainLabel(self.tr("Try it in a terminal:"), Role.SMALL))
        card.addWidget(how)

    def _limits(self) -> None:
        card = self.card(self.tr("What a phone cannot tell"))
        for text in (
            self.tr(
                "A softphone does not know whether a caller gave up or a coworker answered: such calls are listed as "
                "“Not answered here”, not as missed."
            ),
            self.tr(
                "A withheld number is never shown. But if your phone system sends no mark with it, nobody can know: "
                "have it send the privacy mark (“Privacy: id”, or “anonymous” as the number)."
            ),
        ):
            card.addWidget(PlainLabel(text, Role.SOFT, wrap=True))

    def take(self, kept: Preferences) -> None:
        """Show these preferences."""
        self.http.take(kept.http_feed)
        for gone in list(self.rows):
            self._removed(gone)
        for phone in kept.phones:
            self._row().take(phone)

    def give(self, chosen: Preferences) -> Preferences:
        """The preferences with this page's part as it is now."""
        return replace(chosen, phones=tuple(phone.give() for phone in self.rows), http_feed=self.http.give())

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this page."""
        first: QWidget | None = None
        for place, phone in enumerate(self.rows):
            here = phone.mark([p for p in problems if p.where == "phones" and p.row == place])
            first = first or here
        return first

    def _row(self) -> PhoneRow:
        made = PhoneRow(self.theme, self._test)
        made.removed.connect(self._removed)
        self.rows.append(made)
        self._phones.addWidget(made)
        return made

    @Slot()
    def _added(self) -> None:
        names = {phone.name.text() for phone in self.rows}
        free = next(name for n in range(1, 1000) if (name := "baresip" if n == 1 else f"baresip {n}") not in names)
        made = self._row()
        made.take(PhoneChoice(free))
        made.name.setFocus()

    @Slot(object)
    def _removed(self, gone: PhoneRow) -> None:
        self.rows.remove(gone)
        gone.hide()
        self._phones.removeWidget(gone)
        gone.deleteLater()
