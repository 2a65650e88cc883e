-- Bytes as they were received, once for a desk however often they came in. The key is their hash.
CREATE TABLE blobs (
    desk_id uuid NOT NULL,
    sha256 bytea NOT NULL, -- of the bytes as received
    size integer NOT NULL, -- bytes as received
    packed bytea NOT NULL, -- the bytes as one gzip member
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, sha256),
    CONSTRAINT blobs_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT blobs_hash_length CHECK (octet_length(sha256) = 32),
    CONSTRAINT blobs_size_bounds CHECK (size BETWEEN 1 AND 10000000),
    CONSTRAINT blobs_packed_is_gzip CHECK (
        octet_length(packed) BETWEEN 18 AND 10100000 AND substr(packed, 1, 3) = '\x1f8b08'
    ),
    -- The last four bytes of a gzip member are the size of what was packed: RFC 1952 section 2.3.1.
    CONSTRAINT blobs_size_of_packed CHECK (
        size = get_byte(packed, octet_length(packed) - 4)
            + 256 * get_byte(packed, octet_length(packed) - 3)
            + 65536 * get_byte(packed, octet_length(packed) - 2)
            + 16777216 * get_byte(packed, octet_length(packed) - 1)
    )
);
ALTER TABLE blobs ALTER COLUMN packed SET STORAGE EXTERNAL; -- it is compressed
CREATE TRIGGER blobs_are_immutable BEFORE UPDATE OR DELETE ON blobs
    FOR EACH ROW EXECUTE FUNCTION refuse_change('blobs_are_immutable');
CREATE TRIGGER blobs_stay BEFORE TRUNCATE ON blobs
    EXECUTE FUNCTION refuse_change('blobs_are_immutable');

-- One time that bytes came in: how, from where, and what the sender said of them.
CREATE TABLE snapshots (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    how text NOT NULL,
    media_type text, -- as the sender declared it
    charset text, -- as the sender declared it
    file_name text,
    address text, -- that was asked for
    final_address text, -- that answered, after redirects
    status smallint, -- of the answer
    headers json, -- of the answer: [["name", "value"], …]
    received_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT snapshots_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT snapshots_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT snapshots_blob FOREIGN KEY (desk_id, sha256) REFERENCES blobs (desk_id, sha256),
    CONSTRAINT snapshots_how_known CHECK (how IN ('url', 'file', 'browser', 'feed', 'paste')),
    CONSTRAINT snapshots_media_type_length CHECK (char_length(media_type) BETWEEN 1 AND 200),
    CONSTRAINT snapshots_charset_length CHECK (char_length(charset) BETWEEN 1 AND 100),
    CONSTRAINT snapshots_file_name_form CHECK (char_length(file_name) BETWEEN 1 AND 200 AND file_name !~ '[[:cntrl:]/\\]'),
    CONSTRAINT snapshots_address_form CHECK (address ~ '^https?://' AND char_length(address) <= 2000),
    CONSTRAINT snapshots_final_address_form CHECK (final_address ~ '^https?://' AND char_length(final_address) <= 2000),
    CONSTRAINT snapshots_status_known CHECK (status BETWEEN 100 AND 599)
);
CREATE INDEX snapshots_blob ON snapshots (desk_id, sha256);
CREATE TRIGGER snapshots_are_immutable BEFORE UPDATE OR DELETE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION refuse_change('snapshots_are_immutable');
CREATE TRIGGER snapshots_stay BEFORE TRUNCATE ON snapshots
    EXECUTE FUNCTION refuse_change('snapshots_are_immutable');

-- A version says which bytes it was read from, and it can be read from more kinds of files.
ALTER TABLE article_versions ADD COLUMN snapshot_id uuid;
ALTER TABLE article_versions ADD CONSTRAINT article_versions_snapshot
    FOREIGN KEY (desk_id, snapshot_id) REFERENCES snapshots (desk_id, id);
ALTER TABLE article_versions DROP CONSTRAINT article_versions_format_known;
ALTER TABLE article_versions ADD CONSTRAINT article_versions_format_known CHECK (
    format IN ('text', 'markdown', 'html', 'pdf', 'docx', 'email')
);
CREATE INDEX article_versions_snapshot ON article_versions (desk_id, snapshot_id) WHERE snapshot_id IS NOT NULL;

GRANT SELECT, INSERT ON blobs, snapshots TO factdesk_app;
