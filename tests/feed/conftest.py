"""The feed's own marker: tests that drive a real web browser. They fail, not skip, where it is missing."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: a real web browser (chromium) attacks the HTTP feed")
