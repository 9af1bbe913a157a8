"""How an account's choices are written down and read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.account import EVERY, Choices, Kept, Standing, kept_of, kept_text
from ringdesk.domain.document import FIELDS
from ringdesk.domain.replica import Account, Clash, Direction, GoneThere, Policy
from ringdesk.domain.signing import Keeping

TEXT = st.text(max_size=8)
POLICIES = st.builds(
    Policy,
    direction=st.sampled_from(Direction),
    clash=st.sampled_from(Clash),
    keep_removed=st.booleans(),
    gone_there=st.sampled_from(GoneThere),
    delete_there=st.booleans(),
    labels=st.frozensets(TEXT),
    groups=st.frozensets(TEXT),
    landing=TEXT,
    share_label=TEXT,
    only_with_phones=st.booleans(),
    unknown_callers=st.booleans(),
    fields=st.frozensets(st.sampled_from(FIELDS)),
    private_custom=st.frozensets(TEXT),
    view_only=st.booleans(),
)


@given(
    st.builds(
        Kept,
        st.builds(Choices, POLICIES, st.sampled_from(EVERY)),
        st.sampled_from(Standing),
        st.sampled_from(Keeping),
        st.none() | st.floats(0, 4e9),
    )
)
def test_what_is_written_is_read_again(kept: Kept) -> None:
    assert kept_of(Account(id="a", settings=kept_text(kept))) == kept


def test_a_new_account_has_the_defaults_of_the_product() -> None:
    kept = kept_of(Account(id="a"))
    assert kept == Kept()
    assert (kept.choices.every, kept.choices.policy.clash, kept.standing) == (5, Clash.RECENT, Standing.SETTING_UP)


@pytest.mark.parametrize("text", ["{", "[1]", "7", "null", '{"policy": 3}', "[" * 100_000])
def test_a_text_that_cannot_be_read_gives_the_defaults(text: str) -> None:
    assert kept_of(Account(id="a", settings=text)).choices == Choices()


def test_a_field_of_another_kind_falls_back_alone() -> None:
    said = json.loads(kept_text(Kept(Choices(Policy(landing="Sales"), 15), Standing.CONNECTED)))
    said["policy"] |= {"clash": "no such", "labels": "x", "keep_removed": "yes", "from the future": 1}
    said["every"] = True
    kept = kept_of(Account(id="a", settings=json.dumps(said)))
    assert kept == Kept(Choices(Policy(landing="Sales"), 5), Standing.CONNECTED)


def test_what_stood_in_a_way_that_is_not_known_is_not_synced() -> None:
    said = json.loads(kept_text(Kept(standing=Standing.CONNECTED)))
    said["standing"] = "paused by a newer version"
    assert kept_of(Account(id="a", settings=json.dumps(said))).standing is Standing.DISCONNECTED


def test_an_interval_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="7"):
        Choices(every=7)
