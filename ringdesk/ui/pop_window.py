"""One pop on the screen: a window that shows calls one after another and never takes the keyboard by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.desk.popview import Action, Phase, PopView
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.domain.values import dataclass
from ringdesk.ui import pop_words as words
from ringdesk.ui.desktop.keyboard import Keyboard
from ringdesk.ui.pop_ahead import Ahead
from ringdesk.ui.pop_button import Dress, PopButton, make_buttons
from ringdesk.ui.pop_card import Pictures, ground_picture, outline, paint_card
from ringdesk.ui.pop_layout import BAR, MORE, PICK, WHY, ButtonAt, Plan, Shape, plan
from ringdesk.ui.pop_note import NoteBox
from ringdesk.ui.pop_pictures import PhotoKey
from ringdesk.ui.theme import Tint
from ringdesk.ui.theme_avatar import avatar_colors

FLAGS: Final = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
CALM: Final = 0.25
"""Seconds in which a button that has just come up under the mouse takes no click: it was meant for something else."""

RASH: Final = frozenset({Action.ANSWER.name, Action.DECLINE.name, Action.BLOCK.name, Action.CLOSE.name, WHY, MORE})
"""Buttons that the global key never lands on: Enter must do nothing that cannot be taken back."""

TIMER_LETTERS: Final = 5
"""The running timer has room for so many letters; for more the pop is laid out anew."""


@dataclass(frozen=True, slots=True)
class PopTaps:
    """Where a pop tells what the user did on it; the id is the call's.

    `act(id, action, argument)`, `hover(id, on)`, `write(id, text, writing)`, `more()`: "+2 more" was clicked.
    """

    act: Callable[[str, Action, str], None]
    hover: Callable[[str, bool], None]
    write: Callable[[str, str, bool], None]
    more: Callable[[], None]


@dataclass(frozen=True, slots=True)
class PopHost:
    """What a window needs of the screen it belongs to."""

    taps: Callable[[], PopTaps]
    now: Callable[[], float]
    resized: Callable[[], None]
    painted: Callable[[str, float], None]
    dropped: Callable[[QPoint], None]
    """The user dragged a pop: its middle is here now."""


class PopWindow(QWidget):
    """A pop. `take` gives it a call to show; `release` hides it for the next one."""

    def __init__(self, dress: Dress, keyboard: Keyboard, host: PopHost) -> None:
        super().__init__(None, FLAGS)
        self._dress, self._keyboard, self._host = dress, keyboard, host
        self.view: PopView | None = None
        self._plan: Plan | None = None
        self._width, self._more = 0, 0
        self._noting = self._explaining = self._unfolded = self._hovered = False
        self._fresh = self._coming_up = False
        self._ahead = Ahead()
        self.dragged = False
        """The user holds the pop and moves it: nobody else does."""
        self._held: QPoint | None = None
        self._seen: PhotoKey | None = None
        """The photo on the card, or None where initials stand there."""
        self._masked = QSize()
        self._shapes = QGuiApplication.platformName() in ("xcb", "windows", "cocoa")
        self.timer_text = ""
        self._standing: Mapping[str, ButtonAt] = {}
        """Where the buttons are, of this call or of the one before."""
        self.setObjectName("pop")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.buttons = make_buttons(dress, self)
        for button in self.buttons.values():
            button.clicked.connect(self._clicked)
        self.box = NoteBox(self)
        self.box.wanted.connect(self.take_keyboard)
        self.box.left.connect(self.give_keyboard_back)
        self.box.textChanged.connect(self._typed)

    # ---- what is shown ----

    def take(self, view: PopView, width: int, more: int) -> None:
        """Show this state of a call. What the user has unfolded or is typing stays as long as it is the same call."""
        if self.view is None or self.view.id != view.id:
            self._noting = self._explaining = self._unfolded = self._hovered = False
            self._plan = None
            self.box.begin(view.draft)
        elif view == self.view and (width, more) == (self._width, self._more):
            return
        self.view, self._width, self._more = view, width, more
        self.lay_out()

    def lay_out(self) -> None:
        """Make the plan anew and put the buttons where it says."""
        view = self.view
        if view is None:
            return
        noting = self._noting or view.phase is Phase.NOTE
        shape = Shape(self._width, noting, self._explaining, self._unfolded, self._more)
        made = plan(view, shape, self._dress.fonts, self._host.now())
        before = self._plan.buttons if self._plan is not None and self.isVisible() else {}
        self._plan = made
        self.timer_text = made.timer_text
        self._set_buttons(made, before)
        if made.box is not None:
            self.box.setGeometry(made.box)
        if self.box.isHidden() is not (made.box is None):
            self.box.setVisible(made.box is not None)
        self._fresh = True
        WINDOW.take(Cause.POP)  # until the caller can be read
        self.update()

    def _set_buttons(self, made: Plan, before: Mapping[str, ButtonAt]) -> None:
        """Put the buttons where the plan says; those that were not there `before` take no click for a moment."""
        calm = monotonic() + CALM
        for key, at in made.buttons.items():
            if before.get(key) != at:
                self.buttons[key].calm_until = calm
        if made.buttons == self._standing:  # as on the pop before, which is the rule
            return
        self._standing = made.buttons
        for key, button in self.buttons.items():
            button.take(made.buttons.get(key))

    @property
    def wanted(self) -> QSize:
        """How large the pop wants to be."""
        return self._plan.size if self._plan is not None else QSize()

    def place(self, rect: QRect) -> None:
        """Stand here, and come up if hidden."""
        if self.dragged:
            rect = QRect(self.pos(), rect.size())
        if rect != self.geometry():
            self.setGeometry(rect)
        handle = self.windowHandle()
        if self._shapes and handle is not None and rect.size() != self._masked:
            self._masked = rect.size()
            # the window's shape, not the widget's: that one would cut every stroke of the brush along its edge
            handle.setMask(QRegion(outline(rect.size()).toFillPolygon().toPolygon()))
        if not self.isVisible():
            self._coming_up = True
            self.show()

    def paint_ahead(self) -> None:
        """Paint the card while the desktop brings the window up."""
        view, made = self.view, self._plan
        if self._coming_up and view is not None and made is not None:
            self._coming_up = False
            whole = QRect(QPoint(), made.size)
            self._ahead.paint(self, made, self.timer_text, lambda painter: self._paint_card(painter, view, made, whole))

    def release(self) -> None:
        """Hide, and be ready for another call."""
        self._keyboard.give_back(self)
        self.hide()
        self.view = None
        WINDOW.give(Cause.POP)  # it may go without having been painted
        self.dragged, self._held = False, None
        self.box.begin("")
        self.setAccessibleName("")
        self.setAccessibleDescription("")

    def describe(self) -> None:
        """Tell screen readers what can be read here, and load the photo: both after the first paint."""
        view = self.view
        if view is None:
            return
        self.setAccessibleName(words.announcement(view))
        self.setAccessibleDescription(words.description(view, self._host.now()))
        if self._plan is None:
            return
        key = self._photo_key(view, self._plan)
        if self._dress.pictures.load(key) and key != self._seen:
            self._ahead.forget()  # of two pops that come up together, this one may not have been painted yet
            self.update(self._plan.avatar)

    # ---- time ----

    def runs(self) -> bool:
        """True while a timer is to be seen running."""
        return self.view is not None and bool(self.timer_text)

    def tick(self) -> None:
        """Bring the running timer up to date; nothing else is painted."""
        if self.view is None or self._plan is None:
            return
        text = words.timer(self.view.call, self._host.now())
        if len(text) > max(TIMER_LETTERS, len(self.timer_text)):
            self.lay_out()
        elif text != self.timer_text:
            self.timer_text = text
            self.update(self._plan.timer)

    # ---- the keyboard ----

    @Slot()
    def take_keyboard(self) -> None:
        """The user asked to write: only now the pop takes the keyboard."""
        if self.view is None:
            return
        if not self._noting:
            self._noting = True
            self._relaid()
        self._keyboard.lend(self)
        self.box.setFocus(Qt.FocusReason.MouseFocusReason)
        self._tell(writing=True)

    def enter(self) -> None:
        """The user pressed the global key: the keyboard comes to what can be done here, never to Answer."""
        if self.view is None:
            return
        if self.view.phase is Phase.STRIP and not self._unfolded:
            self._unfolded = True
            self._relaid()
        self._keyboard.fetch(self)
        if not self.box.isHidden():
            self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            offered = [button for key, button in self.buttons.items() if not button.isHidden() and key not in RASH]
            (offered or [self.buttons[Action.CLOSE.name]])[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._tell(writing=True)

    @Slot()
    def give_keyboard_back(self) -> None:
        """Esc: the keyboard goes back to the window that had it."""
        self._keyboard.give_back(self)
        self._left()

    def _left(self) -> None:
        self.box.clearFocus()
        if self._unfolded and not self._hovered:
            self._unfolded = False
            self._relaid()
        if self.view is not None:
            self._tell(writing=False)
            if self._noting and not self.box.text.strip():
                self._noting = False
                self._relaid()

    def _tell(self, *, writing: bool) -> None:
        if self.view is not None:
            self._host.taps().write(self.view.id, self.box.text, writing)

    @Slot()
    def _typed(self) -> None:
        self._tell(writing=self._keyboard.lent_to(self))

    def changeEvent(self, event: QEvent) -> None:
        """Refuse the keyboard again once another window has it."""
        super().changeEvent(event)
        if event.type() is not QEvent.Type.ActivationChange:
            return
        if self.isActiveWindow():
            self._keyboard.arrived(self)
        else:
            self._keyboard.lost(self, self._left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives the keyboard back from the buttons too."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_keyboard_back()
        else:
            super().keyPressEvent(event)

    # ---- the mouse ----

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse came: a strip unfolds, clocks stand still."""
        super().enterEvent(event)
        self._hover(on=True)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse went."""
        super().leaveEvent(event)
        self._hover(on=False)

    def _hover(self, *, on: bool) -> None:
        if self.view is None or on == self._hovered:
            return
        self._hovered = on
        self._host.taps().hover(self.view.id, on)
        if self._unfolded != on:
            self._unfolded = on
            if self.view.phase is Phase.STRIP:
                self._relaid()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the pop."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = event.globalPosition().toPoint() - self.pos()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it, once the mouse went so far that it cannot be a click."""
        super().mouseMoveEvent(event)
        if self._held is None:
            return
        to = event.globalPosition().toPoint() - self._held
        if self.dragged or (to - self.pos()).manhattanLength() >= QApplication.startDragDistance():
            self.dragged = True
            self.move(to)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the pops go to the nearest corner."""
        super().mouseReleaseEvent(event)
        self._held = None
        if self.dragged:
            self.dragged = False
            self._host.dropped(self.geometry().center())

    @Slot()
    def _clicked(self) -> None:
        button, view = self.sender(), self.view
        if not isinstance(button, PopButton) or view is None:
            return
        key = button.key
        if key == WHY:
            self._explaining = not self._explaining
            self._relaid()
        elif key == MORE:
            self._host.taps().more()
        elif key.startswith(PICK):
            self._host.taps().act(view.id, Action.PICK, view.choices[int(key.removeprefix(PICK))].contact)
        else:
            self._act(view.id, Action[key])

    def _act(self, id: str, action: Action) -> None:
        if action is Action.NOTE:
            self.take_keyboard()
        self._host.taps().act(id, action, "")

    def _relaid(self) -> None:
        self.lay_out()
        self._host.resized()

    # ---- paint ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card; tell once that the caller can be read."""
        view, made = self.view, self._plan
        if view is None or made is None:
            return
        painter = QPainter(self)
        if not self._ahead.put(painter, made, self.timer_text):
            self._paint_card(painter, view, made, event.rect())
        painter.end()
        if self._fresh and event.rect().contains(made.avatar):
            self._fresh = False
            self._host.painted(view.id, monotonic())

    def _paint_card(self, painter: QPainter, view: PopView, made: Plan, dirty: QRect) -> None:
        if dirty.contains(made.avatar):
            key = self._photo_key(view, made)
            self._seen = None if self._dress.pictures.photo(key) is None else key
        paint_card(painter, made, dirty, self._pictures(view, made), self.timer_text, self._dress)

    def _pictures(self, view: PopView, made: Plan) -> Pictures:
        dress, scale, tone, size = self._dress, self.devicePixelRatioF(), made.tone, made.size
        key = (tone.icon, tone.ink, size.width(), size.height(), made.header, scale)
        ground, state = dress.pictures.ground(key, lambda: self._ground(made, scale))
        letters, color, ink = view.initials, "", ""
        photo = dress.pictures.photo(self._photo_key(view, made)) if view.photo else None
        if photo is not None:
            letters = ""
        elif letters:
            color, ink = avatar_colors(view.headline, dress.theme.colors)
        star = dress.theme.pixmap("star-on", Tint.STAR, dress.fonts.px(14), scale) if view.vip else None
        circle = photo or dress.pictures.circle(color, made.avatar.width(), scale, ring=view.vip)
        return Pictures(ground, circle, letters, ink, state, star)

    def _ground(self, made: Plan, scale: float) -> tuple[QPixmap, QPixmap]:
        dress, tone = self._dress, made.tone
        state = dress.theme.pixmap(tone.icon, Tint(tone.ink), made.icon.width(), scale)
        return ground_picture(made, dress.theme.colors, dress.fonts.px(BAR), scale), state

    def _photo_key(self, view: PopView, made: Plan) -> PhotoKey:
        return view.photo, made.avatar.width(), self.devicePixelRatioF(), view.vip
