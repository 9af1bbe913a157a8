"""The log: what happened, without names, whole numbers or secrets."""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

BYTES: Final = 1_000_000
KEPT: Final = 3
OTHERS: Final = (
    "asyncio",
    "google",
    "google_auth_oauthlib",
    "googleapiclient",
    "keyring",
    "oauthlib",
    "peewee",
    "psycopg",
    "qasync",
    "requests_oauthlib",
    "urllib3",
)
"""The libraries whose loggers are kept quiet, however much is asked for."""

_NUMBER: Final = re.compile(r"(?<![\w.])\+?\(?\d[\d ().\-/]{4,}\d(?![\w])")
_NO_DIGIT: Final = re.compile(r"\D")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET: Final = re.compile(
    r"(?i)(ya29\.|1//|bearer\s+|code=|(?:refresh_|access_)?token[\"'=: ]+|password[\"'=: ]+)[^\s\"'&,}]+"
)


def redacted(text: str) -> str:
    """The text with numbers cut to their last two digits, e-mail addresses and secrets taken out."""
    text = _SECRET.sub(r"\1[secret]", text)
    text = _MAIL.sub("[e-mail]", text)
    return _NUMBER.sub(lambda found: f"[number ..{re.sub(_NO_DIGIT, '', found[0])[-2:]}]", text)


class Redacting(logging.Formatter):
    """Formats a record and redacts all of it but the time and the place: message, traceback, stack."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """The line without the traceback."""
        record.message = redacted(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802  # logging's name
        """The traceback."""
        return redacted(super().formatException(ei))  # type: ignore[arg-type]  # what logging hands over

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  # logging's name
        """The stack."""
        return redacted(super().formatStack(stack_info))


def start(path: Path | None, *, verbose: bool) -> None:
    """Send the log to a file (and to standard error where asked). A file that cannot be made costs only itself."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    form = Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if verbose or path is None else []
    if path is not None:
        try:
            handlers.append(RotatingFileHandler(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8", delay=False))
        except OSError as error:
            handlers.append(logging.StreamHandler(sys.stderr))
            logging.getLogger(__name__).warning("no log file: %s", error)
    for handler in handlers:
        handler.setFormatter(form)
        root.addHandler(handler)
    quiet_others()


def quiet_others() -> None:
    """Let the libraries say what went wrong and no more: at length they log states of sign-ins and whole addresses."""
    for name in OTHERS:
        logging.getLogger(name).setLevel(logging.WARNING)
