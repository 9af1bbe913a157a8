"""Settings > Google: the account, and every choice of how it is synced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from ringdesk.desk.accounts import AccountDesk
from ringdesk.desk.connecting import GoogleDesk
from ringdesk.desk.preferences import Preferences
from ringdesk.domain.account import Choices
from ringdesk.domain.document import FIELDS
from ringdesk.domain.replica import Clash, Direction, GoneThere, Policy
from ringdesk.domain.sockets import Clock
from ringdesk.ui.connect_choices import (
    CLASHES,
    DIRECTIONS,
    GONE_THERE,
    EnumBox,
    EveryBox,
    LandingBox,
    ShareLabel,
    checkbox,
    with_labels,
)
from ringdesk.ui.connect_labels import GROUPS, LabelPicker, LabelRow
from ringdesk.ui.connect_status import Deed
from ringdesk.ui.contacts_history import field_name
from ringdesk.ui.settings_account import AccountCard
from ringdesk.ui.settings_page import Field, Page
from ringdesk.ui.theme import CONTROL, L, M, Theme
from ringdesk.ui.widgets_frame import Frame, column
from ringdesk.ui.widgets_text import PlainLabel, Role

COLUMNS: Final = 3


class GooglePage(Page):
    """Google. `act` does what a button of the account asks for; `groups` gives the groups there are here."""

    def __init__(
        self,
        theme: Theme,
        desk: GoogleDesk,
        clock: Clock,
        groups: Callable[[], Sequence[str]],
        act: Callable[[Deed], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "settings_google", parent)
        self._desk, self._groups = desk, groups
        self._policy = Policy()
        self._taken: Choices | None = None
        self._shown: object = None
        self.account = AccountCard(theme, clock, act)
        self.body.addWidget(self.account)
        self._rules = QWidget()
        self._place = column(self._rules, gap=L)
        self._which()
        self._ways()
        self._deletions()
        self._when()
        self._fields()
        self.body.addWidget(self._rules)
        self.fill_up()
        self.refresh()

    # --- the cards

    def _card(self, *widgets: QWidget) -> None:
        frame = Frame("card")
        inside = column(frame, margins=(L, L, L, L), gap=M)
        for widget in widgets:
            inside.addWidget(widget)
        self._place.addWidget(frame)

    def _which(self) -> None:
        self.picker = LabelPicker(self.theme, "google_labels")
        self.phones = checkbox("google_phones", self.tr("Only contacts with a phone &number"))
        self.groups = LabelPicker(self.theme, "google_groups", GROUPS)
        self.landing = LandingBox()
        self.landing.setObjectName("google_landing")
        self._card(PlainLabel(self.tr("Which contacts come here"), Role.STRONG), self.picker, self.phones)
        callers_text = self.tr("Also create &unknown callers in Google")
        self.callers = checkbox("google_callers", callers_text)
        never = self.tr("Never: callers without a name, coworkers' contacts, contacts of another account.")
        self._card(
            PlainLabel(self.tr("Which contacts go to Google"), Role.STRONG),
            self.groups,
            PlainLabel(never, Role.SMALL, wrap=True),
            Field(self.tr("&Label for contacts made here"), self.landing),
            self.callers,
        )

    def _ways(self) -> None:
        self.direction = EnumBox("google_direction", DIRECTIONS)
        self.clash = EnumBox("google_clash", CLASHES)
        self.removed = _either("google_removed", self.tr("Remove it here too"), self.tr("Keep it here"))
        self._card(
            Field(self.tr("&Direction"), self.direction),
            Field(
                self.tr("When both sides &changed the same field"),
                self.clash,
                self.tr("What loses stays in the contact's history, one click away."),
            ),
            Field(self.tr("When a &value was removed in Google"), self.removed),
        )

    def _deletions(self) -> None:
        self.gone = EnumBox("google_gone", GONE_THERE)
        self.here = _either("google_deleted", self.tr("Delete it in Google too"), self.tr("Keep it in Google"))
        self._card(
            Field(self.tr("When a contact was deleted in G&oogle"), self.gone),
            Field(
                self.tr("When I delete a contact &here"),
                self.here,
                self.tr("More than ten, and more than a tenth, at once: RingDesk stops and asks first."),
            ),
        )

    def _when(self) -> None:
        self.every = EveryBox("google_every")
        self.share = ShareLabel(self.theme, "google_share")
        self._card(
            Field(
                self.tr("&Sync by itself"),
                self.every,
                self.tr("Your edits go within two seconds; a contact that calls is refreshed at once."),
            )
        )
        self._card(PlainLabel(self.tr("Sharing"), Role.STRONG), self.share)

    def _fields(self) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self.fields: dict[str, QCheckBox] = {}
        for place, field in enumerate(FIELDS):
            box = checkbox(f"google_field_{field}", field_name(field))
            self.fields[field] = box
            grid.addWidget(box, place // COLUMNS, place % COLUMNS)
        self.private = QLineEdit()
        self.private.setObjectName("google_private")
        self.private.setMinimumHeight(CONTROL)
        self._card(
            PlainLabel(self.tr("What is synced of a contact"), Role.STRONG),
            PlainLabel(self.tr("What is not ticked stays as it is on both sides."), Role.SMALL, wrap=True),
            inner,
            Field(
                self.tr("Own fields that never go to Google"), self.private, self.tr("Names, with commas between them.")
            ),
        )

    # --- what the window asks

    @Slot()
    def refresh(self) -> None:
        """Show the account as it stands; choices that are being changed stay as they are."""
        account = self._desk.account
        self.account.show_account(self._desk.view, None if account is None else account.view)
        self._rules.setVisible(account is not None)
        if account is not None and not self.changed and self._shown != self._there(account):
            self._fill(account.view.choices)

    def _there(self, account: AccountDesk) -> object:
        """What the controls are filled from: a sync that goes on must not close a list that is open."""
        return account.view.id, account.view.choices, account.labels()

    def take(self, kept: Preferences) -> None:
        """Show the choices that are kept."""
        account = self._desk.account
        if account is not None:
            self._fill(account.view.choices)

    def lacks(self) -> QWidget | None:
        """Labels are to be chosen and none is, or the share label has no name: where to go."""
        if self._desk.account is None:
            return None
        if self.picker.lacks:
            return self.picker.list
        if self.groups.lacks:
            return self.groups.list
        return self.share.label if self.share.lacks else None

    @property
    def changed(self) -> bool:
        """True while something is chosen that is not kept yet."""
        return self._desk.account is not None and self._taken not in (None, self.choices)

    def saved(self) -> None:
        """Everything was saved: go by these choices."""
        account = self._desk.account
        if account is not None and self.changed:
            chosen = self.choices
            account.choose(chosen)
            self._fill(chosen)

    def _fill(self, choices: Choices) -> None:
        account = self._desk.account
        policy = choices.policy
        stored = () if account is None else account.labels()
        labels = [LabelRow(one.remote, one.name, one.members) for one in stored]
        self.picker.show_labels(labels, policy.labels)
        self.phones.setChecked(policy.only_with_phones)
        self.groups.show_labels([LabelRow(name, name) for name in self._groups()], policy.groups)
        self.landing.show_labels(labels, policy.landing)
        self.callers.setChecked(policy.unknown_callers)
        self.direction.choose(policy.direction)
        self.clash.choose(policy.clash)
        self.removed.setCurrentIndex(int(policy.keep_removed))
        self.gone.choose(policy.gone_there)
        self.here.setCurrentIndex(int(not policy.delete_there))
        self.every.choose(choices.every)
        self.share.show_labels(labels, policy.share_label)
        for field, box in self.fields.items():
            box.setChecked(field in policy.fields)
        self.private.setText(", ".join(sorted(policy.private_custom)))
        self._policy = policy
        self._taken = self.choices
        self._shown = None if account is None else self._there(account)

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        policy = replace(
            self._policy,
            only_with_phones=self.phones.isChecked(),
            groups=self.groups.chosen,
            landing=self.landing.landing,
            unknown_callers=self.callers.isChecked(),
            direction=Direction(self.direction.choice),
            clash=Clash(self.clash.choice),
            keep_removed=bool(self.removed.currentIndex()),
            gone_there=GoneThere(self.gone.choice),
            delete_there=not self.here.currentIndex(),
            share_label=self.share.share_label,
            fields=frozenset(field for field, box in self.fields.items() if box.isChecked()),
            private_custom=frozenset(part for text in self.private.text().split(",") if (part := text.strip())),
        )
        return Choices(with_labels(policy, self.picker.labels, self.picker.chosen), self.every.minutes)


def _either(name: str, first: str, second: str) -> QComboBox:
    """A box of two choices."""
    box = QComboBox()
    box.setObjectName(name)
    box.addItems([first, second])
    return box
