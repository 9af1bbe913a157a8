-- The belt behind the functions: forced row security on who asks, and guard triggers on what changes.
--
-- Were a function of 003 to 006 to forget a condition, or a table to be granted by mistake, this would still hold.

-- Who is asking -----------------------------------------------------------------------------------------------------

-- The set-up role: superuser, or the role that ran the schema. It makes and disables logins.
create function rd.is_setup() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return pg_has_role(session_user, 'rd_owner', 'MEMBER');

-- Whether a coworker is let in: not a leaver, and not somebody whose invitation ended before they joined.
create function rd.is_in(c rd.coworker) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return c.enabled and (c.invited_until is null or c.invited_until > clock_timestamp());

create function rd.is_administrator() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup()
    or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c) and c.administrator);

create function rd.is_probe() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return coalesce((select c.probe from rd.coworker c where c.login = session_user::text), false);

create function rd.is_enabled() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup() or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c));

create function rd.may_edit() returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return rd.is_setup()
    or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c) and not c.view_only);

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
-- A coworker may lock their own row, so that rights cannot change under a running push, and join; the guard below
-- refuses them everything else.
create policy change on rd.coworker for update
    using (login = session_user::text or (select rd.is_administrator()))
    with check (login = session_user::text or (select rd.is_administrator()));
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
    -- Who is no administrator joins, once, and changes nothing else of a coworker.
    if not rd.is_administrator() and (to_jsonb(new) - 'invited_until' <> to_jsonb(old) - 'invited_until'
                                      or new.invited_until is not null) then
        raise exception using errcode = '42501', message = 'rights are the administrator''s to give';
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
