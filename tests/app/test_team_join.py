"""Joining over TLS and leaving: the first password is used up, nothing secret is on the disk, and no half joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringdesk.app.places import Places, places
from ringdesk.app.team_join import JoinError, JoinTrouble, join, leave
from ringdesk.app.team_seat import SeatError, read_seat
from ringdesk.domain.signing import Keeping
from ringdesk.providers.team import admin, certificates
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.invitation import Invitation
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.fakes import FakeSecrets
from tests.postgres import Team

pytestmark = pytest.mark.postgres

SOON = datetime.now(UTC) + timedelta(days=14)


@pytest.fixture
def here(tmp_path: Path) -> Places:
    return places(tmp_path / "desk")


def invited(team: Team, login: str = "eve", until: datetime = SOON) -> tuple[Invitation, str]:
    """An invitation and its first password."""
    secret = admin.invite(team.setup, admin.NewCoworker(login, login.title(), departments=("Sales",)), until=until)
    team.adopt(login)
    place = team.cluster.tcp(team.name)
    invitation = Invitation(
        host=place.host,
        port=place.port,
        database=place.database,
        login=login,
        name=login.title(),
        authority=Path(place.authority).read_text(),
        expires=int(until.timestamp()),
    )
    return invitation, secret.password


def files(here: Places) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in here.data.rglob("*") if path.is_file()}


def test_joining_changes_the_password_and_leaves_none_on_the_disk(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets()
    joined = join(here, secrets, invitation, first)
    assert (joined.roster.me.login, joined.keeping, read_seat(here)) == ("eve", Keeping.KEYRING, joined.seat)
    own = secrets.kept[joined.seat.key]
    assert own != first
    for name, data in files(here).items():
        assert own.encode() not in data, name
        assert first.encode() not in data, name
    assert (here.team.stat().st_mode & 0o777, here.team_authority.stat().st_mode & 0o777) == (0o600, 0o600)
    desk = Directory(joined.seat.server, "eve", own)
    assert [one.name for one in desk.hello().departments if one.mine] == ["Sales"]
    desk.close()
    with pytest.raises(TeamError) as caught:
        Directory(joined.seat.server, "eve", first).hello()
    assert caught.value.trouble is TeamTrouble.LOGIN
    assert "eve" not in admin.staff(own_team.setup).invited


def test_leaving_takes_everything_of_the_team_away(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets()
    joined = join(here, secrets, invitation, first)
    here.shared.write_text("coworkers' contacts")
    here.shared.with_name("shared.db-wal").write_text("more of them")
    assert leave(here, secrets) == (joined.seat, True)
    assert (files(here), secrets.kept, leave(here, secrets)) == ({}, {}, None)


def test_leaving_writes_over_coworkers_contacts_before_they_are_deleted(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets()
    join(here, secrets, invitation, first)
    here.shared.write_bytes(b"walrus" * 300_000)
    disk = here.data / "the bytes of the deleted file"
    disk.hardlink_to(here.shared)
    leave(here, secrets)
    assert (disk.stat().st_size, disk.read_bytes().strip(b"\0")) == (1_800_000, b"")


@pytest.mark.parametrize(
    ("change", "password", "trouble"),
    [
        ({}, "wrong", TeamTrouble.LOGIN),
        ({"login": "mallory"}, None, TeamTrouble.LOGIN),
        ({"port": 1}, None, TeamTrouble.UNREACHABLE),
        ({"host": "127.0.0.1"}, None, TeamTrouble.UNTRUSTED),
        (
            {"authority": certificates.new_authority("Somebody else").certificate.decode()},
            None,
            TeamTrouble.UNTRUSTED,
        ),
        ({"authority": "-----BEGIN CERTIFICATE-----\nnone\n"}, None, TeamTrouble.UNTRUSTED),
        ({"database": "postgres"}, None, TeamTrouble.VERSION),
    ],
    ids=["password", "login", "port", "name", "authority", "no authority", "database"],
)
def test_nothing_is_left_of_a_team_that_was_not_joined(
    own_team: Team, here: Places, change: dict[str, object], password: str | None, trouble: TeamTrouble
) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets()
    with pytest.raises(TeamError) as caught:
        join(here, secrets, replace(invitation, **change), password or first)  # type: ignore[arg-type]  # one field each
    assert caught.value.trouble is trouble, caught.value
    assert (files(here), secrets.kept) == ({}, {})
    assert join(here, secrets, invitation, first).roster.me.login == "eve"


def test_an_invitation_that_ended_is_told_as_that(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team, until=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(TeamError) as caught:
        join(here, FakeSecrets(), invitation, first)
    assert caught.value.trouble is TeamTrouble.EXPIRED


def test_without_a_keyring_the_password_is_the_users_own(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets(trusted=False)
    with pytest.raises(JoinError) as caught:
        join(here, secrets, invitation, first)
    assert (caught.value.why, files(here), secrets.kept) == (JoinTrouble.NO_KEYRING, {}, {})
    with pytest.raises(JoinError) as caught:
        join(here, secrets, invitation, first, "too short")
    assert caught.value.why is JoinTrouble.SHORT
    joined = join(here, secrets, invitation, first, "a sentence of my own")
    assert (joined.keeping, secrets.kept) == (Keeping.SESSION, {joined.seat.key: "a sentence of my own"})


@pytest.mark.parametrize("point", ["after the password", "after joining"])
def test_a_join_that_was_cut_short_is_done_again(
    own_team: Team, here: Places, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    invitation, first = invited(own_team)
    secrets = FakeSecrets()

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if point == "after the password":
            broken.setattr(Directory, "join", cut)
        else:
            broken.setattr("ringdesk.app.team_join.keep_seat", cut)
        with pytest.raises(KeyboardInterrupt):
            join(here, secrets, invitation, first)
    assert read_seat(here) is None
    assert join(here, secrets, invitation, first).roster.me.login == "eve"
    assert "eve" not in admin.staff(own_team.setup).invited


def test_one_desk_is_in_one_team(own_team: Team, here: Places) -> None:
    invitation, first = invited(own_team)
    join(here, FakeSecrets(), invitation, first)
    other, word = invited(own_team, "zoe")
    with pytest.raises(JoinError) as caught:
        join(here, FakeSecrets(), other, word)
    assert (caught.value.why, read_seat(here).login) == (JoinTrouble.ELSEWHERE, "eve")  # type: ignore[union-attr]  # joined


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": "ringdesk team seat 1", "host": 7}'])
def test_a_broken_seat_is_named(here: Places, text: str) -> None:
    here.make()
    here.team.write_text(text)
    with pytest.raises(SeatError, match=r"team\.json"):
        read_seat(here)
