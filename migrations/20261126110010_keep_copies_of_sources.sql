-- Bytes can lie in storage outside of the database; then the row says what they are, and their hash finds them.
ALTER TABLE blobs ALTER COLUMN packed DROP NOT NULL;
ALTER TABLE blobs DROP CONSTRAINT blobs_size_bounds;
ALTER TABLE blobs ADD CONSTRAINT blobs_size_bounds CHECK (size BETWEEN 1 AND 20000000);
ALTER TABLE blobs DROP CONSTRAINT blobs_packed_is_gzip;
ALTER TABLE blobs ADD CONSTRAINT blobs_packed_is_gzip CHECK (
    octet_length(packed) BETWEEN 18 AND 20100000 AND substr(packed, 1, 3) = '\x1f8b08'
);

-- A copy of a source as it was at one moment: the bytes that came, and the text that was read out of them.
CREATE TABLE source_copies (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    number integer NOT NULL, -- 1, 2, 3 … of its source
    snapshot_id uuid NOT NULL, -- the bytes, with addresses, headers and time
    media_type text NOT NULL, -- what the bytes are, whatever the sender said
    body text, -- offsets of passages count its code points, as char_length() does
    body_length integer, -- code points
    body_sha256 bytea, -- of the UTF-8 bytes
    blocks json, -- the closed block model of src/text/document
    no_text text, -- why there is none
    reader text NOT NULL, -- which program read it, and its version
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT source_copies_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT source_copies_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT source_copies_source FOREIGN KEY (desk_id, source_id) REFERENCES sources (desk_id, id),
    CONSTRAINT source_copies_snapshot FOREIGN KEY (desk_id, snapshot_id) REFERENCES snapshots (desk_id, id),
    CONSTRAINT source_copies_of_source UNIQUE (desk_id, source_id, id),
    CONSTRAINT source_copies_number_unique UNIQUE (desk_id, source_id, number),
    CONSTRAINT source_copies_number_counts CHECK (number >= 1),
    CONSTRAINT source_copies_media_type_length CHECK (char_length(media_type) BETWEEN 1 AND 200),
    CONSTRAINT source_copies_text_whole CHECK (
        num_nulls(body, body_length, body_sha256, blocks) IN (0, 4) AND (body IS NULL) = (no_text IS NOT NULL)
    ),
    CONSTRAINT source_copies_no_text_known CHECK (no_text IN ('blank', 'picture', 'protected', 'broken', 'too_long', 'unreadable')),
    CONSTRAINT source_copies_length CHECK (body_length = char_length(body) AND body_length > 0),
    CONSTRAINT source_copies_hash CHECK (body_sha256 = sha256(convert_to(body, 'UTF8'))),
    CONSTRAINT source_copies_size CHECK (octet_length(body) <= 2000000),
    CONSTRAINT source_copies_nfc CHECK (body IS NFC NORMALIZED),
    CONSTRAINT source_copies_lf CHECK (strpos(body, chr(13)) = 0),
    CONSTRAINT source_copies_reader_length CHECK (char_length(reader) BETWEEN 1 AND 100)
);
ALTER TABLE source_copies ALTER COLUMN body SET STORAGE EXTERNAL; -- so that checking a passage reads only the pages around it
CREATE INDEX source_copies_snapshot ON source_copies (desk_id, snapshot_id);
CREATE TRIGGER source_copies_are_immutable BEFORE UPDATE OR DELETE ON source_copies
    FOR EACH ROW EXECUTE FUNCTION refuse_change('source_copies_are_immutable');
CREATE TRIGGER source_copies_remain BEFORE TRUNCATE ON source_copies
    EXECUTE FUNCTION refuse_change('source_copies_are_immutable');

-- How far the keeping of a source is, and what its address shows since.
CREATE TABLE source_archives (
    desk_id uuid NOT NULL,
    source_id uuid NOT NULL,
    state text NOT NULL,
    reason text, -- why it was not kept
    copy_id uuid, -- the newest copy
    link text NOT NULL DEFAULT 'unknown', -- what the address shows now
    link_reason text, -- why it is dead
    link_since timestamptz, -- since when it is so
    looked_at timestamptz, -- the last look that came to an end
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, source_id),
    CONSTRAINT source_archives_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT source_archives_source FOREIGN KEY (desk_id, source_id) REFERENCES sources (desk_id, id),
    CONSTRAINT source_archives_copy FOREIGN KEY (desk_id, source_id, copy_id) REFERENCES source_copies (desk_id, source_id, id),
    CONSTRAINT source_archives_state_known CHECK (state IN ('pending', 'kept', 'failed', 'refused', 'gone')),
    CONSTRAINT source_archives_kept_has_copy CHECK (state <> 'kept' OR copy_id IS NOT NULL),
    CONSTRAINT source_archives_says_why CHECK ((state IN ('failed', 'refused', 'gone')) = (reason IS NOT NULL)),
    CONSTRAINT source_archives_reason_form CHECK (reason ~ '^[a-z_]{1,60}$'),
    CONSTRAINT source_archives_link_known CHECK (link IN ('unknown', 'alive', 'changed', 'dead')),
    CONSTRAINT source_archives_link_dated CHECK ((link = 'unknown') = (link_since IS NULL)),
    CONSTRAINT source_archives_link_reason_form CHECK (
        (link = 'dead') = (link_reason IS NOT NULL) AND (link_reason IS NULL OR link_reason ~ '^[a-z_]{1,60}$'))
);
CREATE INDEX source_archives_state ON source_archives (desk_id, state, source_id);
CREATE INDEX source_archives_link ON source_archives (desk_id, link, source_id);
CREATE TRIGGER source_archives_event_each BEFORE UPDATE ON source_archives FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER source_archives_stay BEFORE DELETE ON source_archives
    FOR EACH ROW EXECUTE FUNCTION refuse_change('source_archives_stay');

-- Copies of a source in archives outside: handed over by the desk, or named by a member.
CREATE TABLE outside_copies (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    provider text NOT NULL,
    state text NOT NULL,
    receipt text, -- the number under which the archive works on it
    address text, -- where the copy is
    reason text, -- why there is none
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT outside_copies_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT outside_copies_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT outside_copies_source FOREIGN KEY (desk_id, source_id) REFERENCES sources (desk_id, id),
    CONSTRAINT outside_copies_provider_known CHECK (provider IN ('wayback', 'perma', 'other')),
    CONSTRAINT outside_copies_state_known CHECK (state IN ('pending', 'kept', 'failed')),
    CONSTRAINT outside_copies_kept_somewhere CHECK ((state = 'kept') = (address IS NOT NULL)),
    CONSTRAINT outside_copies_failed_says_why CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CONSTRAINT outside_copies_reason_form CHECK (reason ~ '^[a-z_]{1,60}$'),
    CONSTRAINT outside_copies_receipt_length CHECK (char_length(receipt) BETWEEN 1 AND 200),
    CONSTRAINT outside_copies_address_form CHECK (address ~ '^https?://' AND char_length(address) <= 2000)
);
CREATE INDEX outside_copies_source ON outside_copies (desk_id, source_id, id);
CREATE TRIGGER outside_copies_event_each BEFORE UPDATE ON outside_copies FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER outside_copies_stay BEFORE DELETE ON outside_copies
    FOR EACH ROW EXECUTE FUNCTION refuse_change('outside_copies_stay');

-- Keeping a source, looking at its link again, handing it on.
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_known;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_known CHECK (kind IN (
    'intake', 'feed', 'article', 'watch', 'mail', 'mail_confirmation', 'archive', 'link', 'outside'));

GRANT SELECT, INSERT ON source_copies TO factdesk_app;
GRANT SELECT, INSERT, UPDATE ON source_archives, outside_copies TO factdesk_app;
