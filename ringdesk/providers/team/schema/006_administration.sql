-- What an administrator does: rights, departments, leavers, the audit. Logins themselves are made and locked by the
-- set-up role (providers/team/admin.py), never by a coworker, however much of an administrator.

-- An administrator is asking to read, or raises 42501.
create function rd.for_administrators() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if not rd.is_administrator() then
        raise exception using errcode = '42501', message = 'for administrators';
    end if;
end
$$;

-- The same before a change.
create function rd.need_administrator() returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.hold_still();
    perform rd.for_administrators();
end
$$;

create function rd.need_setup() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if not rd.is_setup() then
        raise exception using errcode = '42501', message = 'for the role that set the directory up';
    end if;
end
$$;

-- A coworker of that login in the asker's world; the set-up role reaches all. Raises P0002 where there is none.
create function rd.somebody(said text) returns rd.coworker
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    c rd.coworker;
begin
    select * into c from rd.coworker k where k.login = said and (k.probe = rd.is_probe() or rd.is_setup());
    if c.login is null then
        raise exception using errcode = 'P0002', message = 'no such coworker';
    end if;
    return c;
end
$$;

-- A new coworker. `until` is when the invitation ends; none where they need no invitation.
create function api.enroll(
    login text, name text, administrator boolean, probe boolean, until timestamptz default null
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.need_setup();
    insert into rd.coworker (login, name, administrator, probe, invited_until) values ($1, $2, $3, $4, $5);
    perform rd.note_deed('enroll', null, jsonb_build_object('login', $1, 'administrator', $3));
    perform rd.tell();
end
$$;

-- Another invitation for somebody who has lost their password, or who did not come in time.
create function api.invite_again(login text, until timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.need_setup();
    update rd.coworker c set invited_until = $2 where c.login = $1 and c.enabled;
    if not found then
        raise exception using errcode = 'P0002', message = 'no such coworker';
    end if;
    perform rd.note_deed('invite again', null, jsonb_build_object('login', $1));
end
$$;

-- The invited coworker has a password of their own now: the invitation is used up.
create function api.join() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    me rd.coworker := rd.writer();
begin
    if me.invited_until is not null then
        update rd.coworker c set invited_until = null where c.login = me.login;
        perform rd.note_deed('join', null);
        perform rd.tell();
    end if;
end
$$;

-- Change some of: name, extensions, administrator, view_only, google.
create function api.set_coworker(login text, change jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    c rd.coworker;
begin
    perform rd.need_administrator();
    c := rd.somebody($1);
    update rd.coworker k set
        name = coalesce(change ->> 'name', k.name),
        extensions = case when change ? 'extensions'
            then array(select jsonb_array_elements_text(change -> 'extensions')) else k.extensions end,
        administrator = coalesce((change ->> 'administrator')::boolean, k.administrator),
        view_only = coalesce((change ->> 'view_only')::boolean, k.view_only),
        google = coalesce((change ->> 'google')::boolean, k.google)
    where k.login = c.login;
    if not exists (select from rd.coworker k where k.administrator and k.enabled and k.probe = c.probe) then
        raise exception using errcode = '23514', message = 'a team needs an administrator';
    end if;
    perform rd.note_deed('rights', null, jsonb_build_object('login', c.login, 'change', change - 'name' - 'extensions'));
    perform rd.tell();
end
$$;

-- Logins for a line of the audit, which is short: where there are many, how many.
create function rd.some(key text, logins text[]) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return jsonb_build_object(key, case when cardinality(logins) <= 20 then to_jsonb(logins)
                                    else to_jsonb(cardinality(logins)) end);

-- Make a department, or set who is in it.
create function api.set_department(name text, members jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    in_world boolean := rd.is_probe();
    place integer;
    came text[];
    went text[];
begin
    perform rd.need_administrator();
    -- The set-up role serves both worlds: the members say which.
    if rd.is_setup() and jsonb_array_length(members) > 0 then
        in_world := (rd.somebody(members ->> 0)).probe;
    end if;
    insert into rd.department (name, probe) values ($1, in_world) on conflict do nothing;
    select d.id into place from rd.department d where lower(d.name) = lower($1) and d.probe = in_world;
    with gone as (
        delete from rd.membership m where m.department = place and not members ? m.login returning m.login
    ) select array(select gone.login from gone order by 1) into went;
    with new as (
        insert into rd.membership (login, department)
        select (rd.somebody(said)).login, place from jsonb_array_elements_text(members) as said
        on conflict do nothing returning membership.login
    ) select array(select new.login from new order by 1) into came;
    perform rd.note_deed('department', null, jsonb_build_object('department', place)
        || rd.some('in', came) || rd.some('out', went));
    perform rd.tell();
end
$$;

create function api.rename_department(old text, new text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.need_administrator();
    update rd.department d set name = $2
    where lower(d.name) = lower($1) and (d.probe = rd.is_probe() or rd.is_setup());
    if not found then
        raise exception using errcode = 'P0002', message = 'no such department';
    end if;
    perform rd.note_deed('rename', null, jsonb_build_object('from', $1, 'to', $2));
    perform rd.tell();
end
$$;

-- Somebody leaves: no more access, shared contacts go to `give_to` (null: stay under the leaver's name), private
-- claims are let go, so that those callers can come up again. Gives how many contacts were handed over.
create function api.offboard(login text, give_to text) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    leaver rd.coworker;
    heir rd.coworker;
    given integer := 0;
begin
    perform rd.need_administrator();
    leaver := rd.somebody($1);
    if leaver.login = session_user::text then
        raise exception using errcode = '23514', message = 'nobody offboards themselves';
    end if;
    if $2 is not null then
        heir := rd.somebody($2);
        if not heir.enabled or heir.probe <> leaver.probe or heir.login = leaver.login then
            raise exception using errcode = 'P0002', message = 'no such coworker to give to';
        end if;
    end if;
    update rd.coworker c set enabled = false, administrator = false where c.login = leaver.login;
    if leaver.administrator
        and not exists (select from rd.coworker k where k.administrator and k.enabled and k.probe = leaver.probe) then
        raise exception using errcode = '23514', message = 'a team needs an administrator';
    end if;
    delete from rd.membership m where m.login = leaver.login;
    update rd.contact c set deleted = true where c.owner = leaver.login and not c.shared and not c.deleted;
    if heir.login is not null then
        insert into rd.audit (who, deed, contact, detail)
        select session_user::text, 'reassign', c.id, jsonb_build_object('from', leaver.login, 'to', heir.login)
        from rd.contact c where c.owner = leaver.login and c.shared;
        update rd.contact c set owner = heir.login where c.owner = leaver.login and c.shared;
        get diagnostics given = row_count;
    end if;
    perform rd.note_deed('offboard', null, jsonb_build_object('login', leaver.login, 'to', heir.login, 'given', given));
    perform rd.tell();
    return given;
end
$$;

-- The whole team as those who look after it see it: who is in which department, who has not joined yet.
create function api.team() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.for_administrators();
    return jsonb_build_object(
        'departments', coalesce((
            select jsonb_agg(jsonb_build_object('name', d.name, 'members', array(
                select m.login from rd.membership m where m.department = d.id order by m.login)) order by d.name)
            from rd.department d where d.probe = rd.is_probe()), '[]'),
        'coworkers', coalesce((
            select jsonb_agg(rd.person(c) || jsonb_build_object('invited_until', extract(epoch from c.invited_until))
                             order by c.login)
            from rd.coworker c where c.probe = rd.is_probe()), '[]')
    );
end
$$;

create function api.audit(before bigint default null, page integer default 200) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.for_administrators();
    return coalesce((
        select jsonb_agg(jsonb_build_object('n', a.n, 'at', extract(epoch from a.at), 'who', a.who, 'deed', a.deed,
                                            'contact', a.contact, 'detail', a.detail) order by a.n desc)
        from (select * from rd.audit b where b.n < coalesce(before, b.n + 1) order by b.n desc
              limit rd.page_size(page)) as a
    ), '[]');
end
$$;

-- After a restore in which transaction numbers may have gone back: every desktop pulls everything.
create function api.new_epoch() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.need_setup();
    update rd.settings set epoch = gen_random_uuid();
    perform rd.tell();
end
$$;

-- Forget calls older than any desk keeps its own (730 days), and operations nobody will repeat any more. Gives how many.
create function api.tidy() returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    calls integer;
    ops integer;
begin
    perform rd.need_setup();
    delete from rd.call where started < clock_timestamp() - interval '731 days';
    get diagnostics calls = row_count;
    delete from rd.op where at < clock_timestamp() - interval '731 days';
    get diagnostics ops = row_count;
    return calls + ops;
end
$$;

-- Take the self-attack's temporary coworkers away again. Row security lets it reach probes only.
create function api.sweep_probes() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.need_setup();
    delete from rd.call where probe;
    delete from rd.call_gone where probe;
    delete from rd.answered a using rd.department d where d.id = a.department and d.probe;
    delete from rd.contact where probe;
    delete from rd.gone where probe;
    delete from rd.op o using rd.coworker c where c.login = o.who and c.probe;
    delete from rd.membership m using rd.coworker c where c.login = m.login and c.probe;
    delete from rd.department where probe;
    delete from rd.coworker where probe;
end
$$;

grant execute on function api.set_coworker(text, jsonb), api.set_department(text, jsonb),
    api.rename_department(text, text), api.offboard(text, text), api.audit(bigint, integer), api.team(), api.join()
    to rd_coworker;
