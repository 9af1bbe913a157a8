"""Ids as they lie in the database: sixteen bytes where they are a UUID as one is written, any other text as it is."""

from __future__ import annotations

from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.store.encode import id_of, key_of


@given(st.uuids().map(str) | st.text("0123456789abcdefABCDEF-{} \n", max_size=38))
@example("c0ffee00-0000-4000-8000-00000000000-")
@example("c0ffee00-0000-4000-8000-0000000000- ")
@example("C0FFEE00-0000-4000-8000-000000000000")
@example("c0ffee000-000-4000-8000-000000000000")
def test_a_key_is_that_of_its_id(text: str) -> None:
    try:
        canonical = str(UUID(text)) == text
    except ValueError:
        canonical = False
    assert key_of(text) == (UUID(text).bytes if canonical else text)
    assert id_of(key_of(text)) == text
