-- What changed, by whom and when: written in the transaction of the change, never altered, and chained
-- by hash afterwards so that a changed, missing, added or swapped event is found.
CREATE TABLE events (
    desk_id uuid NOT NULL REFERENCES desks,
    epoch integer NOT NULL DEFAULT 1, -- raised when a restored cluster counts its transactions anew
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    details json NOT NULL, -- kept as written: the hash is taken over these characters
    PRIMARY KEY (desk_id, id),
    CONSTRAINT events_actor_kind_known CHECK (actor_kind IN ('person', 'system', 'machine')),
    CONSTRAINT events_person_is_named CHECK ((actor_kind = 'person') = (actor_id IS NOT NULL)),
    CONSTRAINT events_actor FOREIGN KEY (desk_id, actor_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT events_action_form CHECK (action ~ '^[a-z_]+\.[a-z_]+$')
);
-- The order in which events become certain: by transaction, then by id.
CREATE INDEX events_order ON events (desk_id, epoch, xid, id);
CREATE INDEX events_entity ON events (desk_id, entity_id, id);

CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change('events_are_immutable');
CREATE TRIGGER events_stay BEFORE TRUNCATE ON events
    EXECUTE FUNCTION refuse_change('events_are_immutable');

-- One batch of the chain: every event of the desk from one transaction number up to another.
CREATE TABLE event_seals (
    desk_id uuid NOT NULL REFERENCES desks,
    number bigint NOT NULL, -- 1, 2, 3 …
    epoch integer NOT NULL,
    from_xid bigint NOT NULL, -- inclusive
    to_xid bigint NOT NULL, -- exclusive
    event_count integer NOT NULL,
    leaf_hashes bytea NOT NULL, -- 32 bytes an event, in order
    merkle_root bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (desk_id, number),
    CONSTRAINT event_seals_leaves CHECK (event_count > 0 AND octet_length(leaf_hashes) = 32 * event_count),
    CONSTRAINT event_seals_hashes CHECK (
        octet_length(merkle_root) = 32 AND octet_length(previous_hash) = 32 AND octet_length(hash) = 32
    ),
    CONSTRAINT event_seals_span CHECK (from_xid < to_xid)
);
CREATE TRIGGER event_seals_are_immutable BEFORE UPDATE OR DELETE ON event_seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_seals_are_immutable');
CREATE TRIGGER event_seals_stay BEFORE TRUNCATE ON event_seals
    EXECUTE FUNCTION refuse_change('event_seals_are_immutable');

-- The end of each desk's chain, and the lease on extending it: only the sealer locks this row.
CREATE TABLE event_chains (
    desk_id uuid PRIMARY KEY REFERENCES desks,
    number bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    epoch integer NOT NULL DEFAULT 1,
    through_xid bigint NOT NULL DEFAULT 0
);

-- The first answer to each submission, so that a repeated one gets it again.
CREATE TABLE submissions (
    desk_id uuid NOT NULL,
    account_id uuid NOT NULL,
    key uuid NOT NULL,
    fingerprint bytea NOT NULL, -- SHA-256 of what was asked
    location text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (desk_id, account_id, key),
    CONSTRAINT submissions_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id)
);
