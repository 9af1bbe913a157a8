"""What stands at the right while several contacts are chosen: one Clients box for all of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from ringdesk.desk.contacts_several import Several, SeveralContacts
from ringdesk.desk.contacts_told import Shared
from ringdesk.ui.theme import CONTROL, XL, XXL, L, M, Theme, Tint
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.widgets_frame import Frame, Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted

_N = QT_TRANSLATE_NOOP
CHOSEN: Final = _N("words", "%n contact chosen"), _N("words", "%n contacts chosen")
SHARED: Final = (
    _N("words", "%n of them is shared with coworkers."),
    _N("words", "%n of them are shared with coworkers."),
)
THEIRS: Final = (
    _N("words", "%n is not yours and stays as it is."),
    _N("words", "%n are not yours and stay as they are."),
)
SHARE: Final = _N("words", "Share %n contact with coworkers?"), _N("words", "Share %n contacts with coworkers?")
UNSHARE: Final = _N("words", "Stop sharing %n contact?"), _N("words", "Stop sharing %n contacts?")
NOW_SHARED: Final = _N("words", "%n contact is shared now"), _N("words", "%n contacts are shared now")
NOW_PRIVATE: Final = _N("words", "%n contact is private now"), _N("words", "%n contacts are private now")


class SeveralPage(QWidget):
    """How many are chosen and shared, and the box. It asks with the number before it shares or unshares them."""

    def __init__(self, theme: Theme, several: SeveralContacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("several_contacts")
        self.setAccessibleName(self.tr("Several contacts"))
        self._theme, self._several = theme, several
        self._now = Several((), (), 0, may_share=True)
        self.headline = PlainLabel("", Role.HEADLINE, wrap=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        self.box = QCheckBox(self.tr("&Clients: share with coworkers"))
        self.box.setObjectName("share_several")
        self.box.setAccessibleName(self.tr("Clients: share all chosen contacts with coworkers"))
        self.box.setMinimumHeight(CONTROL)
        self.box.clicked.connect(self.ask)
        self._card = Frame("card")
        inside = column(self._card, margins=(XL, L, XL, L), gap=M)
        inside.addWidget(PlainLabel(self.tr("Sharing"), Role.STRONG))
        inside.addWidget(self.box)
        inside.addWidget(self.text)
        top = row(gap=M)
        top.addWidget(Glyph(theme, "person", tint=Tint.ACCENT, size=32))
        top.addWidget(self.headline, 1)
        layout = column(self, margins=(XXL, XXL, XXL, XXL), gap=L)
        layout.addLayout(top)
        layout.addWidget(self._card)
        layout.addStretch(1)

    @property
    def now(self) -> Several:
        """What is chosen, as far as it is known."""
        return self._now

    @Slot(int)
    def show_count(self, count: int) -> None:
        """So many contacts are chosen; what may be done with them is shown once they are known."""
        self.headline.setText(counted(*CHOSEN, count))
        self._now = Several((), (), 0, may_share=True)
        self.text.setText("")
        self.box.hide()

    @Slot(object)
    def show_several(self, now: Several) -> None:
        """These contacts are chosen."""
        self._now = now
        self.headline.setText(counted(*CHOSEN, now.count))
        self.text.setText(self._sentence(now))
        self.box.setVisible(now.may_change)
        self._show_box()

    @Slot()
    def ask(self) -> None:
        """Ask whether all are to be shared, or unshared where all are."""
        now = self._now
        self._show_box()  # it shows what is so until the store says otherwise
        on = bool(now.open) and now.may_share
        if not now.may_change:
            return
        ids = now.open if on else now.shared
        ask(
            Ask(
                self._theme, self, counted(*(SHARE if on else UNSHARE), len(ids)), self._what_follows(on=on),
                self.tr("&Share") if on else self.tr("&Stop sharing"), lambda: self._several.share(now, on),
            )
        )  # several to a line  # fmt: skip

    def _show_box(self) -> None:
        now = self._now
        some = Qt.CheckState.PartiallyChecked if now.open else Qt.CheckState.Checked
        self.box.setTristate(bool(now.shared and now.open))
        self.box.setCheckState(some if now.shared else Qt.CheckState.Unchecked)

    def _sentence(self, now: Several) -> str:
        parts: list[str] = []
        if now.shared:
            parts.append(counted(*SHARED, len(now.shared)))
        elif now.open:
            parts.append(self.tr("None of them is shared with coworkers."))
        if now.theirs:
            parts.append(counted(*THEIRS, now.theirs))
        return " ".join(parts)

    def _what_follows(self, *, on: bool) -> str:
        if not on:
            first = self.tr("They leave your coworkers' lists and disks.")
        elif self._several.view().joined:
            first = self.tr(
                "Every coworker sees their names, organisations, numbers, e-mails, addresses and labels, and what else "
                "you chose to share. Whoever runs the team's database can read it too."
            )
        else:
            first = self.tr("They are kept here until you join a team; then every coworker sees them.")
        return f"{first} {self.tr('You can undo this.')}"


def shared_text(what: Shared) -> str:
    """What became of it."""
    return counted(*(NOW_SHARED if what.on else NOW_PRIVATE), what.count)
