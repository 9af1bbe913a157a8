"""Looks at a team directory for what has come loose since it was set up. Reads only."""

from __future__ import annotations

from typing import Final

from ringdesk.domain.status import Finding, Health
from ringdesk.providers.team import schema
from ringdesk.providers.team.link import Connection, translated

# What is looked at, a query that gives what is wrong (no row: nothing), how bad that is, what to do.
_LOOKS: Final[tuple[tuple[str, str, Health, str], ...]] = (
    (
        "rights on tables",
        """select string_agg(distinct c.oid::regclass::text, ', ')
           from pg_class c, lateral aclexplode(c.relacl) a
           where c.relnamespace = 'rd'::regnamespace and a.grantee <> c.relowner""",
        Health.BAD,
        "somebody granted rights on the directory's tables: revoke them",
    ),
    (
        "row security",
        """select string_agg(relname, ', ') from pg_class
           where relnamespace = 'rd'::regnamespace and relkind in ('r', 'p')
             and not (relrowsecurity and relforcerowsecurity and relowner = 'rd_owner'::regrole)""",
        Health.BAD,
        "run the set-up again on a fresh database",
    ),
    (
        "the directory's functions",
        """select string_agg(p.oid::regprocedure::text, ', ') from pg_proc p
           where p.pronamespace in ('rd'::regnamespace, 'api'::regnamespace)
             and (p.proowner <> 'rd_owner'::regrole
                  or not coalesce(p.proconfig @> array['search_path=pg_catalog, pg_temp'], false)
                  or (p.pronamespace = 'rd'::regnamespace
                      and has_function_privilege('rd_coworker', p.oid, 'execute')))""",
        Health.BAD,
        "functions are not as they were made: drop them and run the set-up again",
    ),
    (
        "coworkers' roles",
        """select string_agg(r.rolname, ', ') from pg_roles r join rd.coworker c on c.login = r.rolname
           where r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
              or (not r.rolsuper and pg_has_role(r.oid, 'rd_owner', 'member'))
              or (c.enabled <> r.rolcanlogin)
              or exists (select from pg_auth_members m
                         where m.member = r.oid and m.roleid <> 'rd_coworker'::regrole)""",
        Health.BAD,
        "these logins have more rights than a coworker may have, or a leaver can log in: revoke them",
    ),
    (
        "the database's doors",
        """select string_agg(coalesce(r.rolname, 'PUBLIC') || ' ' || a.privilege_type, ', ')
           from pg_database d cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
           left join pg_roles r on r.oid = a.grantee
           where d.datname = current_database() and a.grantee <> d.datdba
             and not (r.rolname is not distinct from 'rd_coworker' and a.privilege_type = 'CONNECT')""",
        Health.BAD,
        "run the set-up again: it closes them",
    ),
    (
        "large objects",
        """select 'everybody may make them'
           where has_function_privilege('rd_coworker', 'pg_catalog.lo_create(oid)', 'execute')""",
        Health.NOTE,
        "only a superuser can close this: a coworker could fill the disk",
    ),
    (
        "advisory locks",
        """select 'everybody may take them'
           where has_function_privilege('rd_coworker', 'pg_catalog.pg_advisory_lock(bigint)', 'execute')""",
        Health.NOTE,
        "only a superuser can close this: a coworker could take every lock the server has, and nobody could come in",
    ),
    (
        "temporary files",
        """select 'no limit' where current_setting('temp_file_limit') = '-1' and not exists (
               select from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
               where d.datname = current_database() and s.setrole = 0
                 and array_to_string(s.setconfig, ' ') ~ 'temp_file_limit=[0-9]')""",
        Health.NOTE,
        "only a superuser can set temp_file_limit: a coworker's query could fill the disk",
    ),
    (
        "notifications",
        """select 'their queue is ' || round(pg_notification_queue_usage() * 100) || ' % full'
           where pg_notification_queue_usage() > 0.1""",
        Health.NOTE,
        "a login listens and keeps a transaction open: end it, or desks hear of changes every half minute only",
    ),
    (
        "prepared transactions",
        """select 'anybody may leave one behind' where current_setting('max_prepared_transactions')::integer > 0""",
        Health.NOTE,
        "one of a leaver's would hold its locks for ever: set max_prepared_transactions to 0",
    ),
    (
        "the server's language",
        """select 'says no in ' || current_setting('lc_messages')
           where current_setting('lc_messages') !~* '^(c|posix|en)?([_.@].*)?$'""",
        Health.NOTE,
        "before a login is let in, desks go by English words: alter system set lc_messages = 'C', and reload",
    ),
    (
        "idle transactions",
        """select string_agg(coalesce(usename, '?') || ' (' || pid || ')', ', ' order by pid) || ': older than a minute'
           from pg_stat_activity
           where state like 'idle in transaction%' and xact_start < now() - interval '60 s'
             and datname = current_database()""",
        Health.NOTE,
        "they hold locks, and make every desktop pull more than it needs: select pg_terminate_backend(NUMBER)",
    ),
)


def inspect(connection: Connection) -> list[Finding]:
    """Everything worth a line in the report, good and bad. Needs the set-up role."""
    found = schema.version(connection)
    if found != schema.newest():
        text = f"version {found}, this RingDesk brings {schema.newest()}"
        return [Finding("schema", Health.BAD, text, "run the set-up again, with the newest RingDesk")]
    findings = [Finding("schema", Health.GOOD, f"version {found}")]
    for what, query, bad, advice in _LOOKS:
        with translated():
            row = connection.execute(query.encode()).fetchone()
        wrong = str(row[0]) if row and row[0] else ""
        findings.append(Finding(what, bad, wrong, advice) if wrong else Finding(what, Health.GOOD, "as set up"))
    return findings
