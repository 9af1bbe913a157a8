"""The simulated disk by itself: what survives a cut, and what fails."""

from __future__ import annotations

import random

import pytest

from tests.disk.media import SECTOR, Disk, DiskFailedError, DiskFullError, Faults

NEW, OLD = b"n" * 4 * SECTOR, b"o" * 4 * SECTOR


def cuts(disk: Disk, at: int, count: int = 200) -> list[bytes | None]:
    """What becomes of file `f`, many times; None where it is gone."""
    found = [disk.cut(at, random.Random(seed)).files for seed in range(count)]
    return [bytes(files["f"]) if "f" in files else None for files in found]


def test_what_was_synced_survives() -> None:
    disk = Disk({"f": bytearray(OLD)})
    disk.write("f", 0, NEW)
    disk.sync("f")
    disk.write("f", 0, OLD)
    assert set(cuts(disk, 2)) != {NEW}  # the write after it was in progress
    assert set(cuts(disk, 1)) != {NEW}  # the sync was in progress
    disk.sync("f")
    assert set(cuts(disk, 4)) == {OLD}


def test_what_was_not_synced_survives_by_sectors_in_any_order() -> None:
    disk = Disk({"f": bytearray(OLD)})
    disk.write("f", 0, NEW)
    found = {tuple(one[at : at + 1] for at in range(0, len(one), SECTOR)) for one in cuts(disk, 1) if one is not None}
    assert {(b"o",) * 4, (b"n",) * 4, (b"o", b"o", b"n", b"o")} <= found
    assert all(len(one or b"") == len(OLD) for one in cuts(disk, 1))


def test_no_byte_beside_a_write_is_harmed() -> None:
    disk = Disk({"f": bytearray(OLD)})
    disk.write("f", 100, b"nn")
    assert set(cuts(disk, 1)) == {OLD, OLD[:100] + b"nn" + OLD[102:]}


def test_a_deleted_file_may_come_back_until_its_folder_is_synced() -> None:
    disk = Disk({"f": bytearray(OLD), "log": bytearray()})
    disk.delete("f", safe=False)
    assert set(cuts(disk, 1)) == {OLD, None}
    disk.sync("log", folder=True)
    assert set(cuts(disk, 2)) == {None}


def test_a_lying_disk_keeps_nothing_for_sure() -> None:
    disk = Disk({"f": bytearray(OLD)}, Faults(lies=True))
    disk.write("f", 0, NEW)
    disk.sync("f")
    assert {OLD, NEW} < set(cuts(disk, 2))


def test_a_full_disk_refuses_the_bytes_and_keeps_the_file() -> None:
    disk = Disk({"f": bytearray(OLD)}, Faults(capacity=len(OLD) + 10))
    with pytest.raises(DiskFullError):
        disk.write("f", len(OLD), b"x" * 11)
    disk.write("f", 0, NEW)
    disk.write("f", len(OLD), b"x" * 10)
    assert disk.journal == disk.journal[-2:]


def test_the_power_goes_at_the_chosen_moment_and_stays_off() -> None:
    disk = Disk({"f": bytearray(OLD)}, Faults(off_at=1))
    disk.write("f", 0, NEW)
    for _ in range(2):
        with pytest.raises(DiskFailedError):
            disk.sync("f")
    with pytest.raises(DiskFailedError):
        disk.read("f", 0, 1)
    assert len(disk.journal) == 2


def test_a_read_can_fail_once() -> None:
    disk = Disk({"f": bytearray(OLD)}, Faults(bad_reads=frozenset({1})))
    assert disk.read("f", 0, 3) == b"ooo"
    with pytest.raises(DiskFailedError):
        disk.read("f", 0, 3)
    assert disk.read("f", 0, 3) == b"ooo"
