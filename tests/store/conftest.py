from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.kit import Opened, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ringdesk.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    one = open_store(path)
    yield one
    one.store.close()
