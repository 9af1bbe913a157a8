"""The code of a floor's own processes, read out of its script so that it can be run in turns with ours."""

from __future__ import annotations

import ast
from typing import Any

from tests.bench import books


def constants(script: str) -> dict[str, Any]:
    """The literal constants at the top of a floor script, unchanged."""
    tree = ast.parse((books.FLOORS / script).read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:  # reckoned, not written down
                continue
    return found


def row(printed: str, name: str) -> dict[str, Any]:
    """One dict of figures out of the summary line that bench_list prints."""
    line = next(line for line in printed.splitlines() if "{" in line)
    figures: dict[str, Any] = ast.literal_eval(line[line.index("{") : line.rindex("}") + 1])
    if name not in figures:
        raise LookupError(f"the floor measured no {name}: {sorted(figures)}")
    found: dict[str, Any] = figures[name]
    return found
