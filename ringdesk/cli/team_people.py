"""`ringdesk team members, departments, rights`: who is there and who may what, for administrators."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from ringdesk.cli.team_invite import nobody
from ringdesk.cli.team_reach import directory_for
from ringdesk.cli.team_words import Refused
from ringdesk.domain.team import Person
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.founding import departments_of
from ringdesk.providers.team.roster import Staff


def members(options: argparse.Namespace) -> None:
    """List everybody with login, name, extensions, departments and rights."""
    with directory_for(options) as directory:
        staff = directory.staff()
    widest = max((len(one.login) for one in staff.coworkers), default=0)
    for one in staff.coworkers:
        places = ", ".join(name for name, logins in staff.departments.items() if one.login in logins)
        told = [one.name, places and f"in {places}", _extensions(one), *_rights(one, staff)]
        print(f"{one.login:{widest}}  " + "; ".join(part for part in told if part))


def _extensions(one: Person) -> str:
    return f"extension {', '.join(one.extensions)}" if one.extensions else ""


def _rights(one: Person, staff: Staff) -> list[str]:
    if not one.enabled:
        return ["has left"]
    told = [
        "administrator" if one.administrator else "",
        "view only" if one.view_only else "",
        "" if one.google else "no Google sync",
    ]
    if one.login in staff.invited:
        ends = datetime.fromtimestamp(staff.invited[one.login], UTC)
        late = ends < datetime.now(UTC)
        told.append(f"invitation {'ended' if late else 'open until'} {ends:%d %B %Y}")
    return [part for part in told if part]


def departments(options: argparse.Namespace) -> None:
    """List departments; make or rename one; put coworkers in or take them out."""
    with directory_for(options) as directory:
        if options.add:
            [name] = departments_of([options.add]) or [""]
            _change(directory, name, options, new=True)
        elif options.rename:
            directory.rename_department(*(" ".join(name.split()) for name in options.rename))
        elif options.name:
            _change(directory, options.name, options, new=False)
        for name, logins in directory.staff().departments.items():
            print(f"{name}: {', '.join(logins) or 'nobody yet'}")


def _change(directory: Directory, said: str, options: argparse.Namespace, *, new: bool) -> None:
    staff = directory.staff()
    name = next((one for one in staff.departments if one.casefold() == said.casefold()), None)
    if name is None and not new:
        raise Refused(f"there is no department {said!r}", f"make it: ringdesk team departments --add {said!r}")
    if not said:
        raise Refused("a department needs a name")
    logins = set(staff.departments.get(name or "", ()))
    logins |= {_login(one, staff) for one in options.put_in}
    logins -= {_login(one, staff) for one in options.take_out}
    directory.set_department(name or said, sorted(logins))


def _login(said: str, staff: Staff) -> str:
    return (staff.named(said) or nobody(said, staff)).login


def rights(options: argparse.Namespace) -> None:
    """Change what a coworker may, their name or their extensions; without a change, show it."""
    change: dict[str, str | bool | list[str]] = {
        key: value for key in ("administrator", "view_only", "google") if (value := getattr(options, key)) is not None
    }
    if options.full_name:
        change["name"] = " ".join(options.full_name.split())
    if options.extensions is not None:
        change["extensions"] = [part for part in options.extensions.replace(",", " ").split() if part]
    with directory_for(options) as directory:
        staff = directory.staff()
        login = _login(options.name, staff)
        if change:
            directory.set_coworker(login, **change)
            staff = directory.staff()
    one = next(person for person in staff.coworkers if person.login == login)
    told = [_extensions(one), *_rights(one, staff)]
    print(f"{one.login} ({one.name}): " + ("; ".join(part for part in told if part) or "coworker, may edit"))
