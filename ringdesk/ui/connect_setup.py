"""The set-up page of a Google account: labels, phone numbers, direction, share label. Nothing is fetched before."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from ringdesk.desk.accounts import Dead, Halted, Waiting
from ringdesk.desk.connecting import SettingUp, Trouble
from ringdesk.domain.account import Choices
from ringdesk.domain.replica import Direction
from ringdesk.domain.signing import Keeping
from ringdesk.domain.syncing import Surveyed
from ringdesk.ui.connect_choices import DIRECTIONS, EnumBox, LandingBox, OutwardBox, ShareLabel, checkbox, with_labels
from ringdesk.ui.connect_labels import LabelPicker, LabelRow
from ringdesk.ui.connect_parts import Banner, ConnectPage
from ringdesk.ui.connect_words import contacts_text, dead_text, halted_text
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import count_text, shown


class SetupPage(ConnectPage):
    """What shall be synced. `go_asked` asks for the rehearsal; nothing has been fetched or changed until then."""

    cancel_asked = Signal()
    go_asked = Signal()
    again_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "connect_setup", parent)
        self._choices = Choices()
        self._survey: Surveyed | None = None
        self._filled = False
        self.keyring = Banner(theme, "connect_no_keyring", "warn")
        self.trouble = Banner(theme, "connect_setup_trouble", "warn")
        self.again = Button(theme, self.tr("&Try again"), "connect_again", role="quiet")
        self.again.clicked.connect(self.again_asked)
        self.trouble.beside.addWidget(self.again)
        self.counting = QProgressBar()
        self.counting.setObjectName("connect_counting")
        self.counting.setAccessibleName(self.tr("Counting your contacts"))
        self.counting.setRange(0, 0)
        self.counting.setTextVisible(False)
        self.counted = PlainLabel("", Role.SMALL)
        for widget in (self.keyring, self.trouble, self.counting, self.counted):
            self.body.addWidget(widget)
        self._cards = [self._labels_card(), self._direction_card(), self._share_card()]
        self.body.addStretch(1)
        self.cancel = Button(theme, self.tr("&Cancel"), "connect_setup_cancel")
        self.cancel.clicked.connect(self.cancel_asked)
        self.go = Button(theme, self.tr("See &what will happen"), "connect_rehearse", role="primary")
        self.go.clicked.connect(self.go_asked)
        self.hint = PlainLabel("", Role.SMALL)
        self.buttons.addWidget(self.hint)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.go)

    def _labels_card(self) -> QWidget | None:
        card = self.card(self.tr("Which contacts come here?"))
        self.picker = LabelPicker(self.theme, "connect_labels")
        self.picker.changed.connect(self._changed)
        self.phones = checkbox("connect_phones", self.tr("Only contacts with a &phone number"))
        self.phones.toggled.connect(self._changed)
        card.addWidget(self.picker)
        card.addWidget(self.phones)
        return card.parentWidget()

    def _direction_card(self) -> QWidget | None:
        card = self.card(self.tr("Which way?"))
        self.direction = EnumBox("connect_direction", DIRECTIONS)
        self.direction.setAccessibleName(self.tr("Direction"))
        self.direction.currentIndexChanged.connect(self._changed)
        self.there = PlainLabel("", Role.SMALL, wrap=True)
        self.outward = OutwardBox()
        self.outward.setObjectName("connect_outward")
        self.outward.setAccessibleName(self.tr("Which contacts go to Google"))
        self.outward.currentIndexChanged.connect(self._landing_shown)
        self.landing_text = PlainLabel(self.tr("Contacts made here get this &label in Google:"), Role.SMALL)
        self.landing = LandingBox()
        self.landing.setObjectName("connect_landing")
        self.landing.setAccessibleName(self.tr("Label for contacts made here"))
        self.landing_text.setBuddy(self.landing)
        for widget in (self.direction, self.there, self.outward, self.landing_text, self.landing):
            card.addWidget(widget)
        return card.parentWidget()

    def _share_card(self) -> QWidget | None:
        card = self.card(self.tr("Shared with coworkers?"))
        self.share = ShareLabel(self.theme, "connect_share")
        self.share.changed.connect(self._changed)
        card.addWidget(self.share)
        return card.parentWidget()

    def show_view(self, view: SettingUp) -> None:
        """Show what the account holds, once it is counted, and the choices."""
        self.say(
            self.tr("What shall be synced?"),
            self.tr("Signed in as {0}. Choose now; everything can be changed later in Settings.").format(
                shown(view.name)
            )
            if view.name
            else self.tr("Signed in. Choose now; everything can be changed later in Settings."),
        )
        self.keyring.say(self._no_keyring() if view.keeping is Keeping.SESSION and not view.practice else "")
        self.trouble.say("" if view.trouble is None else self._trouble(view.trouble))
        ready = view.survey is not None
        busy = not ready and view.trouble is None
        self.counting.setVisible(busy)
        self.counted.setVisible(busy)
        counting = self.tr("Counting your contacts…")
        self.counted.setText(f"{counting} {count_text(view.counted)}" if view.counted else counting)
        for card in self._cards:
            if card is not None:
                card.setVisible(ready)
        if view.survey is not None and view.survey != self._survey:
            self._fill(view.survey, view.choices)
        self._enable()

    def _fill(self, survey: Surveyed, choices: Choices) -> None:
        self._filled = False
        self._survey, self._choices = survey, choices
        policy = choices.policy
        labels = [LabelRow(one.id, one.name, one.contacts) for one in survey.labels]
        self.picker.show_labels(labels, policy.labels, survey.contacts)
        self.phones.setChecked(policy.only_with_phones)
        self.direction.choose(policy.direction)
        self.landing.show_labels(labels, policy.landing)
        self.outward.show_names(())
        self.outward.setCurrentIndex(int(bool(policy.labels) and not policy.groups))
        self.share.show_labels(labels, policy.share_label)
        self._filled = True
        self._changed()

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        direction = self.direction.choice
        assert isinstance(direction, Direction)
        policy = replace(
            self._choices.policy,
            direction=direction,
            only_with_phones=self.phones.isChecked(),
            share_label=self.share.share_label,
            landing=self.landing.landing,
            groups=self._groups(),
        )
        return replace(self._choices, policy=with_labels(policy, self.picker.labels, self.picker.chosen))

    def begin(self) -> None:
        """The first choice."""
        (self.picker.some if self.picker.some.isChecked() else self.picker.everything).setFocus()

    @Slot()
    def _changed(self) -> None:
        if not self._filled or self._survey is None:
            return
        some = [one for one in self._survey.labels if one.id in self.picker.chosen]
        everything = not self.picker.some.isChecked()
        phones = self._survey.with_phones if everything else sum(one.with_phones for one in some)
        text = self.tr("Only contacts with a &phone number ({0})").format(count_text(phones))
        self.phones.setText(text)
        self.phones.setAccessibleName(text.replace("&", ""))
        outward = self.direction.choice is not Direction.FROM
        mine = contacts_text(self._survey.mine)
        self.there.setText(self.tr("Of yours here, {0} with a name can go to Google.").format(mine) if outward else "")
        self.outward.show_names([one.name for one in some])
        self.outward.setVisible(outward and bool(some) and not everything)
        self._landing_shown()
        self._land()
        self._enable()

    @Slot()
    def _landing_shown(self) -> None:
        """Where contacts made here land is asked, and how many may go told, only where they go without a group."""
        for widget in (self.landing_text, self.landing):
            widget.setVisible(self.direction.choice is not Direction.FROM and not self._groups())
        self.there.setVisible(self.direction.choice is not Direction.FROM and not self._groups())

    def _groups(self) -> frozenset[str]:
        """The groups here whose contacts go to Google; none: all of them do."""
        if self._survey is None or self.outward.everything or not self.picker.chosen:
            return frozenset()
        return frozenset(one.name for one in self._survey.labels if one.id in self.picker.chosen)

    def _land(self) -> None:
        """Contacts made here land in a chosen label, where labels are chosen."""
        chosen = self.picker.chosen
        if chosen and self.landing.landing not in chosen:
            place = next((place for place in range(self.landing.count()) if self.landing.itemData(place) in chosen), 0)
            self.landing.setCurrentIndex(place)

    def _enable(self) -> None:
        lacks = self.picker.lacks or self.share.lacks
        self.go.setEnabled(self._filled and not lacks)
        if self.picker.lacks:
            self.hint.setText(self.tr("Tick at least one label."))
        elif self.share.lacks:
            self.hint.setText(self.tr("Name the label that is shared."))
        else:
            self.hint.setText(self.tr("Nothing is changed yet."))

    def _no_keyring(self) -> str:
        return self.tr(
            "This computer has no keyring that RingDesk can use, so the sign-in is kept for this session only: "
            "after the next start you sign in again. Your contacts and choices stay."
        )

    def _trouble(self, trouble: Trouble) -> str:
        match trouble:
            case Waiting():
                return self.tr("Google could not be asked: the network or Google does not answer. Nothing was changed.")
            case Dead(cause, detail):
                return dead_text(cause, detail)
            case Halted(code, detail):
                return halted_text(code, detail)
