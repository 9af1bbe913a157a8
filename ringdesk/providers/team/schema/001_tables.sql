-- The team directory's tables. 002 puts the belt around them, 003 to 006 are the only ways in.
--
-- A coworker has no right on anything in here and no USAGE on the schema. The functions in `api` are SECURITY DEFINER,
-- so inside them `current_user` is rd_owner for everybody; who is asking is `session_user`, which only a superuser can
-- change. No setting is ever believed: a coworker could set it. Names are qualified and every function's search_path
-- is pinned, so that nobody's object can stand in for ours.
--
-- Times are clock_timestamp(): now() is when a transaction began, and a transaction can be kept open for hours to write
-- what then looks old.
--
-- What a table must never hold: anything of a private contact. A contact that was shared and is not any more, or that
-- somebody claimed for themselves, stays as a line without content: it says whose it is, so that a known department
-- caller does not come up twice. The caller's number is kept as a keyed hash only.

alter default privileges revoke execute on functions from public;
alter default privileges revoke all on types from public;
revoke all on schema rd, api from public;
grant usage on schema api to rd_coworker;

-- Plain checks ------------------------------------------------------------------------------------------------------

create function rd.as_uuid(said text) returns uuid
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return case
    when said ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
        and said <> '00000000-0000-0000-0000-000000000000'  -- a page's cursor begins here
    then said::uuid
end;

create function rd.are_texts(said text[], form text, most integer) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp
return said is not null and cardinality(said) <= most
    and coalesce((select bool_and(one is not null and one ~ form) from unnest(said) as one), true);

-- The first field of a card that is not as domain/document.py writes it, or null. A picture does not travel.
create function rd.card_fault(card jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    field text;
    value jsonb;
begin
    if jsonb_typeof(card) <> 'object' or octet_length(card::text) > 65536 then
        return 'card';
    end if;
    for field, value in select * from jsonb_each(card) loop
        if not (case
            when field = 'note' then jsonb_typeof(value) = 'string'
            when field = 'name' then jsonb_typeof(value) = 'object'
                and not exists (select from jsonb_each(value) as part(key, said) where jsonb_typeof(said) <> 'string')
            when field = 'birthday' then
                jsonb_typeof(value) = 'array' and jsonb_array_length(value) = 3
                and not exists (select from jsonb_array_elements(value) as part(said) where said::text !~ '^[0-9]{1,4}$')
            when field in ('nicknames', 'groups') then jsonb_typeof(value) = 'array'
                and not exists (select from jsonb_array_elements(value) as part(said) where jsonb_typeof(said) <> 'string')
            when field in ('phones', 'emails', 'organizations', 'addresses', 'urls', 'relations', 'custom') then
                jsonb_typeof(value) = 'array'
                and not exists (select from jsonb_array_elements(value) as part(item) where rd.item_fault(item))
            else false
        end) then
            return left(field, 40);
        end if;
    end loop;
    return null;
end
$$;

create function rd.item_fault(item jsonb) returns boolean
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
    return jsonb_typeof(item) <> 'object'
        or exists (select from jsonb_each(item) as part(key, said) where jsonb_typeof(said) <> 'string');
end
$$;

-- Tables ------------------------------------------------------------------------------------------------------------

create table rd.schema_step (
    version integer primary key,
    name text not null,
    applied timestamptz not null default now()
);

create table rd.settings (
    one boolean primary key default true check (one),
    epoch uuid not null default gen_random_uuid(),
    number_secret bytea not null default sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea),
    ring_salt bytea not null default sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)
);
comment on column rd.settings.epoch is 'A new one makes every desktop pull everything; see api.new_epoch.';
insert into rd.settings default values;

create table rd.coworker (
    login text primary key check (login ~ '^[a-z][a-z0-9_.-]{0,62}$'),
    name text not null check (length(name) between 1 and 120),
    extensions text[] not null default '{}' check (rd.are_texts(extensions, '^[0-9]{1,6}$', 20)),
    administrator boolean not null default false,
    view_only boolean not null default false,
    google boolean not null default true,
    enabled boolean not null default true,
    invited_until timestamptz,
    probe boolean not null default false,
    view bigint not null default 1
);
comment on column rd.coworker.invited_until is 'When the invitation ends; null once they have joined with a password of their own.';
comment on column rd.coworker.probe is 'A temporary coworker of the self-attack; lives in a world of its own.';
comment on column rd.coworker.view is 'Counts the changes of what this coworker may see; a cursor of an older view pulls everything.';

create table rd.department (
    id integer generated always as identity primary key,
    name text not null check (length(name) between 1 and 80),
    probe boolean not null default false
);
create unique index department_name on rd.department (lower(name), probe);

create table rd.membership (
    login text not null references rd.coworker,
    department integer not null references rd.department,
    primary key (login, department)
);

create table rd.contact (
    id uuid primary key check (id <> '00000000-0000-0000-0000-000000000000'),
    owner text references rd.coworker,
    department integer references rd.department,
    number_key bytea,
    shared boolean not null,
    deleted boolean not null default false,
    probe boolean not null,
    card jsonb check (rd.card_fault(card) is null),
    numbers text[] not null default '{}' check (rd.are_texts(numbers, '^[1-9][0-9]{1,14}$', 100)),
    rev bigint not null default 1,
    chg xid8 not null default pg_current_xact_id(),
    edited_by text,
    edited_at timestamptz,
    claimed_at timestamptz,
    check (owner is not null or department is not null),
    check (not shared or (owner is not null and not deleted)),
    check ((card is not null) = (not deleted and (shared or owner is null))),
    check (card is not null or (numbers = '{}' and edited_by is null and edited_at is null))
);
comment on column rd.contact.owner is 'Null: unclaimed, the first who edits it gets it.';
comment on column rd.contact.department is 'Where an unclaimed contact came in; stays when it is claimed.';
comment on column rd.contact.number_key is 'Keyed hash of the number that rang the department.';
create index contact_chg on rd.contact (chg, id);
create index contact_owner on rd.contact (owner);
create unique index contact_caller on rd.contact (department, number_key) where number_key is not null;

create table rd.number (
    e164 text not null,
    contact uuid not null references rd.contact on delete cascade,
    primary key (e164, contact)
);
create index number_contact on rd.number (contact);

create table rd.gone (
    id uuid primary key,
    department integer,
    probe boolean not null,
    chg xid8 not null
);
comment on table rd.gone is 'Tombstones: this id is no longer yours to see (department null: nobody''s). Nothing personal.';
create index gone_chg on rd.gone (chg, id);

create table rd.call (
    id uuid primary key,
    who text not null references rd.coworker,
    contact uuid not null references rd.contact,
    direction text not null check (direction in ('in', 'out')),
    state text not null check (state ~ '^[a-z_]{1,32}$'),
    started timestamptz not null check (started between '2000-01-01 00:00Z' and '2100-01-01 00:00Z'),
    seconds integer check (seconds between 0 and 604800),
    note text not null check (length(note) <= 4000),
    probe boolean not null,
    rev bigint not null default 1,
    chg xid8 not null default pg_current_xact_id()
);
create index call_chg on rd.call (chg, id);
create index call_contact on rd.call (contact);

create table rd.call_gone (
    id uuid primary key,
    probe boolean not null,
    chg xid8 not null
);
create index call_gone_chg on rd.call_gone (chg, id);

create table rd.answered (
    id uuid primary key default gen_random_uuid(),
    department integer not null references rd.department,
    ring bytea not null check (octet_length(ring) = 32),
    who text not null references rd.coworker,
    at timestamptz not null default clock_timestamp(),
    chg xid8 not null default pg_current_xact_id()
);
comment on column rd.answered.ring is 'Salted hash of department and number, made by the desktops; the number is not kept.';
create index answered_chg on rd.answered (chg, id);
create index answered_at on rd.answered (at);

create table rd.op (
    who text not null references rd.coworker,
    id uuid not null,
    rev bigint not null,
    at timestamptz not null default clock_timestamp(),
    primary key (who, id)
);
comment on table rd.op is 'Operations that were carried out, so that a repeated one answers instead of acting twice.';

create table rd.audit (
    n bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    who text not null default session_user,
    deed text not null check (length(deed) <= 40),
    contact uuid,
    detail jsonb not null default '{}' check (octet_length(detail::text) <= 4096)
);
comment on table rd.audit is 'Who did what and when; ids and logins only, nothing of a contact''s content.';
create index audit_calls on rd.audit (who, at) where deed = 'caller';
