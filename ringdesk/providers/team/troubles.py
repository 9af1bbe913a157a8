"""The directory's troubles as the errors that the sync engine reacts to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ringdesk.domain.remote import Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

_DEATHS: Final = {TeamTrouble.LOGIN: Death.PASSWORD, TeamTrouble.OUT: Death.DISABLED}
_PASSING: Final = frozenset({TeamTrouble.UNREACHABLE, TeamTrouble.BUSY})


def as_remote(error: TeamError) -> RemoteError:
    """What a trouble of the directory means for syncing."""
    if error.trouble in _PASSING:
        return Retry(error.detail)
    if error.trouble in _DEATHS:
        return SignInDead(_DEATHS[error.trouble], error.detail)
    return Stop(error.trouble.value, error.detail)


@contextmanager
def translated() -> Iterator[None]:
    """Raise RemoteError where the directory raises TeamError."""
    try:
        yield
    except TeamError as error:
        raise as_remote(error) from error
