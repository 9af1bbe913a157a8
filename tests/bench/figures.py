"""Figures: percentiles, rounds, ratios."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

Figures = dict[str, Any]


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of all values do not exceed, as the floors reckon it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def summary(milliseconds: Sequence[float]) -> Figures:
    """p50, p99, maximum and count."""
    return {
        "n": len(milliseconds),
        "p50": round(percentile(milliseconds, 0.5), 3),
        "p99": round(percentile(milliseconds, 0.99), 3),
        "max": round(max(milliseconds), 3),
    }


def middle(rounds: Sequence[Figures], key: str) -> float:
    """The median over rounds."""
    return median(float(figures[key]) for figures in rounds)


def ratio(ours: Sequence[Figures], floor: Sequence[Figures], key: str) -> float:
    """Median of ours over median of the floor's, measured in turns."""
    return round(middle(ours, key) / middle(floor, key), 3)
