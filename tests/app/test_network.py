"""The network as the desktop tells it."""

from __future__ import annotations

from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from ringdesk.app.network import Network

FAR = QNetworkInformation.Reachability


def test_a_network_that_comes_back_is_told_once(qtbot: QtBot) -> None:
    network = Network()
    told: list[bool] = []
    network.back.connect(lambda: told.append(True))
    for now in (FAR.Disconnected, FAR.Disconnected, FAR.Local, FAR.Online):
        network.changed(now)
    assert told == [True]
    network.changed(FAR.Disconnected)
    network.changed(FAR.Online)
    assert told == [True, True]
