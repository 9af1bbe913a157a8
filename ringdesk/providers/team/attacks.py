"""What a coworker with raw SQL may try and must not get, as data: run by the self-attack and by the tests.

`Forbidden` must be refused with SQLSTATE 42501 and nothing else, so that a statement with a slip in it does not count
as held. `Asked` goes through a function coworkers may call, and must be answered as said. Words in double braces are
fields of `Prey`, put in as text: a statement like ALTER ROLE takes no parameters, and all of them are of our making.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REFUSAL: Final = "42501"


@dataclass(frozen=True, slots=True)
class Prey:
    """What there is to attack.

    `shared` and `private` are contacts of `victim`; `closed` is unclaimed in a department that the attacker is not in,
    `open` unclaimed in one they are in; `secret` is in `closed`; `op` is an operation the victim has carried out.
    """

    victim: str
    attacker: str
    shared: str
    private: str
    closed: str
    open: str
    op: str
    secret: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Statements of which the last must fail for want of rights."""

    what: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation for api.push (JSON with names of `Prey`), and how it must be answered."""

    what: str
    op: str
    answers: tuple[str, ...]


def _no(what: str, *statements: str) -> Forbidden:
    return Forbidden(what, statements)


FORBIDDEN: Final[tuple[Forbidden, ...]] = (
    _no("read the contacts", "select card from rd.contact"),
    _no("read the phone numbers", "select e164 from rd.number"),
    _no("read the hash secret", "select number_secret from rd.settings"),
    _no("read the audit", "select * from rd.audit"),
    _no("read the audit through its function", "select api.audit()"),
    _no("write the audit", "insert into rd.audit (who, deed) values ('{{victim}}', 'share')"),
    _no("change an owner", "update rd.contact set owner = '{{attacker}}' where id = '{{shared}}'"),
    _no("give a contact away", "update rd.contact set owner = '{{victim}}' where id = '{{open}}'"),
    _no("unshare by update", "update rd.contact set shared = false where id = '{{shared}}'"),
    _no(
        "forge a contact of somebody",
        "insert into rd.contact (owner, shared) values ('{{victim}}', true)",
    ),
    _no("delete rows", "delete from rd.contact"),
    _no("empty a table", "truncate rd.contact"),
    _no("empty the audit", "truncate rd.audit"),
    _no("move the audit's sequence", "select nextval('rd.audit_n_seq')"),
    _no("call an inner function", "select rd.note_deed('share', null)"),
    _no("call another inner function", "select rd.carry_out(null, '{}')"),
    _no("make oneself administrator", """select api.set_coworker('{{attacker}}', '{"administrator": true}')"""),
    _no("make oneself able to edit", """select api.set_coworker('{{attacker}}', '{"view_only": false}')"""),
    _no("shut somebody out", "select api.offboard('{{victim}}', '{{attacker}}')"),
    _no("join a department", """select api.set_department('Self-attack closed', '["{{attacker}}"]')"""),
    _no("rename a department", "select api.rename_department('Self-attack closed', 'mine')"),
    _no("enroll a login", "select api.enroll('mallory', 'M', true, false)"),
    _no("sweep", "select api.sweep_probes()"),
    _no("tidy", "select api.tidy()"),
    _no("change the epoch", "select api.new_epoch()"),
    _no("become the owner role", "set role rd_owner"),
    _no("become somebody", "set session authorization {{victim}}"),
    _no("set somebody's role", "set role {{victim}}"),
    _no("change somebody's password", "alter role {{victim}} password 'x'"),
    _no("lift a connection limit", "alter role {{attacker}} connection limit -1"),
    _no("make a role", "create role mallory"),
    _no("bypass row security by attribute", "alter role {{attacker}} bypassrls"),
    _no("be granted rights", "grant all on all tables in schema rd to {{attacker}}"),
    _no("be granted functions", "grant execute on all functions in schema rd to {{attacker}}"),
    _no("turn row security off in the session", "set row_security = off", "select api.pull()"),
    _no("disable row security", "alter table rd.contact disable row level security"),
    _no("add a policy", "create policy mine on rd.contact using (true)"),
    _no("drop a guard", "drop trigger guard on rd.contact"),
    _no("silence triggers", "set session_replication_role = replica"),
    _no("replace a function", "create or replace function api.hello() returns jsonb language sql return '1'::jsonb"),
    _no("make a function in api", "create function api.mine() returns integer language sql return 1"),
    _no("make a function in public", "create function public.mine() returns integer language sql return 1"),
    _no("make a table in public", "create table public.contact (id integer)"),
    _no("make a schema", "create schema mine"),
    _no("make a temporary table", "create temporary table contact (id integer)"),
    _no("make a temporary function", "create function pg_temp.mine() returns integer language sql return 1"),
    _no("make an operator's home", "create type public.mine as (a integer)"),
    _no("run a program", "copy (select 1) to program 'true'"),
    _no("read a server file", "select pg_read_file('PG_VERSION')"),
    _no("import a server file", "select lo_import('/etc/passwd')"),
    _no("preload a library", "set session_preload_libraries = 'auto_explain'"),
    _no("load a library", "load 'plpgsql'"),
    _no("read passwords", "select * from pg_authid"),
    _no("read statistics of columns", "select * from pg_statistic"),
    _no("read the contacts by plan", "explain analyze select card from rd.contact"),
    _no("read the contacts by XML", "select query_to_xml('select card from rd.contact', true, true, '')"),
    _no("read the contacts in a block", "do $$ begin perform 1 from rd.contact; end $$"),
    _no("read the contacts by cursor", "declare c cursor for select card from rd.contact"),
    _no("read a toast table", "select * from pg_toast.pg_toast_1255"),
    _no("read the audit's sequence", "select last_value from rd.audit_n_seq"),
    _no("lock a table", "lock table rd.contact"),
    _no("add a column", "alter table rd.contact add column x integer"),
    _no("index a table", "create index on rd.contact (owner)"),
    _no("add a rule", "create rule r as on insert to rd.contact do instead nothing"),
    _no("reset a function's path", "alter function api.push(jsonb) reset all"),
    _no("make a function the caller's", "alter function api.pull(text, integer) security invoker"),
    _no("own a function", "alter function api.push(jsonb) owner to {{attacker}}"),
    _no("drop a function", "drop function api.push(jsonb) cascade"),
    _no("drop a schema", "drop schema api cascade"),
    _no("drop what the owner owns", "drop owned by rd_owner"),
    _no("drop what somebody owns", "drop owned by {{victim}}"),
    _no("reassign what the owner owns", "reassign owned by rd_owner to {{attacker}}"),
    _no("change the owner's defaults", "alter default privileges for role rd_owner grant all on tables to public"),
    _no("be granted the owner role", "grant rd_owner to {{attacker}}"),
    _no("be granted somebody's role", "grant {{victim}} to {{attacker}}"),
    _no("lend one's own role", "grant {{attacker}} to {{victim}}"),
    _no("let somebody else in", "grant rd_coworker to {{victim}}"),
    _no("rename a role", "alter role {{victim}} rename to mallory"),
    _no("change somebody's settings", "alter role {{victim}} set search_path = public"),
    _no("change everybody's settings", "alter role all set search_path = public"),
    _no("drop a role", "drop role {{victim}}"),
    _no("reload the server's settings", "select pg_reload_conf()"),
    _no("log statements", "set log_statement = 'all'"),
    _no("lift the limit on temporary files", "set temp_file_limit = -1"),
    _no("read who may come in", "select * from pg_hba_file_rules"),
    _no("read the server's folder", "select pg_ls_dir('.')"),
    _no("read a server file as bytes", "select pg_read_binary_file('PG_VERSION')"),
    _no("read a server file into a table", "copy rd.contact from '/etc/passwd'"),
    _no("write a server file", "copy (select 1) to '/tmp/mallory'"),
    _no("look at the logs", "select pg_ls_logdir()"),
    _no(
        "end somebody's connection",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = '{{victim}}'",
    ),
    _no("stop somebody's query", "select pg_cancel_backend(pid) from pg_stat_activity where usename = '{{victim}}'"),
    _no("copy the server by its log", "select pg_create_physical_replication_slot('mallory')"),
    _no("follow all changes", "select pg_create_logical_replication_slot('mallory', 'pgoutput')"),
    _no("publish the tables", "create publication mallory for all tables"),
    _no("watch statements", "create event trigger mallory on ddl_command_end execute function rd.refuse()"),
    _no("make a wrapper", "create foreign data wrapper mallory"),
    _no("make a language", "create language mallory handler plpgsql_call_handler"),
    _no("make an operator", "create operator public.= (function = texteq, leftarg = text, rightarg = text)"),
    _no("start a backup", "select pg_backup_start('mallory')"),
    _no("read the team as its administrator", "select api.team()"),
    _no("invite oneself again", "select api.invite_again('{{attacker}}', now() + interval '1 year')"),
    _no("become the owner role by a setting", "select set_config('role', 'rd_owner', false)"),
    _no("become the owner role in a block", "do $$ begin perform set_config('role', 'rd_owner', true); end $$"),
    _no("become somebody by a setting", "select set_config('session_authorization', '{{victim}}', true)"),
    _no("become who reads everything", "set role pg_read_all_data"),
    _no("become who watches everything", "set role pg_monitor"),
    _no("be granted what reads everything", "grant pg_read_all_data to {{attacker}}"),
    _no("make a temporary sequence", "create temporary sequence contact"),
    _no("make a temporary view", "create temporary view contact as select 1"),
    _no("select into a temporary table", "select 1 as n into temporary contact"),
    _no("make a table of a query", "create table pg_temp.contact as select 1"),
    _no("read the contacts as words", "select * from ts_stat('select card::text::tsvector from rd.contact')"),
    _no(
        "read owners by rewriting a search",
        "select ts_rewrite('a'::tsquery, 'select owner::tsquery, owner::tsquery from rd.contact')",
    ),
    _no("read a schema as XML", "select schema_to_xml('rd', true, true, '')"),
    _no("sample the contacts aloud", "analyze verbose rd.contact"),
    _no("weigh the contacts", "select pg_relation_size('rd.contact')"),
    _no("lock a coworker's row", "select 1 from rd.coworker for update"),
    _no("log everything", "set log_min_messages = debug5"),
    _no("say no in another language", "set lc_messages = 'C'"),
    _no("lift the limit on nesting", "set max_stack_depth = '100MB'"),
    _no("change what a name in our functions means", "set plpgsql.variable_conflict = 'use_column'"),
    _no("open the system's tables", "set allow_system_table_mods = on"),
    _no("have our functions run as the caller", "update pg_proc set prosecdef = false"),
    _no("forget the statistics", "select pg_stat_reset()"),
    _no("switch the log", "select pg_switch_wal()"),
    _no("write everything to disk now", "checkpoint"),
    _no("have the server's memory logged", "select pg_log_backend_memory_contexts(pg_backend_pid())"),
    _no("outlive one's password", "alter role {{attacker}} valid until 'infinity'"),
    _no("make oneself somebody by setting", "set role none", "select rd.is_administrator()"),
)

ASKED: Final[tuple[Asked, ...]] = (
    Asked("unshare a coworker's contact", '{"kind": "unshare", "contact": "{{shared}}"}', ("refused",)),
    Asked("delete a coworker's contact", '{"kind": "delete", "contact": "{{shared}}"}', ("refused",)),
    Asked(
        "take a shared contact over, forging owner and revision",
        '{"kind": "share", "contact": "{{shared}}", "rev": 1, "owner": "{{attacker}}", "card": {}}',
        ("refused",),
    ),
    Asked(
        "take a private contact over",
        '{"kind": "share", "contact": "{{private}}", "rev": 0, "card": {"note": "mine"}}',
        ("refused",),
    ),
    Asked("edit a private contact", '{"kind": "edit", "contact": "{{private}}", "rev": 2, "card": {}}', ("gone",)),
    Asked("delete a private contact", '{"kind": "delete", "contact": "{{private}}"}', ("gone",)),
    Asked("claim an owned contact", '{"kind": "claim", "contact": "{{shared}}", "shared": false}', ("refused",)),
    Asked("claim a private contact", '{"kind": "claim", "contact": "{{private}}", "shared": false}', ("gone",)),
    Asked(
        "claim another department's caller", '{"kind": "claim", "contact": "{{closed}}", "shared": false}', ("gone",)
    ),
    Asked(
        "edit another department's caller", '{"kind": "edit", "contact": "{{closed}}", "rev": 1, "card": {}}', ("gone",)
    ),
    Asked("delete another department's caller", '{"kind": "delete", "contact": "{{closed}}"}', ("gone",)),
    Asked("delete one's department's caller", '{"kind": "delete", "contact": "{{open}}"}', ("refused",)),
    Asked(
        "replay somebody's operation",
        '{"op": "{{op}}", "kind": "unshare", "contact": "{{shared}}"}',
        ("refused",),
    ),
    Asked("edit without having read", '{"kind": "edit", "contact": "{{shared}}", "card": {}}', ("conflict",)),
    Asked(
        "forge an owner in a card",
        '{"kind": "edit", "contact": "{{shared}}", "rev": 1, "card": {"owner": "{{attacker}}"}}',
        ("invalid",),
    ),
    Asked("write an unknown kind", '{"kind": "steal", "contact": "{{shared}}"}', ("invalid",)),
)
