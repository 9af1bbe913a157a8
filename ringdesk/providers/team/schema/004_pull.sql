-- What changed since a cursor. A page of rows, all from one snapshot: these functions are STABLE.
--
-- A row carries the transaction that wrote it (chg). Transactions commit out of order, so "greater than the last one
-- I saw" loses rows. The cursor therefore moves only to the oldest transaction that was still running when its first
-- page was read, and every pull gives all rows from there on; what comes twice has the same revision. One transaction
-- can write many rows, so a page ends at (chg, id).
--
-- The cursor is opaque to desktops: store:view:from or, between pages, store:view:from:until:chg:id. `store` changes
-- when transaction numbers may have begun anew (dump and restore, point-in-time recovery, api.new_epoch), `view`
-- when this coworker sees other things than before. Either pulls everything ("full"); what is then not listed
-- by the end is not theirs to see any more.

create type rd.place as (store text, view text, since xid8, until xid8, chg xid8, id uuid, whole boolean);

create function rd.store() returns text
language sql stable set search_path = pg_catalog, pg_temp
return left(encode(sha256((
    (select s.epoch::text from rd.settings s) || ' ' || (select system_identifier from pg_control_system())
    || ' ' || (select timeline_id from pg_control_checkpoint())
)::bytea), 'hex'), 16);

create function rd.place(said text, me rd.coworker) returns rd.place
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    shot pg_snapshot := pg_current_snapshot();
    nil uuid := '00000000-0000-0000-0000-000000000000';
    store text := rd.store();
    view text := me.view::text;
    part text[] := string_to_array(said, ':');
begin
    if said ~ '^[0-9a-f]{16}:[0-9]{1,18}:[0-9]{1,18}(:[0-9]{1,18}:[0-9]{1,18}:[0-9a-f-]{36})?$'
        and part[1] = store and part[2] = view and part[3]::xid8 <= pg_snapshot_xmax(shot) then
        if cardinality(part) = 6 and rd.as_uuid(part[6]) is not null then
            return row(store, view, part[3]::xid8, part[4]::xid8, part[5]::xid8, part[6]::uuid, part[3] = '0');
        end if;
        return row(store, view, part[3]::xid8, pg_snapshot_xmin(shot), part[3]::xid8, nil, part[3] = '0');
    end if;
    return row(store, view, '0'::xid8, pg_snapshot_xmin(shot), '0'::xid8, nil, true);
end
$$;

-- The page as it is answered, `size` items of which were asked for. json, not jsonb: a first pull is large, and this
-- takes half the time to put together.
create function rd.page(here rd.place, items json, size integer, last_chg xid8, last_id uuid) returns json
language sql stable set search_path = pg_catalog, pg_temp
return json_build_object(
    'items', items, 'full', here.whole, 'more', last_id is not null and json_array_length(items) >= size,
    'cursor', here.store || ':' || here.view || ':' || case
        when last_id is not null and json_array_length(items) >= size
        then here.since::text || ':' || here.until::text || ':' || last_chg::text || ':' || last_id::text
        else here.until::text
    end
);

create function rd.page_size(asked integer) returns integer
language sql immutable set search_path = pg_catalog, pg_temp
return least(greatest(coalesce(asked, 500), 1), 2000);

create function api.pull(cursor text default null, page integer default 500) returns json
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
    -- Every branch has its own limit, so that it walks its index; what a row says is put together after the limits.
    select coalesce(json_agg(case
               when (listed.c).id is null then json_build_object('is', 'gone', 'contact', listed.id)
               else json_build_object(  -- as rd.item, without a call for every row
                   'is', 'contact', 'contact', (listed.c).id, 'owner', (listed.c).owner, 'shared', (listed.c).shared,
                   'rev', (listed.c).rev, 'card', (listed.c).card, 'department', d.name,
                   'by', (listed.c).edited_by, 'at', extract(epoch from (listed.c).edited_at)
               ) end order by listed.chg, listed.id), '[]'),
           (array_agg(listed.chg order by listed.chg desc, listed.id desc))[1],
           (array_agg(listed.id order by listed.chg desc, listed.id desc))[1]
    into items, last_chg, last_id
    from (
        (select c.chg, c.id, c
         from rd.contact c
         where (c.chg, c.id) > (here.chg, here.id) and not c.deleted
           and (c.shared or c.owner = me.login or (c.owner is null and c.department = any (places)))
         order by c.chg, c.id limit size)
        union all
        (select g.chg, g.id, null::rd.contact
         from rd.gone g
         where (g.chg, g.id) > (here.chg, here.id) and not here.whole and g.probe = me.probe
           and (g.department is null or g.department = any (places))
           and not exists (select from rd.contact c where c.id = g.id and c.owner = me.login and not c.deleted)
         order by g.chg, g.id limit size)
        order by 1, 2
        limit size
    ) as listed (chg, id, c)
    left join rd.department d on d.id = (listed.c).department;
    return rd.page(here, items, size, last_chg, last_id);
end
$$;

-- Everything a desktop needs to know about the team before its first pull.
create function api.hello() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    me rd.coworker := rd.me();
begin
    return jsonb_build_object(
        'schema', (select max(version) from rd.schema_step), 'store', rd.store(),
        'ring_salt', (select encode(s.ring_salt, 'hex') from rd.settings s),
        'me', rd.person(me),
        'departments', coalesce((
            select jsonb_agg(jsonb_build_object('name', d.name, 'mine', exists (
                select from rd.membership m where m.department = d.id and m.login = me.login)) order by d.name)
            from rd.department d where d.probe = me.probe), '[]'),
        'coworkers', coalesce((
            select jsonb_agg(rd.person(c) order by c.login) from rd.coworker c where c.probe = me.probe), '[]')
    );
end
$$;

create function rd.person(c rd.coworker) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
return jsonb_build_object(
    'login', c.login, 'name', c.name, 'extensions', c.extensions, 'administrator', c.administrator,
    'view_only', c.view_only, 'google', c.google, 'enabled', c.enabled
);

grant execute on function api.pull(text, integer), api.hello() to rd_coworker;
