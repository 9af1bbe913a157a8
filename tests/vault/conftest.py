from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A real keyring is asked for by -m keyring, or by the bus it lives on; once asked for it must be there."""
    if "keyring" in config.option.markexpr or os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("keyring"):
            item.add_marker(pytest.mark.skip(reason="needs an unlocked Secret Service: -m keyring"))
