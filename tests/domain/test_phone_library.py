"""The phone library's tables come without its functions, and its functions when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest

from ringdesk.domain.phone_library import REGIONS, country_code, supported

TABLES = """
import sys
from ringdesk.domain.numbering import display, parse
assert display(parse("+34 600 111 222", "ES"), "ES") == "600 11 12 22"
assert display(parse("+44 20 7946 0018", "ES"), "ES") == "+44 20 7946 0018"
late = {"phonenumbers.phonenumberutil", "phonenumbers.phonenumbermatcher", "phonenumbers.shortnumberinfo"}
assert late.isdisjoint(sys.modules)
assert str(parse("0044 20 7946 0018;ext=3", "US")) == "+442079460018", parse("0044 20 7946 0018;ext=3", "US")
assert late <= sys.modules.keys()
"""

THREADS = """
import sys, threading
from ringdesk.domain.phone_library import phonenumbers as library
sys.setswitchinterval(1e-6)
asked, wrong = threading.Barrier(8), []
def ask():
    asked.wait()
    try:
        assert library.format_number(library.parse("+34600111222"), library.PhoneNumberFormat.E164) == "+34600111222"
    except Exception as error:
        wrong.append(error)
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not wrong, wrong
import phonenumbers
assert phonenumbers is library
try:
    library.nothing
except AttributeError as error:
    assert "nothing" in str(error)
"""

AFTER = """
import phonenumbers
from ringdesk.domain import phone_library
assert phone_library.phonenumbers is phonenumbers and phonenumbers.parse
"""


@pytest.mark.parametrize("story", [TABLES, THREADS, AFTER])
def test_in_two_halves(story: str) -> None:
    done = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_tables_say_what_the_library_says() -> None:
    assert phonenumbers.COUNTRY_CODE_TO_REGION_CODE == REGIONS
    assert supported() == phonenumbers.SUPPORTED_REGIONS
    for region in (*supported(), "XX", "001", ""):
        assert country_code(region) == phonenumbers.country_code_for_region(region)
