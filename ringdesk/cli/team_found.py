"""`ringdesk team certificates` and `ringdesk team init`: from a bare PostgreSQL to the first invitation."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ringdesk.cli.team_folder import Chosen, checked_host, folder_of, is_chosen, keep_chosen
from ringdesk.cli.team_invite import Draft, Invited, announce, invitation_ends, login_of
from ringdesk.cli.team_reach import NOBODY, Door, as_role, chosen_by, own_port, set_up_of
from ringdesk.cli.team_words import Refused, report
from ringdesk.domain.status import Health
from ringdesk.providers.team import admin, certificates, founding, schema
from ringdesk.providers.team.checkup import inspect
from ringdesk.providers.team.link import Connection

_CERTIFICATES: Final = """\
Made for {hosts}, good until {until}:
  {server}
  {server_key}
    These two are the server's. Where the server is another machine, copy them there, the key readable by the
    server's user (postgres) alone.
  {authority}
    Every coworker gets it with the invitation.
  {authority_key}
    The authority's key. Whoever has it can pretend to be your server: keep it off the server, somewhere safe.

Once, on the server, as its superuser:
  psql -c "alter system set listen_addresses = '*'" -c "alter system set ssl = on"
  psql -c "alter system set lc_messages = 'C'"
  psql -c "alter system set ssl_cert_file = '{server}'"
  psql -c "alter system set ssl_key_file = '{server_key}'"
as the first lines of pg_hba.conf:
{hba}
then restart PostgreSQL. Coworkers come in over TLS with their password; nobody else comes in over the network.
With a new certificate for the same server a reload is enough: psql -c "select pg_reload_conf()"
"""


def make_certificates(options: argparse.Namespace) -> None:
    """Make the authority, once, and a certificate for the server; say what goes where."""
    hosts = [checked_host(host) for host in options.host]
    folder = folder_of(options.folder).absolute()
    try:
        files = certificates.write(folder, hosts)
        ends = certificates.ends(files.server)
    except (OSError, ValueError) as error:
        raise Refused(f"{folder}: {error}", "name a folder of your own with --folder") from error
    text = _CERTIFICATES.format(
        hosts=", ".join(hosts),
        until=f"{ends:%d %B %Y}",
        server=files.server,
        server_key=files.server_key,
        authority=files.authority,
        authority_key=files.authority_key,
        hba="".join(f"  {line}\n" for line in admin.hba(options.database).splitlines()).rstrip(),
    )
    print(text, end="")


def init(options: argparse.Namespace) -> None:
    """Set the directory up, attack it as a temporary coworker, invite the first administrator. Safe to repeat."""
    folder = folder_of(options.folder).absolute()
    chosen = chosen_by(options)
    name = " ".join(options.admin.split())
    who = admin.NewCoworker(login_of(options, name), name, administrator=True)
    founders = founding.Founders(who, founding.departments_of(options.department), invitation_ends())
    setup = set_up_of(chosen)
    with as_role(setup), founding.open_or_make(setup) as connection:
        if options.port is None:
            chosen = replace(chosen, port=own_port(setup, connection) or chosen.port)
        if not is_chosen(folder):
            keep_chosen(folder, chosen)
        path = options.out or folder / f"{who.login}.invitation"
        secret = _found(connection, chosen, founders, path, lambda: keep_chosen(folder, chosen))
        report(finding for finding in inspect(connection) if finding.health is not Health.GOOD)
        departments = admin.staff(connection).departments
    print(f"The directory {chosen.database!r} stands (schema {schema.newest()}); every attack on it was refused.")
    print(f"Departments: {', '.join(departments) or 'none yet'}")
    if secret is None:
        print(f"{who.login} was invited before; 'ringdesk team invite {who.login} --again' gives another password.")
    else:
        announce(Invited(who.name, secret, path, founders.until))


def _found(
    connection: Connection, chosen: Chosen, founders: founding.Founders, path: Path, came_in: Callable[[], None]
) -> admin.Secret | None:
    """`came_in`: a coworker reaches the directory in the way chosen, so that invitations may say it."""
    who, door = founders.administrator, Door(chosen)
    with door.told(NOBODY), Draft(path, chosen, (who.login, who.name), founders.until) as draft:
        founded = founding.found(connection, founders, door.connect)
        came_in()
        if founded.broken:
            through = "\n".join(f"    {one.what}: {one.seen}" for one in founded.broken)
            raise Refused(
                f"the rules of this directory do not hold; nobody was invited. What got through:\n{through}",
                "let nobody in. Was something granted by hand? 'ringdesk team check' says what came loose",
            )
        if founded.secret is None:
            draft.drop()
    return founded.secret
