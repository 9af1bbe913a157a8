"""The editor window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ringdesk.desk.editor import card_of, form_of
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact
from ringdesk.domain.status import StoreTrouble
from ringdesk.ui.editor import Editor
from ringdesk.ui.editor_form import EditorForm
from ringdesk.ui.widgets_ask import Ask
from ringdesk.ui.widgets_photo import PHOTO_BYTES, PhotoTrouble, read_photo
from tests.desk.test_editor import cards
from tests.ui.desk_fixtures import Office
from tests.ui.show import FULL

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def edit(office: Office, contact: Contact | None, start: Card | None = None) -> Editor:
    editor = office.open().editors.open(contact, start or Card())
    QApplication.processEvents()
    return editor


def asked(editor: Editor) -> Ask:
    [found] = [ask for ask in editor.findChildren(Ask) if ask.isVisible()]
    return found


def said(editor: Editor) -> str:
    return editor._said.text() if editor._top.isVisible() else ""


@pytest.fixture
def anna(office: Office) -> Contact:
    return office.person("Anna", "Berg", "020 7946 0018", "Acme")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(card=cards)
def test_any_card_comes_back_from_the_form(office: Office, card: Card) -> None:
    form = EditorForm(office.theme, "GB")
    form.fill(form_of(card), (), None)
    assert card_of(form.value(), card) == card
    form.deleteLater()


def test_a_full_card_comes_back_and_shows_everything(office: Office) -> None:
    form = EditorForm(office.theme, "GB")
    form.fill(form_of(FULL), ("Clients", "Suppliers"), None)
    assert card_of(form.value(), FULL) == FULL
    assert not form.name._edits["prefix"].isHidden(), "parts in use stand open"
    under = [label.text() for label in form.lists["phones"].findChildren(QLabel) if label.text()]
    assert under == [
        "+34 612 34 56 78, Spain", "+44 20 7946 0018, United Kingdom", "204: up to six digits, an extension",
        "This cannot be read as a number; it is kept as typed.",
    ]  # several to a line  # fmt: skip


def test_ctrl_s_saves_and_shows_the_contact(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.form.name.first.setText("Anne")
    with qtbot.waitSignal(editor.saved):
        QTest.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert office.book.contacts[anna.id].card == replace(anna.card, name=Name(given="Anne", family="Berg"))
    assert office.contacts.selected == anna.id
    assert not editor.isVisible()


def test_a_new_contact_begins_with_what_is_known_and_all_of_it_is_saved(office: Office, qtbot: QtBot) -> None:
    editor = edit(office, None, Card(name=Name(given="Zoe")))
    editor.form.lists["phones"].rows[0].first.setText("0161 496 0777")
    editor.form.groups.new.setText("Clients")
    editor.form.groups._add_new()
    editor.form.share.setChecked(True)
    with qtbot.waitSignal(editor.saved):
        editor.save()
    [zoe] = office.book.contacts.values()
    assert (zoe.card.name.given, zoe.card.phones[0].value, zoe.card.groups, zoe.shared) == (
        "Zoe", "0161 496 0777", ("Clients",), True,
    )  # several to a line  # fmt: skip


def test_bad_fields_are_marked_in_place_and_nothing_is_saved(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    mail = editor.form.lists["emails"].rows[0]
    mail.first.setText("anna at home")
    editor.form.birthday.day.setText("31")
    editor.form.birthday.month.setCurrentIndex(2)
    editor.save()
    assert mail._under.text() == "An e-mail address looks like maria@example.com."
    assert mail.first.property("wrong") is True
    assert editor.form.birthday._under.text() == "This month has no such day."
    assert office.book.saves == 0
    mail.first.setText("anna@home.example")
    assert mail.first.property("wrong") is False
    editor._leave()


def test_closing_asks_only_when_something_changed(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.close()
    assert not editor.isVisible()
    again = edit(office, anna)
    again.form.name.first.setText("Anne")
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert again.isVisible()
    question = asked(again)
    question.reject()
    assert again.form.name.first.text() == "Anne"
    again.close()
    [discard] = [b for b in asked(again).findChildren(type(question.yes)) if b.objectName() == "question_third"]
    discard.click()
    assert not again.isVisible()
    assert office.book.contacts[anna.id].card == anna.card


def test_typing_survives_a_change_of_the_same_contact(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.form.note.setPlainText("typed for an hour")
    office.book.save(replace(anna, card=replace(anna.card, name=Name(given="Hanna"))), read_revision=anna.revision)
    qtbot.wait(80)
    assert editor.form.note.toPlainText() == "typed for an hour"
    with qtbot.waitSignal(editor.saved):
        editor.save()
    card = office.book.contacts[anna.id].card
    assert (card.name.given, card.note) == ("Hanna", "typed for an hour"), "both edits are kept"


def test_a_clash_shows_the_others_version_and_mine_can_stand(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.form.name.first.setText("Anne")
    office.book.save(replace(anna, card=replace(anna.card, name=Name(given="Hanna"))), read_revision=anna.revision)
    editor.save()
    qtbot.waitUntil(lambda: "Name: Hanna" in said(editor))
    assert editor.form.name.first.text() == "Anne"
    with qtbot.waitSignal(editor.saved):
        editor.mine.click()
    assert office.book.contacts[anna.id].card.name == Name(given="Anne", family="Berg")


def test_a_clash_can_take_the_others_version(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.form.name.first.setText("Anne")
    editor.form.note.setPlainText("mine")
    office.book.save(replace(anna, card=replace(anna.card, name=Name(given="Hanna"))), read_revision=anna.revision)
    editor.save()
    qtbot.waitUntil(lambda: bool(said(editor)))
    editor.theirs.click()
    assert (editor.form.name.first.text(), editor.form.note.toPlainText()) == ("Hanna", "mine")
    with qtbot.waitSignal(editor.saved):
        editor.save()
    assert office.book.contacts[anna.id].card.note == "mine"


def test_trouble_keeps_the_text_and_says_so(office: Office, anna: Contact, qtbot: QtBot) -> None:
    editor = edit(office, anna)
    editor.form.note.setPlainText("new")
    office.book.trouble = StoreTrouble.READ_ONLY
    editor.save()
    qtbot.waitUntil(lambda: "What you typed is still here." in said(editor))
    assert editor.form.note.toPlainText() == "new"
    editor._leave()


def test_one_editor_a_contact(office: Office, anna: Contact) -> None:
    window = office.open()
    assert window.editors.open(anna, Card()) is window.editors.open(anna, Card())


def picture(path: Path, side: int) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.save(str(path))
    return path.read_bytes()


def test_a_photo_is_chosen_shown_and_saved(office: Office, anna: Contact, tmp_path: Path, qtbot: QtBot) -> None:
    data = picture(tmp_path / "a.png", 300)
    editor = edit(office, anna)
    editor.form.photo.choose(str(tmp_path / "a.png"))
    assert editor.form.photo.avatar.has_photo
    with qtbot.waitSignal(editor.saved):
        editor.save()
    assert office.book.photo(office.book.contacts[anna.id].card.photo) == data


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_the_usual_kinds_are_read(tmp_path: Path, kind: str) -> None:
    found = read_photo(picture(tmp_path / f"a.{kind}", 900))
    assert isinstance(found, QImage)
    assert found.width() == 512


def test_dangerous_pictures_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    good = picture(tmp_path / "a.png", 10)
    huge = good[:16] + (60_000).to_bytes(4, "big") * 2 + good[24:]
    assert read_photo(huge) in (PhotoTrouble.TOO_LARGE, PhotoTrouble.BROKEN)
    assert read_photo(picture(tmp_path / "b.png", 2001)) is PhotoTrouble.TOO_LARGE
    assert read_photo(good + bytes(PHOTO_BYTES)) is PhotoTrouble.TOO_MANY_BYTES
    assert read_photo(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is PhotoTrouble.UNKNOWN_KIND
    assert read_photo(b"\x89PNG\r\n\x1a\n broken") is PhotoTrouble.BROKEN
    assert read_photo(picture(tmp_path / "c.bmp", 10)) is PhotoTrouble.UNKNOWN_KIND


def test_a_bad_picture_says_what_to_do(office: Office, anna: Contact, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no picture")
    editor = edit(office, anna)
    editor.form.photo.choose(str(tmp_path / "a.txt"))
    assert editor.form.photo._under.text() == "Only PNG, JPEG and WebP pictures can be used."
    assert not editor.changed
