from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak import skip_unless_asked
from tests.store.kit import Opened, open_store


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skip_unless_asked(config, items, Path(__file__).parent)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ringdesk.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    one = open_store(path)
    yield one
    one.store.close()
