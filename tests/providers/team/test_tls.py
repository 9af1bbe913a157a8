"""The one way in over TCP, and everything else refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from ringdesk.providers.team import certificates
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import Server, connect, conninfo, translated
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, SUPER, Team

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(team: Team) -> Server:
    if not team.cluster.tls:
        pytest.skip("this server was built without OpenSSL")
    return team.cluster.tcp(team.name)


def trouble_of(act: Callable[[], object]) -> TeamTrouble:
    with pytest.raises(TeamError) as caught:
        act()
    return caught.value.trouble


def test_verified_encrypted_and_bound(server: Server) -> None:
    with connect(server, "alice", PASSWORD) as connection:
        assert connection.pgconn.ssl_in_use
        row = connection.execute("select version from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
    assert row == ("TLSv1.3",)


def test_wrong_authority_is_refused(server: Server, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(certificates.new_authority("Somebody else").certificate)
    place = replace(server, authority=str(other))
    assert trouble_of(lambda: connect(place, "alice", PASSWORD)) is TeamTrouble.UNTRUSTED


def test_wrong_name_is_refused(server: Server) -> None:
    """The certificate is for localhost: the same machine by another name is another server."""
    place = replace(server, host="127.0.0.1")
    assert trouble_of(lambda: connect(place, "alice", PASSWORD)) is TeamTrouble.UNTRUSTED


TWO_ADDRESSES = """connection failed: connection to server at "127.0.0.1", port 5432 failed: {0}
Multiple connection attempts failed. All failures were:
- host: 'db', port: 5432, hostaddr: '127.0.0.1': connection failed: connection to server at "127.0.0.1", port 5432 \
failed: {0}
- host: 'db', port: 5432, hostaddr: '::1': connection failed: connection to server at "::1", port 5432 failed: {1}"""
REFUSED = "Connection refused"
NOT_PROVEN = "SSL error: certificate verify failed"
BROKEN = "SSL SYSCALL error: EOF detected"


@pytest.mark.parametrize(
    ("failures", "trouble"),
    [
        ((NOT_PROVEN, REFUSED), TeamTrouble.UNTRUSTED),
        ((REFUSED, NOT_PROVEN), TeamTrouble.UNTRUSTED),
        ((REFUSED, REFUSED), TeamTrouble.UNREACHABLE),
        ((BROKEN, REFUSED), TeamTrouble.UNREACHABLE),
    ],
)
def test_a_name_with_two_addresses_is_judged_by_each(failures: tuple[str, str], trouble: TeamTrouble) -> None:
    def meet() -> None:
        with translated():
            raise psycopg.OperationalError(TWO_ADDRESSES.format(*failures))

    assert trouble_of(meet) is trouble


def test_plain_text_is_refused_by_the_server(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf"):
        psycopg.connect(conninfo(server, "alice", PASSWORD), sslmode="disable", channel_binding="disable")


def test_wrong_password_is_refused(server: Server) -> None:
    assert trouble_of(lambda: connect(server, "alice", "wrong")) is TeamTrouble.LOGIN


def test_superuser_over_tcp_is_refused(server: Server) -> None:
    assert trouble_of(lambda: connect(server, SUPER, PASSWORD)) is TeamTrouble.LOGIN


def test_environment_weakens_nothing(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(certificates.new_authority("Somebody else").certificate)
    for name, value in {
        "PGSSLMODE": "disable",
        "PGSSLROOTCERT": str(other),
        "PGCHANNELBINDING": "disable",
        "PGHOSTADDR": "127.0.0.9",
        "PGHOST": "elsewhere",
        "PGUSER": SUPER,
        "PGOPTIONS": "-c search_path=public",
        "PGREQUIREAUTH": "none",
    }.items():
        monkeypatch.setenv(name, value)
    with connect(server, "alice", PASSWORD) as connection:
        assert connection.pgconn.ssl_in_use
        assert connection.info.hostaddr == "127.0.0.1"
        assert connection.info.user == "alice"


def test_nobody_listens(server: Server) -> None:
    assert trouble_of(lambda: connect(replace(server, port=1), "alice", PASSWORD)) is TeamTrouble.UNREACHABLE


@pytest.mark.parametrize("host", ["", "/tmp", "@abstract", "a,b"])
def test_a_tcp_place_cannot_be_a_socket(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        conninfo(Server(host, "ringdesk", "system"), "alice", PASSWORD)


def test_password_is_changed_without_travelling(server: Server, own_team: Team) -> None:
    alice = Directory(server, "alice", PASSWORD)
    alice.change_password("a new one")
    alice.close()
    assert alice.hello().me.login == "alice"
    alice.close()
    assert trouble_of(lambda: connect(server, "alice", PASSWORD)) is TeamTrouble.LOGIN


def test_broken_connection_is_opened_anew(team: Team) -> None:
    alice = Directory(team.cluster.local(team.name), "alice", PASSWORD)
    alice.hello()
    team.setup.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'alice'")
    assert trouble_of(alice.hello) is TeamTrouble.UNREACHABLE
    assert alice.hello().me.login == "alice"
    alice.close()


def test_certificates_are_written_for_us_alone(tmp_path: Path) -> None:
    files = certificates.write(tmp_path / "team", ["office.example", "192.0.2.7"])
    first = files.authority.read_bytes()
    modes = [path.stat().st_mode & 0o777 for path in (files.authority_key, files.server_key, files.authority)]
    assert modes == [0o600, 0o600, 0o644]
    assert certificates.write(tmp_path / "team", ["office.example"]).authority.read_bytes() == first
