-- What came in, or is on its way, and is no article yet: the desk looks at it, takes it or puts it aside.
CREATE TABLE intakes (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    how text NOT NULL,
    label text NOT NULL, -- what to call it: a file's name, a page's title, an address
    address text,
    address_key text, -- the address folded for finding it again
    details json NOT NULL DEFAULT '{}', -- what was said about it when it was asked for, as the form's fields
    state text NOT NULL,
    reason text, -- why it was refused
    snapshot_id uuid, -- the bytes, once they are there
    article_id uuid, -- what became of it
    requested_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT intakes_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT intakes_requester FOREIGN KEY (desk_id, requested_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT intakes_snapshot FOREIGN KEY (desk_id, snapshot_id) REFERENCES snapshots (desk_id, id),
    CONSTRAINT intakes_article FOREIGN KEY (desk_id, article_id) REFERENCES articles (desk_id, id),
    CONSTRAINT intakes_how_known CHECK (how IN ('url', 'file', 'browser', 'feed', 'paste')),
    CONSTRAINT intakes_state_known CHECK (state IN ('waiting', 'fetching', 'ready', 'refused', 'taken', 'dismissed')),
    CONSTRAINT intakes_label_length CHECK (char_length(label) BETWEEN 1 AND 500),
    CONSTRAINT intakes_address_form CHECK (address ~ '^https?://' AND char_length(address) <= 2000),
    CONSTRAINT intakes_address_key_with_address CHECK ((address IS NULL) = (address_key IS NULL)),
    CONSTRAINT intakes_reason_form CHECK (reason ~ '^[a-z_]{1,60}$'),
    CONSTRAINT intakes_refused_says_why CHECK (state <> 'refused' OR reason IS NOT NULL),
    CONSTRAINT intakes_ready_has_bytes CHECK (state NOT IN ('ready', 'taken') OR snapshot_id IS NOT NULL),
    CONSTRAINT intakes_taken_is_an_article CHECK ((state = 'taken') = (article_id IS NOT NULL)),
    CONSTRAINT intakes_fetched_has_an_address CHECK (state NOT IN ('waiting', 'fetching') OR address IS NOT NULL)
);
CREATE INDEX intakes_state ON intakes (desk_id, state, id);
CREATE INDEX intakes_address ON intakes (desk_id, address_key);
CREATE INDEX intakes_article ON intakes (desk_id, article_id) WHERE article_id IS NOT NULL;

-- From waiting over fetching to ready or refused; from there to taken or dismissed, and from dismissed back. Each step
-- has an event of its own, but that it is being fetched just now: jobs say that.
CREATE FUNCTION intakes_check_course() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('waiting', 'fetching'), ('waiting', 'ready'), ('waiting', 'refused'),
        ('fetching', 'waiting'), ('fetching', 'ready'), ('fetching', 'refused'),
        ('ready', 'taken'), ('ready', 'dismissed'),
        ('refused', 'waiting'), ('refused', 'dismissed'),
        ('dismissed', 'ready'), ('dismissed', 'refused')
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
CREATE TRIGGER intakes_check_course BEFORE UPDATE ON intakes FOR EACH ROW EXECUTE FUNCTION intakes_check_course();
CREATE TRIGGER intakes_stay BEFORE DELETE ON intakes FOR EACH ROW EXECUTE FUNCTION refuse_change('intakes_stay');

GRANT SELECT, INSERT, UPDATE ON intakes TO factdesk_app;
