"""Settings > Google: every choice is shown, saved with the others, and nothing is lost while a sync goes on."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ringdesk.desk.preferences import Preferences, PreferencesPresenter
from ringdesk.domain.account import Choices
from ringdesk.domain.document import FIELDS
from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Clash, Direction, GoneThere, Policy
from ringdesk.domain.signing import Keeping
from ringdesk.domain.syncing import Phase, RoundDone, SyncDead, SyncProgress, SyncRunning
from ringdesk.ui.connect_status import Deed
from ringdesk.ui.settings_google import GooglePage
from ringdesk.ui.settings_window import SettingsWindow
from ringdesk.ui.theme import Theme
from tests.fakes import FakeTime
from tests.ui.account_fixtures import ID, Google, connected

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OTHER = Choices(
    Policy(
        direction=Direction.FROM,
        clash=Clash.ASK,
        keep_removed=True,
        gone_there=GoneThere.KEEP,
        delete_there=False,
        labels=frozenset({"g1", "g3"}),
        groups=frozenset({"Suppliers", "Old ones"}),
        landing="g3",
        share_label="Family",
        only_with_phones=True,
        unknown_callers=True,
        fields=frozenset(FIELDS) - {"birthday", "photo"},
        private_custom=frozenset({"caller says", "loyalty"}),
    ),
    every=60,
)


def page_of(theme: Theme, google: Google, acts: list[Deed] | None = None) -> GooglePage:
    made = GooglePage(theme, google.desk, FakeTime(), lambda: ["Clients", "Suppliers"], (acts or []).append)
    google.desk.listen(made.refresh)
    made.show()
    return made


def test_every_policy_is_shown_and_given_back(theme: Theme, qtbot: QtBot) -> None:
    untouched = {"view_only"}
    usual = Policy()
    assert {f.name for f in fields(Policy) if getattr(usual, f.name) == getattr(OTHER.policy, f.name)} == untouched
    google = connected(OTHER)
    page = page_of(theme, google)
    assert page.choices == OTHER
    assert not page.changed


@pytest.mark.parametrize("choices", [Choices(), OTHER])
def test_saving_without_a_change_orders_nothing(theme: Theme, qtbot: QtBot, choices: Choices) -> None:
    google = connected(choices)
    page_of(theme, google).saved()
    assert google.orders == []


def window_of(theme: Theme, page: GooglePage, qtbot: QtBot) -> SettingsWindow:
    presenter = PreferencesPresenter(Preferences(region="GB"), lambda _: None, lambda *_: None, lambda _: None)
    window = SettingsWindow(theme, presenter, screens=lambda: ["one"], feed_path="/run/feed")
    window.add_page("Google", "cloud", page)
    qtbot.addWidget(window)
    window.open("settings_google")
    QApplication.processEvents()
    return window


def test_it_is_saved_with_the_other_pages(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    page = page_of(theme, google)
    window = window_of(theme, page, qtbot)
    page.clash.choose(Clash.ASK)
    page.every.choose(None)
    assert google.orders == []
    window.save()
    chosen = replace(Choices(), policy=Policy(clash=Clash.ASK), every=None)
    assert google.ports.orders == [("keep_choices", ID, chosen)]
    assert not window.isVisible()


def test_cancel_forgets_what_was_chosen(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    page = page_of(theme, google)
    window = window_of(theme, page, qtbot)
    page.clash.choose(Clash.ASK)
    window.cancel()
    assert google.orders == []
    assert page.choices == Choices()


def test_what_is_missing_keeps_the_window_open(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    page = page_of(theme, google)
    window = window_of(theme, page, qtbot)
    page.picker.some.setChecked(True)
    window.save()
    assert window.isVisible()
    assert window.told == "Something has to be put right first."
    assert google.orders == [], "no label ticked must not mean all contacts"


def test_a_sync_meanwhile_does_not_take_back_what_is_being_chosen(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    page = page_of(theme, google)
    page.gone.choose(GoneThere.KEEP)
    google.say(SyncRunning(ID), RoundDone(account=ID, at=1.0, counts={"added here": 3}))
    assert page.choices.policy.gone_there is GoneThere.KEEP
    assert "3 added here" in page.account.text.text()


def test_a_sync_that_goes_on_leaves_the_controls_alone(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    page = page_of(theme, google)
    reset: list[int] = []
    page.landing.model().modelReset.connect(lambda: reset.append(1))
    page.landing.model().rowsRemoved.connect(lambda: reset.append(1))
    google.say(SyncRunning(ID), *(SyncProgress(ID, Phase.READING, n, 100) for n in range(20)))
    assert reset == [], "a list that is open would close"
    chosen = replace(Choices(), every=60)
    google.account.choose(chosen)
    assert page.choices == chosen


def test_the_card_offers_what_can_be_done(theme: Theme, qtbot: QtBot) -> None:
    acts: list[Deed] = []
    google = connected(undoable=True, last=RoundDone(account=ID, at=1.0, counts={}))
    made = GooglePage(theme, google.desk, FakeTime(), list, acts.append)
    google.desk.listen(made.refresh)
    qtbot.addWidget(made)
    made.show()
    offered = {deed for deed, button in made.account.buttons.items() if button.isVisible()}
    assert offered == {Deed.SYNC, Deed.LAST, Deed.UNDO, Deed.DISCONNECT}
    google.say(SyncDead(ID, Death.POLICY))
    assert made.account.buttons[Deed.RECONNECT].isVisible()
    assert "administrator" in made.account.trouble.text
    made.account.buttons[Deed.RECONNECT].click()
    assert acts == [Deed.RECONNECT]


def test_without_an_account_it_says_what_to_do(theme: Theme, qtbot: QtBot) -> None:
    google = Google()
    page = page_of(theme, google)
    assert page.account.connect_button.isVisible()
    assert not page.picker.isVisible()
    assert not page.changed
    page.saved()
    assert google.orders == []


def test_without_a_keyring_the_card_says_so(theme: Theme, qtbot: QtBot) -> None:
    google = connected()
    record = google.ports.kept[ID]
    google.ports.kept[ID] = replace(record, kept=replace(record.kept, keeping=Keeping.SESSION))
    page = page_of(theme, Google(google.ports))
    assert "after the next start you sign in again" in page.account.session.text
