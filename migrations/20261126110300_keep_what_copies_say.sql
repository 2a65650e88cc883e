-- What the newest copy says about its source: field to the value and where it stands. It fills what nobody gave, and is
-- offered where somebody gave something else.
ALTER TABLE sources
    ADD COLUMN found jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT sources_found_object CHECK (jsonb_typeof(found) = 'object');
CREATE INDEX sources_canonical_url ON sources (desk_id, canonical_url) WHERE canonical_url IS NOT NULL;
