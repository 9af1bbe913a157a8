"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A loaded machine is no fault of an example; and a run of the checks must be the same run twice.
settings.register_profile(
    "office", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("office")
