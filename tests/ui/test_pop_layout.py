"""Where everything on a pop stands, for every kind of pop and every size of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from ringdesk.desk.popview import PopView
from ringdesk.ui.desktop.screens import NOTE_BOX
from ringdesk.ui.pop_fonts import Face, PopFonts
from ringdesk.ui.pop_layout import BUTTON, HEIGHT, MORE, STRIP, WHY, Plan, Shape, plan
from ringdesk.ui.theme import Theme
from tests.ui.pop_views import NOW, a_call, a_candidate, a_view, all_views, chooser, unknown, withheld

VIEWS = all_views()


@pytest.fixture
def fonts(theme: Theme) -> PopFonts:
    return PopFonts(theme)


@pytest.fixture(params=[1.0, 1.5, 2.0])
def scaled(request: pytest.FixtureRequest, theme: Theme, qapp: QApplication) -> Iterator[PopFonts]:
    font = qapp.font()
    usual, wanted = font.pointSizeF(), font.pointSizeF() * request.param
    base = theme._base
    theme._base = base * request.param
    font.setPointSizeF(wanted)
    yield PopFonts(theme)
    theme._base = base
    font.setPointSizeF(usual)


def laid(view: PopView, fonts: PopFonts, width: int = 0, **shape: bool | int) -> Plan:
    return plan(view, Shape(width or fonts.px(380), **shape), fonts, NOW)  # type: ignore[arg-type]  # given by name, checked when run


def texts(made: Plan) -> list[str]:
    return [line.text for line in made.lines] + [chip.line.text for chip in made.chips]


def test_a_known_caller_fits_the_usual_pop(fonts: PopFonts) -> None:
    made = laid(VIEWS["known"], fonts)
    assert (made.size.width(), made.size.height()) == (380, HEIGHT)


def test_a_note_box_makes_a_pop_as_much_higher_as_is_kept_free_above_the_bar(scaled: PopFonts) -> None:
    without, noting = (laid(VIEWS["known"], scaled, noting=noting).size.height() for noting in (False, True))
    assert noting - without == scaled.px(NOTE_BOX)


def test_a_strip_is_one_low_row(fonts: PopFonts) -> None:
    made = laid(VIEWS["strip"], fonts)
    assert (made.size.height(), made.buttons) == (STRIP, {})


def test_a_strip_unfolds_under_the_mouse(fonts: PopFonts) -> None:
    assert "CLOSE" in laid(VIEWS["strip"], fonts, unfolded=True).buttons


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_stands_outside_or_overlaps(name: str, scaled: PopFonts) -> None:
    for width in (320, scaled.px(380)):
        for shape in ({}, {"explaining": True}, {"noting": True}, {"more": 2}, {"unfolded": True}):
            made = laid(VIEWS[name], scaled, width, **shape)
            whole = QRect(0, 0, made.size.width(), made.size.height())
            rects = [at.rect for at in made.buttons.values()] + ([made.box] if made.box else [])
            assert all(whole.contains(rect) for rect in rects)
            links = {"FORGET_PICK", WHY}
            solid = [at.rect for key, at in made.buttons.items() if key not in links and key not in ("CLOSE", MORE)]
            assert not any(a.intersects(b) for n, a in enumerate(solid) for b in solid[n + 1 :])
            if made.box:
                assert not any(made.box.intersects(rect) for rect in solid)
            for line in made.lines:
                assert line.x + scaled[line.face].advance(line.text) <= width + 1
                assert 0 < line.baseline < made.size.height()


@pytest.mark.parametrize("name", VIEWS)
def test_every_button_is_high_enough_to_hit(name: str, scaled: PopFonts) -> None:
    made = laid(VIEWS[name], scaled)
    assert all(at.rect.height() >= BUTTON and at.rect.width() >= BUTTON - 8 for at in made.buttons.values())


def test_answer_and_decline_stand_apart_from_each_other_and_the_rest(fonts: PopFonts) -> None:
    for name in ("known", "chooser", "withheld"):
        buttons = laid(VIEWS[name], fonts).buttons
        answer, decline = buttons["ANSWER"].rect, buttons["DECLINE"].rect
        others = [at.rect for key, at in buttons.items() if key in ("OPEN", "NOTE", "COPY")]
        assert decline.left() - answer.right() >= 16
        assert all(rect.left() - decline.right() >= 16 for rect in others)


def test_texts_come_in_the_order_of_the_rules(fonts: PopFonts) -> None:
    lines = sorted(laid(VIEWS["known_note"], fonts).lines, key=lambda line: (line.baseline, line.x))
    told = [line.text for line in lines]
    assert told[0] == "Ringing, Sales line"
    assert told[2:6] == [
        "Jane Doe", "Acme Trading Ltd, Head of purchasing", "020 7946 0123  work",
        next(text for text in told if text.startswith("Last: yesterday")),
    ]  # several to a line  # fmt: skip
    assert told[6].startswith("Note: Asked for the new price list")


def test_the_name_is_the_largest_text(fonts: PopFonts) -> None:
    heights = {face: fonts[face].metrics.height() for face in Face}
    assert heights[Face.NAME] == max(heights.values())


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("known", "Private"),
        ("known_vip", "Shared"),
        ("known_coworkers", "Shared by Maria Lopez"),
        ("unknown", "Not in your contacts"),
        ("unknown_says", "caller says"),
        ("withheld", "Number withheld"),
        ("maybe", "maybe"),
        ("chooser", "3 possible. Who is it?"),
        ("talking", "Talking, Sales line"),
        ("held", "On hold, Sales line"),
        ("dialling", "Dialling, Sales line"),
        ("missed", "Missed call, Sales line"),
        ("not_answered", "Not answered here, Sales line"),
        ("elsewhere", "Answered by Maria Lopez"),
        ("note", "Call ended, 4 min, Sales line"),
    ],
)
def test_each_kind_says_what_it_is(name: str, wanted: str, fonts: PopFonts) -> None:
    assert wanted in texts(laid(VIEWS[name], fonts))


def test_kinds_differ_by_icon_not_by_colour_alone(fonts: PopFonts) -> None:
    tones = {laid(VIEWS[name], fonts).tone for name in ("known", "talking", "note", "missed", "elsewhere", "dialling")}
    assert len({tone.icon for tone in tones}) == len(tones) == 6


def test_the_chooser_has_four_rows_and_marks_the_best_guess(fonts: PopFonts) -> None:
    rows = {key: at for key, at in laid(chooser(count=6), fonts).buttons.items() if key.startswith("pick")}
    assert [at.mark for at in rows.values()] == ["best guess", "", "", ""]


def test_a_picked_caller_can_be_unpicked_and_has_no_chooser(fonts: PopFonts) -> None:
    buttons = laid(VIEWS["picked"], fonts).buttons
    assert "FORGET_PICK" in buttons
    assert not any(key.startswith("pick") for key in buttons)


def test_why_this_name_says_number_rule_source_and_field(fonts: PopFonts) -> None:
    told = " ".join(texts(laid(VIEWS["known"], fonts, explaining=True)))
    assert "020 7946 0123 is the same number as 020 7946 0123 (work) in your contacts" in told


def test_nobody_has_no_reason_to_ask_for(fonts: PopFonts) -> None:
    assert WHY not in laid(unknown(), fonts).buttons | laid(withheld(), fonts).buttons
    again = a_view(a_call(), replace(a_candidate(), name="", known=False))
    assert again.unknown
    assert WHY not in laid(again, fonts).buttons


def test_the_top_pop_says_how_many_more(fonts: PopFonts) -> None:
    assert laid(VIEWS["known"], fonts, more=2).buttons[MORE].caption == "+2 more"


def test_the_note_box_takes_the_place_of_its_button(fonts: PopFonts) -> None:
    made = laid(VIEWS["note"], fonts)
    assert made.box is not None
    assert "NOTE" not in made.buttons


def test_long_texts_are_cut(fonts: PopFonts) -> None:
    view = a_view(None, a_candidate(name="W" * 10_000, company="M" * 10_000, title="i" * 10_000), note="n" * 10_000)
    made = laid(view, fonts)
    assert made.size.height() < HEIGHT + 20
    assert all(len(text) < 120 for text in texts(made))


def test_a_long_call_has_room_for_its_timer(fonts: PopFonts) -> None:
    short = laid(VIEWS["talking"], fonts)
    call = replace(VIEWS["talking"].call, answered=NOW - 40_000)
    assert laid(replace(VIEWS["talking"], call=call), fonts).timer.width() > short.timer.width()
