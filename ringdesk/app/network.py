"""Whether this computer is on a network, as far as the desktop tells. Made where there is an account, not before.

Qt's own look at the network brings libraries and the desktop's bus along, and stood in the way of the window for a
tenth of a second while the first sync began. So it comes in steps, each when nothing else is to be done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ringdesk.app.steps import Step

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation

log = logging.getLogger(__name__)


class Network(QObject):
    """Says when the network is back. A desktop that tells nothing of it says nothing: then the next try comes later."""

    back = Signal()

    def __init__(self, add: Callable[[Iterable[Step]], None], parent: QObject | None = None) -> None:
        """`add` takes the steps in which it begins to listen."""
        super().__init__(parent)
        self._online = True
        add((partial(import_module, "PySide6.QtNetwork"), self._load, self._listen))

    def _load(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            log.info("the desktop does not tell about the network")

    def _listen(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        told = QNetworkInformation.instance()
        if told is not None:
            self.changed(told.reachability())
            told.reachabilityChanged.connect(self.changed)

    @Slot(object)
    def changed(self, now: QNetworkInformation.Reachability) -> None:
        """The desktop says how far one gets from here."""
        online = now is not type(now).Disconnected
        came, self._online = online and not self._online, online
        if came:
            self.back.emit()
