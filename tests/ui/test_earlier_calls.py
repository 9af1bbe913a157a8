"""Calls from before a contact was shared: coworkers see them only where the user says so, in the contact's details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ringdesk.desk.team import TeamDesk
from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.contact import Contact
from ringdesk.domain.numbering import parse
from ringdesk.ui.contacts_details import ContactsDetails
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Opened = Callable[[bool], ContactsDetails]


def called(office: Office, contact: Contact, started: float) -> None:
    """A call with a contact that is over."""
    record = CallRecord(
        id=f"call-{started}",
        source="feed",
        direction=Direction.INCOMING,
        state=CallState.ANSWERED_HERE,
        over=True,
        number=parse("020 7946 0018", "GB"),
        contact=contact.id,
        started=started,
    )
    office.calls.log(record)


@pytest.fixture
def opened(office: Office) -> Opened:
    """The details of a shared contact with calls before and after the tick, in a team or in none."""

    def make(joined: bool) -> ContactsDetails:
        anna = office.person("Anna", "Berg", "020 7946 0018")
        for started in (100.0, 200.0, 900.0):
            called(office, anna, started)
        office.calls.ticked[anna.id] = 500.0
        office.contacts.tick(anna.id, True)
        window = office.open()
        team = TeamDesk(lambda order: None, office.call_writes())
        team.view = replace(team.view, joined=joined)
        window.use_team(team)
        window.pane.open(anna.id)
        return window.pane.details

    return make


def test_earlier_calls_are_shown_to_coworkers_only_once_it_is_ticked(office: Office, opened: Opened) -> None:
    details = opened(True)
    box, [anna] = details.earlier, [*office.calls.ticked]
    assert (box.isVisibleTo(details), box.isChecked()) == (True, False)
    assert box.text() == box.accessibleName() == "Let coworkers see 2 calls from before you shared it too"
    box.click()
    assert office.calls.shown == {anna}
    box.click()
    assert office.calls.shown == set()


def test_who_is_in_no_team_has_no_such_choice(opened: Opened) -> None:
    details = opened(False)
    assert not details.earlier.isVisibleTo(details)


def test_without_an_earlier_call_there_is_nothing_to_choose(office: Office, opened: Opened) -> None:
    details = opened(True)
    office.calls.ticked.clear()
    office.contacts.team_changed()
    assert not details.earlier.isVisibleTo(details)
