"""The network as the desktop tells it."""

from __future__ import annotations

from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from ringdesk.app.network import Network
from ringdesk.app.steps import Step

FAR = QNetworkInformation.Reachability


def test_a_network_that_comes_back_is_told_once(qtbot: QtBot) -> None:
    steps: list[Step] = []
    network = Network(steps.extend)
    told: list[bool] = []
    network.back.connect(lambda: told.append(True))
    for now in (FAR.Disconnected, FAR.Disconnected, FAR.Local, FAR.Online):
        network.changed(now)
    assert told == [True]
    network.changed(FAR.Disconnected)
    network.changed(FAR.Online)
    assert told == [True, True]


def test_it_begins_in_steps_and_waits_for_none_of_them(qtbot: QtBot) -> None:
    steps: list[Step] = []
    network = Network(steps.extend)
    assert len(steps) == 3
    for step in steps:
        step()
    told = QNetworkInformation.instance()
    assert told is not None, "Qt brings a look at the network for this desktop"
    told.reachabilityChanged.emit(FAR.Disconnected)
    with qtbot.waitSignal(network.back):
        told.reachabilityChanged.emit(FAR.Online)
