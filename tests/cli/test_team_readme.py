"""The README's lines, run as they stand on a PostgreSQL of the test's own, as Debian sets one up.

What is not run is named here: apt and pip (a test installs nothing), and `systemctl restart`, for which the test's
server is restarted. The server's name is `localhost`, and `sudo` stands for itself.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ringdesk.app.places import places
from ringdesk.app.team_join import join
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.invitation import read_invitation
from ringdesk.providers.team.link import Server, connect, conninfo
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.fakes import FakeSecrets
from tests.postgres import Cluster, bare_cluster, server_user
from tests.providers.team.aid import Desk, share

pytestmark = [pytest.mark.postgres, pytest.mark.skipif(sys.platform != "linux", reason="the lines are for Debian")]

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ("sudo apt install ", "sudo python3 -m venv ", "sudo /opt/ringdesk/bin/pip install ")

DEBIAN_HBA = """\
local   all             postgres                                peer{map}
local   all             all                                     peer
host    all             all             127.0.0.1/32            scram-sha-256
host    all             all             ::1/128                 scram-sha-256
"""


def blocks() -> list[list[str]]:
    """The lines of the section's shell blocks."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("### Share with coworkers\n", 1)[1].split("\n### ", 1)[0]
    return [block.splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.S)]


@dataclass
class Office:
    """A server set up as Debian does, and a home for whoever sets the team up."""

    cluster: Cluster
    home: Path
    path: Path

    def run(self, lines: list[str], said: str = "") -> str:
        """Run lines of the README, `said` on standard input."""
        text = "\n".join(line for line in lines if not line.startswith(INSTALLED))
        script = self.home / "lines.sh"
        script.write_text(text.replace("db.office.example", "localhost"))
        environment = {
            "PATH": f"{self.path}:{self.cluster.bin}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PGHOST": str(self.cluster.folder),
            "PGPORT": str(self.cluster.port),
            "PGUSER": "postgres",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        done = subprocess.run(
            ["/bin/sh", "-eu", str(script)],
            env=environment,
            cwd=self.home,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with bare_cluster("postgres") as cluster:
        us = "root" if os.geteuid() == 0 else Path.home().owner()
        (cluster.folder / "data" / "pg_hba.conf").write_text(DEBIAN_HBA.format(map=" map=office"))
        (cluster.folder / "data" / "pg_ident.conf").write_text(f"office {us} postgres\noffice postgres postgres\n")
        cluster.run("pg_ctl", "-D", cluster.folder / "data", "-w", "-l", cluster.folder / "log", "start")
        home, path = cluster.folder / "home", cluster.folder / "bin"
        home.mkdir()
        path.mkdir()
        office = Office(cluster, home, path)
        for name, text in shims(office).items():
            (path / name).write_text(f"#!/bin/sh\n{text}\n")
            (path / name).chmod(0o755)
        yield office


def shims(office: Office) -> dict[str, str]:
    """What stands for programs of a whole machine: sudo for being asked, systemctl for the test's own server."""
    owner = server_user()
    mine = f'chown -R {owner} "$HOME/ringdesk-team"' if owner else ":"
    folder = office.cluster.folder
    restart = f"{office.cluster.bin}/pg_ctl -D {folder}/data -m fast -w -l {folder}/log restart"
    as_server = f"setpriv --reuid={owner} --regid={owner} --init-groups " if owner else ""
    return {
        "ringdesk": f'{sys.executable} -m ringdesk "$@"; status=$?; {mine}; exit $status',
        "sudo": 'case "$*" in "-iu postgres") exec sh -eu ;; *) exec "$@" ;; esac',
        "systemctl": f'[ "$*" = "restart postgresql" ] && cd / && {as_server}{restart} >/dev/null',
    }


@pytest.fixture(scope="module")
def told(office: Office) -> str:
    """What the first block of the README says when it is run. `sudo -iu postgres` reads the lines up to `exit`."""
    [lines, *_] = blocks()
    return office.run(as_script(lines))


def as_script(lines: list[str]) -> list[str]:
    """What is typed into the shell that `sudo -iu` opens stands below it; in a script it is given to that shell."""
    script: list[str] = []
    for line in lines:
        if line == "sudo -iu postgres":
            script.append("sudo -iu postgres <<'TYPED'")
        elif line == "exit":
            script.append("TYPED")
        else:
            script.append(line)
    return script


def password_of(told: str, login: str) -> str:
    [found] = re.findall(rf"as {re.escape(login)}, until.*?tell the password:  (\S+)", told, re.S)
    return str(found)


def place(office: Office) -> Server:
    return Server("localhost", "ringdesk", str(office.home / "ringdesk-team" / "authority.crt"), office.cluster.port)


def test_the_lines_set_a_team_up(told: str, office: Office) -> None:
    assert "every attack on it was refused" in told
    assert "Departments: Sales, Support" in told
    assert str(office.home / "ringdesk-team" / "authority.key") in told
    assert "BAD" not in told
    assert "note" not in told


def test_two_desks_join_and_see_one_contact(told: str, office: Office, tmp_path: Path) -> None:
    seats: dict[str, Directory] = {}
    for login in ("maria.rossi", "tom.baker"):
        invitation = read_invitation((office.home / "ringdesk-team" / f"{login}.invitation").read_text("utf-8"))
        secrets = FakeSecrets()
        joined = join(places(tmp_path / login), secrets, invitation, password_of(told, login))
        seats[login] = Directory(joined.seat.server, login, secrets.kept[joined.seat.key])
    share(seats["maria.rossi"], "Zoe")
    desk = Desk(seats["tom.baker"])
    desk.pull()
    assert desk.names == ["Zoe"]
    assert [one.name for one in seats["tom.baker"].hello().departments if one.mine] == ["Sales"]
    for one in seats.values():
        one.close()


@pytest.mark.parametrize("user", ["postgres", "maria.rossi", "nobody.at.all"])
def test_nobody_comes_in_over_plain_text(told: str, office: Office, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf"):
        psycopg.connect(conninfo(place(office), user, "x"), sslmode="disable", channel_binding="disable")


@pytest.mark.parametrize("database", ["ringdesk", "postgres"])
def test_the_superuser_does_not_come_in_over_tls(told: str, office: Office, database: str) -> None:
    with pytest.raises(TeamError) as caught:
        connect(Server("localhost", database, place(office).authority, office.cluster.port), "postgres", "x")
    assert caught.value.trouble is TeamTrouble.LOGIN
    assert "pg_hba.conf" in caught.value.detail


def test_no_password_is_in_any_file(told: str, office: Office) -> None:
    words = [password_of(told, login).encode() for login in ("maria.rossi", "tom.baker")]
    for folder in (office.home, office.cluster.folder / "data" / "log", office.cluster.folder / "log"):
        for path in [folder] if folder.is_file() else folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert not any(word in data for word in words), path


def test_keys_are_for_their_owner_alone(told: str, office: Office) -> None:
    folder = office.home / "ringdesk-team"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.suffix != ".crt"}
    assert modes == dict.fromkeys(modes, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_lines_once_more_change_nothing(told: str, office: Office) -> None:
    again = [line for line in blocks()[0] if line.startswith("ringdesk team init")]
    said = office.run(again)
    assert "maria.rossi was invited before" in said
    assert "tell the password" not in said


def test_the_check_finds_nothing(told: str, office: Office) -> None:
    said = office.run(["ringdesk team check"])
    assert "everything a temporary coworker tried was refused" in said
    assert not re.findall(r"^(BAD|note)", said, re.M)


def test_a_managed_server_works_too(told: str, office: Office) -> None:
    """The README's third block, over TLS as a role that is no superuser, into a database of its own."""
    [_, _, [line]] = blocks()
    cluster = office.cluster
    socket = f"host={cluster.folder} port={cluster.port} user=postgres dbname=postgres"
    with psycopg.connect(socket, autocommit=True) as boss:
        boss.execute("create role office login createrole createdb password 'of the provider'")
        boss.execute("grant rd_owner, rd_coworker to office with admin option")
        boss.execute("create database managed owner office")
    hba = cluster.folder / "data" / "pg_hba.conf"
    hba.write_text("hostssl managed office,+rd_coworker all scram-sha-256\n" + hba.read_text())
    cluster.run("pg_ctl", "-D", cluster.folder / "data", "reload")
    shutil.copy(place(office).authority, office.home / "provider-ca.pem")
    line = line.replace("db.provider.example", f"localhost --port {cluster.port} --database managed --folder managed")
    said = office.run([line.replace('"Maria Rossi"', '"Ann Other"')], "of the provider\n")
    assert "every attack on it was refused" in said
    assert "large objects" in said
