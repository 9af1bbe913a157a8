"""How wide texts are: what is said to fit does fit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from ringdesk.ui.text_width import Widths
from ringdesk.ui.theme import Text, Theme

letters = st.one_of(st.text(max_size=60), st.text("AVToWyfil. ·éñŁ0123456789", max_size=60))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters, st.integers(0, 600))
def test_what_is_said_to_fit_fits(theme: Theme, text: str, room: int) -> None:
    metrics = QFontMetricsF(theme.font(Text.STRONG))
    if Widths(theme.font(Text.STRONG)).fits(text, room):
        assert metrics.horizontalAdvance(text) <= room


@pytest.mark.parametrize("text", ["Ana García", "山田 太郎", "आरव शर्मा"])
def test_there_is_room_for_a_text_in_its_own_width(theme: Theme, text: str) -> None:
    widths = Widths(theme.font())
    assert widths.fits(text, widths.advance(text))
    assert not widths.fits(text, widths.advance(text) - 1)
