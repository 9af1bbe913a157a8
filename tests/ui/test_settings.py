"""The settings window: what is shown, what is saved, what is refused and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)

from ringdesk.app.preferences import preferences_of, settings_of
from ringdesk.desk.preferences import Fault, Preferences, PreferencesPresenter, Problem, problems
from ringdesk.domain.choices import LineChoice, PhoneChoice, PopChoices
from ringdesk.domain.status import Finding, Health
from ringdesk.settings import Settings
from ringdesk.ui.settings_general import GeneralPage
from ringdesk.ui.settings_lines import LinesPage
from ringdesk.ui.settings_page import Page
from ringdesk.ui.settings_phone import PhonePage
from ringdesk.ui.settings_pop import PopPage
from ringdesk.ui.settings_window import SettingsWindow
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_text import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FULL = Preferences(
    region="GB",
    extension="204",
    default_line="department Office",
    lines=(LineChoice("+44 20 7946 0100", "department Sales"), LineChoice("support", "internal", queue=True)),
    phones=(PhoneChoice("desk", port=4445), PhoneChoice("hall", enabled=False)),
    pop=PopChoices("top left", "DP-1", 0, 20, internal=False, do_not_disturb=True, vips_pass=False),
    keep_calls=0,
)


@dataclass
class App:
    """Keeps what is saved, and answers tests of phones when told to."""

    saved: list[Preferences] = field(default_factory=list)
    fails: str | None = None
    tests: list[tuple[PhoneChoice, Callable[[Finding], None]]] = field(default_factory=list)
    samples: list[PopChoices] = field(default_factory=list)

    def apply(self, chosen: Preferences) -> str | None:
        if self.fails is None:
            self.saved.append(chosen)
        return self.fails

    def presenter(self, kept: Preferences) -> PreferencesPresenter:
        return PreferencesPresenter(
            kept, self.apply, lambda phone, done: self.tests.append((phone, done)), self.samples.append
        )


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def make(theme: Theme, app: App) -> Iterator[Callable[[Preferences], SettingsWindow]]:
    made: list[SettingsWindow] = []

    def build(kept: Preferences) -> SettingsWindow:
        window = SettingsWindow(theme, app.presenter(kept), screens=lambda: ["DP-1", "HDMI-2"], feed_path="/run/x.sock")
        made.append(window)
        window.open()
        return window

    yield build
    for window in made:
        window.close()
        window.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


Make = Callable[[Preferences], SettingsWindow]


def page(window: SettingsWindow, kind: type[Page]) -> Page:
    return window.findChildren(kind)[0]


def test_what_is_kept_comes_back_unchanged(make: Make) -> None:
    assert make(FULL).chosen == FULL
    assert make(Preferences()).chosen == Preferences()


def test_save_applies_and_closes(make: Make, app: App) -> None:
    window = make(FULL)
    general = window.findChildren(GeneralPage)[0]
    general.region.choose("DE")
    window.save_button.click()
    assert app.saved == [replace(FULL, region="DE")]
    assert not window.isVisible()


def test_cancel_and_esc_change_nothing(make: Make, app: App) -> None:
    window = make(FULL)
    lines = window.findChildren(LinesPage)[0]
    for leave in (window.cancel_button.click, lambda: QTest.keyClick(window, Qt.Key.Key_Escape)):
        window.open()
        lines.extension.setText("999")
        leave()
        assert not window.isVisible()
        window.open()
        assert lines.extension.text() == "204"
    assert app.saved == []


def test_a_failed_save_loses_nothing_and_says_why(make: Make, app: App) -> None:
    app.fails = "The disk is full."
    window = make(FULL)
    lines = window.findChildren(LinesPage)[0]
    lines.extension.setText("77")
    window.save_button.click()
    assert (window.isVisible(), window.told, lines.extension.text()) == (True, "The disk is full.", "77")
    app.fails = None
    window.save_button.click()
    assert app.saved == [replace(FULL, extension="77")]


def test_what_is_wrong_is_marked_and_shown(make: Make, app: App) -> None:
    window = make(FULL)
    lines = window.findChildren(LinesPage)[0]
    lines.rows[0].match.setText("")
    window.save_button.click()
    assert app.saved == []
    assert lines.rows[0].wrong == "Fill this in, or remove the row."
    assert lines.rows[0].match.property("wrong")
    assert lines.isVisible()
    lines.rows[0].match.setText("+442079460100")
    window.save_button.click()
    assert lines.rows[0].wrong == ""
    assert len(app.saved) == 1


def test_a_country_is_found_by_name_code_or_letters(make: Make) -> None:
    box = make(FULL).findChildren(GeneralPage)[0].region
    box.setEditText("germany (+49)")
    assert box.region == "DE"
    found = box.completer()
    assert found is not None
    found.setCompletionPrefix("+49")
    assert found.completionCount() >= 1
    box.setEditText("Atlantis")
    assert box.region == "Atlantis"


def test_rows_are_added_and_removed(make: Make) -> None:
    window = make(FULL)
    lines = window.findChildren(LinesPage)[0]
    lines.add.click()
    lines.rows[2].take(LineChoice("+441234567890", "personal"))
    lines.rows[0].removed.emit(lines.rows[0])
    assert window.chosen.lines == (FULL.lines[1], LineChoice("+441234567890", "personal"))


def test_phones_get_free_names(make: Make) -> None:
    window = make(Preferences())
    phones = window.findChildren(PhonePage)[0]
    phones.add.click()
    phones.add.click()
    assert [phone.id for phone in window.chosen.phones] == ["baresip", "baresip 2"]


def test_a_phone_is_tested_as_it_is_typed(make: Make, app: App) -> None:
    row = make(FULL).findChildren(PhonePage)[0].rows[0]
    row.port.setValue(5555)
    row.test.click()
    [(phone, done)] = app.tests
    assert phone == PhoneChoice("desk", port=5555)
    assert not row.test.isEnabled()
    done(Finding("baresip", Health.BAD, "refused", "Start it."))
    assert row.told.text() == "It does not work: refused. Start it."
    assert row.test.isEnabled()


def test_a_test_that_comes_back_late_harms_nothing(make: Make, app: App) -> None:
    phones = make(FULL).findChildren(PhonePage)[0]
    phones.rows[0].test.click()
    phones.rows[0].removed.emit(phones.rows[0])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.tests[0][1](Finding("baresip", Health.GOOD, "answers"))


def test_a_corner_is_chosen_by_a_click_and_tried(make: Make, app: App) -> None:
    window = make(Preferences())
    pop = window.findChildren(PopPage)[0]
    pop.corner.corners["top right"].click()
    pop.show_me.click()
    assert window.chosen.pop.corner == "top right"
    assert app.samples[-1].corner == "top right"


def test_a_screen_that_is_gone_stays_chosen(make: Make) -> None:
    kept = replace(FULL, pop=replace(FULL.pop, screen="gone"))
    assert make(kept).chosen.pop.screen == "gone"


def test_a_change_from_outside_is_shown_unless_the_user_is_changing_things(make: Make) -> None:
    window = make(FULL)
    presenter = window._presenter
    presenter.kept = replace(FULL, extension="1")
    window.refresh()
    assert window.chosen.extension == "1"
    window.findChildren(LinesPage)[0].extension.setText("22")
    presenter.kept = replace(FULL, extension="3")
    window.refresh()
    assert window.chosen.extension == "22"


def test_later_pages_can_be_added(make: Make) -> None:
    window = make(FULL)
    extra = QWidget()
    extra.setObjectName("settings_extra")
    window.add_page("Extra", "lock", extra)
    window.open("settings_extra")
    assert extra.isVisible()


def test_every_control_has_a_name_and_no_label_is_bare(make: Make) -> None:
    window = make(FULL)
    inside = (QAbstractSpinBox, QComboBox)
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QListWidget)
    for control in window.findChildren(QWidget):
        if isinstance(control, kinds) and not isinstance(control.parent(), inside):
            assert control.accessibleName(), control.objectName()
            assert control.objectName()
    assert all(isinstance(label, PlainLabel) for label in window.findChildren(QLabel))


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (Preferences(), []),
        (FULL, []),
        (Preferences(region="XX"), [Problem(Fault.NO_COUNTRY, "region")]),
        (Preferences(extension="12x"), [Problem(Fault.NO_EXTENSION, "extension")]),
        (Preferences(extension="1234567"), [Problem(Fault.NO_EXTENSION, "extension")]),
        (Preferences(default_line="department"), [Problem(Fault.NO_DEPARTMENT, "default_line")]),
        (Preferences(lines=(LineChoice("x", "moon"),)), [
            Problem(Fault.NO_NUMBER, "lines", 0, "match"), Problem(Fault.NO_LINE, "lines", 0, "line"),
        ]),
        (Preferences(region="GB", lines=(
            LineChoice("020 7946 0100", "personal"), LineChoice("+442079460100", "internal"),
         )), [Problem(Fault.TWICE, "lines", 1, "match")]),
        (Preferences(lines=(LineChoice("Sales", "personal", True), LineChoice("sales", "personal", True))),
         [Problem(Fault.TWICE, "lines", 1, "match")]),
        (Preferences(phones=(PhoneChoice("", host=" ", port=0),)), [
            Problem(Fault.EMPTY, "phones", 0, "id"), Problem(Fault.EMPTY, "phones", 0, "host"),
            Problem(Fault.NO_PORT, "phones", 0, "port"),
        ]),
        (Preferences(phones=(PhoneChoice("a"), PhoneChoice("a"))), [Problem(Fault.TWICE, "phones", 1, "id")]),
    ],
)  # several to a line  # fmt: skip
def test_problems_are_found(chosen: Preferences, wanted: list[Problem]) -> None:
    assert list(problems(chosen)) == wanted


def test_what_passes_here_passes_in_the_settings_file() -> None:
    made = settings_of(FULL, Settings())
    assert made.table.extension == "204"
    assert preferences_of(made) == FULL


@pytest.mark.parametrize("place", range(4))
def test_tab_leads_from_the_list_through_the_page_to_cancel_and_save(place: int, make: Make) -> None:
    window = make(FULL)
    window._list.setCurrentRow(place)
    window.open()
    page: QWidget | None = window._stack.currentWidget()
    at: QWidget | None = window._list.nextInFocusChain()
    passed: list[QWidget] = []
    while at is not None and at is not window._list:
        if at.isVisible() and at.isEnabled() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            passed.append(at)
        at = at.nextInFocusChain()
    assert passed[-2:] == [window.cancel_button, window.save_button]
    assert len(passed) > 2
    assert page is not None
    assert all(page.isAncestorOf(widget) for widget in passed[:-2])
