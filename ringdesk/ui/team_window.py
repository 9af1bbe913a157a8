"""The team's window: join one with an invitation, or see who is in it, departments and rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from ringdesk.desk.team_people import Done, Failed, People, TeamPorts
from ringdesk.domain.team import Person
from ringdesk.ui.theme import CONTROL, XL, L, M, S, Theme
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, clear, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

_FAILED: Final[Mapping[str, str]] = {
    "unreachable": QT_TRANSLATE_NOOP("words", "The team's server does not answer. Check the network, then try again."),
    "untrusted": QT_TRANSLATE_NOOP("words", "The server could not prove who it is. Ask for a new invitation."),
    "login refused": QT_TRANSLATE_NOOP("words", "The password is wrong, or was used already. Ask for a new one."),
    "shut out": QT_TRANSLATE_NOOP("words", "You are no longer in this team. Ask its administrator."),
    "not a coworker": QT_TRANSLATE_NOOP("words", "The team does not allow that to you."),
    "other version": QT_TRANSLATE_NOOP("words", "The team's server has another version. Ask your administrator."),
    "no keyring": QT_TRANSLATE_NOOP(
        "words", "No keyring here keeps a password. Join by the command line: ringdesk team join."
    ),
    "in another team": QT_TRANSLATE_NOOP("words", "This desk is in another team. Leave that one first."),
    "invitation": QT_TRANSLATE_NOOP("words", "This is no invitation to a RingDesk team."),
}


def failed_text(failed: Failed) -> str:
    """What went wrong, and what to do."""
    told = _FAILED.get(failed.code)
    return say(told) if told else say(QT_TRANSLATE_NOOP("words", "That did not work: %1"), shown(failed.detail, 200))


class TeamWindow(QDialog):
    """Joining, or the team."""

    seen_asked = Signal()
    """What do coworkers see?"""

    def __init__(self, theme: Theme, ports: TeamPorts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("team_window")
        self.setWindowTitle(self.tr("Team"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 560)
        self._theme, self._ports = theme, ports
        self.trouble = PlainLabel("", Role.SOFT, wrap=True)
        self.join = JoinPage(theme, ports)
        self.people = PeoplePage(theme, ports)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.join)
        self._pages.addWidget(self.people)
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.trouble)
        foot = row(gap=S)
        self.leave = Button(theme, self.tr("&Leave the team…"), "team_leave", role="quiet")
        close = Button(theme, self.tr("&Close"), "team_close")
        self.seen = Button(theme, self.tr("&What do coworkers see?"), "team_seen", role="quiet", icon="share")
        self.seen.clicked.connect(self.seen_asked)
        foot.addWidget(self.leave)
        foot.addWidget(self.seen)
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        close.clicked.connect(self.accept)
        self.leave.clicked.connect(self._ask_leave)
        self.join.asked = self.take
        self.people.asked = self.take
        if ports.joined:
            if ports.known is not None:
                self.people.show_people(ports.known)
            ports.people(self.take)
        self._show(joined=ports.joined)

    def take(self, result: object) -> None:
        """What became of something that was asked."""
        self.join.wait(on=False)
        match result:
            case People():
                self.trouble.setText("")
                self.people.show_people(result)
                self._show(joined=True)
            case Failed():
                self.trouble.setText(failed_text(result))
                self.people.again()
            case _:
                self.accept()

    def _show(self, *, joined: bool) -> None:
        self._pages.setCurrentWidget(self.people if joined else self.join)
        self.leave.setVisible(joined)
        self.seen.setVisible(joined)

    def _ask_leave(self) -> None:
        ask(
            Ask(
                self._theme, self, self.tr("Leave the team?"),
                self.tr("Coworkers' contacts go from this computer. What you share stays with the team."),
                self.tr("&Leave"), lambda: self._ports.leave(self.take), danger=True,
            )
        )  # several to a line  # fmt: skip


class JoinPage(QWidget):
    """An invitation file, and the password that came apart from it."""

    def __init__(self, theme: Theme, ports: TeamPorts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ports, self._path = ports, ""
        self.asked: Done = _nobody
        self.choose = Button(theme, self.tr("Choose the f&ile…"), "team_invitation", icon="import")
        self.invited = PlainLabel("", Role.STRONG, wrap=True)
        self.password = QLineEdit()
        self.password.setObjectName("team_password")
        self.password.setAccessibleName(self.tr("First password"))
        self.password.setPlaceholderText(self.tr("The password you were told"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMinimumHeight(CONTROL)
        self.go = Button(theme, self.tr("&Join"), "team_join", role="primary")
        layout = column(self, gap=L)
        layout.addWidget(PlainLabel(self.tr("Join a team"), Role.TITLE))
        text = self.tr(
            "Your administrator has sent you a file and told you a password. Only contacts ticked as clients go to "
            "your coworkers, those ticked before today too. Whoever runs the team's database can read them as well."
        )
        layout.addWidget(PlainLabel(text, Role.SOFT, wrap=True))
        card = Frame("card")
        inside = column(card, margins=(XL, L, XL, L), gap=M)
        file = row(gap=M)
        file.addWidget(self.choose)
        file.addWidget(self.invited, 1)
        inside.addWidget(PlainLabel(self.tr("1.  The invitation, a file"), Role.STRONG))
        inside.addLayout(file)
        inside.addSpacing(S)
        inside.addWidget(PlainLabel(self.tr("2.  The first password"), Role.STRONG))
        inside.addWidget(self.password)
        changed = self.tr("It is used once: RingDesk changes it at once and keeps the new one in the keyring.")
        inside.addWidget(PlainLabel(changed, Role.SMALL, wrap=True))
        layout.addWidget(card)
        foot = row()
        foot.addStretch(1)
        foot.addWidget(self.go)
        layout.addLayout(foot)
        layout.addStretch(1)
        self.choose.clicked.connect(self._choose)
        self.password.textChanged.connect(lambda _: self._allow())
        self.password.returnPressed.connect(self.go.click)
        self.go.clicked.connect(self._go)
        self._allow()

    def use(self, path: str) -> None:
        """Take an invitation file."""
        found = self._ports.invitation(path)
        if isinstance(found, Failed):
            self.asked(found)
            return
        self._path = path
        self.invited.setText(self.tr("For {0}").format(shown(found, 120)))
        self._allow()

    def wait(self, *, on: bool) -> None:
        """Nothing can be pressed while the server is asked."""
        self.setEnabled(not on)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Invitation"))
        if path:
            self.use(path)

    def _allow(self) -> None:
        self.go.setEnabled(bool(self._path and self.password.text()))

    def _go(self) -> None:
        self.wait(on=True)
        self._ports.join(self._path, self.password.text().strip(), self.asked)


class PeoplePage(QScrollArea):
    """Who is in the team. An administrator ticks rights and departments; everybody else reads them."""

    def __init__(self, theme: Theme, ports: TeamPorts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("team_people")
        self.setAccessibleName(self.tr("Team"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._theme, self._ports = theme, ports
        self.asked: Done = _nobody
        self._people: People | None = None
        self.boxes: dict[tuple[str, str], QCheckBox] = {}
        page = QWidget()
        page.setProperty("role", "page")
        self._page = column(page, gap=L)
        self.setWidget(page)

    def again(self) -> None:
        """Show what is really so."""
        if self._people is not None:
            self.show_people(self._people)

    def show_people(self, people: People) -> None:
        """Show the team."""
        self._people = people
        self.boxes.clear()
        clear(self._page)
        members = [person for person in people.coworkers if person.enabled]
        self._page.addWidget(PlainLabel(self.tr("Coworkers"), Role.TITLE))
        rights = {
            "administrator": self.tr("Administrator"),
            "view_only": self.tr("View only"),
            "google": self.tr("May use Google"),
        }
        if people.administrator:
            self._page.addWidget(self._grid(members, rights, lambda p, right: bool(getattr(p, right)), self._right))
            text = self.tr(
                "View only: sees what is shared, and neither shares nor edits it. May use Google: a Google account of "
                "their own may be synced on their desk; coworkers' contacts never go there."
            )
            self._page.addWidget(PlainLabel(text, Role.SMALL, wrap=True))
        else:
            self._page.addWidget(self._list(members))
        mine = self.tr("Departments") if people.administrator else self.tr("Your departments")
        self._page.addWidget(PlainLabel(mine, Role.TITLE))
        departments = {name: shown(name, 40) for name in people.departments}
        if people.administrator and departments:
            inside = lambda p, name: p.login in people.departments[name]  # noqa: E731  # one line says it
            self._page.addWidget(self._grid(members, departments, inside, self._member))
        else:
            text = ", ".join(departments.values()) or self.tr("None yet")
            self._page.addWidget(PlainLabel(text, Role.SOFT, wrap=True))
        if people.administrator:
            self._page.addLayout(self._new_department())
        self._page.addStretch(1)

    def _name(self, person: Person) -> str:
        """A coworker's name with their extensions, and which of them sits here."""
        parts = [shown(person.name, 40)]
        if person.extensions:
            parts.append(f"({', '.join(person.extensions)})")
        if self._people is not None and person.login == self._people.me:
            parts.append(self.tr("– you"))
        return " ".join(parts)

    def _list(self, members: Sequence[Person]) -> QWidget:
        """Who is in the team, for somebody who changes nothing of it."""
        card = Frame("card")
        inside = column(card, margins=(XL, L, XL, L), gap=M)
        for person in members:
            line = row(gap=M)
            line.addWidget(PlainLabel(self._name(person), Role.STRONG))
            line.addStretch(1)
            line.addWidget(PlainLabel(self._rights(person), Role.SMALL))
            inside.addLayout(line)
        return card

    def _rights(self, person: Person) -> str:
        told = [
            self.tr("Administrator") if person.administrator else "",
            self.tr("View only") if person.view_only else "",
            "" if person.google else self.tr("No Google"),
        ]
        return ", ".join(one for one in told if one)

    def _grid(
        self,
        members: list[Person],
        columns: Mapping[str, str],
        on: Callable[[Person, str], bool],
        do: Callable[[str, str, bool], None],
    ) -> QWidget:
        card = Frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(XL, L, XL, L)
        grid.setHorizontalSpacing(L)
        grid.setColumnStretch(0, 1)
        for place, text in enumerate(columns.values(), 1):
            grid.addWidget(PlainLabel(text, Role.SMALL), 0, place, Qt.AlignmentFlag.AlignHCenter)
        for line, person in enumerate(members, 1):
            grid.addWidget(PlainLabel(self._name(person), Role.STRONG), line, 0)
            for place, (key, text) in enumerate(columns.items(), 1):
                box = QCheckBox()
                box.setAccessibleName(f"{shown(person.name, 40)}: {text}")
                box.setChecked(on(person, key))
                box.clicked.connect(lambda ticked, person=person, key=key: do(person.login, key, ticked))
                self.boxes[person.login, key] = box
                grid.addWidget(box, line, place, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _new_department(self) -> QHBoxLayout:
        name = QLineEdit()
        name.setObjectName("new_department")
        name.setAccessibleName(self.tr("New department"))
        name.setPlaceholderText(self.tr("New department"))
        name.setMaxLength(80)
        name.setMinimumHeight(CONTROL)
        add = Button(self._theme, self.tr("&Add"), "add_department", icon="plus")
        add.clicked.connect(
            lambda: self._ports.set_department(name.text().strip(), (), self.asked) if name.text().strip() else None
        )
        line = row(gap=S)
        line.addWidget(name, 1)
        line.addWidget(add)
        return line

    def _right(self, login: str, right: str, on: bool) -> None:
        self._ports.change(login, self.asked, **{right: on})

    def _member(self, login: str, department: str, on: bool) -> None:
        if self._people is None:
            return
        members = [one for one in self._people.departments[department] if one != login]
        self._ports.set_department(department, (*members, *([login] if on else [])), self.asked)


def _nobody(_: object) -> None:
    """Nobody asks yet."""
