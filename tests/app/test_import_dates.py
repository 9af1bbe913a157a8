"""The order of days and months in a table: told by the file, or asked for; the window and the command line alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringdesk.app.importer import Importer
from ringdesk.cli import main
from ringdesk.desk.importing import Asking, Finished
from ringdesk.domain.card import Birthday
from ringdesk.domain.dates import DayOrder
from ringdesk.domain.sockets import Show
from tests.fakes import deliver
from tests.store.kit import open_store

ONE_WAY = "Name,Birthday\nAna,3/4/1980\nEva,25/12/1970\n"
TWO_WAYS = "Name,Birthday\nAna,3/4/1980\n"


def birthdays(database: Path) -> dict[str, Birthday | None]:
    opened = open_store(database)
    rows = opened.store.reads.page(Show(anonymous=None), 0, 10)
    found = {row.name: contact.card.birthday for row in rows if (contact := opened.store.reads.get(row.id))}
    opened.store.close()
    return found


def table(folder: Path, text: str) -> Path:
    file = folder / "book.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(("text", "asked"), [(ONE_WAY, False), (TWO_WAYS, True)])
def test_the_window_asks_only_where_the_file_does_not_tell(tmp_path: Path, text: str, asked: bool) -> None:
    database = tmp_path / "ringdesk.db"
    opened = open_store(database)
    importer = Importer(opened.store, deliver, opened.news.append)
    importer.presenter.choose(str(table(tmp_path, text)))
    stage = importer.presenter.stage
    assert isinstance(stage, Asking)
    assert stage.preview.asks == asked
    assert stage.preview.example == "3/4/1980"
    if asked:
        importer.presenter.read_dates(DayOrder.DAY_FIRST)
    importer.presenter.take()
    assert isinstance(importer.presenter.stage, Finished)
    importer.stop()
    opened.store.close()
    assert birthdays(database)["Ana"] == Birthday(4, 3, 1980)


@pytest.mark.parametrize(
    ("text", "more", "day"),
    [
        (ONE_WAY, [], Birthday(4, 3, 1980)),
        (ONE_WAY, ["--dates", "month-first"], Birthday(3, 4, 1980)),
        (TWO_WAYS, ["--dates", "day-first"], Birthday(4, 3, 1980)),
        (TWO_WAYS, ["--dates", "month-first"], Birthday(3, 4, 1980)),
    ],
)
def test_the_command_line_reads_as_the_file_tells_or_the_user_says(
    tmp_path: Path, text: str, more: list[str], day: Birthday
) -> None:
    assert main(["import", str(table(tmp_path, text)), "--data", str(tmp_path / "data"), *more]) == 0
    assert birthdays(tmp_path / "data" / "ringdesk.db")["Ana"] == day


def test_the_command_line_says_what_to_do_where_nobody_can_tell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(table(tmp_path, TWO_WAYS)), "--data", str(tmp_path / "data")]) == 2
    said = capsys.readouterr().err
    assert "1 dates such as 3/4/1980 can be read in two ways" in said
    assert "--dates day-first or --dates month-first" in said
    assert "nothing was changed" in said
    assert not (tmp_path / "data" / "ringdesk.db").exists()
