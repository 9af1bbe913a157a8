-- Roles and the database's own doors. Runs every time, as the set-up role: the roles belong to the whole server and
-- the rights on a database do not travel when it is copied or restored.

do $roles$
declare
    high boolean := (select rolsuper from pg_catalog.pg_roles where rolname = current_user);
    door text;
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'rd_owner') then
        create role rd_owner nologin;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'rd_coworker') then
        create role rd_coworker nologin;
    end if;
    -- Forced row security binds an owner only while the owner is an ordinary role that nobody can log in as.
    if exists (
        select from pg_catalog.pg_roles
        where rolname in ('rd_owner', 'rd_coworker')
          and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)
    ) then
        raise exception using errcode = '42501', message = 'rd_owner or rd_coworker has rights it must not have';
    end if;
    if not high and not exists (
        select from pg_catalog.pg_auth_members
        where roleid = 'rd_owner'::regrole and member = current_user::regrole
          and coalesce((to_jsonb(pg_auth_members) ->> 'set_option')::boolean, true)
    ) then
        execute format('grant rd_owner to %I', current_user);
    end if;

    execute format('revoke all on database %I from public', current_database());
    execute format('revoke all on database %I from rd_coworker', current_database());
    execute format('grant connect on database %I to rd_coworker', current_database());
    revoke all on schema public from public;

    -- Large objects are everybody's to make and would fill the disk. Only a superuser may close this door;
    -- where the set-up role is none (a managed server), the check says that it is open.
    if high then
        foreach door in array array[
            'lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)',
            'lo_put(oid, bigint, bytea)', 'lowrite(integer, bytea)', 'lo_truncate64(integer, bigint)',
            'lo_truncate(integer, integer)'
        ] loop
            execute format('revoke execute on function pg_catalog.%s from public', door);
        end loop;
        -- With advisory locks one statement takes all the room the server has for locks, and nobody comes in any more;
        -- sorts can fill the disk, and so can messages in the log. The set-up itself locks by one.
        for door in
            select p.oid::regprocedure::text from pg_catalog.pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace
              and p.proname ~ '^pg_(try_)?advisory_(xact_)?lock(_shared)?$|^pg_logical_emit_message$'
        loop
            execute format('revoke execute on function %s from public', door);
            execute format('grant execute on function %s to rd_owner', door);
        end loop;
        execute format('alter database %I set temp_file_limit = %L', current_database(), '1GB');
    end if;
end
$roles$;

do $schemas$
begin
    if not exists (select from pg_catalog.pg_namespace where nspname = 'rd') then
        create schema rd authorization rd_owner;
    end if;
    if not exists (select from pg_catalog.pg_namespace where nspname = 'api') then
        create schema api authorization rd_owner;
    end if;
end
$schemas$;
