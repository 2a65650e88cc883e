-- What can be said of a source, by whom it was said, and when two sources are one document.
ALTER TABLE sources
    ADD COLUMN modified_from date,
    ADD COLUMN modified_to date,
    ADD COLUMN modified_precision text NOT NULL DEFAULT 'unknown',
    ADD COLUMN language text, -- BCP 47; NULL is: not known
    ADD COLUMN doi text, -- in lower case, without a prefix: 10.1000/182
    ADD COLUMN isbn text, -- its thirteen digits
    ADD COLUMN canonical_url text, -- the address that the document calls its own
    ADD COLUMN independence text NOT NULL DEFAULT '', -- on whom it depends, in words
    ADD COLUMN interest text NOT NULL DEFAULT '', -- what whoever made it has to gain, in words
    ADD COLUMN origins jsonb NOT NULL DEFAULT '{}', -- field to where its value was found; a person gave the others
    ADD COLUMN merged_into uuid,
    ADD CONSTRAINT sources_modified_whole CHECK (
        (modified_precision = 'unknown' AND modified_from IS NULL AND modified_to IS NULL)
        OR (modified_precision = 'day' AND modified_from = modified_to)
        OR (modified_precision IN ('month', 'year', 'range') AND modified_from <= modified_to)
    ),
    ADD CONSTRAINT sources_language_form CHECK (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$' AND char_length(language) <= 35),
    ADD CONSTRAINT sources_doi_form CHECK (doi ~ '^10\.[0-9]{4,9}/[^[:space:]]+$' AND char_length(doi) <= 300 AND doi = lower(doi)),
    ADD CONSTRAINT sources_isbn_form CHECK (isbn ~ '^97[89][0-9]{10}$'),
    ADD CONSTRAINT sources_canonical_url_form CHECK (canonical_url ~ '^https?://' AND char_length(canonical_url) <= 2000),
    ADD CONSTRAINT sources_independence_length CHECK (char_length(independence) <= 2000),
    ADD CONSTRAINT sources_interest_length CHECK (char_length(interest) <= 2000),
    ADD CONSTRAINT sources_origins_object CHECK (jsonb_typeof(origins) = 'object'),
    ADD CONSTRAINT sources_merged_into FOREIGN KEY (desk_id, merged_into) REFERENCES sources (desk_id, id),
    ADD CONSTRAINT sources_not_merged_into_itself CHECK (merged_into <> id);
CREATE INDEX sources_doi ON sources (desk_id, doi) WHERE doi IS NOT NULL;
CREATE INDEX sources_isbn ON sources (desk_id, isbn) WHERE isbn IS NOT NULL;
CREATE INDEX sources_merged_into ON sources (desk_id, merged_into) WHERE merged_into IS NOT NULL;

-- A merged source points at one that is not merged itself. Both rows are locked, so that two mergers cannot cross.
CREATE FUNCTION sources_check_merger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sources s WHERE s.desk_id = NEW.desk_id AND s.id = NEW.merged_into FOR UPDATE;
    IF EXISTS (SELECT FROM sources s
               WHERE s.desk_id = NEW.desk_id AND s.id = NEW.merged_into AND s.merged_into IS NOT NULL)
        OR EXISTS (SELECT FROM sources s WHERE s.desk_id = NEW.desk_id AND s.merged_into = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_merged_once',
            MESSAGE = 'sources_merged_once: a source is merged into one that stands for itself';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sources_check_merger BEFORE UPDATE OF merged_into ON sources
    FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL) EXECUTE FUNCTION sources_check_merger();

-- Further addresses at which a source was found: where a redirect ended, what it calls its own, its DOI.
CREATE TABLE source_addresses (
    desk_id uuid NOT NULL,
    url_key text NOT NULL, -- the address folded, as in sources
    source_id uuid NOT NULL,
    url text NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, url_key),
    CONSTRAINT source_addresses_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT source_addresses_source FOREIGN KEY (desk_id, source_id) REFERENCES sources (desk_id, id),
    CONSTRAINT source_addresses_url_form CHECK (url ~ '^https?://' AND char_length(url) <= 2000)
);
CREATE INDEX source_addresses_source ON source_addresses (desk_id, source_id);
CREATE TRIGGER source_addresses_event_each BEFORE UPDATE ON source_addresses FOR EACH ROW EXECUTE FUNCTION check_event();

-- Two sources that look like one document, and what somebody said of it. A pair that stays apart is not suggested again.
CREATE TABLE source_doubles (
    desk_id uuid NOT NULL,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    why text NOT NULL,
    decision text NOT NULL DEFAULT 'suggested',
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, one_id, other_id),
    CONSTRAINT source_doubles_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT source_doubles_one FOREIGN KEY (desk_id, one_id) REFERENCES sources (desk_id, id),
    CONSTRAINT source_doubles_other FOREIGN KEY (desk_id, other_id) REFERENCES sources (desk_id, id),
    CONSTRAINT source_doubles_once CHECK (one_id < other_id),
    CONSTRAINT source_doubles_why_known CHECK (why IN ('address', 'canonical', 'doi', 'isbn', 'bytes', 'person')),
    CONSTRAINT source_doubles_decision_known CHECK (decision IN ('suggested', 'merged', 'apart'))
);
CREATE INDEX source_doubles_other ON source_doubles (desk_id, other_id);
CREATE TRIGGER source_doubles_event_each BEFORE UPDATE ON source_doubles FOR EACH ROW EXECUTE FUNCTION check_event();

-- Domains that a desk warns its members about.
CREATE TABLE warned_domains (
    desk_id uuid NOT NULL,
    domain text NOT NULL, -- and all below it
    reason text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, domain),
    CONSTRAINT warned_domains_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT warned_domains_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT warned_domains_domain_form CHECK (
        domain = lower(domain) AND domain ~ '^[^[:space:]/:@.]+(\.[^[:space:]/:@.]+)+$' AND char_length(domain) <= 253),
    CONSTRAINT warned_domains_reason_length CHECK (btrim(reason) <> '' AND char_length(reason) <= 500)
);
CREATE TRIGGER warned_domains_event_each BEFORE UPDATE ON warned_domains FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER warned_domains_stay BEFORE DELETE ON warned_domains
    FOR EACH ROW EXECUTE FUNCTION refuse_change('warned_domains_stay');

-- What a desk has decided about its sources. Without a row: copies are for members, nothing is handed on, APA.
CREATE TABLE source_settings (
    desk_id uuid NOT NULL PRIMARY KEY,
    copies_public boolean NOT NULL, -- whether readers get the kept copies
    hand_to text[] NOT NULL, -- archives outside that get what is cited
    reference_style text NOT NULL,
    own_style text, -- the desk's own style, a CSL document
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    CONSTRAINT source_settings_desk FOREIGN KEY (desk_id) REFERENCES desks (id),
    CONSTRAINT source_settings_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT source_settings_hand_to_known CHECK (hand_to <@ ARRAY['wayback', 'perma']),
    CONSTRAINT source_settings_style_known CHECK (reference_style IN ('apa', 'chicago', 'own')),
    CONSTRAINT source_settings_own_style_there CHECK (reference_style <> 'own' OR own_style IS NOT NULL),
    CONSTRAINT source_settings_own_style_length CHECK (char_length(own_style) BETWEEN 1 AND 200000)
);
CREATE TRIGGER source_settings_event_each BEFORE UPDATE ON source_settings FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER source_settings_stay BEFORE DELETE ON source_settings
    FOR EACH ROW EXECUTE FUNCTION refuse_change('source_settings_stay');

GRANT SELECT, INSERT, UPDATE ON source_addresses, source_doubles, warned_domains, source_settings TO factdesk_app;
