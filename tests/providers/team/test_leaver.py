"""Whoever was shut out of the team is told so, and can tell it from a wrong password or a right that is missing."""

from __future__ import annotations

import pytest

from ringdesk.domain.remote import Death, SignInDead, Stop
from ringdesk.providers.team import admin
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.troubles import as_remote
from tests.postgres import PASSWORD, Team
from tests.providers.team.aid import seat

pytestmark = pytest.mark.postgres


def refused(directory: Directory) -> TeamError:
    """What the directory says to a look."""
    with pytest.raises(TeamError) as caught:
        directory.pull(None)
    return caught.value


@pytest.mark.parametrize("by", ["administrator", "set-up role"])
def test_a_leaver_is_told_that_they_are_out(own_team: Team, by: str) -> None:
    bob = Directory(own_team.cluster.tcp(own_team.name), "bob", PASSWORD)
    bob.hello()
    if by == "administrator":
        seat(own_team, "dave").offboard("bob", "alice")
    else:
        admin.offboard(own_team.setup, "bob", "alice")
        bob.close()
    error = refused(bob)
    assert error.trouble is TeamTrouble.OUT, error
    told = as_remote(error)
    assert isinstance(told, SignInDead)
    assert told.cause is Death.DISABLED
    bob.close()


def test_a_leaver_who_holds_their_own_role_cannot_put_off_that_they_are_out(own_team: Team) -> None:
    bob = own_team.connect("bob")
    bob.execute("begin")
    bob.execute("alter role bob password 'held as long as this transaction is open'")
    assert admin.offboard(own_team.setup, "bob", "alice").cut
    assert is_open(own_team, "bob") == (False, False)


def test_an_offboarding_that_is_refused_lets_nobody_in_who_was_out_before(own_team: Team) -> None:
    admin.offboard(own_team.setup, "bob", None)
    with own_team.cluster.super(own_team.name) as other, other.transaction():
        other.execute("select 1 from rd.coworker where login = 'bob' for update")
        with pytest.raises(TeamError) as caught:
            admin.offboard(own_team.setup, "bob", "alice")
    assert caught.value.trouble is TeamTrouble.BUSY
    assert is_open(own_team, "bob") == (False, False)


def is_open(team: Team, login: str) -> tuple[bool, bool]:
    """Whether the login is open, and whether the directory lets them in: two locks."""
    query = """select rolcanlogin, (select enabled from rd.coworker where login = rolname) from pg_roles
        where rolname = %s"""
    found = team.setup.execute(query, (login,)).fetchone()
    assert found is not None
    return found[0], found[1]


def test_a_wrong_password_says_nothing_of_leaving(own_team: Team) -> None:
    admin.offboard(own_team.setup, "bob", "alice")
    for login in ("alice", "bob"):
        error = refused(Directory(own_team.cluster.tcp(own_team.name), login, "another password"))
        assert error.trouble is TeamTrouble.LOGIN, error


def test_a_right_that_is_missing_says_nothing_of_leaving(own_team: Team) -> None:
    bob = seat(own_team, "bob")
    with pytest.raises(TeamError) as caught:
        bob.staff()
    assert caught.value.trouble is TeamTrouble.NOT_A_COWORKER
    own_team.setup.execute("revoke execute on function api.pull(text, integer) from rd_coworker")
    error = refused(bob)
    assert error.trouble is TeamTrouble.NOT_A_COWORKER
    assert isinstance(as_remote(error), Stop)
