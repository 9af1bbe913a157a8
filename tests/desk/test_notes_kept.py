"""A note that was written while the store could not take it waits in the program, and is told of."""

from __future__ import annotations

from pathlib import Path

from ringdesk.desk.popactions import AGAIN_SECONDS
from ringdesk.desk.popview import Action
from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.status import StoreTrouble
from tests.office import Office

LONDON = "+442079460777"
LONG = "wants an offer " * 2000
"""More than fits into what is left of the file."""


def room(office: Office, pages: int) -> None:
    """How much larger the database may grow, in pages: 0 is a full disk."""
    used = office.store._reader.connection.value("PRAGMA page_count")
    office.store._writer.submit(lambda work: work.connection.run(f"PRAGMA max_page_count = {used + pages}")).result()


def waiting(office: Office) -> bool:
    return office.actions.unsaved


def told(office: Office) -> list[StoreTrouble]:
    return [news.trouble for news in office.news if isinstance(news, StoreTroubled)]


def test_a_note_that_finds_no_room_is_saved_as_soon_as_there_is_some(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    view = office.pop
    room(office, 0)
    office.pops.write(view.id, LONG, writing=False)
    office.actions.act(view.id, Action.CLOSE)
    assert waiting(office)
    office.time.pass_(AGAIN_SECONDS * 10)
    assert waiting(office)
    assert told(office) == [StoreTrouble.FULL]
    room(office, 1000)
    office.time.pass_(AGAIN_SECONDS)
    assert not waiting(office)
    assert [note.text for note in office.store.reads.notes(ana.id)] == [LONG.strip()]
    assert office.store.calls.drafts() == []
    office.close()


def test_a_note_whose_contact_was_deleted_meanwhile_stays_with_the_call(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.person("Ana", LONDON)
    office.ring("1", LONDON)
    view = office.pop
    office.pops.write(view.id, "wants an offer", writing=False)
    office.store.writes.delete([ana.id]).result()
    office.actions.act(view.id, Action.CLOSE)
    assert not waiting(office)
    assert office.store.calls.drafts() == [(view.id, "wants an offer")]
    office.close()
