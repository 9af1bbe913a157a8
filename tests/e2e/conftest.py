from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import skip_unless_asked


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skip_unless_asked(config, items, Path(__file__).parent)
