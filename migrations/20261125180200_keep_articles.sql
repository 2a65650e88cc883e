-- Those who speak and publish: persons, organisations, outlets and the rest.
CREATE TABLE agents (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL, -- the name folded for finding it again
    description text NOT NULL DEFAULT '',
    same_as text[] NOT NULL DEFAULT '{}',
    merged_into uuid,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT agents_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT agents_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT agents_merged_into FOREIGN KEY (desk_id, merged_into) REFERENCES agents (desk_id, id),
    CONSTRAINT agents_not_merged_into_itself CHECK (merged_into <> id),
    CONSTRAINT agents_kind_known CHECK (
        kind IN ('person', 'organisation', 'outlet', 'collective', 'anonymous', 'ai_system')
    ),
    CONSTRAINT agents_name_length CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(name_key) > 0)
);
CREATE INDEX agents_name ON agents (desk_id, name_key text_pattern_ops);

CREATE TABLE articles (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    url text, -- every one of these is empty (NULL) when it is not known
    url_key text,
    title text,
    byline text,
    publisher_id uuid,
    language text NOT NULL, -- BCP 47; 'und' when not known
    published_from date,
    published_to date,
    published_precision text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT articles_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT articles_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT articles_publisher FOREIGN KEY (desk_id, publisher_id) REFERENCES agents (desk_id, id),
    CONSTRAINT articles_url_form CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT articles_url_key_with_url CHECK ((url IS NULL) = (url_key IS NULL)),
    CONSTRAINT articles_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
    CONSTRAINT articles_byline_length CHECK (char_length(byline) BETWEEN 1 AND 300),
    CONSTRAINT articles_published_whole CHECK (
        (published_precision = 'unknown' AND published_from IS NULL AND published_to IS NULL)
        OR (published_precision = 'day' AND published_from = published_to)
        OR (published_precision IN ('month', 'year', 'range') AND published_from <= published_to)
    )
);
CREATE INDEX articles_url ON articles (desk_id, url_key);

-- One immutable state of an article's text.
CREATE TABLE article_versions (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    article_id uuid NOT NULL,
    number integer NOT NULL, -- 1, 2, 3 …
    body text NOT NULL, -- offsets of passages count its code points, as char_length() does
    body_length integer NOT NULL, -- code points
    body_sha256 bytea NOT NULL, -- of the UTF-8 bytes
    blocks json NOT NULL, -- the closed block model of src/text/document
    format text NOT NULL, -- what it was parsed from
    file_name text,
    charset text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT article_versions_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT article_versions_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT article_versions_article FOREIGN KEY (desk_id, article_id) REFERENCES articles (desk_id, id),
    CONSTRAINT article_versions_of_article UNIQUE (desk_id, article_id, id),
    CONSTRAINT article_versions_number_unique UNIQUE (desk_id, article_id, number),
    CONSTRAINT article_versions_text_unique UNIQUE (desk_id, article_id, body_sha256),
    CONSTRAINT article_versions_length CHECK (body_length = char_length(body) AND body_length > 0),
    CONSTRAINT article_versions_hash CHECK (body_sha256 = sha256(convert_to(body, 'UTF8'))),
    CONSTRAINT article_versions_size CHECK (octet_length(body) <= 2000000),
    CONSTRAINT article_versions_nfc CHECK (body IS NFC NORMALIZED),
    CONSTRAINT article_versions_lf CHECK (strpos(body, chr(13)) = 0),
    CONSTRAINT article_versions_format_known CHECK (format IN ('text', 'markdown', 'html'))
);
-- Uncompressed, so that checking a passage reads only the pages around it.
ALTER TABLE article_versions ALTER COLUMN body SET STORAGE EXTERNAL;
-- The same text imported again is found by its hash.
CREATE INDEX article_versions_text ON article_versions (desk_id, body_sha256);

CREATE TRIGGER article_versions_are_immutable BEFORE UPDATE OR DELETE ON article_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('article_versions_are_immutable');
CREATE TRIGGER article_versions_stay BEFORE TRUNCATE ON article_versions
    EXECUTE FUNCTION refuse_change('article_versions_are_immutable');
