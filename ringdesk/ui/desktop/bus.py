"""A D-Bus connection that lives in Qt's loop: no thread, no polling, answers and signals handed to functions.

Spoken through jeepney, which keyring brings on Linux anyway: Qt's own D-Bus cannot send the types that notifications
need from Python. Connecting takes about a millisecond and gives up after one second.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

from PySide6.QtCore import QObject, QSocketNotifier, Slot

from ringdesk.domain.values import dataclass

log = logging.getLogger(__name__)

PATIENCE: Final = 1.0
BUS: Final = "org.freedesktop.DBus"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"

Body = tuple[Any, ...]
"""What a message carries; D-Bus has no types that Python's could be checked against."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call goes: name on the bus, object, interface."""

    name: str
    path: str
    interface: str


def _nothing(_: Body) -> None:
    """Nobody waits for the answer."""


def _refused(_: str) -> None:
    """Nobody cares that it failed."""


class Bus(QObject):
    """One connection to the session's or the system's bus."""

    def __init__(self, connection: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._serials = count(100)
        self._waiting: dict[int, tuple[Callable[[Body], None], Callable[[str], None]]] = {}
        self._rules: list[tuple[Any, Callable[[Body], None]]] = []
        self._reader = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._reader.activated.connect(self._read)

    @classmethod
    def session(cls, parent: QObject | None = None) -> Bus | None:
        """The bus of this session; None where there is none."""
        return cls._open("SESSION", parent) if os.environ.get("DBUS_SESSION_BUS_ADDRESS") else None

    @classmethod
    def system(cls, parent: QObject | None = None) -> Bus | None:
        """The bus of this computer; None where there is none."""
        return cls._open("SYSTEM", parent)

    @classmethod
    def _open(cls, which: str, parent: QObject | None) -> Bus | None:
        try:
            from jeepney.bus import get_bus  # only on Linux, and only once a bus is wanted
            from jeepney.io.blocking import DBusConnection, prep_socket

            connection = DBusConnection(prep_socket(get_bus(which), timeout=PATIENCE))
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            log.info("no %s bus: %s", which.lower(), error)
            return None
        connection.sock.settimeout(PATIENCE)
        return cls(connection, parent)

    @property
    def name(self) -> str:
        """Our own name on the bus, such as :1.42."""
        return str(self._connection.unique_name)

    def close(self) -> None:
        """Hang up; nothing is heard any more."""
        if self._connection is not None:
            self._reader.setEnabled(False)
            self._connection.close()
            self._connection = None
            self._waiting.clear()
            self._rules.clear()

    def call(
        self,
        place: Place,
        method: str,
        signature: str = "",
        body: Body = (),
        done: Callable[[Body], None] = _nothing,
        failed: Callable[[str], None] = _refused,
        *,
        wake: bool = True,
    ) -> None:
        """Call a method; exactly one of `done` and `failed` (with the error's name) is called later, never at once.

        `wake` off: a service that does not run is not started for this.
        """
        from jeepney import DBusAddress, MessageFlag, new_method_call

        address = DBusAddress(place.path, place.name, place.interface)
        serial = next(self._serials)
        self._waiting[serial] = done, failed
        message = new_method_call(address, method, signature or None, body)
        if not wake:
            message.header.flags = MessageFlag.no_auto_start
        self._send(message, serial)

    def get(self, place: Place, name: str, done: Callable[[Any], None]) -> None:
        """Read one property; where it is not there, nothing happens."""
        where = Place(place.name, place.path, PROPERTIES)
        self.call(where, "Get", "ss", (place.interface, name), lambda body: done(body[0][1]), wake=False)

    def listen(self, member: str, heard: Callable[[Body], None], place: Place, *, of: str = "") -> None:
        """Have a function called with every signal of this kind. `of`: only those with it as their first argument."""
        from jeepney import MatchRule

        rule = MatchRule(
            type="signal", sender=place.name or None, path=place.path or None, interface=place.interface, member=member
        )
        if of:
            rule.add_arg_condition(0, of)
        text = rule.serialise()
        rule.header_fields.pop("sender", None)  # signals carry the sender's number, not its name; the bus checked it
        self._rules.append((rule, heard))
        self.call(Place(BUS, "/org/freedesktop/DBus", BUS), "AddMatch", "s", (text,))

    def watch(self, place: Place, changed: Callable[[Mapping[str, Any]], None]) -> None:
        """Have a function called with properties that changed, by name."""

        def heard(body: Body) -> None:
            changed({name: value for name, (_, value) in body[1].items()})

        self.listen("PropertiesChanged", heard, Place(place.name, place.path, PROPERTIES), of=place.interface)

    def _send(self, message: Any, serial: int) -> None:
        if self._connection is None:
            return
        try:
            self._connection.send(message, serial=serial)
        except OSError as error:
            self._lost(error)

    @Slot()
    def _read(self) -> None:
        if self._connection is None:
            return
        try:
            data = self._connection.sock.recv(65536, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            self._lost(error)
            return
        if not data:
            self._lost(ConnectionResetError("the bus hung up"))
            return
        self._connection.parser.add_data(data)
        while self._connection is not None and (message := self._connection.parser.get_next_message()) is not None:
            self._take(message)

    def _take(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        fields = message.header.fields
        if message.header.message_type is MessageType.signal:
            for rule, heard in list(self._rules):
                if rule.matches(message):
                    heard(message.body)
            return
        waiting = self._waiting.pop(fields.get(HeaderFields.reply_serial, -1), None)
        if waiting is None:
            return
        done, failed = waiting
        if message.header.message_type is MessageType.error:
            failed(str(fields.get(HeaderFields.error_name, "")))
        else:
            done(message.body)

    def _lost(self, error: OSError) -> None:
        """The bus is gone: whoever waits is told so."""
        log.warning("a bus was lost: %s", error)
        waiting = list(self._waiting.values())
        self.close()
        for _, failed in waiting:
            failed("lost")
