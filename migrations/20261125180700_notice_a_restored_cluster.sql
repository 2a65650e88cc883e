-- A cluster restored from a dump counts its transactions anew, so its events would sort before those that
-- are sealed already. The server calls this when it starts: it begins a new epoch when that has happened.
CREATE FUNCTION begin_event_epoch_if_restored() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    latest integer;
    last_xid bigint;
BEGIN
    SELECT e.epoch, e.xid INTO latest, last_xid
    FROM desks d
    CROSS JOIN LATERAL (
        SELECT epoch, xid FROM events WHERE desk_id = d.id ORDER BY epoch DESC, xid DESC LIMIT 1
    ) e
    ORDER BY e.epoch DESC, e.xid DESC LIMIT 1;
    IF last_xid IS NULL OR last_xid <= pg_current_xact_id()::text::bigint THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE events ALTER COLUMN epoch SET DEFAULT %s', latest + 1);
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION begin_event_epoch_if_restored() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_event_epoch_if_restored() TO factdesk_app;
