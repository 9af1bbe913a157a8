"""Where everything on a pop stands: a pure function from what it shows to rectangles and texts that fit them.

|#| o  Ringing, Sales line         Private   0:07   x |   header
|#| ( )  Jane Doe                                     |
|#| (JD) Acme Ltd, Purchasing                         |
|#| ( )  020 7946 0123 work  maybe    Why this name?  |
|#|      Last: yesterday 14:05, you spoke 4 min       |
|#| [Answer]     [Decline]          Open  Note  Copy  |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QSize

from ringdesk.desk.popview import Action, Certainty, Phase, PopView
from ringdesk.domain.call import CallState
from ringdesk.domain.values import dataclass
from ringdesk.ui import pop_words as words
from ringdesk.ui.pop_fonts import Face, PopFonts
from ringdesk.ui.pop_words import say
from ringdesk.ui.words import why

HEIGHT: Final = 132
STRIP: Final = 44
BUTTON: Final = 32
BAR: Final = 4
PAD: Final = 12
AVATAR: Final = 56
AVATAR_STRIP: Final = 28
ROWS: Final = 4
"""Rows of the chooser at most."""

WHY, MORE, PICK = "why", "more", "pick"
"""Names of the buttons that are no action; rows of the chooser are PICK with their place."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides the layout besides the view: how wide, what is unfolded, how many pops are not shown."""

    width: int
    noting: bool = False
    explaining: bool = False
    unfolded: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One painted text: left end of its baseline, and the colour by name."""

    text: str
    face: Face
    x: int
    baseline: int
    color: str = "ink"


@dataclass(frozen=True, slots=True)
class Chip:
    """A small mark on a ground of its own."""

    line: Line
    rect: QRect
    ground: str


@dataclass(frozen=True, slots=True)
class ButtonAt:
    """A button's place; `icon_only` where there is no room for its text. `caption` and `detail` are a row's texts."""

    rect: QRect
    icon_only: bool = False
    caption: str = ""
    detail: str = ""
    mark: str = ""
    middle: int = 0
    """The line a chip is painted on, from the button's top."""


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours and the icon of a kind of pop: never colour alone."""

    ink: str
    ground: str
    icon: str


@dataclass(slots=True)
class Plan:
    """The whole pop."""

    size: QSize
    tone: Tone
    header: int
    """Height of the band on top; the whole height for a strip."""
    avatar: QRect = field(default_factory=QRect)
    icon: QRect = field(default_factory=QRect)
    timer: QRect = field(default_factory=QRect)
    timer_text: str = ""
    lines: list[Line] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    buttons: dict[str, ButtonAt] = field(default_factory=dict)
    box: QRect | None = None


_TONES: Final = {
    Phase.RINGING: Tone("accent", "tint", "ringing"),
    Phase.TALKING: Tone("good", "good_tint", "phone"),
    Phase.STRIP: Tone("good", "good_tint", "phone"),
    Phase.NOTE: Tone("soft", "raised", "call-ended"),
    Phase.MISSED: Tone("bad", "bad_tint", "call-missed"),
    Phase.ELSEWHERE: Tone("soft", "raised", "call-elsewhere"),
}
_HELD: Final = Tone("warn", "warn_tint", "phone")
_OUT: Final = Tone("accent", "tint", "call-out")


def tone(view: PopView) -> Tone:
    """The kind of this pop."""
    if view.call.held and not view.call.over:
        return _HELD
    if view.call.state in (CallState.DIALING, CallState.REMOTE_RINGING):
        return _OUT
    return _TONES[view.phase]


def plan(view: PopView, shape: Shape, fonts: PopFonts, now: float) -> Plan:
    """Lay a pop out."""
    if view.phase is Phase.STRIP and not (shape.unfolded or shape.noting):
        return _strip(view, shape, fonts, now)
    return _Card(view, shape, fonts, now).made()


def _strip(view: PopView, shape: Shape, fonts: PopFonts, now: float) -> Plan:
    height, px = fonts.px(STRIP), fonts.px
    made = Plan(QSize(shape.width, height), tone(view), height)
    side = px(AVATAR_STRIP)
    made.avatar = QRect(px(BAR + PAD), (height - side) // 2, side, side)
    made.icon = QRect(made.avatar.right() + px(10), (height - px(16)) // 2, px(16), px(16))
    right = shape.width - px(PAD)
    right = _timer(made, right, (height - fonts[Face.STATE].pitch) // 2, fonts, words.timer(view.call, now))
    right = _more(made, shape, right, height // 2, fonts)
    left = made.icon.right() + px(8)
    name, line = fonts[Face.BUTTON], fonts[Face.LINE]
    top = (height - name.pitch - line.pitch) // 2
    made.lines.append(Line(name.elided(words.headline(view), right - left), Face.BUTTON, left, top + name.drop))
    made.lines.append(
        Line(line.elided(words.state(view), right - left), Face.LINE, left, top + name.pitch + line.drop, made.tone.ink)
    )
    return made


def _timer(made: Plan, right: int, top: int, fonts: PopFonts, text: str) -> int:
    """Room for the running timer; gives where the room to its left ends."""
    face = fonts[Face.STATE]
    if not text:
        return right
    made.timer_text = text
    width = round(face.advance("0" * max(len(text) - 1, 4) + ":")) + 2
    made.timer = QRect(right - width, top, width, face.pitch)
    return right - width - fonts.px(8)


def _more(made: Plan, shape: Shape, right: int, middle: int, fonts: PopFonts) -> int:
    if not shape.more:
        return right
    width = round(fonts[Face.BUTTON].advance(words.more(shape.more))) + fonts.px(16)
    height = fonts.px(BUTTON)
    top = max(0, middle - height // 2)
    made.buttons[MORE] = ButtonAt(
        QRect(right - width, top, width, height), caption=words.more(shape.more), middle=middle - top
    )
    return right - width - fonts.px(8)


class _Card:
    """Builds the plan of a full pop from top to bottom."""

    def __init__(self, view: PopView, shape: Shape, fonts: PopFonts, now: float) -> None:
        self.view, self.shape, self.fonts, self.now = view, shape, fonts, now
        self.px = fonts.px
        self.left = fonts.px(BAR + PAD + AVATAR + PAD)
        self.right = shape.width - fonts.px(PAD)
        self.plan = Plan(QSize(shape.width, 0), tone(view), fonts.px(24))
        self.y = 0

    def made(self) -> Plan:
        """The plan."""
        self._header()
        self._texts()
        if self.shape.explaining and self.view.why is not None:
            self._explain()
        if self.view.choices and not self.view.picked:
            self._chooser()
        if self.shape.noting or self.view.phase is Phase.NOTE:
            self._box()
        self._actions()
        return self.plan

    def _header(self) -> None:
        made, px, state = self.plan, self.px, self.fonts[Face.STATE]
        top = (made.header - state.pitch) // 2
        side = px(16)
        made.icon = QRect(px(BAR + PAD), (made.header - side) // 2, side, side)
        close = px(BUTTON)
        made.buttons[Action.CLOSE.name] = ButtonAt(QRect(self.shape.width - close, 0, close, close), icon_only=True)
        right = self.shape.width - close - px(2)
        right = _more(made, self.shape, right, made.header // 2, self.fonts)
        right = _timer(made, right, top, self.fonts, words.timer(self.view.call, self.now))
        left = made.icon.right() + px(7)
        room = right - left
        told, shared = words.state(self.view), words.sharing(self.view)
        if shared:
            right = self._sharing(shared, right, room - min(state.advance(told), room * 0.58), top)
        made.lines.append(Line(state.elided(told, right - left), Face.STATE, left, top + state.drop, made.tone.ink))

    def _sharing(self, text: str, right: int, room: float, top: int) -> int:
        face = self.fonts[Face.LINE]
        text = face.elided(text, room - self.px(12))
        left = right - round(face.advance(text))
        self.plan.lines.append(Line(text, Face.LINE, left, top + face.drop, "soft"))
        return left - self.px(10)

    def _texts(self) -> None:
        px, fonts, view = self.px, self.fonts, self.view
        rows = [words.company(view), words.number(view), words.before(view, self.now), words.note(view)]
        name, line = fonts[Face.NAME], fonts[Face.LINE]
        marked = bool(words.certainty(view)) or view.why is not None
        count = sum(1 for row in rows if row) + (not rows[1] and marked)
        used = name.pitch + count * line.pitch
        least = px(HEIGHT) - self.plan.header - px(BUTTON) - px(9)
        top = self.plan.header + px(1) + max(0, least - used) // 2
        self._avatar(top, used)
        self.y = top
        self._write(words.headline(view), Face.NAME)
        self._write(rows[0], Face.LINE, "soft")
        if rows[1] or marked:
            self._number(rows[1])
        self._write(rows[2], Face.LINE, "soft")
        self._write(rows[3], Face.LINE)
        self.y = max(self.y, self.plan.header + px(1) + least)

    def _avatar(self, top: int, used: int) -> None:
        side = self.px(AVATAR)
        free = max(used, self.px(HEIGHT - 24 - BUTTON - 9)) - side
        self.plan.avatar = QRect(self.px(BAR + PAD), self.plan.header + self.px(2) + max(0, free // 2), side, side)

    def _write(self, text: str, face: Face, color: str = "ink") -> None:
        if text:
            measured = self.fonts[face]
            self.plan.lines.append(
                Line(measured.elided(text, self.right - self.left), face, self.left, self.y + measured.drop, color)
            )
            self.y += measured.pitch

    def _number(self, text: str) -> None:
        """Number and label, what kind of name it is, and the way to the reason."""
        line, px = self.fonts[Face.LINE], self.px
        chip = words.certainty(self.view)
        chip_width = round(line.advance(chip)) + px(14) if chip else 0
        need = line.at_most(text) + (chip_width + px(8) if chip else 0)
        right = self._links(need) if self.view.why is not None else self.right
        room = right - self.left - (chip_width + px(8) if chip else 0)
        text = line.elided(text, room)
        x = self.left
        if text:
            self.plan.lines.append(Line(text, Face.LINE, x, self.y + line.drop))
        if chip:
            x += round(line.advance(text)) + px(8) if text else 0
            rect = QRect(x, self.y, chip_width, line.pitch)
            sure = self.view.certainty is Certainty.CALLER_SAYS
            ink, ground = ("soft", "raised") if sure else ("warn", "warn_tint")
            self.plan.chips.append(Chip(Line(chip, Face.LINE, x + px(7), self.y + line.drop, ink), rect, ground))
        self.y += line.pitch

    def _links(self, need: float) -> int:
        """The small buttons at the right end of the number's line; each is as high as any other button."""
        face, right = self.fonts[Face.LINE], self.right
        height = self.px(BUTTON)
        captions = [(WHY, say(words.WHY))]
        if self.view.picked:
            captions.append((Action.FORGET_PICK.name, say(words.ACTIONS[Action.FORGET_PICK][0])))
        if need + sum(face.advance(caption) + self.px(16) for _, caption in captions) > right - self.left:
            captions[0] = (WHY, say(words.WHY_SHORT))
        for key, caption in captions:
            width = round(face.advance(caption)) + self.px(8)
            top = self.y + face.pitch // 2 - height // 2
            at = right - width, top, width, height
            self.plan.buttons[key] = self.fonts.kept((caption, at), partial(_captioned, caption, *at))
            right -= width + self.px(4)
        return right

    def _explain(self) -> None:
        assert self.view.why is not None
        line = self.fonts[Face.LINE]
        self.y += self.px(4)
        for text in _wrapped(why(self.view.why), self.right - self.px(BAR + PAD), self.fonts):
            self.plan.lines.append(Line(text, Face.LINE, self.px(BAR + PAD), self.y + line.drop, "accent"))
            self.y += line.pitch
        self.y += self.px(4)

    def _chooser(self) -> None:
        line, px = self.fonts[Face.LINE], self.px
        left, height = px(BAR + PAD), max(px(34), 2 * line.pitch + px(4))
        self.y += px(4)
        told = self.fonts[Face.STATE].elided(words.choose(self.view), self.right - left)
        self.plan.lines.append(Line(told, Face.STATE, left, self.y + line.drop, "warn"))
        self.y += line.pitch + px(3)
        for place, choice in enumerate(self.view.choices[:ROWS]):
            best = words.best_guess() if place == 0 and len(self.view.choices) > 1 else ""
            rect = QRect(left, self.y, self.right - left, height)
            self.plan.buttons[f"{PICK}{place}"] = ButtonAt(rect, caption=choice.name, detail=choice.company, mark=best)
            self.y += height + px(2)
        self.y += px(4)

    def _box(self) -> None:
        left = self.px(BAR + PAD)
        height = self.px(68)
        self.plan.box = QRect(left, self.y + self.px(2), self.right - left, height)
        self.y += height + self.px(4)

    def _actions(self) -> None:
        """The row of actions: it is laid out once for all pops that have it at the same height."""
        offered = tuple(action for action in self.view.actions if action is not Action.CLOSE)
        if self.plan.box is not None:
            offered = tuple(action for action in offered if action is not Action.NOTE)
        key = (offered, self.view.unknown, self.shape.width, self.y)
        buttons, height = self.fonts.kept(key, lambda: self._laid_row(offered))
        self.plan.buttons |= buttons
        self.plan.size = QSize(self.shape.width, height)

    def _laid_row(self, offered: Sequence[Action]) -> tuple[dict[str, ButtonAt], int]:
        """Where the buttons of these actions stand, and how high the pop is with them."""
        others, self.plan.buttons = self.plan.buttons, {}
        commands: list[Action] = [action for action in offered if action in (Action.ANSWER, Action.DECLINE)]
        rest: list[Action] = [action for action in offered if action not in commands]
        self.y += self.px(3)
        if offered:
            self._row(commands, rest)
        buttons, self.plan.buttons = self.plan.buttons, others
        return buttons, max(self.px(HEIGHT), self.y + self.px(5))

    def _row(self, commands: list[Action], rest: list[Action]) -> None:
        """Answer and Decline on the left, apart; the rest at the right edge, as icons where it is tight."""
        px, height = self.px, self.px(BUTTON)
        used = self._commands(commands)
        free = self.right - used - px(20) * bool(commands)
        wide = sum(self._width(action) + px(4) for action in rest) - px(4)
        icons = wide > free and len(rest) * px(38) <= free and not self.view.unknown
        if wide > free and not icons:
            self.y += height + px(4) if commands else 0
            free = self.right - px(BAR + PAD)
        squeeze = min(1.0, free / wide) if wide and not icons else 1.0
        right = self.right
        for action in reversed(rest):
            width = px(38) if icons else int(self._width(action) * squeeze)
            self.plan.buttons[action.name] = ButtonAt(QRect(right - width, self.y, width, height), icon_only=icons)
            right -= width + px(4)
        self.y += height

    def _commands(self, commands: list[Action]) -> int:
        px = self.px
        x, gap = px(BAR + PAD), px(20)
        room = (self.right - x + gap) // max(1, len(commands)) - gap
        for action in commands:
            width = min(room, max(px(88), self._width(action)))
            self.plan.buttons[action.name] = ButtonAt(QRect(x, self.y, width, px(BUTTON)))
            x += width + gap
        return x - gap if commands else x

    def _width(self, action: Action) -> int:
        caption = say(words.ACTIONS[action][0])
        return round(self.fonts[Face.BUTTON].advance(caption)) + self.px(16 + 6 + 20)


def _captioned(caption: str, x: int, y: int, width: int, height: int) -> ButtonAt:
    return ButtonAt(QRect(x, y, width, height), caption=caption)


def _wrapped(text: str, width: float, fonts: PopFonts) -> list[str]:
    """The text in two lines at most, broken at a space where there is one."""
    line = fonts[Face.LINE]
    if line.advance(text) <= width:
        return [text]
    fitting = text
    while fitting and line.advance(fitting) > width:
        cut = fitting.rfind(" ")
        fitting = fitting[:cut] if cut > 0 else ""
    if not fitting:
        return [line.elided(text, width)]
    return [fitting, line.elided(text[len(fitting) + 1 :], width)]
