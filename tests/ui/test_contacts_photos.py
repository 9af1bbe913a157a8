"""Photos in the list: they come after the paint, are decoded with care, and follow what is saved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.rightofway import Cause, RightOfWay
from ringdesk.ui import contacts_photos
from ringdesk.ui.contacts_photos import CALM_MS, RowPhotos
from ringdesk.ui.contacts_view import ContactsView
from ringdesk.ui.theme import AVATAR_ROW, L
from tests.memory_book import person
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MARKER = QColor("#ff00ff")


def picture(color: QColor = MARKER, side: int = 64) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(color)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know only bytes here, Qt wants text
    return bytes(buffer.data().data())


def with_photo(office: Office, name: str, data: bytes) -> Contact:
    digest = office.book.put_photo(data).result()
    return person(office.book, Card(name=Name(given=name), photo=digest))


def shown(office: Office) -> ContactsView:
    office.contacts.search("")
    view = ContactsView(office.theme, office.contacts)
    view.resize(400, 600)
    view.replaced()
    view.show()
    QApplication.processEvents()
    return view


def marked(view: ContactsView, row: int) -> bool:
    """Whether the middle of a row's avatar is the marker picture."""
    place = view.visualRect(view.rows.index(row, 0))
    return view.viewport().grab().toImage().pixelColor(place.left() + L + AVATAR_ROW // 2, place.center().y()) == MARKER


def test_a_photo_stands_where_initials_stood_and_others_keep_theirs(office: Office, qtbot: QtBot) -> None:
    with_photo(office, "Ana", picture())
    office.person("Eva")
    view = shown(office)
    assert not marked(view, 0)
    qtbot.waitUntil(lambda: marked(view, 0))
    assert not marked(view, 1)


def test_painting_looks_nothing_up(office: Office, theme_looks: list[str]) -> None:
    with_photo(office, "Ana", picture())
    view = shown(office)
    for _ in range(5):
        view.viewport().grab()
    assert theme_looks == []


@pytest.fixture
def theme_looks(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which contacts were looked at."""
    looked: list[str] = []
    real = office.contacts.photo

    def photo(id: str) -> bytes | None:
        looked.append(id)
        return real(id)

    monkeypatch.setattr(office.contacts, "photo", photo)
    return looked


def test_each_is_looked_up_once(office: Office, theme_looks: list[str], qtbot: QtBot) -> None:
    people = [with_photo(office, "Ana", picture()), office.person("Eva")]
    view = shown(office)
    qtbot.waitUntil(lambda: len(theme_looks) == 2)
    qtbot.waitUntil(lambda: marked(view, 0))
    qtbot.waitUntil(lambda: not view.photos._timer.isActive())
    assert sorted(theme_looks) == sorted(one.id for one in people)


def test_nothing_is_looked_up_behind_a_hidden_list_and_all_once_it_is_seen_again(
    office: Office, theme_looks: list[str], qtbot: QtBot
) -> None:
    with_photo(office, "Ana", picture())
    view = shown(office)
    assert view.photos._timer.isActive()
    view.hide()
    assert not view.photos._timer.isActive()
    assert theme_looks == []
    view.show()
    qtbot.waitUntil(lambda: marked(view, 0))


@pytest.mark.parametrize("data", [b"", b"GIF89a not taken", picture()[:60], b"\x89PNG\r\n\x1a\n" + bytes(2 << 20)])
def test_a_picture_that_cannot_be_read_leaves_the_initials(
    office: Office, theme_looks: list[str], qtbot: QtBot, data: bytes
) -> None:
    with_photo(office, "Ana", data)
    view = shown(office)
    qtbot.waitUntil(lambda: len(theme_looks) == 1)
    assert not marked(view, 0)


def test_a_photo_that_is_added_or_taken_away_follows(office: Office, qtbot: QtBot) -> None:
    ana = office.person("Ana")
    view = shown(office)
    qtbot.waitUntil(lambda: not view.photos._wanted)
    digest = office.book.put_photo(picture()).result()
    ana = office.book.save(replace(ana, card=replace(ana.card, photo=digest)), read_revision=ana.revision).result()
    office.contacts.contacts_changed(ContactsChanged(frozenset({ana.id})))
    view.changed()
    qtbot.waitUntil(lambda: marked(view, 0))
    office.book.save(replace(ana, card=replace(ana.card, photo="")), read_revision=ana.revision).result()
    office.contacts.contacts_changed(ContactsChanged(frozenset({ana.id})))
    view.changed()
    assert marked(view, 0)
    qtbot.waitUntil(lambda: not marked(view, 0))


def test_whoever_scrolls_on_is_not_held_up(office: Office) -> None:
    photos = RowPhotos(office.theme, office.contacts.photo)
    office.person("Ana")
    office.contacts.search("")
    row = office.contacts.rows.row(0)
    assert row is not None
    assert photos.of(row, 1.0) is None
    assert photos._timer.isActive()
    assert photos._timer.interval() == CALM_MS


def test_only_whose_contact_was_saved_is_looked_for_again(office: Office, theme_looks: list[str], qtbot: QtBot) -> None:
    ana, bea = office.person("Ana"), office.person("Bea")
    view = shown(office)
    qtbot.waitUntil(lambda: sorted(theme_looks) == sorted([ana.id, bea.id]))
    theme_looks.clear()
    view.changed(frozenset({bea.id}))
    view.repaint()
    qtbot.waitUntil(lambda: not view.photos._wanted and not view.photos._timer.isActive())
    assert theme_looks == [bea.id]


def test_a_pop_that_comes_up_is_not_held_up(
    office: Office, theme_looks: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = RightOfWay(30.0)
    monkeypatch.setattr(contacts_photos, "WINDOW", way)
    office.person("Ana")
    view = shown(office)
    way.take(Cause.POP)
    qtbot.wait(2 * CALM_MS)
    assert theme_looks == []
    way.give(Cause.POP)
    qtbot.waitUntil(lambda: len(theme_looks) == 1)
    assert not view.photos._wanted
