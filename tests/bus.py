"""A private D-Bus for a test, and small honest services on it: notifications, and whatever else is asked for."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NOTIFICATIONS = "org.freedesktop.Notifications"
Answer = Callable[[tuple[Any, ...]], tuple[str, tuple[Any, ...]]]


@contextmanager
def private_bus() -> Iterator[str]:
    """The address of a bus that only this test knows."""
    daemon = shutil.which("dbus-daemon")
    assert daemon is not None, "no dbus-daemon; on Debian: apt-get install dbus"
    running = subprocess.Popen(
        [daemon, "--session", "--nofork", "--nopidfile", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
    finally:
        running.terminate()
        running.wait(10)
        assert running.stdout is not None
        running.stdout.close()


class Service:
    """Owns names on a bus and answers calls by (interface, method), in a thread of its own."""

    def __init__(self, address: str, *names: str) -> None:
        self._connection: DBusConnection = open_dbus_connection(address)
        for name in names:
            self._connection.send_and_get_reply(message_bus.RequestName(name, 0), timeout=5)
        self.answers: dict[tuple[str, str], Answer] = {}
        self._stopping = threading.Event()
        self._sending = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="service", daemon=False)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)
        self._connection.close()

    def emit(self, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        """Send a signal to everybody."""
        self._send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def _send(self, message: Message) -> None:
        with self._sending:
            self._connection.send(message)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.header.message_type is not MessageType.method_call:
                continue
            fields = message.header.fields
            answer = self.answers.get((fields.get(HeaderFields.interface, ""), fields[HeaderFields.member]))
            if answer is None:
                self._send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
                continue
            signature, body = answer(message.body)
            self._send(new_method_return(message, signature or None, body))


@dataclass
class Shown:
    """A notification as the user sees it."""

    id: int
    summary: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    lasts: int


@dataclass
class Notifications:
    """What a notification service holds: those on the screen, and how many there ever were."""

    capabilities: list[str] = field(default_factory=lambda: ["actions", "body", "body-markup"])
    inhibited: bool = False
    open: dict[int, Shown] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    notified: int = 0
    closed: list[int] = field(default_factory=list)
    service: Service | None = None

    def serve(self, service: Service) -> None:
        self.service = service
        service.answers[(NOTIFICATIONS, "GetCapabilities")] = lambda _: ("as", (self.capabilities,))
        service.answers[(NOTIFICATIONS, "Notify")] = self._notify
        service.answers[(NOTIFICATIONS, "CloseNotification")] = self._close
        service.answers[("org.freedesktop.DBus.Properties", "Get")] = lambda _: ("v", (("b", self.inhibited),))

    def _notify(self, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        _, replaces, _, summary, text, actions, hints, lasts = body
        self.notified += 1
        id = replaces if replaces in self.open else len(self.ids) + 1
        if id not in self.open:
            self.ids.append(id)
        self.open[id] = Shown(id, summary, text, actions, {k: v for k, (_, v) in hints.items()}, lasts)
        return "u", (id,)

    def _close(self, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        if self.open.pop(body[0], None) is not None:
            self.closed.append(body[0])
            self._signal("NotificationClosed", "uu", body[0], 3)
        return "", ()

    def click(self, id: int, key: str, *, closes: bool = True) -> None:
        """The user clicks a button of a notification; many services then close it."""
        self._signal("ActionInvoked", "us", id, key)
        if closes:
            self.dismiss(id)

    def dismiss(self, id: int) -> None:
        """The user wants to be rid of it."""
        del self.open[id]
        self._signal("NotificationClosed", "uu", id, 2)

    def inhibit(self, on: bool) -> None:
        """The desktop's own Do Not Disturb."""
        self.inhibited = on
        changed = {"Inhibited": ("b", on)}
        assert self.service is not None
        self.service.emit(
            "/org/freedesktop/Notifications", "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
            NOTIFICATIONS, changed, [],
        )  # several to a line  # fmt: skip

    def _signal(self, member: str, signature: str, *body: Any) -> None:
        assert self.service is not None
        self.service.emit("/org/freedesktop/Notifications", NOTIFICATIONS, member, signature, *body)
