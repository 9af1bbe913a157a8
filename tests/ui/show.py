"""Makes pictures of every window, light and dark: `python tests/ui/show.py FOLDER`. For eyes, not for comparison."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_calls import RecentCalls
from ringdesk.desk.contacts_told import Deleted
from ringdesk.desk.importing import (
    ImportPresenter,
    ImportResult,
    Preview,
    RefusedCard,
    Refusing,
    Unreadable,
)
from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Marks, Note
from ringdesk.domain.document import from_document
from ringdesk.domain.news import ImportProgress
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Withheld
from ringdesk.domain.sockets import Show
from ringdesk.ui.contacts_changes import ChangesDialog
from ringdesk.ui.import_dialog import ImportDialog
from ringdesk.ui.main_window import Doors, MainWindow
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Scheme, Theme, Tint
from ringdesk.ui.widgets_ask import Ask
from tests.fakes import CountingIds
from tests.memory_book import MemoryBook, person
from tests.memory_calls import MemoryCalls

NOW = 1_790_000_000.0
FULL = from_document(
    {
        "name": {"prefix": "Dr.", "given": "Maria", "family": "García Molina", "phonetic_given": "ma-REE-a"},
        "nicknames": ["Mari"],
        "phones": [
            {"value": "+34 612 34 56 78", "label": "mobile"},
            {"value": "020 7946 0018", "label": "work"},
            {"value": "204", "label": "extension at the clinic"},
            {"value": "ask at the desk", "label": ""},
        ],
        "emails": [{"value": "maria.garcia@clinica-molina.example", "label": "work"}],
        "organizations": [{"name": "Clínica Molina", "title": "Owner", "department": "Dentistry"}],
        "addresses": [
            {"street": "Calle Mayor 12", "postal_code": "28013", "city": "Madrid", "country": "Spain", "label": "work"}
        ],
        "urls": [{"value": "https://clinica-molina.example", "label": "work"}],
        "birthday": [0, 3, 14],
        "relations": [{"person": "Jorge Molina", "label": "assistant"}],
        "custom": [{"key": "Customer number", "value": "C-20418"}],
        "groups": ["Clients", "Spain"],
        "note": "Prefers calls before ten.\nInvoices go to Jorge.",
    }
)


class Time:
    """A clock that stands still."""

    def now(self) -> float:
        return NOW


class Scene:
    """A window over a book in memory."""

    def __init__(self, theme: Theme, book: MemoryBook, calls: MemoryCalls) -> None:
        self.post = Post()
        self.contacts = ContactsPresenter(book, book, calls, self.post.deliver, Time(), lambda: "GB")
        self.imports = ImportPresenter(lambda path: None, lambda path, order: None)
        doors = Doors(lambda: None, lambda: None, lambda number: None)
        book.send = self.post.send
        recent = RecentCalls(calls, book)
        self.window = MainWindow(theme, self.contacts, lambda: recent, lambda: self.imports, doors, self.post, Time())
        for step in chain(*self.window.finish()):
            step()
        self.window.set_status("Listening to Office phone  ·  saved on this computer", "check", Tint.GOOD)
        self.window.set_can_dial(True)


def demo_book() -> MemoryBook:
    """The practice contacts, and one with everything on it."""
    book = MemoryBook(Time(), CountingIds())
    path = Path(__file__).resolve().parents[2] / "resources" / "demo" / "contacts.json"
    for place, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))["contacts"]):
        fields = {key: value for key, value in entry.items() if key not in ("shared", "vip", "blocked")}
        person(
            book, from_document(fields), shared=bool(entry.get("shared")),
            marks=Marks(bool(entry.get("vip")) or place == 4, bool(entry.get("blocked"))),
        )  # several to a line  # fmt: skip
    maria = person(book, FULL, shared=True, marks=Marks(vip=True))
    photo = book.put_photo(portrait()).result()
    book.contacts[maria.id] = replace(maria, card=replace(maria.card, photo=photo), revision=3)
    person(book, Card(phones=(PhoneEntry("020 7946 0991"),)))
    person(book, Card(phones=(PhoneEntry("+49 30 901820"),)))
    person(book, Card(phones=(PhoneEntry("0161 496 0777"),)), marks=Marks(blocked=True))
    tom = person(book, replace(FULL, name=replace(FULL.name, given="Amara", family="Okafor", prefix=""), photo=""))
    book.contacts[tom.id] = replace(tom, owner=Coworker("rita", "Rita Marsh"))
    book._notes += [
        Note("n1", maria.id, "Asked for the offer for three more chairs.\nSend it by Thursday.", NOW - 1300),
        Note("n2", maria.id, "Happy with the delivery.", NOW - 86400 * 3),
    ]
    book._order = None
    return book


def portrait() -> bytes:
    """A drawn picture that stands for a photo."""
    image = QImage(600, 600, QImage.Format.Format_RGB32)
    ground = QLinearGradient(QPointF(0, 0), QPointF(600, 600))
    ground.setColorAt(0, QColor("#f2c9a1"))
    ground.setColorAt(1, QColor("#7d5a8c"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(image.rect(), ground)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#40283a"))
    painter.drawEllipse(QPointF(300, 250), 150, 170)
    painter.setBrush(QColor("#e9b590"))
    painter.drawEllipse(QPointF(300, 280), 110, 135)
    painter.setBrush(QColor("#27495c"))
    painter.drawEllipse(QPointF(300, 640), 260, 220)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def demo_calls(book: MemoryBook) -> MemoryCalls:
    """A day at the phone."""
    calls = MemoryCalls(book)
    people = [c for c in book.contacts.values() if c.card.phones]
    states = [
        (CallState.ANSWERED_HERE, Direction.INCOMING, 240.0), (CallState.MISSED, Direction.INCOMING, None),
        (CallState.OUTGOING_ANSWERED, Direction.OUTGOING, 65.0),
        (CallState.ANSWERED_ELSEWHERE, Direction.INCOMING, None),
        (CallState.ENDED_UNKNOWN, Direction.INCOMING, None), (CallState.REJECTED, Direction.INCOMING, None),
        (CallState.OUTGOING_BUSY, Direction.OUTGOING, None), (CallState.MISSED, Direction.INCOMING, None),
    ]  # several to a line  # fmt: skip
    maria = next(c for c in people if c.card.name.family == "García Molina")
    for place in range(24):
        who = maria if place in (0, 5, 9, 13, 16, 19, 22) else people[(place * 7) % len(people)]
        state, direction, spoken = states[place % len(states)]
        at = NOW - 1200 - place * 5400
        calls.records.append(
            CallRecord(
                id=f"c{place}", source="demo", direction=direction, state=state, over=True,
                number=parse(who.card.phones[0].value, "GB"), contact=who.id, contact_name=who.card.display_name,
                line="department Sales" if place % 3 else "personal", seen=place > 2,
                answered_by="Rita Marsh" if state is CallState.ANSWERED_ELSEWHERE else "",
                started=at, answered=at + 8 if spoken else None, ended=at + 8 + spoken if spoken else at + 20,
            )
        )  # several to a line  # fmt: skip
    calls.records.append(
        CallRecord(
            id="cw", source="demo", direction=Direction.INCOMING, state=CallState.MISSED, over=True,
            number=Withheld(), seen=False, started=NOW - 100,
        )
    )  # several to a line  # fmt: skip
    return calls


def settle(widget: QWidget) -> None:
    """Let everything that was posted happen."""
    end = time.monotonic() + 0.15
    while time.monotonic() < end:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shoot(folder: Path, scheme: str, theme: Theme) -> None:
    """All pictures of one scheme."""

    def take(name: str, widget: QWidget, prepare: Callable[[], Any] = lambda: None) -> None:
        prepare()
        widget.show()
        settle(widget)
        widget.grab().save(str(folder / f"{name}-{scheme}.png"))

    def callers() -> None:
        scene.contacts.filter(Show(anonymous=True))
        scene.contacts.select(None)

    def recent() -> None:
        window.show_calls()
        pane.calls.list.selectRow(1)

    book = demo_book()
    scene = Scene(theme, book, demo_calls(book))
    window, pane = scene.window, scene.window.pane
    maria = next(c for c in book.contacts.values() if c.card.name.family == "García Molina")
    take("pane", window, lambda: pane.open(maria.id))
    pane.details.verticalScrollBar().setValue(10_000)
    take("pane-below", window)
    pane.details.verticalScrollBar().setValue(0)
    shoot_history(take, scene, maria)
    take("pane-undo", window, lambda: pane.tell(Deleted("Maria García")))
    pane.undo_bar.hide()
    take("search", window, lambda: scene.contacts.search("cl"))
    take("search-none", window, lambda: scene.contacts.search("zebra <b>x"))
    scene.contacts.search("")
    take("callers", window, callers)
    scene.contacts.filter(Show())
    theirs = next(c for c in book.contacts.values() if isinstance(c.owner, Coworker))
    take("coworker", window, lambda: pane.open(theirs.id))
    take("calls", window, recent)
    pane.open(maria.id)
    shoot_delete(take, window)
    shoot_editor(take, scene, book.contacts[maria.id])
    shoot_import(take, theme, window)
    empty = Scene(theme, MemoryBook(Time(), CountingIds()), MemoryCalls(MemoryBook(Time(), CountingIds())))
    take("empty", empty.window)
    for done in (window, empty.window):
        done.allow_close()
        done.close()


def shoot_history(take: Callable[..., None], scene: Scene, maria: Contact) -> None:
    """A contact's past, and the last changes."""
    window, book = scene.window, scene.contacts.writes
    window.show_changes()
    for dialog in window.findChildren(ChangesDialog):
        take("changes-empty", dialog)
    card = replace(maria.card, note="", phones=maria.card.phones[:2], name=replace(maria.card.name, given="Marta"))
    saved = book.save(replace(maria, card=card), read_revision=maria.revision).result()
    book.save(replace(saved, marks=Marks(), shared=False), read_revision=saved.revision)
    book.delete([next(row.id for row in scene.contacts.reads.page(Show(), 0, 3))])
    scene.contacts.undo()
    settle(window)
    window.pane.open(maria.id)
    settle(window)
    window.pane.details.verticalScrollBar().setValue(10_000)
    take("history", window)
    for dialog in window.findChildren(ChangesDialog):
        dialog._recent.refresh()
        take("changes", dialog, lambda recent=dialog._recent: recent.undo(recent.rows[-1]))
        dialog.close()
    scene.contacts.undo()
    settle(window)
    window.pane.details.verticalScrollBar().setValue(0)


def shoot_delete(take: Callable[..., None], window: MainWindow) -> None:
    """The question before a deletion."""
    window.pane.ask_delete()
    settle(window)
    for question in window.findChildren(Ask):
        take("delete", question)
        question.reject()


def shoot_editor(take: Callable[..., None], scene: Scene, maria: Contact) -> None:
    """The editor, new and full, with faults and with a clash."""
    editor = scene.window.editors.open(maria, Card())
    take("editor", editor)
    editor.form.verticalScrollBar().setValue(700)
    take("editor-below", editor)
    editor.form.verticalScrollBar().setValue(10_000)
    take("editor-end", editor)
    editor.form.lists["emails"].rows[0].first.setText("maria at home")
    editor.form.birthday.day.setText("31")
    editor.form.birthday.month.setCurrentIndex(2)
    editor.save()
    take("editor-faults", editor)
    editor.form.lists["emails"].rows[0].first.setText("maria@home.example")
    editor.form.birthday.day.setText("14")
    editor.form.name.first.setText("María")
    theirs = replace(maria, card=replace(maria.card, name=replace(maria.card.name, given="Marta")))
    scene.contacts.writes.save(theirs, read_revision=maria.revision)
    editor.save()
    take("editor-clash", editor)
    editor.close()
    settle(editor)
    for question in editor.findChildren(Ask):
        take("discard", question)
        question.reject()
    editor._leave()
    new = scene.window.editors.open(None, Card(phones=(PhoneEntry("020 7946 0991"),)))
    take("editor-new", new)
    new._leave()


def shoot_import(take: Callable[..., None], theme: Theme, window: QWidget) -> None:
    """The stages of an import."""
    refused = tuple(
        RefusedCard(where, why, detail)
        for where, why, detail in (
            ("card 17, line 203", Refusing.TRUNCATED, "FN:Pat Morris"), ("card 90, line 1042", Refusing.EMPTY, ""),
            ("card 91, line 1050", Refusing.TOO_LARGE, "N:Zimmer;Ute"),
        )
    )  # several to a line  # fmt: skip
    presenter = ImportPresenter(lambda path: None, lambda path, order: None)
    dialog = ImportDialog(theme, presenter, window)
    take("import", dialog)
    presenter.choose("/home/me/contacts.vcf")
    preview = Preview(path="/home/me/contacts.vcf", cards=1412, with_phones=1180, refused=refused, ignored=("X-SKYPE",))
    presenter.looked(preview)
    take("import-preview", dialog)
    presenter.take()
    presenter.progressed(ImportProgress(700, 2))
    take("import-taking", dialog)
    presenter.finished(ImportResult(taken=1386, already=23, refused=refused))
    take("import-done", dialog)
    presenter.again()
    presenter.choose("/home/me/holiday.mp4")
    presenter.failed("/home/me/holiday.mp4", Unreadable.UNKNOWN)
    take("import-failed", dialog)
    dialog.close()


def main() -> int:
    """Make all pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    theme = Theme(app)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.choose(scheme)
        shoot(folder, scheme.value, theme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
