"""`ringdesk team`: every bad input ends in a sentence that says what, where and what to do; no password is kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringdesk.cli import main as ringdesk
from ringdesk.cli import team_invite
from ringdesk.cli.team_words import as_coworker, as_set_up
from ringdesk.providers.team import certificates, founding
from ringdesk.providers.team.link import Server
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, SUPER, Team, rows
from tests.providers.team.aid import Desk, seat, share

pytestmark = pytest.mark.postgres

Capture = pytest.CaptureFixture[str]


@dataclass
class Office:
    """A directory, a set-up folder for it, and the command line."""

    team: Team
    folder: Path
    type_in: Callable[[str], None]
    capsys: Capture

    def __call__(self, *words: str, said: str = PASSWORD, status: int = 0) -> str:
        """Run `ringdesk team`, `said` on standard input; gives everything it printed."""
        self.type_in(said + "\n")
        assert ringdesk(["team", *words]) == status, self.capsys.readouterr()
        told = self.capsys.readouterr()
        return told.out + told.err

    def init(self, *more: str, said: str = PASSWORD, status: int = 0) -> str:
        """`team init` by the socket as the superuser, unless said otherwise."""
        place = self.team.cluster.tcp(self.team.name)
        words = ["--host", "localhost", "--admin", "Maria Rossi", "--department", "Sales", "--port", str(place.port)]
        words += ["--database", place.database, "--authority", place.authority, "--folder", str(self.folder)]
        words += ["--socket", str(self.team.cluster.folder), "--user", SUPER, *more]
        return self("init", *words, said=said, status=status)

    def folder_words(self) -> list[str]:
        return ["--folder", str(self.folder)]


@pytest.fixture
def office(own_team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Iterator[Office]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr("ringdesk.vault.tokens.trusted_backend", lambda: (None, "none"))
    monkeypatch.setattr("ringdesk.vault.probe.trusted_backend", lambda: (None, "none"))
    known = {str(row[0]) for row in rows(own_team.setup, "select rolname from pg_roles")}

    def type_in(said: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(said))

    yield Office(own_team, tmp_path / "set-up", type_in, capsys)
    for row in rows(own_team.setup, "select login from rd.coworker"):
        if str(row[0]) not in known:
            own_team.adopt(str(row[0]))


def password_in(told: str) -> str:
    [line] = [line for line in told.splitlines() if "tell the password:" in line]
    return line.split()[-1]


def test_from_set_up_to_leaving(office: Office, tmp_path: Path) -> None:
    told = office.init()
    assert "every attack on it was refused" in told
    data = ["--data", str(tmp_path / "desk")]
    word = password_in(told)
    invitation = str(office.folder / "maria.rossi.invitation")
    assert "keyring" in office("join", invitation, *data, said=word, status=1)
    own = "a sentence of my own"
    joined = office("join", invitation, "--choose-password", *data, said=f"{word}\n{own}\n{own}")
    assert "Maria Rossi, this desk is in the team at localhost" in joined
    listed = office("members", *data, said=own)
    assert "maria.rossi" in listed
    assert "invitation" not in listed
    assert "Sales: alice, bob, maria.rossi" in office("departments", "sales", "--in", "Maria Rossi", *data, said=own)
    assert "Export: nobody yet" in office("departments", "--add", "Export", *data, said=own)
    assert "Abroad: nobody yet" in office("departments", "--rename", "Export", "Abroad", *data, said=own)
    said = office("rights", "alice", "--view-only", "--no-google", "--extensions", "21, 22", *data, said=own)
    assert "alice (Alice): extension 21, 22; view only; no Google sync" in said
    checked = office("check", *data, said=own)
    assert "ok    server: proves that it is localhost" in checked
    assert "off this computer" in office("leave", *data)
    assert "in no team" in office("leave", *data, status=1)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert word not in path.read_text("utf-8", "replace"), path
            assert own not in path.read_text("utf-8", "replace"), path


def test_inviting_and_leaving_by_name(office: Office) -> None:
    office.init()
    folder = office.folder_words()
    first = office("invite", "Zoë de Boer", "--department", "sales", *folder)
    again = office("invite", "zoë de boer", "--again", *folder)
    assert "zoe.de.boer" in first
    assert password_in(first) != password_in(again)
    assert "in the team already" in office("invite", "Zoë de Boer", *folder, status=1)
    assert "no department 'Exprot' (there are: Sales, Support)" in office(
        "invite", "New", "--department", "Exprot", *folder, status=1
    )
    assert "contacts are Maria Rossi's now" in office("offboard", "Zoë de Boer", "--give-to", "Maria Rossi", *folder)
    assert "has left already" in office("offboard", "zoe.de.boer", "--give-to", "maria.rossi", *folder, status=1)
    assert "nobody in the team is called 'Nemo'" in office("offboard", "Nemo", "--give-to", "bob", *folder, status=1)
    assert "cannot be given to alice" in office("offboard", "alice", "--give-to", "alice", *folder, status=1)
    assert "login is taken" not in office("invite", "山田", "--login", "yamada", *folder)
    assert "no login can be made of '山本'" in office("invite", "山本", *folder, status=1)
    assert "name taken" in office("invite", "Boss", "--login", SUPER, *folder, status=1)
    assert not (office.folder / f"{SUPER}.invitation").exists()


def test_after_a_restore_every_desk_reads_everything(office: Office) -> None:
    office.init()
    desk = Desk(seat(office.team, "bob"))
    share(seat(office.team, "alice"))
    desk.pull()
    assert not desk.directory.pull(desk.cursor).full
    assert "Every desk reads the whole directory" in office("restored", *office.folder_words())
    assert desk.directory.pull(desk.cursor).full


def test_the_only_administrator_stays(office: Office) -> None:
    office.init()
    office("rights", "dave", "--no-administrator", *office.folder_words())
    told = office("offboard", "Maria Rossi", "--give-to", "bob", *office.folder_words(), status=1)
    assert "ringdesk team rights bob --administrator" in told
    told = office("rights", "maria.rossi", "--no-administrator", *office.folder_words(), status=1)
    assert "a team needs an administrator" in told


def test_two_of_one_name_are_told_apart(office: Office) -> None:
    office.init()
    folder = office.folder_words()
    office("invite", "Ann Lee", *folder)
    office("invite", "Ann Lee", "--login", "ann.lee.2", *folder)
    told = office("offboard", "Ann Lee", "--give-to", "bob", *folder, status=1)
    assert "say which by the login: ann.lee, ann.lee.2" in told


def test_set_up_says_what_is_in_the_way(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "other.crt"
    other.write_bytes(certificates.new_authority("Somebody else").certificate)
    refused = {
        "--user ROLE": office.init("--socket", str(tmp_path), status=1),
        "login refused": office.init(said="wrong", status=1),
        "no password was given": office.init(said="", status=1),
        "is no host name": office.init("--host", "https://office", status=1),
        "no database name": office.init("--database", "Team 1", status=1),
        "cannot be read": office.init("--authority", str(tmp_path / "none"), status=1),
        "no login can be made": office.init("--admin", " ", status=1),
        "is PostgreSQL installed and running": office.init("--port", "1", status=1),
        "a coworker cannot come in at localhost": office.init("--authority", str(other), status=1),
        "a coworker cannot come in at 127.0.0.1": office.init("--host", "127.0.0.1", status=1),
    }
    assert [wanted for wanted, told in refused.items() if wanted not in told] == []
    assert rows(office.team.setup, "select count(*) from rd.coworker where login like 'maria%%' or probe") == [(0,)]
    assert not list(office.folder.glob("*.invitation"))


def test_a_set_up_that_is_refused_leaves_the_next_invitation_as_it_was(office: Office) -> None:
    """A slip in --host: what was set up before goes on inviting to the server that coworkers reach."""
    office.init()
    folder = office.folder_words()
    told = office.init("--host", "db.nowhere.invalid", status=1)
    assert "cannot come in at db.nowhere.invalid" in told
    assert "Say with --host the name" in told
    office("invite", "Tom Baker", *folder)
    assert json.loads((office.folder / "tom.baker.invitation").read_text())["host"] == "localhost"
    assert "everything a temporary coworker tried was refused" in office("check", *folder)


def test_a_check_that_cannot_come_in_says_nothing_of_invitations(office: Office) -> None:
    office.init()
    path = office.folder / "setup.json"
    path.write_text(path.read_text().replace('"localhost"', '"127.0.0.1"'))
    told = office("check", *office.folder_words(), status=1)
    assert "the attack was not tried" in told
    assert "invited" not in told


def test_a_role_without_rights_is_told_which(office: Office) -> None:
    office.team.enroll("clerk")
    told = office.init("--user", "clerk", status=1)
    assert "it may not make roles" in told
    assert 'alter role "clerk" createrole' in told


def test_the_certificate_of_another_server_is_refused(office: Office, tmp_path: Path) -> None:
    """Over TLS the set-up role itself meets the wrong server first."""
    other = tmp_path / "other.crt"
    other.write_bytes(certificates.new_authority("Somebody else").certificate)
    place = office.team.cluster.tcp(office.team.name)
    words = ["--host", "localhost", "--admin", "M", "--port", str(place.port), "--user", "office"]
    told = office("init", *words, "--authority", str(other), *office.folder_words(), status=1)
    assert "could not prove" in told or "untrusted" in told
    assert "--authority FILE" in told


def test_an_older_server_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "OLDEST_SERVER", 99)
    assert "is too old: 99 or newer is needed" in office.init(status=1)


def test_a_hole_stops_the_set_up(office: Office) -> None:
    office.team.setup.execute("grant usage on schema rd to rd_coworker; grant select on rd.settings to rd_coworker")
    told = office.init(status=1)
    assert "read the hash secret: was carried out" in told
    assert not (office.folder / "maria.rossi.invitation").exists()
    assert "BAD   rights on tables" in office("check", *office.folder_words(), status=1)


def test_joining_says_what_is_in_the_way(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    word = password_in(office.init())
    path = office.folder / "maria.rossi.invitation"
    data = ["--data", str(tmp_path / "desk"), "--choose-password"]
    own = "a sentence of my own"

    def changed(**what: object) -> str:
        odd = tmp_path / "odd.invitation"
        odd.write_text(json.dumps(json.loads(path.read_text()) | what))
        return office("join", str(odd), *data, said=f"{word}\n{own}\n{own}", status=1)

    refused = {
        "cannot be read": office("join", str(tmp_path / "none"), *data, status=1),
        "login refused": office("join", str(path), *data, said=f"wrong\n{own}\n{own}", status=1),
        "the two passwords differ": office("join", str(path), *data, said=f"{word}\n{own}\n{own}!", status=1),
        "too short": office("join", str(path), *data, said=f"{word}\nshort\nshort", status=1),
        "no answer": changed(port=1).replace("unreachable", "no answer"),
        "untrusted": changed(host="127.0.0.1").replace("cannot be trusted", "untrusted"),
        "no RingDesk": changed(format="other").replace("no invitation to a RingDesk team", "no RingDesk"),
    }
    assert [wanted for wanted, told in refused.items() if wanted not in told] == []
    assert not list((tmp_path / "desk").glob("team*"))


def test_an_invitation_that_ended_is_told_as_that(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.init()
    monkeypatch.setattr(team_invite, "invitation_ends", lambda: datetime.now(UTC) - timedelta(seconds=1))
    word = password_in(office("invite", "Late Larry", *office.folder_words()))
    path = str(office.folder / "late.larry.invitation")
    own = "a sentence of my own"
    words = ["--choose-password", "--data", str(tmp_path / "desk")]
    told = office("join", path, *words, said=f"{word}\n{own}\n{own}", status=1)
    assert "invitation ended" in told
    assert "--again" in told


@pytest.mark.parametrize("command", [["invite", "Tom"], ["members"], ["offboard", "a", "--give-to", "b"], ["check"]])
def test_without_a_set_up_the_next_step_is_named(office: Office, tmp_path: Path, command: list[str]) -> None:
    where = [] if command[0] in ("invite", "offboard") else ["--data", str(tmp_path)]
    told = office(*command, "--folder", str(tmp_path / "none"), *where, status=1)
    assert "run 'ringdesk team init' first" in told


@pytest.mark.parametrize("text", ["{", "[]", '{"host": 1}'])
def test_a_broken_set_up_file_is_named(office: Office, text: str) -> None:
    office.folder.mkdir()
    (office.folder / "setup.json").write_text(text)
    assert "setup.json" in office("members", *office.folder_words(), status=1)


def test_certificates_are_made_once_and_renewed(office: Office, tmp_path: Path) -> None:
    words = ["--host", "office.example", "--host", "192.0.2.7", "--folder", str(tmp_path / "certs")]
    assert "office.example, 192.0.2.7" in office("certificates", *words)
    authority = (tmp_path / "certs" / "authority.crt").read_bytes()
    server = (tmp_path / "certs" / "server.crt").read_bytes()
    office("certificates", *words)
    assert (tmp_path / "certs" / "authority.crt").read_bytes() == authority
    assert (tmp_path / "certs" / "server.crt").read_bytes() != server
    (tmp_path / "file").write_text("")
    assert "--folder" in office("certificates", "--host", "a", "--folder", str(tmp_path / "file"), status=1)
    (tmp_path / "certs" / "authority.key").write_text("nonsense")
    assert "certs" in office("certificates", *words, status=1)


@pytest.mark.parametrize("line", [[], ["invite"], ["join"], ["explode"], ["init"], ["offboard", "x"]])
def test_wrong_use_ends_with_two(line: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ringdesk(["team", *line])
    assert ended.value.code == 2


def test_whoever_is_out_of_the_team_is_told_what_goes_from_here() -> None:
    out = TeamError(TeamTrouble.OUT, 'role "bob" is not permitted to log in')
    assert "'ringdesk team leave' erases coworkers' contacts here" in str(as_coworker(out, "db.office.example"))
    server = Server("db.office.example", "ringdesk", "system")
    assert "check the role and its password" in str(as_set_up(out, server, "office")), (
        "a role for set-up is no coworker"
    )
