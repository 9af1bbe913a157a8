"""Settings and the window that edits them: one value turned into the other, saved, and gone by at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from ringdesk.desk.preferences import Preferences
from ringdesk.settings import Settings, SettingsError

log = logging.getLogger(__name__)


def preferences_of(settings: Settings) -> Preferences:
    """What the settings window shows of the settings."""
    return Preferences(
        region=settings.region,
        extension=settings.extension,
        default_line=settings.default_line,
        lines=settings.lines,
        phones=settings.sources,
        pop=settings.pop,
        http_feed=settings.http_feed,
        keep_calls=settings.keep_calls,
    )


def settings_of(chosen: Preferences, before: Settings) -> Settings:
    """The settings with everything the window shows, and the rest as it was. Raises ValueError naming what is wrong."""
    return replace(
        before,
        region=chosen.region,
        extension=chosen.extension,
        default_line=chosen.default_line,
        lines=chosen.lines,
        sources=chosen.phones,
        pop=chosen.pop,
        http_feed=chosen.http_feed,
        keep_calls=chosen.keep_calls,
    )


def applied(
    chosen: Preferences, before: Settings, save: Callable[[Settings], None], go_by: Callable[[Settings], None]
) -> str | None:
    """Save what the window holds and go by it; gives what was wrong, or None. Nothing changes where it fails."""
    try:
        settings = settings_of(chosen, before)
        save(settings)
    except (SettingsError, ValueError) as error:
        log.warning("settings were not saved: %s", error)
        return str(error)
    go_by(settings)
    return None
