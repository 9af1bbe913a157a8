"""After the start no module's source text is read: PySide6's hook in the import is gone."""

from __future__ import annotations

import subprocess
import sys

import pytest

LATER = """
import linecache, sys
import ringdesk.app.main
if "hooked" not in sys.argv:
    from ringdesk.ui.plain_import import plain_import
    plain_import()
before = set(linecache.cache)
import ringdesk.ui.settings_window
read = [path for path in linecache.cache if path not in before]
print(len(read))
"""


def texts_read(*arguments: str) -> int:
    done = subprocess.run([sys.executable, "-c", LATER, *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_no_source_text_is_read_for_an_import() -> None:
    assert texts_read() == 0


def test_control_with_the_hook_source_texts_are_read() -> None:
    if not texts_read("hooked"):
        pytest.fail("PySide6 no longer reads the source of what is imported: ui/plain_import.py can go")
