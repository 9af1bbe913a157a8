"""Client files: the right one is taken, every other is told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ringdesk.domain.signing import ClientTrouble
from ringdesk.providers.google.client_file import ClientFileError, parse_client, read_client_file

GOOD = {
    "client_id": "1-x.apps.googleusercontent.com",
    "client_secret": "public-by-design",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
}


def refused(content: bytes) -> ClientTrouble:
    with pytest.raises(ClientFileError) as caught:
        parse_client(content)
    return caught.value.trouble


def installed(**changes: object) -> bytes:
    return json.dumps({"installed": GOOD | changes}).encode()


def test_a_desktop_client_is_read(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_bytes(b"\xef\xbb\xbf" + installed())
    client = read_client_file(file)
    assert client.id == GOOD["client_id"]
    assert client.api == "https://people.googleapis.com/"
    assert client.revoke_uri == "https://oauth2.googleapis.com/revoke"
    assert "public-by-design" not in repr(client)


def test_a_practice_client_leads_to_this_computer() -> None:
    client = parse_client(installed(auth_uri="http://127.0.0.1:5/a", token_uri="http://127.0.0.1:5/token"))
    assert client.api == "http://127.0.0.1:5/"


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", ClientTrouble.NOT_JSON),
        (b"\xff\xfe", ClientTrouble.NOT_JSON),
        (b"[" * 60_000, ClientTrouble.NOT_JSON),
        (b"[]", ClientTrouble.NOT_A_CLIENT),
        (b"{}", ClientTrouble.NOT_A_CLIENT),
        (b'{"web": {}}', ClientTrouble.WEB),
        (b'{"type": "service_account"}', ClientTrouble.SERVICE_ACCOUNT),
        (b'{"installed": {}}', ClientTrouble.INCOMPLETE),
        (installed(client_id=7), ClientTrouble.INCOMPLETE),
        (installed(token_uri="https://evil.example/token"), ClientTrouble.FOREIGN),
        (installed(token_uri="https://google.com.evil.example/token"), ClientTrouble.FOREIGN),
        (installed(token_uri="https://evilgoogle.com/token"), ClientTrouble.FOREIGN),
        (installed(auth_uri="http://accounts.google.com/"), ClientTrouble.FOREIGN),
        (installed(auth_uri="https://a:b@accounts.google.com/"), ClientTrouble.FOREIGN),
        (installed(auth_uri="https://[/"), ClientTrouble.FOREIGN),
        (installed(auth_uri="javascript:alert(1)"), ClientTrouble.FOREIGN),
    ],
)
def test_anything_else_is_told_apart(content: bytes, trouble: ClientTrouble) -> None:
    assert refused(content) is trouble


def test_a_file_that_is_missing_or_huge_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClientFileError) as caught:
        read_client_file(tmp_path / "none.json")
    assert caught.value.trouble is ClientTrouble.UNREADABLE
    (tmp_path / "big.json").write_bytes(b" " * 100_000)
    with pytest.raises(ClientFileError) as caught:
        read_client_file(tmp_path / "big.json")
    assert caught.value.trouble is ClientTrouble.NOT_A_CLIENT
