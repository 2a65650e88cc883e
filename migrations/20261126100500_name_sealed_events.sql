-- Which events a batch holds: 16 bytes an event, in the order of its leaves, so that one that is gone can be named.
-- Nothing is proven by it: the leaves are what counts. Batches from before have none.
ALTER TABLE event_seals ADD COLUMN event_ids bytea NOT NULL DEFAULT '';
ALTER TABLE event_seals ADD CONSTRAINT event_seals_ids CHECK (octet_length(event_ids) IN (0, 16 * event_count));
