"""The stages of an import, without Qt."""

from __future__ import annotations

from ringdesk.desk.importing import (
    Asking,
    Choosing,
    Failed,
    Finished,
    ImportPresenter,
    ImportResult,
    Looking,
    Preview,
    Stage,
    Taking,
    Unreadable,
)
from ringdesk.domain.dates import DayOrder, order_told
from ringdesk.domain.news import ImportProgress

PREVIEW = Preview(path="a.vcf", cards=3, with_phones=2)


class Plug:
    """An import whose answers a test gives."""

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.started: list[str] = []
        self.orders: list[DayOrder | None] = []
        self.stages: list[Stage] = []
        self.presenter = ImportPresenter(self.looked.append, self._start)
        self.presenter.attach(self.stages.append)

    def _start(self, path: str, order: DayOrder | None) -> None:
        self.started.append(path)
        self.orders.append(order)


def test_nothing_is_kept_before_the_user_agrees() -> None:
    plug = Plug()
    plug.presenter.choose("a.vcf")
    plug.presenter.looked(PREVIEW)
    assert plug.stages == [Choosing(), Looking("a.vcf"), Asking(PREVIEW)]
    assert plug.started == []
    plug.presenter.take()
    plug.presenter.progressed(ImportProgress(2, 0))
    plug.presenter.finished(ImportResult(taken=3))
    assert plug.started == ["a.vcf"]
    assert plug.stages[-2:] == [Taking(PREVIEW, ImportProgress(2, 0)), Finished(ImportResult(taken=3))]


def test_a_file_with_no_card_cannot_be_taken() -> None:
    plug = Plug()
    plug.presenter.choose("a.vcf")
    plug.presenter.looked(Preview(path="a.vcf", cards=0, with_phones=0))
    plug.presenter.take()
    assert plug.started == []


def test_an_unreadable_file_is_told_and_another_can_be_chosen() -> None:
    plug = Plug()
    plug.presenter.choose("a.mp4")
    plug.presenter.failed("a.mp4", Unreadable.UNKNOWN)
    assert plug.stages[-1] == Failed("a.mp4", Unreadable.UNKNOWN)
    plug.presenter.choose("a.vcf")
    assert plug.looked[-1] == "a.vcf"


def test_a_late_preview_of_another_file_is_ignored() -> None:
    plug = Plug()
    plug.presenter.choose("b.vcf")
    plug.presenter.looked(PREVIEW)
    assert plug.stages[-1] == Looking("b.vcf")


def test_a_second_import_waits_for_the_first() -> None:
    plug = Plug()
    plug.presenter.choose("a.vcf")
    plug.presenter.looked(PREVIEW)
    plug.presenter.take()
    plug.presenter.choose("b.vcf")
    plug.presenter.again()
    assert isinstance(plug.stages[-1], Taking)
    assert plug.looked == ["a.vcf"]


def test_dates_with_two_readings_are_asked_for_before_anything_is_taken() -> None:
    plug = Plug()
    plug.presenter.choose("a.csv")
    plug.presenter.looked(Preview(path="a.csv", cards=3, with_phones=2, unclear=2, example="3/4/1980"))
    plug.presenter.take()
    assert plug.started == []
    plug.presenter.read_dates(DayOrder.DAY_FIRST)
    plug.presenter.take()
    assert plug.orders == [DayOrder.DAY_FIRST]


def test_what_other_dates_tell_needs_no_question_but_can_be_put_right() -> None:
    plug = Plug()
    plug.presenter.choose("a.csv")
    plug.presenter.looked(
        Preview(path="a.csv", cards=3, with_phones=2, unclear=2, example="3/4/1980", order=DayOrder.MONTH_FIRST)
    )
    plug.presenter.read_dates(DayOrder.DAY_FIRST)
    plug.presenter.read_dates(DayOrder.MONTH_FIRST)
    plug.presenter.take()
    assert plug.orders == [DayOrder.MONTH_FIRST]


def test_the_order_of_a_file_is_told_only_where_its_dates_agree() -> None:
    day, month = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
    assert order_told([]) is None
    assert order_told([day, None, day]) is day
    assert order_told([day, month]) is None
