"""What is imported when: Google's libraries and keyring come with the worker's modules, never before."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = ("google", "googleapiclient", "google_auth_oauthlib", "oauthlib", "requests", "httplib2", "keyring", "msgspec")


def loaded_after(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split()) & set(HEAVY)


def test_what_the_app_may_import_at_start_brings_nothing_along() -> None:
    light = ("client_file", "fields", "mapping", "answers", "access", "wire", "receiver", "page")
    modules = ", ".join(f"ringdesk.providers.google.{name}" for name in light)
    assert loaded_after(f"import {modules}, ringdesk.vault.tokens, ringdesk.vault.probe") == set()


def test_the_workers_module_needs_no_requests() -> None:
    assert "requests" not in loaded_after("import ringdesk.providers.google.people")


def test_insecure_transport_is_never_switched_on() -> None:
    """The library's switches are for the whole process; nothing here needs or sets them."""
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    script = "import os, ringdesk.providers.google.signin, ringdesk.providers.google.people; print(*os.environ)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert not [name for name in done.stdout.split() if name.startswith("OAUTHLIB")]
