-- The team directory's tables and the belt behind its functions: forced row security and guard triggers.
--
-- A coworker has no right on anything in here and no USAGE on the schema. The functions in `api` are SECURITY DEFINER,
-- so inside them `current_user` is rd_owner for everybody; who is asking is `session_user`, which only a superuser can
-- change. No setting is ever believed: a coworker could set it. Names are qualified and every function's search_path
-- is pinned, so that nobody's object can stand in for ours.
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
    probe boolean not null default false,
    view bigint not null default 1
);
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
    started timestamptz not null,
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
    at timestamptz not null default now(),
    chg xid8 not null default pg_current_xact_id()
);
comment on column rd.answered.ring is 'Salted hash of department and number, made by the desktops; the number is not kept.';
create index answered_chg on rd.answered (chg, id);
create index answered_at on rd.answered (at);

create table rd.op (
    who text not null references rd.coworker,
    id uuid not null,
    rev bigint not null,
    at timestamptz not null default now(),
    primary key (who, id)
);
comment on table rd.op is 'Operations that were carried out, so that a repeated one answers instead of acting twice.';

create table rd.audit (
    n bigint generated always as identity primary key,
    at timestamptz not null default now(),
    who text not null default session_user,
    deed text not null check (length(deed) <= 40),
    contact uuid,
    detail jsonb not null default '{}' check (octet_length(detail::text) <= 4096)
);
comment on table rd.audit is 'Who did what and when; ids and logins only, nothing of a contact''s content.';
create index audit_calls on rd.audit (who, at) where deed = 'caller';

-- Who is asking -----------------------------------------------------------------------------------------------------

-- The set-up role: superuser, or the role that ran the schema. It makes and disables logins.
create function rd.is_setup() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return pg_has_role(session_user, 'rd_owner', 'MEMBER');

create function rd.is_administrator() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup()
    or exists (select from rd.coworker c where c.login = session_user::text and c.enabled and c.administrator);

create function rd.is_probe() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return coalesce((select c.probe from rd.coworker c where c.login = session_user::text), false);

-- Enabled, and what is being looked at lies in the asker's world.
create function rd.is_enabled() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup() or exists (select from rd.coworker c where c.login = session_user::text and c.enabled);

create function rd.may_edit() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup()
    or exists (select from rd.coworker c where c.login = session_user::text and c.enabled and not c.view_only);

-- Departments whose unclaimed callers the asker sees; the administrator holds them all.
create function rd.departments() returns setof integer
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
    select d.id from rd.department d
    where d.probe = rd.is_probe()
      and (rd.is_administrator()
           or exists (select from rd.membership m where m.department = d.id and m.login = session_user::text));
end;

-- Row security ------------------------------------------------------------------------------------------------------

do $$
declare
    name text;
begin
    for name in select c.relname from pg_catalog.pg_class c where c.relnamespace = 'rd'::regnamespace and c.relkind = 'r'
    loop
        execute format('alter table rd.%I enable row level security', name);
        execute format('alter table rd.%I force row level security', name);
    end loop;
end
$$;

create policy read on rd.schema_step for select using (true);
create policy add on rd.schema_step for insert with check ((select rd.is_setup()));

create policy read on rd.settings for select using (true);
create policy renew on rd.settings for update using ((select rd.is_setup()));

create policy read on rd.coworker for select using (true);
create policy add on rd.coworker for insert with check ((select rd.is_setup()));
-- The first half lets a coworker lock their own row, so that rights cannot change under a running push.
create policy change on rd.coworker for update
    using (login = session_user::text or (select rd.is_administrator()))
    with check ((select rd.is_administrator()));
create policy remove on rd.coworker for delete using (probe and (select rd.is_setup()));

create policy read on rd.department for select using (true);
create policy change on rd.department for all
    using ((select rd.is_administrator())) with check ((select rd.is_administrator()));

create policy read on rd.membership for select using (true);
create policy change on rd.membership for all
    using ((select rd.is_administrator())) with check ((select rd.is_administrator()));

create policy read on rd.contact for select using (
    (select rd.is_enabled())
    and (probe = (select rd.is_probe()) or (select rd.is_setup()))
    and (shared or owner = session_user::text or (select rd.is_administrator())
         or department in (select rd.departments()))
);
create policy add on rd.contact for insert with check (
    probe = (select rd.is_probe())
    and case when owner is null then not shared and department in (select rd.departments())
             else owner = session_user::text and (select rd.may_edit()) end
);
create policy change on rd.contact for update
    using (
        (select rd.is_enabled())
        and (probe = (select rd.is_probe()) or (select rd.is_setup()))
        and (owner = session_user::text
             or ((select rd.may_edit())
                 and (shared or (select rd.is_administrator()) or department in (select rd.departments()))))
    )
    with check (owner = session_user::text or shared or (select rd.is_administrator()));
create policy remove on rd.contact for delete using (probe and (select rd.is_setup()));

create policy through on rd.number for all using (exists (select from rd.contact c where c.id = contact));

create policy read on rd.gone for select using ((select rd.is_enabled()));
create policy change on rd.gone for all
    using ((select rd.is_enabled()) and (probe = (select rd.is_probe()) or (select rd.is_setup())));

create policy read on rd.call for select using (
    (select rd.is_administrator())
    or exists (select from rd.contact c where c.id = contact and (c.shared or c.owner = session_user::text))
);
create policy add on rd.call for insert with check (
    who = session_user::text and exists (select from rd.contact c where c.id = contact and c.shared)
);
create policy change on rd.call for update using (who = session_user::text) with check (
    who = session_user::text and exists (select from rd.contact c where c.id = contact and c.shared)
);
-- Who spoke takes a call back; who owns the contact takes all of them back by unsharing it.
create policy remove on rd.call for delete using (
    who = session_user::text or (select rd.is_administrator())
    or exists (select from rd.contact c where c.id = contact and c.owner = session_user::text)
);
create policy change on rd.call_gone for all
    using ((select rd.is_enabled()) and (probe = (select rd.is_probe()) or (select rd.is_setup())));

create policy read on rd.answered for select
    using (department in (select rd.departments()) or (select rd.is_setup()));
create policy add on rd.answered for insert
    with check (who = session_user::text and department in (select rd.departments()));
create policy remove on rd.answered for delete
    using (at < now() - interval '1 hour' or (select rd.is_setup()));

create policy mine on rd.op for all using (who = session_user::text);
create policy sweep on rd.op for select using ((select rd.is_setup()));
create policy remove on rd.op for delete using ((select rd.is_setup()));

create policy add on rd.audit for insert with check (who = session_user::text);
create policy read on rd.audit for select using ((select rd.is_administrator()) or who = session_user::text);

-- Guards: what row security cannot say, because it does not see the old row beside the new one ----------------------

create function rd.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception using errcode = '42501', message = format('%s of rd.%s is never allowed', lower(tg_op), tg_table_name);
end
$$;

create function rd.guard_contact() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    asker text := session_user;
    mine boolean := old.owner is not distinct from asker;
    left_us boolean := rd.is_administrator()
        and exists (select from rd.coworker c where c.login = old.owner and not c.enabled);
begin
    if new.deleted then
        new.number_key := null;  -- the number may come up again, also beside this one brought back
    end if;
    if (new.id, new.probe) is distinct from (old.id, old.probe)
        or new.department is distinct from old.department
        or (new.number_key is distinct from old.number_key and not new.deleted) then
        raise exception using errcode = '42501', message = 'what a contact came from does not change';
    end if;
    -- Ownership moves once, to the one who claims; after that only a leaver's contacts move.
    if new.owner is distinct from old.owner and not (
        (old.owner is null and new.owner = asker and not old.deleted) or (left_us and new.owner is not null)
    ) then
        raise exception using errcode = '42501', message = 'a contact stays with its owner';
    end if;
    -- Nobody changes an unclaimed contact without becoming its owner; the administrator may delete it.
    if old.owner is null and new.owner is null and not (new.deleted and rd.is_administrator()) then
        raise exception using errcode = '42501', message = 'who edits an unclaimed contact claims it';
    end if;
    if old.owner is not null and (new.shared, new.deleted) is distinct from (old.shared, old.deleted)
        and not (mine or left_us) then
        raise exception using errcode = '42501', message = 'only the owner shares, unshares and deletes';
    end if;
    new.rev := old.rev + 1;
    new.chg := pg_current_xact_id();
    return new;
end
$$;
create trigger guard before update on rd.contact for each row execute function rd.guard_contact();

create function rd.follow_contact() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' or new.numbers is distinct from old.numbers then
        delete from rd.number where contact = new.id;
        insert into rd.number (e164, contact) select distinct e164, new.id from unnest(new.numbers) as e164;
    end if;
    if new.shared then
        delete from rd.gone where id = new.id;
    elsif tg_op = 'UPDATE' and old.card is not null and new.card is null then
        -- Was seen by everybody, or by a department; is seen by nobody but its owner now.
        insert into rd.gone as g (id, department, probe, chg)
        values (new.id, case when old.owner is null then old.department end, new.probe, new.chg)
        on conflict (id) do update set chg = excluded.chg,
            department = case when g.department is null then null else excluded.department end;
        delete from rd.call where contact = new.id;
    elsif tg_op = 'UPDATE' and new.deleted and not old.deleted then
        insert into rd.gone as g (id, probe, chg) values (new.id, new.probe, new.chg)
        on conflict (id) do update set chg = excluded.chg, department = null;
    end if;
    return null;
end
$$;
create trigger follow after insert or update on rd.contact for each row execute function rd.follow_contact();

create function rd.guard_call() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if (new.id, new.who, new.probe) is distinct from (old.id, old.who, old.probe) then
        raise exception using errcode = '42501', message = 'whose call it was does not change';
    end if;
    new.rev := old.rev + 1;
    new.chg := pg_current_xact_id();
    return new;
end
$$;
create trigger guard before update on rd.call for each row execute function rd.guard_call();

create function rd.follow_call() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        insert into rd.call_gone (id, probe, chg) values (old.id, old.probe, pg_current_xact_id())
        on conflict (id) do update set chg = excluded.chg;
    else
        delete from rd.call_gone where id = new.id;
    end if;
    return null;
end
$$;
create trigger follow after insert or delete on rd.call for each row execute function rd.follow_call();

create function rd.guard_coworker() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if (new.login, new.probe) is distinct from (old.login, old.probe) then
        raise exception using errcode = '42501', message = 'a login does not change';
    end if;
    if (new.administrator, new.enabled) is distinct from (old.administrator, old.enabled) then
        new.view := old.view + 1;
    end if;
    return new;
end
$$;
create trigger guard before update on rd.coworker for each row execute function rd.guard_coworker();

create function rd.follow_membership() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    update rd.coworker set view = view + 1 where login = coalesce(new.login, old.login);
    return null;
end
$$;
create trigger follow after insert or update or delete on rd.membership
    for each row execute function rd.follow_membership();

create trigger no_delete before delete on rd.contact for each row when (not old.probe) execute function rd.refuse();
create trigger no_delete before delete on rd.coworker for each row when (not old.probe) execute function rd.refuse();
create trigger no_change before update or delete on rd.audit for each row execute function rd.refuse();
create trigger no_truncate before truncate on rd.audit for each statement execute function rd.refuse();
create trigger no_truncate before truncate on rd.contact for each statement execute function rd.refuse();
create trigger no_truncate before truncate on rd.coworker for each statement execute function rd.refuse();
create trigger no_truncate before truncate on rd.op for each statement execute function rd.refuse();
create trigger no_change before update on rd.op for each row execute function rd.refuse();
