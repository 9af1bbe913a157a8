"""Whether this computer is on a network, as far as the desktop tells. Made where there is an account, not before."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation

log = logging.getLogger(__name__)


class Network(QObject):
    """Says when the network is back. A desktop that tells nothing of it says nothing: then the next try comes later."""

    back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._online = True
        known = QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability)
        told = QNetworkInformation.instance() if known else None
        if told is None:
            log.info("the desktop does not tell about the network")
            return
        self._online = told.reachability() is not QNetworkInformation.Reachability.Disconnected
        told.reachabilityChanged.connect(self.changed)

    @Slot(object)
    def changed(self, now: QNetworkInformation.Reachability) -> None:
        """The desktop says how far one gets from here."""
        online = now is not QNetworkInformation.Reachability.Disconnected
        came, self._online = online and not self._online, online
        if came:
            self.back.emit()
