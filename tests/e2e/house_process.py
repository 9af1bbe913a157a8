"""A house as a process of its own, to be killed: reads its folder and its secrets from standard input, then syncs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.e2e.house import House
from tests.fakes import FakeSecrets
from tests.providers.google.test_signin import Visitor, consent


def main() -> None:
    """Sync until killed."""
    said = json.loads(sys.stdin.readline())
    secrets = FakeSecrets()
    secrets.kept.update(said["secrets"])
    house = House(Path(said["folder"]), Visitor(consent), secrets)
    sys.stdout.write("up\n")
    sys.stdout.flush()
    house.until(lambda: False, "the end, which comes from outside", 600.0)


if __name__ == "__main__":
    main()
