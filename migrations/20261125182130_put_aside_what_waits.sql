-- What a feed brought waits until somebody has it fetched, and may be put aside without.
CREATE OR REPLACE FUNCTION intakes_check_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('waiting', 'fetching'), ('waiting', 'ready'), ('waiting', 'refused'), ('waiting', 'dismissed'),
        ('fetching', 'waiting'), ('fetching', 'ready'), ('fetching', 'refused'),
        ('ready', 'taken'), ('ready', 'dismissed'),
        ('refused', 'waiting'), ('refused', 'dismissed'),
        ('dismissed', 'ready'), ('dismissed', 'refused'), ('dismissed', 'waiting')
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intakes_course',
            MESSAGE = format('intakes_course: %s does not become %s', OLD.state, NEW.state);
    END IF;
    IF NEW.event_id = OLD.event_id AND (OLD.state, NEW.state) NOT IN (('waiting', 'fetching'), ('fetching', 'waiting')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'every_change_has_an_event',
            MESSAGE = 'every_change_has_an_event: the change of intakes names its own event';
    END IF;
    IF (NEW.how, NEW.address, NEW.address_key, NEW.requested_by, NEW.created_at)
        IS DISTINCT FROM (OLD.how, OLD.address, OLD.address_key, OLD.requested_by, OLD.created_at)
        OR (OLD.snapshot_id IS NOT NULL AND NEW.snapshot_id IS DISTINCT FROM OLD.snapshot_id)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'intakes_origin_stays',
            MESSAGE = 'intakes_origin_stays: where something came from does not change';
    END IF;
    RETURN NEW;
END
$$;
