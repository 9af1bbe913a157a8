-- The checks behind every operation again, in PL/pgSQL. PostgreSQL 15 cannot inline a function in SQL whose search_path
-- is pinned: every query that called one read it from the catalogue and planned it anew, and that was half of what an
-- operation cost. A session keeps the plans of PL/pgSQL. What they say is what 001 to 004 said.

create or replace function rd.as_uuid(said text) returns uuid
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
    return case
        when said ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
            and said <> '00000000-0000-0000-0000-000000000000'  -- a page's cursor begins here
        then said::uuid
    end;
end
$$;

create or replace function rd.is_setup() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return pg_has_role(session_user, 'rd_owner', 'MEMBER');
end
$$;

create or replace function rd.is_in(c rd.coworker) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return c.enabled and (c.invited_until is null or c.invited_until > clock_timestamp());
end
$$;

create or replace function rd.is_administrator() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return rd.is_setup()
        or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c) and c.administrator);
end
$$;

create or replace function rd.is_probe() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return coalesce((select c.probe from rd.coworker c where c.login = session_user::text), false);
end
$$;

create or replace function rd.is_enabled() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return rd.is_setup() or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c));
end
$$;

create or replace function rd.may_edit() returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return rd.is_setup()
        or exists (select from rd.coworker c where c.login = session_user::text and rd.is_in(c) and not c.view_only);
end
$$;

create or replace function rd.departments() returns setof integer
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    world boolean := rd.is_probe();
    all_of_them boolean := rd.is_administrator();
begin
    return query select d.id from rd.department d
        where d.probe = world
          and (all_of_them
               or exists (select from rd.membership m where m.department = d.id and m.login = session_user::text));
end
$$;

create or replace function rd.sees(me rd.coworker, c rd.contact) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return c.id is not null and not c.deleted
        and (c.shared or c.owner is not distinct from me.login
             or (c.owner is null and c.department in (select rd.departments())));
end
$$;

create or replace function rd.store() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return left(encode(sha256((
        (select s.epoch::text from rd.settings s) || ' ' || (select system_identifier from pg_control_system())
        || ' ' || (select timeline_id from pg_control_checkpoint())
    )::bytea), 'hex'), 16);
end
$$;

create or replace function rd.done(me rd.coworker, op_id uuid) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    return (select rd.ok(o.rev) || jsonb_build_object('again', true)
            from rd.op o where o.who = me.login and o.id = op_id);
end
$$;

create or replace function rd.page(here rd.place, items json, size integer, last_chg xid8, last_id uuid) returns json
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    more boolean := last_id is not null and json_array_length(items) >= size;
begin
    return json_build_object(
        'items', items, 'full', here.whole, 'more', more,
        'cursor', here.store || ':' || here.view || ':' || case
            when more
            then here.since::text || ':' || here.until::text || ':' || last_chg::text || ':' || last_id::text
            else here.until::text
        end
    );
end
$$;

create or replace function rd.are_texts(said text[], form text, most integer) returns boolean
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
    return said is not null and cardinality(said) <= most
        and coalesce((select bool_and(one is not null and one ~ form) from unnest(said) as one), true);
end
$$;

create or replace function rd.department_named(said text) returns integer
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return (select d.id from rd.department d where lower(d.name) = lower(said) and d.id in (select rd.departments()));
end
$$;

create or replace function rd.item(c rd.contact) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return jsonb_build_object(
        'is', 'contact', 'contact', c.id, 'owner', c.owner, 'shared', c.shared, 'rev', c.rev, 'card', c.card,
        'department', (select d.name from rd.department d where d.id = c.department),
        'by', c.edited_by, 'at', extract(epoch from c.edited_at)
    );
end
$$;

create or replace function rd.ok(rev bigint) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    return jsonb_build_object('is', 'ok', 'rev', rev);
end
$$;

create or replace function rd.numbers(op jsonb) returns text[]
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    return case when jsonb_typeof(op -> 'numbers') = 'array'
        then array(select jsonb_array_elements_text(op -> 'numbers')) else '{}' end;
end
$$;

create or replace function rd.page_size(asked integer) returns integer
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    return least(greatest(coalesce(asked, 500), 1), 2000);
end
$$;
