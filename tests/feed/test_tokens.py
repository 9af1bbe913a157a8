"""Tokens of producers: made once, kept as hashes, in a file that is safe or counts for nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ringdesk.feed import tokens
from ringdesk.feed.tokens import PRODUCERS_MOST, Producer, Tokens, TokensError, find, issue, read, revoke


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "feed-tokens.json"


def test_a_token_is_256_bits_and_only_its_hash_is_kept(path: Path) -> None:
    token = issue(path, "pbx", 1_700_000_000.0)
    assert len(bytes.fromhex(token)) == 32
    assert token not in path.read_text()
    (producer,) = read(path)
    assert (producer.name, producer.made) == ("pbx", 1_700_000_000.0)
    assert producer.digest == hashlib.sha256(token.encode()).hexdigest()


def test_the_file_is_for_this_user_only_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        issue(path, "pbx", 0.0)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_tokens_are_two(path: Path) -> None:
    made = [issue(path, name, 0.0) for name in ("pbx", "door")]
    assert len(set(made)) == 2
    found = [find(read(path), token) for token in made]
    assert [one.name if one else None for one in found] == ["pbx", "door"]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].number != found[1].number


@pytest.mark.parametrize("token", ["", "0" * 64, "\udcff", "x" * 10_000])
def test_any_other_token_is_nobodys(path: Path, token: str) -> None:
    issue(path, "pbx", 0.0)
    assert find(read(path), token) is None


def test_the_hash_is_no_token(path: Path) -> None:
    issue(path, "pbx", 0.0)
    (producer,) = read(path)
    assert find([producer], producer.digest) is None


def test_every_producer_is_compared_in_constant_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = issue(path, "a", 0.0), [issue(path, name, 0.0) for name in ("b", "c")][-1]
    compared: list[str] = []
    real = hmac.compare_digest

    def counting(a: str, b: str) -> bool:
        compared.append(a)
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    for token in (first, last, "nobody's"):
        compared.clear()
        find(read(path), token)
        assert len(compared) == 3


def test_a_revoked_token_is_nobodys_and_the_name_is_free_again(path: Path) -> None:
    old, other = issue(path, "pbx", 0.0), issue(path, "door", 0.0)
    revoke(path, "pbx")
    assert find(read(path), old) is None
    assert find(read(path), other) is not None
    assert issue(path, "pbx", 0.0) != old


@pytest.mark.parametrize("name", ["", "-x", ".x", "a b", "a/b", "ö", "x" * 41, "a\n", "../x"])
def test_a_name_that_is_none_is_refused(path: Path, name: str) -> None:
    with pytest.raises(TokensError, match="bad_name"):
        issue(path, name, 0.0)
    assert not path.exists()


def test_refusals_have_their_codes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issue(path, "pbx", 0.0)
    with pytest.raises(TokensError, match="taken"):
        issue(path, "pbx", 0.0)
    with pytest.raises(TokensError, match="unknown"):
        revoke(path, "door")
    monkeypatch.setattr(tokens, "PRODUCERS_MOST", 1)
    with pytest.raises(TokensError, match="too_many"):
        issue(path, "door", 0.0)
    assert PRODUCERS_MOST == 64


def entry(**changed: object) -> str:
    return json.dumps({"producers": [{"name": "pbx", "sha256": "0" * 64, "made": 0, **changed}]})


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "7", "{}", '{"producers":7}', '{"producers":[7]}', '{"producers":[{}]}', "[" * 9999,
        entry(name=7), entry(name="../x"), entry(sha256="0" * 63), entry(sha256="G" * 64), entry(made="x"),
        entry(made=10**400), " " * 70_000,
    ],
)  # several to a line  # fmt: skip
def test_a_file_that_cannot_be_read_lets_nobody_in_and_is_left_alone(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.touch(0o600)
    path.write_text(text)
    watched = Tokens(path)
    assert watched.whose("x") is None
    assert watched.trouble is not None
    assert watched.trouble.why == "unreadable"
    with pytest.raises(TokensError, match="unreadable"):
        issue(path, "pbx", 0.0)
    assert path.read_text() == text


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.chmod(0o640), "unsafe"),
        (lambda path: path.chmod(0o602), "unsafe"),
        (linked, "unreadable"),
        (folder, "unreadable"),
        (pipe, "unreadable"),
    ],
)
def test_a_file_that_is_not_safe_lets_nobody_in(path: Path, spoil: Callable[[Path], object], why: str) -> None:
    token = issue(path, "pbx", 0.0)
    watched = Tokens(path)
    assert watched.whose(token) is not None
    spoil(path)
    assert watched.whose(token) is None
    assert watched.trouble is not None
    assert watched.trouble.why == why


def test_a_file_that_belongs_to_somebody_else_lets_nobody_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue(path, "pbx", 0.0)
    monkeypatch.setattr(os, "getuid", lambda: os.stat(path).st_uid + 1)
    assert Tokens(path).whose(token) is None


def test_changes_are_seen_without_reading_the_file_every_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue(path, "pbx", 0.0)
    reads: list[Path] = []
    watched = Tokens(path)

    def counting(path: Path) -> list[Producer]:
        reads.append(path)
        return read(path)

    monkeypatch.setattr(tokens, "read", counting)
    for _ in range(5):
        assert watched.whose(token) is not None
    assert len(reads) == 1
    for _ in range(20):
        other = issue(path, "door", 0.0)
        assert watched.whose(other) is not None
        revoke(path, "door")
        assert watched.whose(other) is None
    path.unlink()
    assert watched.whose(token) is None


def test_two_commands_at_once_lose_nothing(path: Path) -> None:
    threads = [threading.Thread(target=issue, args=(path, f"p{n}", 0.0), name=f"p{n}") for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(producer.name for producer in read(path)) == [f"p{n}" for n in range(8)]


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue(path, "pbx", 0.0)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TokensError, match="No space left"):
        issue(path, "door", 0.0)
    assert find(read(path), token) is not None
    assert sorted(file.name for file in path.parent.iterdir() if not file.name.endswith(".lock")) == [path.name]
