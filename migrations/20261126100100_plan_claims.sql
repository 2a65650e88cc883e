-- How urgent a claim is, and by when the desk wants to be done with it.
ALTER TABLE claims
    ADD COLUMN priority text NOT NULL DEFAULT 'normal',
    ADD COLUMN due_on date, -- NULL: no day was set
    ADD CONSTRAINT claims_priority_known CHECK (priority IN ('urgent', 'high', 'normal', 'low'));

-- The place of a priority in the order of work, the most urgent first.
CREATE FUNCTION priority_rank(priority text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_position(ARRAY['urgent', 'high', 'normal', 'low'], priority)
$$;
