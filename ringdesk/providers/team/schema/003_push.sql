-- Changes from a coworker: operations in, one result an operation out.
--
-- An operation is {"op": uuid, "kind": share|edit|claim|unshare|delete, "contact": uuid} and, by kind, "rev" (the
-- revision the desktop last saw, 0 for none), "card", "numbers" (E.164 without plus), "shared" (claim only).
-- A result is {"is": "ok", "rev"} | {"is": "conflict", "now": ITEM} | {"is": "gone"}
--           | {"is": "refused", "why", "by", "at"} | {"is": "invalid", "field"}.
-- Owner, revision, time and who edited are never taken from the operation.

-- The enabled coworker who asks. Raises 42501 for anybody else, 55000 for one whose invitation ended before they joined.
create function rd.me() returns rd.coworker
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    me rd.coworker;
begin
    select * into me from rd.coworker c where c.login = session_user::text and c.enabled;
    if me.login is null then
        raise exception using errcode = '42501', message = 'not a coworker of this team';
    elsif not rd.is_in(me) then
        raise exception using errcode = '55000', message = 'the invitation has ended';
    end if;
    return me;
end
$$;

-- The rights of whoever asks are held still until the transaction ends. Under REPEATABLE READ a snapshot from before
-- they were disabled would still say enabled, so only READ COMMITTED may write.
create function rd.hold_still() returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using errcode = '25001', message = 'write in a READ COMMITTED transaction';
    end if;
    perform 1 from rd.coworker c where c.login = session_user::text for share;
end
$$;

-- The coworker who is about to write.
create function rd.writer() returns rd.coworker
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    perform rd.hold_still();
    return rd.me();
end
$$;

-- The department of that name whose callers the asker sees, or null.
create function rd.department_named(said text) returns integer
language sql stable set search_path = pg_catalog, pg_temp
return (select d.id from rd.department d where lower(d.name) = lower(said) and d.id in (select rd.departments()));

create function rd.tell() returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_notify('ringdesk', '');  -- empty: everybody may listen
end
$$;

create function rd.note_deed(deed text, contact uuid, detail jsonb default '{}') returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    insert into rd.audit (who, deed, contact, detail) values (session_user::text, deed, contact, detail);
end
$$;

-- True when `pull` would show this coworker the contact.
create function rd.sees(me rd.coworker, c rd.contact) returns boolean
language sql stable set search_path = pg_catalog, pg_temp
return c.id is not null and not c.deleted
    and (c.shared or c.owner is not distinct from me.login
         or (c.owner is null and c.department in (select rd.departments())));

create function rd.item(c rd.contact) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return jsonb_build_object(
    'is', 'contact', 'contact', c.id, 'owner', c.owner, 'shared', c.shared, 'rev', c.rev, 'card', c.card,
    'department', (select d.name from rd.department d where d.id = c.department),
    'by', c.edited_by, 'at', extract(epoch from c.edited_at)
);

create function rd.ok(rev bigint) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return jsonb_build_object('is', 'ok', 'rev', rev);

create function rd.refused(why text, by text default null, at timestamptz default null) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return jsonb_build_object('is', 'refused', 'why', why, 'by', by, 'at', extract(epoch from at));

create function rd.invalid(field text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return jsonb_build_object('is', 'invalid', 'field', field);

create function rd.numbers(op jsonb) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp
return case when jsonb_typeof(op -> 'numbers') = 'array'
    then array(select jsonb_array_elements_text(op -> 'numbers')) else '{}' end;

-- The first field of an operation's content that cannot be taken, or null.
create function rd.content_fault(op jsonb) returns text
language sql stable set search_path = pg_catalog, pg_temp
return case
    when op -> 'card' is null then 'card'
    when rd.card_fault(op -> 'card') is not null then rd.card_fault(op -> 'card')
    when not rd.are_texts(rd.numbers(op), '^[1-9][0-9]{1,14}$', 100) then 'numbers'
end;

create function rd.share(me rd.coworker, c rd.contact, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    fault text := rd.content_fault(op);
    now_rev bigint;
begin
    if me.view_only then
        return rd.refused('view only');
    elsif fault is not null then
        return rd.invalid(fault);
    elsif rd.sees(me, c) and c.owner is distinct from me.login then
        return rd.refused(case when c.owner is null then 'unclaimed' else 'owner' end);
    elsif c.shared and c.rev is distinct from (op ->> 'rev')::bigint then
        return jsonb_build_object('is', 'conflict', 'now', rd.item(c));
    elsif c.owner = me.login then
        update rd.contact set shared = true, deleted = false, card = op -> 'card', numbers = rd.numbers(op),
            edited_by = me.login, edited_at = clock_timestamp()
        where id = c.id returning rev into now_rev;
    else
        -- Unknown here, or somebody's private line: both are answered alike.
        insert into rd.contact (id, owner, shared, probe, card, numbers, edited_by, edited_at)
        values (rd.as_uuid(op ->> 'contact'), me.login, true, me.probe, op -> 'card', rd.numbers(op), me.login,
                clock_timestamp())
        on conflict (id) do nothing returning rev into now_rev;
    end if;
    if now_rev is null then
        return rd.refused('taken');
    end if;
    if c.id is null or not c.shared then
        perform rd.note_deed('share', rd.as_uuid(op ->> 'contact'));
    end if;
    return rd.ok(now_rev);
end
$$;

create function rd.edit(me rd.coworker, c rd.contact, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    fault text := rd.content_fault(op);
    now_rev bigint;
begin
    if not rd.sees(me, c) then
        return jsonb_build_object('is', 'gone');
    elsif c.owner is null then
        return rd.claim(me, c, op || jsonb_build_object('shared', false));
    elsif me.view_only and c.owner <> me.login then
        return rd.refused('view only');
    elsif not c.shared then
        return rd.refused('private');
    elsif fault is not null then
        return rd.invalid(fault);
    elsif c.rev is distinct from (op ->> 'rev')::bigint then
        return jsonb_build_object('is', 'conflict', 'now', rd.item(c));
    end if;
    update rd.contact set card = op -> 'card', numbers = rd.numbers(op), edited_by = me.login,
        edited_at = clock_timestamp()
    where id = c.id returning rev into now_rev;
    if c.owner <> me.login then
        perform rd.note_deed('edit', c.id, jsonb_build_object('owner', c.owner));
    end if;
    return rd.ok(now_rev);
end
$$;

create function rd.claim(me rd.coworker, c rd.contact, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    open boolean := coalesce((op ->> 'shared')::boolean, false);
    now_rev bigint;
begin
    if c.id is null or c.deleted or not (rd.sees(me, c) or coalesce(c.department in (select rd.departments()), false)) then
        return jsonb_build_object('is', 'gone');
    elsif c.owner = me.login then
        return case when c.shared then jsonb_build_object('is', 'conflict', 'now', rd.item(c)) else rd.ok(c.rev) end;
    elsif c.owner is not null then
        -- Whoever could have claimed it may know who did and when.
        return case when c.department in (select rd.departments())
            then rd.refused('claimed', c.owner, c.claimed_at) else rd.refused('owner') end;
    elsif me.view_only then
        return rd.refused('view only');
    elsif open and rd.content_fault(op) is not null then
        return rd.invalid(rd.content_fault(op));
    end if;
    update rd.contact set owner = me.login, shared = open, claimed_at = clock_timestamp(),
        card = case when open then op -> 'card' end,
        numbers = case when open then rd.numbers(op) else '{}' end,
        edited_by = case when open then me.login end, edited_at = case when open then clock_timestamp() end
    where id = c.id and owner is null returning rev into now_rev;
    perform rd.note_deed('claim', c.id, jsonb_build_object('shared', open));
    return rd.ok(now_rev);
end
$$;

create function rd.withdraw(me rd.coworker, c rd.contact, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    erase boolean := op ->> 'kind' = 'delete';
    now_rev bigint;
begin
    if not rd.sees(me, c) then
        return jsonb_build_object('is', 'gone');
    elsif c.owner is null and not (erase and rd.is_administrator()) then
        return rd.refused('unclaimed');
    elsif c.owner is not null and c.owner <> me.login then
        return rd.refused('owner');
    elsif not c.shared and not erase then
        return rd.ok(c.rev);
    end if;
    update rd.contact set shared = false, deleted = erase, card = null, numbers = '{}', edited_by = null, edited_at = null
    where id = c.id returning rev into now_rev;
    perform rd.note_deed(op ->> 'kind', c.id);
    return rd.ok(now_rev);
end
$$;

create function rd.carry_out(me rd.coworker, op jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    c rd.contact;
begin
    if rd.as_uuid(op ->> 'contact') is null then
        return rd.invalid('contact');
    end if;
    select * into c from rd.contact where id = rd.as_uuid(op ->> 'contact') for update;
    if c.id is null then
        -- A view-only coworker may not lock what is not theirs; no need to, they will be refused.
        select * into c from rd.contact where id = rd.as_uuid(op ->> 'contact');
    end if;
    return case op ->> 'kind'
        when 'share' then rd.share(me, c, op)
        when 'edit' then rd.edit(me, c, op)
        when 'claim' then rd.claim(me, c, op)
        when 'unshare' then rd.withdraw(me, c, op)
        when 'delete' then rd.withdraw(me, c, op)
        else rd.invalid('kind')
    end;
end
$$;

-- The answer to an operation that was carried out before, else null.
create function rd.done(me rd.coworker, op_id uuid) returns jsonb
language sql volatile set search_path = pg_catalog, pg_temp
return (select rd.ok(o.rev) || jsonb_build_object('again', true) from rd.op o where o.who = me.login and o.id = op_id);

-- Carry an operation out unless it was carried out before. `call` says which of the two kinds of work it is.
create function rd.once(me rd.coworker, op jsonb, call boolean) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    op_id uuid := rd.as_uuid(op ->> 'op');
    result jsonb;
begin
    if op_id is null then
        return rd.invalid('op');
    end if;
    result := rd.done(me, op_id);
    if result is not null then
        return result;
    end if;
    begin
        result := case when call then rd.carry_out_call(me, op) else rd.carry_out(me, op) end;
    exception when data_exception or integrity_constraint_violation then
        return rd.invalid('op');
    end;
    if result ->> 'is' <> 'ok' then
        -- The same operation may have been carried out by another connection while this one waited for it.
        return coalesce(rd.done(me, op_id), result);
    end if;
    -- Only what changed something is remembered, and without content: a refusal or a conflict is found anew.
    begin
        insert into rd.op (who, id, rev) values (me.login, op_id, (result ->> 'rev')::bigint);
    exception when unique_violation then
        raise exception using errcode = '40001', message = 'the same operation is being carried out';
    end;
    return result;
end
$$;

create function rd.each_once(me rd.coworker, ops jsonb, call boolean) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    op jsonb;
    result jsonb;
    results jsonb := '[]';
    changed boolean := false;
begin
    if jsonb_typeof(ops) is distinct from 'array' then
        raise exception using errcode = '22023', message = 'operations come as an array';
    elsif jsonb_array_length(ops) > 100 then
        raise exception using errcode = '22023', message = 'at most 100 operations at once';
    end if;
    -- In one order, so that two batches over the same contacts wait for each other instead of deadlocking.
    perform 1 from rd.contact
    where id = any (array(select rd.as_uuid(one ->> 'contact') from jsonb_array_elements(ops) as one))
    order by id for update;
    for op in select * from jsonb_array_elements(ops) loop
        result := rd.once(me, op, call);
        changed := changed or (result ->> 'is' = 'ok' and not result ? 'again');
        results := results || jsonb_build_array(result);
    end loop;
    if changed then
        perform rd.tell();
    end if;
    return results;
end
$$;

create function api.push(ops jsonb) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    return rd.each_once(rd.writer(), ops, false);
end
$$;

-- A caller nobody knows rings a department: one unclaimed contact, however many desktops saw the ring.
-- {"is": "made" | "unclaimed" | "mine" | "shared", "now": ITEM} | {"is": "claimed"} | refused | invalid
create function api.department_call(department text, e164 text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    me rd.coworker := rd.writer();
    place integer := rd.department_named($1);
    secret bytea := (select s.number_secret from rd.settings s);
    c rd.contact;
begin
    if e164 is null or e164 !~ '^[1-9][0-9]{1,14}$' then
        return rd.invalid('e164');
    elsif place is null then
        return rd.refused('department');
    end if;
    select known.* into c from rd.number n join rd.contact known on known.id = n.contact
    where n.e164 = $2 and known.shared order by known.id limit 1;
    if c.id is null then
        secret := sha256(secret || int4send(place) || $2::bytea);
        select * into c from rd.contact k where k.department = place and k.number_key = secret and not k.deleted;
    end if;
    if c.id is not null then
        return rd.caller(me, c);
    end if;
    if (select count(*) from rd.audit a where a.who = me.login and a.deed = 'caller'
        and a.at > clock_timestamp() - interval '1 hour') >= 200 then
        return rd.refused('too many');
    end if;
    insert into rd.contact (id, department, number_key, shared, probe, card)
    values (gen_random_uuid(), place, secret, false, me.probe,
            jsonb_build_object('phones', jsonb_build_array(jsonb_build_object('value', '+' || $2))))
    on conflict do nothing returning * into c;
    if c.id is null then
        select * into c from rd.contact k where k.department = place and k.number_key = secret and not k.deleted;
        return rd.caller(me, c);
    end if;
    perform rd.note_deed('caller', c.id, jsonb_build_object('department', place));
    perform rd.tell();
    return jsonb_build_object('is', 'made', 'now', rd.item(c));
end
$$;

create function rd.caller(me rd.coworker, c rd.contact) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return case
    when not rd.sees(me, c) then jsonb_build_object('is', 'claimed')
    else jsonb_build_object('now', rd.item(c), 'is', case
        when c.owner is null then 'unclaimed' when c.owner = me.login then 'mine' else 'shared' end)
end;

grant execute on function api.push(jsonb), api.department_call(text, text) to rd_coworker;
