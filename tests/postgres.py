"""A PostgreSQL server for tests: one cluster a session, one database a test, never as root.

The server's programs are looked for in RINGDESK_POSTGRES (a folder with initdb), then where Debian keeps them, then in
PATH. Where none is found the tests fail and say what to install: these tests are not skipped quietly.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ringdesk.providers.team import admin, certificates, schema
from ringdesk.providers.team.link import Connection, LocalServer, Server, connect
from ringdesk.providers.team.password import set_own_password

SUPER = "rd_super"
PASSWORD = "practice-password"  # of every login in here
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=80",
    "autovacuum=off",
    "log_min_messages=panic",
)
HBA = f"local all all scram-sha-256\n{admin.hba('all')}"

Rows = list[tuple[Any, ...]]


def programs() -> Path:
    """The folder of the server's programs."""
    named = os.environ.get("RINGDESK_POSTGRES")
    folders = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), reverse=True)
    in_path = shutil.which("initdb")
    folders += [Path(in_path).parent] if in_path and not named else []
    for folder in folders:
        if (folder / "initdb").exists():
            return folder
    pytest.fail(
        f"no PostgreSQL server found in {[str(f) for f in folders] or '/usr/lib/postgresql'}: "
        "install Debian's package postgresql, or set RINGDESK_POSTGRES to a folder that holds initdb",
        pytrace=False,
    )


def server_user() -> str | None:
    """Whom to run the server as: nobody else, unless we are root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass
class Cluster:
    """A running server: sockets in `folder`, TLS on 127.0.0.1:`port` where it was built with OpenSSL.

    Roles belong to the server, so `roles` counts the teams that play with each.
    """

    folder: Path
    bin: Path
    port: int
    tls: bool
    settings: tuple[str, ...] = SETTINGS
    version: int = 0
    roles: Counter[str] = field(default_factory=Counter, repr=False)
    _counter: int = field(default=0, repr=False)

    def run(self, *words: str | Path) -> None:
        """Run one of the server's programs as the server's user."""
        done = subprocess.run(
            [str(self.bin / words[0]), *map(str, words[1:])],
            user=server_user(),
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            pytest.fail(f"{words[0]}: {done.stderr.decode()}\n{log.read_text() if log.exists() else ''}", pytrace=False)

    def start(self) -> None:
        """Start the server and wait for it."""
        settings = [f"unix_socket_directories={self.folder}", f"port={self.port}", *self.settings]
        settings += ["ssl=on", "listen_addresses=127.0.0.1"] if self.tls else ["listen_addresses="]
        options = " ".join(f"-c {one}" for one in settings)
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")

    def local(self, database: str) -> LocalServer:
        """A database of it by socket."""
        return LocalServer(str(self.folder), database, self.port)

    def tcp(self, database: str, host: str = "localhost") -> Server:
        """A database of it by TLS."""
        return Server(host, database, str(self.folder / "authority.pem"), self.port)

    def super(self, database: str = "postgres") -> Connection:
        """A superuser's connection by socket."""
        return connect(self.local(database), SUPER, PASSWORD)

    def new_name(self) -> str:
        """A database name nobody has."""
        self._counter += 1
        return f"team_{self._counter}"


@contextmanager
def running_cluster(settings: tuple[str, ...] = SETTINGS) -> Iterator[Cluster]:
    """Make a cluster, run it, throw it away."""
    with _made_cluster(SUPER, "scram-sha-256") as cluster:
        cluster.settings = settings
        (cluster.folder / "data" / "pg_hba.conf").write_text(HBA)
        if cluster.tls:
            put_certificates(cluster.folder, server_user())
        cluster.start()
        with cluster.super() as connection:
            cluster.version = connection.info.server_version // 10000
        yield cluster


@contextmanager
def bare_cluster(role: str) -> Iterator[Cluster]:
    """A server as a package leaves it, with one role and none of our settings but its port and socket; not running."""
    with _made_cluster(role, "peer") as cluster:
        settings = (f"unix_socket_directories='{cluster.folder}'", f"port={cluster.port}", "fsync=off")
        with (cluster.folder / "data" / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        yield cluster


@contextmanager
def _made_cluster(role: str, method: str) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="rdpg", dir="/tmp"))  # short: a socket's path has 107 bytes
    bin_folder = programs()
    user = server_user()
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o755)
    secret = folder / "pw"
    secret.write_text(PASSWORD)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cluster = Cluster(folder, bin_folder, port, tls=_has_tls(bin_folder))
    data = folder / "data"
    words: Sequence[str | Path] = ("-D", data, "-U", role, f"--pwfile={secret}", "-A", method, "-E", "UTF8")
    try:
        cluster.run("initdb", *words, "--locale=C.UTF-8", "-N")
        try:
            yield cluster
        finally:
            if (data / "postmaster.pid").exists():
                cluster.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_tls(bin_folder: Path) -> bool:
    """Whether the server was built with OpenSSL, asked of the program itself."""
    return b"libssl" in (bin_folder / "postgres").read_bytes()


def put_certificates(folder: Path, user: str | None) -> None:
    """An authority of our own making and a server certificate where the server looks for it."""
    authority = certificates.new_authority("RingDesk test authority")
    server = certificates.new_server(authority, ["localhost"])
    (folder / "authority.pem").write_bytes(authority.certificate)
    for name, text in (("server.crt", server.certificate), ("server.key", server.key)):
        path = folder / "data" / name
        path.write_bytes(text)
        path.chmod(0o600)
        if user:
            shutil.chown(path, user)


@dataclass
class Team:
    """A directory of its own with coworkers to play; closes what it opened."""

    cluster: Cluster
    name: str
    setup: Connection
    logins: tuple[str, ...] = ()
    _open: list[Connection] = field(default_factory=list, repr=False)
    _close: list[Callable[[], None]] = field(default_factory=list, repr=False)

    def enroll(self, login: str, *, administrator: bool = False) -> None:
        """A coworker's role and row."""
        if not self.cluster.roles[login]:
            self.setup.execute(sql.SQL("create role {}").format(sql.Identifier(login)))
        self.adopt(login)
        open_role(self.setup, login)
        self.add_row(login, administrator=administrator)

    def adopt(self, login: str) -> None:
        """A role that somebody else made for this team: it goes with it."""
        self.cluster.roles[login] += 1
        self.logins += (login,)

    def add_row(self, login: str, *, administrator: bool = False) -> None:
        """A coworker's row."""
        self.setup.execute("select api.enroll(%s, %s, %s, false)", (login, login.title(), administrator))

    def department(self, name: str, *members: str) -> None:
        """A department and who is in it."""
        self.setup.execute("select api.set_department(%s, to_jsonb(%s::text[]))", (name, list(members)))

    def connect(self, login: str) -> Connection:
        """A raw connection of a coworker, closed with the team."""
        connection = connect(self.cluster.local(self.name), login, PASSWORD)
        self._open.append(connection)
        return connection

    def closing(self, close: Callable[[], None]) -> None:
        """Something else to close with the team."""
        self._close.append(close)

    def dump(self, *extra: str) -> bytes:
        """All of the directory's tables as pg_dump writes them."""
        path = self.cluster.folder / f"{self.name}.sql"
        where = f"host={self.cluster.folder} port={self.cluster.port} user={SUPER} dbname={self.name}"
        self.cluster.run("pg_dump", "--data-only", "-f", path, *extra, f"{where} password={PASSWORD}")
        try:
            return path.read_bytes()
        finally:
            path.unlink()

    def hang_up(self) -> None:
        """Close what was opened for a test."""
        for close in (*self._close, *(connection.close for connection in self._open)):
            close()
        self._close.clear()
        self._open.clear()

    def reset(self) -> None:
        """The team as it was made: by the superuser, past triggers and row security. The roles are as they are."""
        self.hang_up()
        with self.setup.transaction():
            self.setup.execute("set local session_replication_role = replica")
            for table in TABLES:
                self.setup.execute(sql.SQL("delete from rd.{}").format(sql.Identifier(table)))
        self.furnish()

    def furnish(self) -> None:
        """Rows of the usual four and their departments."""
        for login in USUAL:
            self.add_row(login, administrator=login == "dave")
        self.department("Sales", "alice", "bob")
        self.department("Support", "bob", "carol")

    def close(self) -> None:
        """Hang up, drop the database, and drop the roles or, where another team has them too, mend them."""
        self.hang_up()
        self.setup.close()
        with self.cluster.super() as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(self.name)))
            for login in self.logins:
                self.cluster.roles[login] -= 1
                if self.cluster.roles[login]:
                    open_role(connection, login)
                else:
                    connection.execute(sql.SQL("drop role {}").format(sql.Identifier(login)))


def open_role(connection: Connection, login: str) -> None:
    """A role as an invitation makes it, with the password of the tests."""
    role = sql.Identifier(login)
    connection.execute(sql.SQL("alter role {} login connection limit 30").format(role))
    connection.execute(sql.SQL("grant rd_coworker to {}").format(role))
    set_own_password(connection, login, PASSWORD)


USUAL = ("alice", "bob", "carol", "dave")
TABLES = (
    "answered",
    "audit",
    "call",
    "call_gone",
    "number",
    "op",
    "gone",
    "contact",
    "membership",
    "department",
    "coworker",
)
TEMPLATE = "team_template"


def make_template(cluster: Cluster) -> None:
    """The database every team begins as: the schema, applied once."""
    with cluster.super() as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    with cluster.super(TEMPLATE) as connection:
        schema.apply(connection)


@contextmanager
def new_team(cluster: Cluster) -> Iterator[Team]:
    """alice, bob, carol and dave (administrator); Sales is alice and bob, Support is bob and carol."""
    name = cluster.new_name()
    with cluster.super() as connection:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        connection.execute(made)
    setup = cluster.super(name)
    schema.apply(setup)  # the rights on a database are not copied with it
    team = Team(cluster, name, setup)
    try:
        for login in USUAL:
            team.enroll(login, administrator=login == "dave")
        team.department("Sales", "alice", "bob")
        team.department("Support", "bob", "carol")
        yield team
    finally:
        team.close()


def rows(connection: psycopg.Connection[Any], query: str, *values: object) -> Rows:
    """All rows of a query."""
    return connection.execute(query.encode(), values).fetchall()
