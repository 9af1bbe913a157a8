"""Foreign text is plain text everywhere: no markup, no pictures, no bare labels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

import ringdesk.ui
from ringdesk.domain.card import (
    Address,
    Card,
    CustomField,
    Email,
    Name,
    Organization,
    PhoneEntry,
    Relation,
    Url,
)
from ringdesk.ui.contacts_details import ContactsDetails
from ringdesk.ui.contacts_links import mail_link, phone_link, web_link
from ringdesk.ui.soft_breaks import breakable
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_button import Link
from ringdesk.ui.widgets_text import ElidedLabel, PlainLabel
from tests.memory_book import person
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
MARKER = "#ff00fe"


def test_the_plain_label_is_the_only_label() -> None:
    folder = Path(next(iter(ringdesk.ui.__path__)))
    bare = re.compile(
        r"\bQLabel\(|QMessageBox|QTextEdit\(|QTextBrowser|setHtml|RichText|MarkdownText|toolTipRole", re.I
    )
    found = [f"{p.name}: {m[0]}" for p in folder.rglob("*.py") for m in bare.finditer(p.read_text(encoding="utf-8"))]
    assert [hit for hit in found if hit != "widgets_text.py: QLabel("] == []


def hostile(folder: Path) -> list[str]:
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(QColor(MARKER))
    path = folder / "marker.png"
    picture.save(str(path))
    return [
        f'<img src="{path}" width=64 height=64>',
        f'<html><body bgcolor="{MARKER}"><b>bold</b></body></html>',
        "a\u202egnp.exe\u202c \u2066x\u2069",
        "\x00\x01\x07\x1b[31m line\r\nline\u2028line",
        "\u200b\u200d\ufeff&lt;&amp;",
        "W" * 10_000,
        "\ud83d\ude00" * 3,
    ]


def has_marker(picture: QImage) -> bool:
    marker = QColor(MARKER).rgb()
    points = ((x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3))
    return any(picture.pixel(x, y) == marker for x, y in points)


def test_the_marker_is_seen_where_markup_is_drawn(tmp_path: Path, theme: Theme) -> None:
    rich, plain = QLabel(hostile(tmp_path)[0]), PlainLabel(hostile(tmp_path)[0])
    assert has_marker(rich.grab().toImage()), "the control: a bare label draws the picture"
    assert not has_marker(plain.grab().toImage())


def card_of(text: str) -> Card:
    return Card(
        name=Name(given=text, family=text),
        nicknames=(text,),
        phones=(PhoneEntry(text, text),),
        emails=(Email(text, text),),
        organizations=(Organization(text, text, text),),
        addresses=(Address(street=text, city=text, label=text),),
        urls=(Url(text, text),),
        relations=(Relation(text, text),),
        note=text,
        custom=(CustomField(text, text),),
        groups=(text,),
    )


@pytest.mark.parametrize("place", range(7))
def test_hostile_text_is_drawn_as_text(office: Office, tmp_path: Path, place: int) -> None:
    text = hostile(tmp_path)[place]
    if place == 6:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    contact = person(office.book, card_of(text))
    window = office.open()
    window.pane.open(contact.id)
    office.contacts.add_note(text, lambda: None, lambda: None)
    QApplication.processEvents()
    editor = window.editors.open(contact, Card())
    QApplication.processEvents()
    for widget in (window, editor):
        assert not has_marker(widget.grab().toImage())
        for label in widget.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText
            assert not set(label.text()) & set("\x00\x1b\u202e\u2066\u200b\r")
            assert not label.toolTip()
    window.pane.ask_delete()
    QApplication.processEvents()
    editor._leave()


def test_labels_show_markup_as_it_is(office: Office) -> None:
    label, cut = PlainLabel("<b>x</b>"), ElidedLabel("<b>x</b>" * 100)
    cut.resize(100, 20)
    assert label.text() == "<b>x</b>"
    assert cut.text().startswith("<b>x")
    assert cut.whole == "<b>x</b>" * 100


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("www.example.com/a", "https://www.example.com/a"), ("https://example.com", "https://example.com"),
        ("http://example.com", None), ("javascript:alert(1)", None), ("file:///etc/passwd", None),
        ("https://user@example.com", None), ("https://exa mple.com", None), ("data:text/html,x", None), ("", None),
        ("https://[broken", None), ("smb://server/share", None), ("https://example.com/\u202ex", None),
    ],
)  # several to a line  # fmt: skip
def test_only_https_becomes_a_web_link(text: str, link: str | None) -> None:
    assert web_link(text) == link


def test_mail_and_phone_links() -> None:
    assert mail_link("maria@example.com") == "mailto:maria@example.com"
    assert mail_link("a@b.example?bcc=x@y.example") == "mailto:a@b.example%3Fbcc%3Dx@y.example"
    assert mail_link("not an address") is None
    assert phone_link("020 7946 0018", "GB") == "tel:+442079460018"
    assert phone_link("ask at the desk", "GB") is None


URL = "https://docs.example.com/document/d/" + "1AbCdEfGhIj" * 20
ENDLESS = ["W" * 80, "Rindfleischetikettierungsüberwachungsaufgaben", URL, "e\u0301" * 60]


@pytest.mark.parametrize("text", ENDLESS)
def test_an_endless_word_is_broken_where_lines_are_wrapped(text: str, theme: Theme) -> None:
    label = PlainLabel(text, wrap=True)
    assert label.text() == text
    assert label.minimumSizeHint().width() < 60
    assert PlainLabel(text).minimumSizeHint().width() > 200


@pytest.mark.parametrize("text", ["", "Jane Doe", "GB29NWBK60161331926819", "東京都" * 40])
def test_words_that_fit_are_left_alone(text: str) -> None:
    assert breakable(text) == text


def test_what_is_copied_from_a_label_has_no_breaks(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label = PlainLabel(f"See {URL} please", parent=window, wrap=True, selectable=True)
    label.resize(200, 300)
    window.show()
    label.setSelection(0, len(breakable(URL)) + 4)
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == f"See {URL}"
    QApplication.clipboard().clear()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), label.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(label, event)
    [menu] = window.findChildren(QMenu)
    menu.actions()[0].trigger()
    assert QApplication.clipboard().text() == f"See {URL}"
    menu.close()


def heard(label: QLabel) -> str:
    return QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name)


def test_screen_readers_read_a_long_word_without_its_breaks(theme: Theme) -> None:
    label = PlainLabel(f"See {URL} please", wrap=True)
    assert heard(label) == f"See {URL} please"
    for text in ("short", URL, URL.upper(), "", "short"):
        label.setText(text)
        assert heard(label) == text


def test_a_name_given_to_a_label_outlives_its_texts(theme: Theme) -> None:
    label = PlainLabel(URL, wrap=True)
    label.setAccessibleName(f"{URL}, work")
    for text in (URL.upper(), "short"):
        label.setText(text)
        assert heard(label) == f"{URL}, work"


def test_a_long_card_is_never_wider_than_the_details(office: Office) -> None:
    card = Card(
        name=Name(given="W" * 80),
        groups=tuple(f"A group with a long name {n}" for n in range(4)),
        phones=(PhoneEntry("+44 20 7946 0999", "a label that somebody wrote and that is very long indeed"),),
        emails=(Email("a" * 90 + "@example.com", "work"),),
        organizations=(Organization("o" * 200, "t" * 200, "d" * 200),),
        addresses=(Address(street="s" * 200),),
        urls=(Url("https://example.com/" + "x" * 120, "profile"),),
        note=URL,
        custom=(CustomField("k" * 60, "v" * 200),),
    )
    contact = person(office.book, card)
    window = office.open()
    window.resize(window.minimumSize())
    window.set_can_dial(True)
    window.pane.open(contact.id)
    QApplication.processEvents()
    [details] = window.findChildren(ContactsDetails)
    page: QWidget | None = details.widget()
    assert page is not None
    assert page.minimumSizeHint().width() <= details.viewport().width()


def test_a_link_that_has_no_room_is_cut_and_read_out_whole(theme: Theme) -> None:
    short, long = Link(theme, "a&b@example.com", "short"), Link(theme, URL, "long")
    for link in (short, long):
        link.ensurePolished()
        link.resize(min(link.sizeHint().width(), 200), 32)
        link.show()
    assert short.text() == "a&&b@example.com"
    assert long.text().endswith("…")
    assert long.accessibleName() == URL
    for link in (short, long):
        link.close()
