-- Calls together: calls and call notes of shared contacts, and who answered a department's ring.
--
-- Operations: {"op", "kind": "call", "call": uuid, "contact", "direction", "state", "started", "seconds", "note"},
-- {"op", "kind": "withdraw", "call"} (marked private), {"op", "kind": "answered", "department", "ring": hex}.
-- A call of a contact that is not shared is refused, so nothing of it is ever here; unsharing deletes what was.

create function rd.log_call(me rd.coworker, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    call_id uuid := rd.as_uuid(op ->> 'call');
    target uuid := rd.as_uuid(op ->> 'contact');
    began timestamptz := to_timestamp((op ->> 'started')::double precision);
    now_rev bigint;
begin
    if call_id is null then
        return rd.invalid('call');
    elsif began is null or not isfinite(began) then
        return rd.invalid('started');
    elsif me.view_only then
        return rd.refused('view only');
    end if;
    -- Held still, so that an unshare at this moment either sees this call or comes first.
    perform 1 from rd.contact c where c.id = target and c.shared for update;
    if not found then
        return rd.refused('private');
    end if;
    update rd.call set contact = target, direction = op ->> 'direction', state = op ->> 'state',
        started = began, seconds = (op ->> 'seconds')::integer, note = coalesce(op ->> 'note', '')
    where id = call_id and who = me.login returning rev into now_rev;
    if now_rev is null then
        insert into rd.call (id, who, contact, direction, state, started, seconds, note, probe)
        values (call_id, me.login, target, op ->> 'direction', op ->> 'state', began,
                (op ->> 'seconds')::integer, coalesce(op ->> 'note', ''), me.probe)
        on conflict (id) do nothing returning rev into now_rev;
    end if;
    return case when now_rev is null then rd.refused('taken') else rd.ok(now_rev) end;
end
$$;

create function rd.withdraw_call(me rd.coworker, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    delete from rd.call where id = rd.as_uuid(op ->> 'call') and who = me.login;
    return case when found then rd.ok(0) else jsonb_build_object('is', 'gone') end;
end
$$;

create function rd.log_answer(me rd.coworker, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    place integer := rd.department_named(op ->> 'department');
begin
    if place is null then
        return rd.refused('department');
    elsif coalesce(op ->> 'ring', '') !~ '^[0-9a-f]{64}$' then
        return rd.invalid('ring');
    end if;
    delete from rd.answered where at < now() - interval '1 hour';
    insert into rd.answered (department, ring, who) values (place, decode(op ->> 'ring', 'hex'), me.login);
    return rd.ok(1);
end
$$;

create function rd.carry_out_call(me rd.coworker, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    return case op ->> 'kind'
        when 'call' then rd.log_call(me, op)
        when 'withdraw' then rd.withdraw_call(me, op)
        when 'answered' then rd.log_answer(me, op)
        else rd.invalid('kind')
    end;
end
$$;

create function api.calls_push(ops jsonb) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    return rd.each_once(rd.writer(), ops, true);
end
$$;

create function rd.call_item(c rd.call) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return jsonb_build_object(
    'is', 'call', 'call', c.id, 'contact', c.contact, 'who', c.who, 'direction', c.direction, 'state', c.state,
    'started', extract(epoch from c.started), 'seconds', c.seconds, 'note', c.note, 'rev', c.rev
);

create function rd.answer_item(a rd.answered) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return jsonb_build_object(
    'is', 'answered', 'who', a.who, 'ring', encode(a.ring, 'hex'), 'at', extract(epoch from a.at),
    'department', (select d.name from rd.department d where d.id = a.department)
);

create function api.calls_pull(cursor text default null, page integer default 500) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
-- What a cursor's rows cost is guessed wrongly as soon as the statistics are older than the newest rows.
set plan_cache_mode = force_custom_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
    me rd.coworker := rd.me();
    places integer[] := array(select rd.departments());
    here rd.place := rd.place(cursor, me);
    size integer := rd.page_size(page);
    items json;
    last_chg xid8;
    last_id uuid;
begin
    select coalesce(json_agg(case
               when (listed.c).id is not null then rd.call_item(listed.c)::json
               when (listed.a).id is not null then rd.answer_item(listed.a)::json
               else json_build_object('is', 'gone', 'call', listed.id) end order by listed.chg, listed.id), '[]'),
           (array_agg(listed.chg order by listed.chg desc, listed.id desc))[1],
           (array_agg(listed.id order by listed.chg desc, listed.id desc))[1]
    into items, last_chg, last_id
    from (
        (select c.chg, c.id, c, null::rd.answered
         from rd.call c
         where (c.chg, c.id) > (here.chg, here.id) and c.probe = me.probe
           and exists (select from rd.contact k where k.id = c.contact and k.shared)
         order by c.chg, c.id limit size)
        union all
        (select g.chg, g.id, null::rd.call, null::rd.answered
         from rd.call_gone g
         where (g.chg, g.id) > (here.chg, here.id) and not here.whole and g.probe = me.probe
         order by g.chg, g.id limit size)
        union all
        (select a.chg, a.id, null::rd.call, a
         from rd.answered a
         where (a.chg, a.id) > (here.chg, here.id) and a.department = any (places)
           and a.at > now() - interval '10 minutes'
         order by a.chg, a.id limit size)
        order by 1, 2
        limit size
    ) as listed (chg, id, c, a);
    return rd.page(here, items, size, last_chg, last_id);
end
$$;

grant execute on function api.calls_push(jsonb), api.calls_pull(text, integer) to rd_coworker;
