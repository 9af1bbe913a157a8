"""Settings and the window that edits them: one value turned into the other, saved, and gone by at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from ringdesk.desk.preferences import HttpFeedPreference, LinePreference, PhonePreference, PopPreference, Preferences
from ringdesk.settings import HttpFeed, LineEntry, PopChoices, Settings, SettingsError, SourceEntry

log = logging.getLogger(__name__)


def preferences_of(settings: Settings) -> Preferences:
    """What the settings window shows of the settings."""
    pop = settings.pop
    return Preferences(
        region=settings.region,
        extension=settings.extension,
        default_line=settings.default_line,
        lines=tuple(LinePreference(e.match, e.line, e.queue) for e in settings.lines),
        phones=tuple(PhonePreference(e.id, e.kind, e.host, e.port, e.enabled) for e in settings.sources),
        pop=PopPreference(
            pop.corner,
            pop.screen,
            pop.strip_after,
            pop.note_after,
            pop.internal,
            pop.do_not_disturb,
            pop.vips_pass,
            pop.key,
        ),
        http_feed=HttpFeedPreference(settings.http_feed.enabled, settings.http_feed.port),
        keep_calls=settings.keep_calls,
    )


def settings_of(chosen: Preferences, before: Settings) -> Settings:
    """The settings with everything the window shows, and the rest as it was. Raises ValueError naming what is wrong."""
    pop = chosen.pop
    return replace(
        before,
        region=chosen.region,
        extension=chosen.extension,
        default_line=chosen.default_line,
        lines=tuple(LineEntry(e.match, e.line, e.queue) for e in chosen.lines),
        sources=tuple(SourceEntry(e.id, e.kind, e.host, e.port, e.enabled) for e in chosen.phones),
        pop=PopChoices(
            pop.corner,
            pop.screen,
            pop.strip_after,
            pop.note_after,
            pop.internal,
            pop.do_not_disturb,
            pop.vips_pass,
            pop.key,
        ),
        http_feed=HttpFeed(chosen.http_feed.enabled, chosen.http_feed.port),
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
