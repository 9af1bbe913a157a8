"""Tests marked `soak` run only where they are asked for by `-m soak`, as `packaging/linux/test.sh --soak` does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest


def skip_unless_asked(config: pytest.Config, items: Iterable[pytest.Item], folder: Path) -> None:
    """Skip the long tests of a folder in a run that did not choose them."""
    if config.option.markexpr:
        return
    for item in items:
        if folder in item.path.parents and item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="runs long: -m soak"))
