"""The ways in which other syncs have failed, F1 to F26, and the tests that hold each: none may be without one."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
SYNC, FIELDS, ROUNDS = (f"sync/test_failures{part}.py" for part in ("", "_fields", "_rounds"))
GOOGLE, VAULT = "providers/google", "vault/test_tokens.py"

CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "F1 duplicates on every run": (f"{SYNC}::test_f1_a_lost_link_makes_no_duplicate",),
    "F2 the first sync copies everything both ways": (f"{SYNC}::test_f2_a_first_sync_matches_before_it_copies",),
    "F3 one side empty, the other wiped": (
        f"{SYNC}::test_f3_an_empty_account_empties_nothing",
        f"{SYNC}::test_f3_an_empty_store_empties_nothing",
    ),
    "F4 a partial listing read as deletions": (
        f"{SYNC}::test_f4_a_truncated_listing_deletes_nothing",
        f"{SYNC}::test_f4_a_listing_that_breaks_off_deletes_nothing",
    ),
    "F5 old or reordered news applied": (
        f"{SYNC}::test_f5_an_old_tombstone_is_not_believed",
        f"{SYNC}::test_f5_an_old_form_does_not_undo_a_new_one",
    ),
    "F6 a guard that a real emptying cannot pass": (
        f"{SYNC}::test_f6_a_real_emptying_can_be_allowed",
        "sync/test_found.py::test_an_account_that_is_really_empty_is_believed",
    ),
    "F7 a new contact vanishes on the second sync": (
        f"{SYNC}::test_f7_a_new_contact_does_not_vanish_on_the_second_sync",
    ),
    "F8 an expired sync token never recovered": (
        f"{SYNC}::test_f8_an_expired_cursor_recovers_by_itself",
        f"{GOOGLE}/test_book.py::test_a_sync_token_that_ended_is_known_in_every_form",
    ),
    "F9 etag conflicts unhandled, or spurious": (
        f"{SYNC}::test_f9_a_conflict_is_merged_and_sent_again",
        f"{SYNC}::test_f9_spurious_conflicts_are_tried_a_few_times_and_put_off",
        f"{GOOGLE}/test_book_writes.py::test_a_spurious_precondition_is_a_conflict_with_the_same_form",
    ),
    "F10 fields that are not modelled are wiped": (
        f"{FIELDS}::test_f10_fields_that_are_not_synced_stay",
        f"{GOOGLE}/test_book_writes.py::test_unknown_fields_and_other_fields_survive",
    ),
    "F11 birthdays without a year": (
        f"{FIELDS}::test_f11_birthdays_keep_or_lack_their_year",
        f"{GOOGLE}/test_mapping.py::test_a_birthday_without_a_year_stays_without",
    ),
    "F12 one number under two types": (
        f"{FIELDS}::test_f12_one_number_under_two_labels_stays_two_items",
        f"{GOOGLE}/test_mapping.py::test_one_number_under_two_labels_stays_two",
    ),
    "F13 one number in two formats": (f"{FIELDS}::test_f13_one_number_in_two_formats_is_one",),
    "F14 pictures sent again and again": (
        f"{FIELDS}::test_f14_a_picture_is_not_sent_again_and_again",
        f"{FIELDS}::test_f14_pictures_that_were_never_compared_stay_as_they_are",
    ),
    "F15 labels lost, emptied or not sent back": (
        f"{FIELDS}::test_f15_labels_travel_both_ways",
        f"{GOOGLE}/test_mapping.py::test_memberships_that_nobody_here_knows_stay",
    ),
    "F16 dead system groups": (
        f"{FIELDS}::test_f16_system_groups_are_not_shown_and_not_touched",
        f"{GOOGLE}/test_book.py::test_googles_own_labels_are_marked",
    ),
    "F17 phantom changes, queues that grow": (f"{ROUNDS}::test_f17_nothing_grows_over_fifty_rounds",),
    "F18 a merge there leaves a duplicate": (
        f"{ROUNDS}::test_f18_a_merge_there_leaves_one_here",
        "sync/test_found.py::test_former_ids_outlive_the_asking_by_id",
    ),
    "F19 an update of what is gone": (
        f"{ROUNDS}::test_f19_an_update_of_what_is_gone_does_not_stop_the_rest",
        f"{GOOGLE}/test_book_writes.py::test_updates_of_what_is_gone_say_so",
    ),
    "F20 quota starts everything over": (
        f"{ROUNDS}::test_f20_quota_does_not_start_over",
        f"{GOOGLE}/test_book_writes.py::test_quota_puts_off_all_or_the_rest",
    ),
    "F21 what is local is overwritten": (f"{ROUNDS}::test_f21_what_is_mine_alone_is_not_overwritten",),
    "F22 invalid_grant shown raw, or a loop": (
        f"{ROUNDS}::test_f22_a_dead_sign_in_stops_everything_in_one_request",
        f"{GOOGLE}/test_book.py::test_a_dead_token_says_why_in_one_request",
    ),
    "F23 one more device": (
        f"{ROUNDS}::test_f23_a_second_desk_takes_nothing_from_the_first",
        f"{GOOGLE}/test_signin.py::test_a_second_device_asks_once_more_for_the_lasting_permission",
    ),
    "F24 a secret the keyring cannot hold, a stale one in front": (
        f"{ROUNDS}::test_f24_no_secret_is_in_the_store",
        f"{VAULT}::test_a_failed_write_takes_the_old_secret_away",
        f"{VAULT}::test_what_not_every_keyring_can_hold_is_not_kept",
    ),
    "F25 a stray request stops the sign-in": (
        f"{GOOGLE}/test_receiver.py::test_strays_are_turned_away_and_the_answer_still_arrives",
        f"{GOOGLE}/test_receiver.py::test_silent_connections_are_closed",
        f"{GOOGLE}/test_signin.py::test_strays_do_not_spoil_it",
    ),
    "F26 a creation repeated after an unclear failure": (
        f"{ROUNDS}::test_f26_an_unclear_creation_is_never_repeated_blindly",
        f"{ROUNDS}::test_f26_what_did_not_happen_is_sent_again_after_two_listings",
        f"{GOOGLE}/test_book_writes.py::test_a_create_whose_answer_was_lost_is_unclear_and_sent_once",
        f"{GOOGLE}/test_wire.py::test_a_kept_connection_that_ends_under_a_change_is_not_tried_again",
    ),
}


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_class_is_in_the_table() -> None:
    assert [name.split()[0] for name in CLASSES] == [f"F{number}" for number in range(1, 27)]


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_has_its_tests(name: str) -> None:
    assert CLASSES[name]
    for test in CLASSES[name]:
        file, _, function = test.partition("::")
        assert function in functions_in(TESTS / file), f"{name}: {test} is not there any more"
