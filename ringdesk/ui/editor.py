"""The editor: a window of its own, where nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ringdesk.desk.editor import form_of
from ringdesk.desk.editor_save import Clashed, Editing, Faulty, NotSaved, Outcome, Saved, Vanished
from ringdesk.domain.contact import Coworker
from ringdesk.domain.document import to_document
from ringdesk.ui.contacts_history import field_name, value_text
from ringdesk.ui.desktop.windows import fit
from ringdesk.ui.editor_form import EditorForm, fault_text
from ringdesk.ui.theme import XL, L, M, S, Theme, restyle
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import owner, shown, trouble


class Editor(QWidget):
    """Edits one contact, or a new one. Save keeps the whole card or nothing; closing asks only if something changed."""

    saved = Signal(object)
    """The contact as it was saved."""
    gone = Signal(object)
    """This editor is closed."""

    def __init__(
        self, theme: Theme, editing: Editing, region: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._theme, self.editing = theme, editing
        self._may_close = False
        self.setObjectName("editor")
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(560, 480)
        fit(self, 700, 800)
        self.form = EditorForm(theme, region())
        self._banner = Frame("banner", name="editor_banner")
        self._said = PlainLabel("", wrap=True)
        self.mine = Button(theme, self.tr("Save &mine"), "keep_mine")
        self.theirs = Button(theme, self.tr("Take &theirs"), "take_theirs")
        self.save_button = Button(theme, self.tr("&Save"), "save_contact", role="primary", icon="check")
        self.cancel = Button(theme, self.tr("Cancel"), "cancel_editor")
        self._clash: Clashed | None = None
        self._lay_out()
        self._connect()
        self._fill()

    def _lay_out(self) -> None:
        layout = column(self, gap=0)
        inside = column(self._banner, margins=(L, M, L, M), gap=S)
        inside.addWidget(self._said)
        choices = row(gap=S)
        choices.addWidget(self.theirs)
        choices.addWidget(self.mine)
        choices.addStretch(1)
        inside.addLayout(choices)
        self._top = Frame("pane")
        column(self._top, margins=(XL, L, XL, 0)).addWidget(self._banner)
        layout.addWidget(self._top)
        layout.addWidget(self.form, 1)
        bar = Frame("bar")
        foot = row(bar, margins=(XL, M, XL, M), gap=S)
        self._state = PlainLabel("", Role.SMALL)
        foot.addWidget(self._state, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save_button)
        layout.addWidget(bar)
        self._top.hide()

    def _connect(self) -> None:
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.close)
        self.mine.clicked.connect(self._save_mine)
        self.theirs.clicked.connect(self._take_theirs)
        self.form.changed.connect(self._show_state)
        for keys in ("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)

    def _fill(self) -> None:
        first = self.editing.first
        photo = self.editing.reads.photo(first.photo) if first.photo else None
        self.form.fill(first, self.editing.reads.groups(), photo)
        contact = self.editing.contact
        self.form.share.setVisible(self.editing.may_share)
        if contact is not None and isinstance(contact.owner, Coworker):
            self.form.share_line.setText(self.tr("{0} shares this contact with you.").format(owner(contact.owner)))
        name = "" if contact is None else shown(contact.card.display_name, 60)
        title = self.tr("Edit {0}").format(name) if name else self.tr("New contact")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.form.name.first.setFocus()
        self._show_state()

    @property
    def changed(self) -> bool:
        """True when closing now would lose something."""
        return self.editing.changed(self.form.value())

    @Slot()
    def save(self) -> None:
        """Save everything, or say why nothing was saved."""
        if self.editing.busy:
            return
        if not self.changed and not self.editing.new:
            self._leave()
            return
        form = self.form.value()
        photo = self.form.photo.chosen
        self.save_button.setEnabled(False)
        self.editing.save(replace(form, photo="") if photo is not None else form, photo, self._settled)

    def _settled(self, outcome: Outcome) -> None:
        self.save_button.setEnabled(True)
        match outcome:
            case Saved(contact):
                self.saved.emit(contact)
                self._leave()
            case Faulty(faults):
                self.form.mark(faults)
                self._tell(fault_text(faults[0]), "bad")
            case Clashed():
                self._explain(outcome)
            case Vanished():
                self.editing.keep_as_new()
                text = self.tr("This contact was deleted meanwhile. Save keeps what you typed as a new contact.")
                self._tell(text, "warn")
            case NotSaved(why, path):
                self._tell(trouble(why, path) + " " + self.tr("What you typed is still here."), "bad")

    def _tell(self, text: str, kind: str, *, choice: bool = False) -> None:
        self._said.setText(text)
        restyle(self._banner, "kind", kind)
        for part in (self._said, self.mine, self.theirs):
            part.style().unpolish(part)
            part.style().polish(part)
        self.mine.setVisible(choice)
        self.theirs.setVisible(choice)
        self._top.show()

    def _explain(self, clash: Clashed) -> None:
        """Show the other's version of what both changed."""
        self._clash = clash
        document = to_document(clash.theirs.card)
        lines = [self.tr("Somebody saved this contact meanwhile. Nothing of yours is lost. The other version has:")]
        for field in clash.fields:
            value = "" if field == "photo" else value_text(json.dumps(document.get(field)), 160)
            lines.append(f"{field_name(field)}: {value or self.tr('nothing')}")
        self._tell("\n".join(lines), "warn", choice=True)

    @Slot()
    def _save_mine(self) -> None:
        if self._clash is not None:
            self.editing.overwrite(self._clash.theirs)
            self._top.hide()
            self.save()

    @Slot()
    def _take_theirs(self) -> None:
        """Take the other's version of the fields both changed; what else was typed stays."""
        if self._clash is None:
            return
        theirs = form_of(self._clash.theirs.card)
        form = replace(self.form.value(), **{field: getattr(theirs, field) for field in self._clash.fields})
        photo = self.editing.reads.photo(form.photo) if form.photo else None
        self.editing.overwrite(self._clash.theirs)
        self.form.fill(form, self.editing.reads.groups(), photo)
        self._clash = None
        self._top.hide()

    @Slot()
    def _show_state(self) -> None:
        self._state.setText(self.tr("Not saved yet") if self.changed else "")

    def _leave(self) -> None:
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before something that was typed is thrown away."""
        if self._may_close or not self.changed:
            super().closeEvent(event)
            self.gone.emit(self)
            return
        event.ignore()
        ask(
            Ask(
                self._theme, self, self.tr("Save your changes?"), self.tr("What you typed is not saved yet."),
                self.tr("&Save"), self.save, no_text=self.tr("&Go on editing"),
                third_text=self.tr("&Discard"), third=self._leave,
            )
        )  # several to a line  # fmt: skip
