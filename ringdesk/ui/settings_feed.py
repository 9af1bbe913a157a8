"""Settings > Phone: whether programs may post call events over HTTP, at which port, and where they do now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from ringdesk.domain.choices import HttpFeed
from ringdesk.ui.settings_page import Field, number_box
from ringdesk.ui.theme import S
from ringdesk.ui.widgets_frame import column
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import shown


class HttpFeedBox(QWidget):
    """The HTTP feed's switch, its port, and its address while it listens."""

    def __init__(self, address: Callable[[], str], parent: QWidget | None = None) -> None:
        """`address` gives where the feed listens now, or an empty text."""
        super().__init__(parent)
        self._address = address
        self.enabled = QCheckBox(self.tr("Let programs on this computer post calls over HTTP"))
        self.enabled.setObjectName("settings_http_feed")
        self.enabled.setAccessibleName(self.tr("Let programs on this computer post calls over HTTP"))
        self.port = number_box("settings_http_feed_port", 0, 65535)
        self.port.setGroupSeparatorShown(False)
        self.port.setSpecialValueText(self.tr("any free one"))
        field = Field(self.tr("Port of the HTTP feed"), self.port, self.tr("0 takes any that is free."))
        self.where = PlainLabel("", Role.BODY, wrap=True, selectable=True)
        self.where.setObjectName("settings_http_feed_address")
        command = PlainLabel("ringdesk feed token NAME", Role.BODY, wrap=True, selectable=True)
        command.setObjectName("settings_http_feed_command")
        layout = column(self, gap=S)
        layout.addWidget(self.enabled)
        layout.addWidget(field)
        layout.addWidget(self.where)
        layout.addWidget(
            PlainLabel(
                self.tr("Every program needs a token of its own. Make one in a terminal:"), Role.SMALL, wrap=True
            )
        )
        layout.addWidget(command)
        self.enabled.toggled.connect(self._toggled)
        self._toggled()

    def take(self, kept: HttpFeed) -> None:
        """Show what is kept, and where the feed listens now."""
        self.enabled.setChecked(kept.enabled)
        self.port.setValue(kept.port)
        address = self._address()
        self.where.setText(self.tr("It listens at %1").replace("%1", shown(address)) if address else "")
        self.where.setVisible(bool(address))

    def give(self) -> HttpFeed:
        """What is chosen now."""
        return HttpFeed(self.enabled.isChecked(), self.port.value())

    @Slot()
    def _toggled(self) -> None:
        self.port.setEnabled(self.enabled.isChecked())
