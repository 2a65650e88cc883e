-- A document that is cited. It need not have an address: an interview or a paper is as good.
CREATE TABLE sources (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    url text,
    url_key text, -- the address folded for finding it again
    title text,
    publisher_id uuid,
    authors text[] NOT NULL DEFAULT '{}',
    published_from date,
    published_to date,
    published_precision text NOT NULL DEFAULT 'unknown',
    class text, -- NULL is: not known
    medium text,
    access text NOT NULL DEFAULT 'open',
    description text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT sources_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT sources_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT sources_publisher FOREIGN KEY (desk_id, publisher_id) REFERENCES agents (desk_id, id),
    CONSTRAINT sources_url_unique UNIQUE (desk_id, url_key),
    CONSTRAINT sources_url_form CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT sources_url_key_with_url CHECK ((url IS NULL) = (url_key IS NULL)),
    CONSTRAINT sources_named CHECK (url IS NOT NULL OR title IS NOT NULL),
    CONSTRAINT sources_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
    CONSTRAINT sources_published_whole CHECK (
        (published_precision = 'unknown' AND published_from IS NULL AND published_to IS NULL)
        OR (published_precision = 'day' AND published_from = published_to)
        OR (published_precision IN ('month', 'year', 'range') AND published_from <= published_to)
    ),
    CONSTRAINT sources_class_known CHECK (class IN (
        'primary_data', 'official_record', 'peer_reviewed', 'expert', 'news_report', 'fact_check', 'eyewitness',
        'reference_work', 'social_post', 'ai_output', 'other')),
    CONSTRAINT sources_medium_known CHECK (medium IN (
        'web_text', 'web_table', 'pdf', 'image', 'video', 'audio', 'metadata', 'interview', 'document', 'other')),
    CONSTRAINT sources_access_known CHECK (access IN ('open', 'paywalled', 'offline', 'confidential'))
);
CREATE TRIGGER sources_event_each BEFORE UPDATE ON sources FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER sources_stay BEFORE DELETE ON sources FOR EACH ROW EXECUTE FUNCTION refuse_change('sources_stay');

-- A passage of a source that bears on a claim.
CREATE TABLE evidence (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    source_id uuid NOT NULL,
    stance text NOT NULL,
    exact text, -- the passage in its own words; NULL when the whole document is meant
    locator text, -- page, paragraph, minute
    note text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT evidence_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT evidence_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT evidence_source FOREIGN KEY (desk_id, source_id) REFERENCES sources (desk_id, id),
    CONSTRAINT evidence_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT evidence_stance_known CHECK (stance IN ('supports', 'refutes', 'mixed', 'context')),
    CONSTRAINT evidence_exact_length CHECK (char_length(exact) BETWEEN 1 AND 5000),
    CONSTRAINT evidence_locator_length CHECK (char_length(locator) BETWEEN 1 AND 200),
    CONSTRAINT evidence_note_length CHECK (char_length(note) <= 5000)
);
CREATE INDEX evidence_claim ON evidence (desk_id, claim_id, id);
CREATE INDEX evidence_source ON evidence (desk_id, source_id, id);
CREATE TRIGGER evidence_event_each BEFORE UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change('evidence_stays');

-- Keeps the count of evidence that the article page draws.
CREATE FUNCTION evidence_redraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE anchors a
    SET evidence_count = (SELECT count(*) FROM evidence e
                          WHERE e.desk_id = NEW.desk_id AND e.claim_id = NEW.claim_id AND e.removed_at IS NULL),
        drawn = a.drawn + 1
    WHERE a.desk_id = NEW.desk_id AND a.claim_id = NEW.claim_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER evidence_redraw AFTER INSERT OR UPDATE OF removed_at ON evidence
    FOR EACH ROW EXECUTE FUNCTION evidence_redraw();
