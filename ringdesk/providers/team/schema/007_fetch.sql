-- The current form of contacts asked for by id, in order, as `pull` would show them; what this coworker does not see
-- is gone, and nothing tells whether it was ever there.

create function api.fetch(contacts jsonb) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    me rd.coworker := rd.me();
begin
    if jsonb_typeof(contacts) is distinct from 'array' or jsonb_array_length(contacts) > 100 then
        raise exception using errcode = '22023', message = 'at most 100 contacts at once, as an array';
    end if;
    return coalesce((
        select jsonb_agg(case
            when rd.sees(me, c) then rd.item(c)
            else jsonb_build_object('is', 'gone', 'contact', asked.id) end order by asked.n)
        from jsonb_array_elements_text(contacts) with ordinality as asked (id, n)
        left join rd.contact c on c.id = rd.as_uuid(asked.id)), '[]');
end
$$;

grant execute on function api.fetch(jsonb) to rd_coworker;
