"""PySide6 leaves no hook in the import, and makes what only signatures need when it is first asked for it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

import pytest

HOOKED: Final = "import PySide6.QtWidgets\n"
PLAIN: Final = """
from ringdesk.ui.plain_import import plain_import
with plain_import():
    import PySide6.QtWidgets
"""

SOURCES_READ: Final = """
import json, linecache
before = set(linecache.cache)
import ringdesk.ui.settings_window
print(json.dumps(len([path for path in linecache.cache if path not in before])))
"""

SUPPORT: Final = """
import json, sys
support = {name: len(vars(module)) for name, module in sys.modules.items() if name.startswith("shibokensupport.")}
print(json.dumps({"modules": support, "finders": [repr(finder) for finder in sys.meta_path]}))
"""

TOLD: Final = """
import json
from PySide6 import QtCore, QtWidgets
told = []
for wrong in (lambda: QtWidgets.QLabel(1, 2, 3), lambda: QtCore.QPoint("a"), lambda: QtWidgets.QWidget.resize(1)):
    try:
        wrong()
    except TypeError as error:
        told.append(str(error))
from PySide6.support.signature import get_signature
from PySide6.support.signature.lib import pyi_generator
told += [str(get_signature(QtWidgets.QWidget.resize)), QtCore.QPoint.x.__doc__]
told.append(pyi_generator.generate_pyi.__doc__)
print(json.dumps(told))
"""


def run(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_no_source_text_is_read_for_an_import() -> None:
    assert run(PLAIN + SOURCES_READ) == 0


def test_control_with_the_hook_source_texts_are_read() -> None:
    if not run(HOOKED + SOURCES_READ):
        pytest.fail("PySide6 no longer reads the source of what is imported: this part of ui/plain_import.py can go")


def test_what_only_signatures_need_is_not_made_and_no_finder_stays() -> None:
    hooked, plain = run(HOOKED + SUPPORT), run(PLAIN + SUPPORT)
    assert plain["modules"].keys() == hooked["modules"].keys()
    empty = {name.removeprefix("shibokensupport.signature.") for name, size in plain["modules"].items() if size < 10}
    made = {name.removeprefix("shibokensupport.signature.") for name, size in hooked["modules"].items() if size < 10}
    assert empty - made >= {"mapping", "parser", "layout", "lib.pyi_generator"}
    assert not [finder for finder in plain["finders"] if "ostponed" in finder]


FLAGS: Final = """
import json, os, sys
from ringdesk.ui.plain_import import plain_import
flags = [sys.getdlopenflags()]
try:
    with plain_import():
        flags.append(sys.getdlopenflags())
        raise ImportError
except ImportError:
    flags.append(sys.getdlopenflags())
print(json.dumps([*flags, os.RTLD_LAZY]))
"""


@pytest.mark.skipif(not hasattr(sys, "getdlopenflags"), reason="Windows binds lazily and has no such flags")
def test_functions_of_libraries_are_looked_up_when_called_and_only_there() -> None:
    before, within, after, lazy = run(FLAGS)
    assert within == lazy != before
    assert after == before


def test_errors_and_signatures_are_told_as_ever() -> None:
    assert run(PLAIN + TOLD) == run(HOOKED + TOLD)


def test_the_program_imports_pyside_so() -> None:
    plain = run("import ringdesk.app.main\n" + SUPPORT)
    assert plain["modules"]["shibokensupport.signature.parser"] < 10
