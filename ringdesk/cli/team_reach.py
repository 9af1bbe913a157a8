"""How `ringdesk team` reaches the directory: as the set-up role by a socket or by TLS, or as this desk's coworker."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from ringdesk.app.places import places
from ringdesk.app.team_seat import Seat, SeatError, read_seat
from ringdesk.cli.team_folder import SYSTEM, Chosen, checked_host, folder_of, read_chosen
from ringdesk.cli.team_words import Refused, as_coworker, as_set_up, ask_secret
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.providers.team import founding
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.founding import SetUp
from ringdesk.providers.team.link import Connection, LocalServer, connect
from ringdesk.providers.team.trouble import TeamError
from ringdesk.vault.tokens import Vault

PORT: Final = 5432
_SOCKETS: Final = ("/var/run/postgresql", "/run/postgresql", "/tmp")


def chosen_by(options: argparse.Namespace) -> Chosen:
    """How `team init` was told to reach the directory. What psql takes from PGHOST, PGPORT and PGUSER is taken too."""
    by_socket = options.user is None or options.socket is not None
    port = options.port or PORT
    socket_port = int(options.port or os.environ.get("PGPORT") or PORT)
    return Chosen(
        host=checked_host(options.host),
        port=port,
        database=options.database,
        authority=_authority(options),
        role=options.user or os.environ.get("PGUSER") or getpass.getuser(),
        socket=str(options.socket or _socket(socket_port)) if by_socket else "",
        socket_port=socket_port,
        asked=options.user is not None,
    )


def _socket(port: int) -> str:
    named = os.environ.get("PGHOST", "")
    folders = [named] if named.startswith("/") else list(_SOCKETS)
    return next((one for one in folders if (Path(one) / f".s.PGSQL.{port}").exists()), folders[0])


def _authority(options: argparse.Namespace) -> str:
    """The authority named, else the one made here, else those of the system."""
    if options.authority is None:
        made = folder_of(options.folder).absolute() / "authority.crt"
        return str(made) if made.exists() else SYSTEM
    if options.authority == SYSTEM:
        return SYSTEM
    path = Path(options.authority).absolute()
    if authority_text(str(path)) == "":
        raise Refused(f"{path} holds no certificate", "name the PEM file of the authority, or say: system")
    return str(path)


def authority_text(authority: str) -> str:
    """An authority as an invitation carries it; empty where the file holds none. Raises Refused."""
    if authority == SYSTEM:
        return SYSTEM
    try:
        text = Path(authority).read_text("ascii")
    except (OSError, ValueError) as error:
        raise Refused(f"{authority} cannot be read: {error}", "name the PEM file of the authority") from error
    return text if "BEGIN CERTIFICATE" in text else ""


def set_up_of(chosen: Chosen) -> SetUp:
    """The set-up role; its password is asked for where it has one."""
    return chosen.set_up(ask_secret(f"Password of {chosen.role}") if chosen.asked else "")


@contextmanager
def as_role(setup: SetUp) -> Iterator[None]:
    """Say the set-up role's troubles as that."""
    try:
        yield
    except TeamError as error:
        raise as_set_up(error, setup.place, setup.role) from error


@contextmanager
def set_up_connection(options: argparse.Namespace) -> Iterator[tuple[Chosen, Connection]]:
    """The directory as `team init` left it, over a connection of the set-up role."""
    chosen = read_chosen(folder_of(options.folder).absolute())
    setup = set_up_of(chosen)
    with as_role(setup), setup.open() as connection:
        yield chosen, connection


class Door:
    """Lets temporary coworkers in as desktops come in, and tells trouble at the door from trouble behind it."""

    def __init__(self, chosen: Chosen) -> None:
        self._server = chosen.server
        self._failed: TeamError | None = None

    def connect(self, login: str, password: str) -> Connection:
        """Connect as a coworker. Raises TeamError."""
        try:
            return connect(self._server, login, password)
        except TeamError as error:
            self._failed = error
            raise

    @contextmanager
    def told(self, so: str) -> Iterator[None]:
        """Say a trouble of the door as one of the server's set-up; `so`: what follows from it."""
        try:
            yield
        except TeamError as error:
            if error is not self._failed:
                raise
            raise Refused(
                f"the rules are in place, but a coworker cannot come in at {self._server.host}:{self._server.port}: "
                f"{error.trouble.value}: {error.detail}",
                so.format(_NAME.format(self._server.host) if _unknown(error) else _DOOR),
            ) from error


NOBODY: Final = "nobody was invited. {}; then run 'ringdesk team init' again"
AS_IT_IS: Final = "the attack was not tried. {}"
_DOOR: Final = (
    "What PostgreSQL needs (TLS, listen_addresses, the first lines of pg_hba.conf) is listed by 'ringdesk team "
    "certificates --host HOST'"
)
_NAME: Final = (
    "Say with --host the name by which coworkers' computers reach the server, or have {} known to the network"
)


def _unknown(error: TeamError) -> bool:
    """Whether the server's name means nothing here: psycopg gives no code for that, only its own words."""
    return "failed to resolve host" in error.detail


def seat_of(options: argparse.Namespace) -> Seat | None:
    """This desk's seat. Raises Refused where it cannot be read."""
    try:
        return read_seat(places(options.data))
    except SeatError as error:
        raise Refused(str(error)) from error


def seat_password(seat: Seat) -> str:
    """The seat's password from the keyring, else typed."""
    try:
        kept = Vault().get(seat.key)
    except SecretsUnavailable as error:
        raise Refused(f"the keyring is {error.why}", "unlock it, then try again") from error
    return kept if kept is not None else ask_secret(f"Password of {seat.login}")


@contextmanager
def directory_for(options: argparse.Namespace) -> Iterator[Directory]:
    """The directory as this desk's coworker, or as the set-up role where --folder says so or no seat is here."""
    seat = None if options.folder is not None else seat_of(options)
    if seat is not None:
        try:
            with closing(Directory(seat.server, seat.login, seat_password(seat))) as directory:
                yield directory
        except TeamError as error:
            raise as_coworker(error, seat.host) from error
        return
    setup = set_up_of(read_chosen(folder_of(options.folder).absolute()))
    with as_role(setup), closing(Directory(setup.place, setup.role, setup.password)) as directory:
        yield directory


def own_port(setup: SetUp, connection: Connection) -> int | None:
    """The port a server reached by socket listens on; None where it was reached by TLS already."""
    return founding.port(connection) if isinstance(setup.place, LocalServer) else None
