from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak import skip_unless_asked
from tests.sync.kit import Pair


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skip_unless_asked(config, items, Path(__file__).parent)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.close()
