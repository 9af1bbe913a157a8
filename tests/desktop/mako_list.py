"""Prints the notifications on a Wayland desktop as JSON, one object each, by asking mako over the bus.

`makoctl list` says them in JSON in mako 1.7 and in prose, without the body, in 1.10; the bus has not changed.
"""

from __future__ import annotations

import json

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

MAKO = DBusAddress("/fr/emersion/Mako", "org.freedesktop.Notifications", "fr.emersion.Mako")


def main() -> None:
    """Ask once."""
    with open_dbus_connection("SESSION") as bus:
        answer = bus.send_and_get_reply(new_method_call(MAKO, "ListNotifications"), timeout=10)
    [shown] = answer.body
    print(json.dumps([{name: value for name, (_, value) in one.items()} for one in shown]))


if __name__ == "__main__":
    main()
