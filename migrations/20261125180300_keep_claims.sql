-- A claim is a statement somebody wants checked, in plain words.
CREATE TABLE claims (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_reviewed text NOT NULL,
    language text NOT NULL, -- BCP 47; 'und' when not known
    claim_types text[] NOT NULL DEFAULT '{}',
    topics text[] NOT NULL DEFAULT '{}',
    stage text NOT NULL DEFAULT 'marked',
    decline_reason text,
    decline_note text,
    duplicate_of uuid,
    assignee_id uuid,
    current_verdict integer, -- the number of the verdict that is public now
    search tsvector NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT claims_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT claims_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT claims_assignee FOREIGN KEY (desk_id, assignee_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT claims_duplicate_of FOREIGN KEY (desk_id, duplicate_of) REFERENCES claims (desk_id, id),
    CONSTRAINT claims_words_length CHECK (char_length(claim_reviewed) BETWEEN 1 AND 400),
    CONSTRAINT claims_types_known CHECK (
        claim_types <@ ARRAY['event_property', 'numerical', 'quote', 'causal', 'position',
                             'media_publishing', 'media_analysis', 'speculative', 'opinion']
    ),
    CONSTRAINT claims_stage_known CHECK (
        stage IN ('marked', 'researching', 'in_review', 'decided', 'published', 'declined', 'duplicate', 'retracted')
    ),
    CONSTRAINT claims_declined_with_reason CHECK (
        (stage = 'declined') = (decline_reason IS NOT NULL)
        AND (decline_reason IN ('opinion', 'prediction', 'satire', 'too_vague', 'out_of_scope', 'not_a_claim', 'already_checked'))
    ),
    CONSTRAINT claims_duplicate_points_at_another CHECK (
        (stage = 'duplicate') = (duplicate_of IS NOT NULL) AND duplicate_of <> id
    ),
    CONSTRAINT claims_public_with_verdict CHECK (stage NOT IN ('published', 'retracted') OR current_verdict IS NOT NULL)
);
CREATE INDEX claims_stage ON claims (desk_id, stage, id);
CREATE INDEX claims_search ON claims USING gin (search);
CREATE INDEX claims_assignee ON claims (desk_id, assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX claims_duplicates ON claims (desk_id, duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX claims_topics ON claims USING gin (topics);

-- The ways a claim may go; src/claims/stage.rs says who may send it there and when.
CREATE FUNCTION claims_check_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage <> OLD.stage AND NOT (OLD.stage || '>' || NEW.stage = ANY (ARRAY[
        'marked>researching', 'marked>declined', 'marked>duplicate',
        'researching>marked', 'researching>in_review', 'researching>declined', 'researching>duplicate',
        'in_review>researching', 'in_review>decided', 'in_review>declined', 'in_review>duplicate',
        'decided>researching', 'decided>published', 'decided>declined', 'decided>duplicate',
        'declined>marked', 'declined>researching', 'duplicate>marked', 'duplicate>researching',
        'published>retracted'
    ])) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_stage_order',
            MESSAGE = format('claims_stage_order: a claim does not go from %s to %s', OLD.stage, NEW.stage);
    END IF;
    IF NEW.duplicate_of IS NOT NULL AND NEW.duplicate_of IS DISTINCT FROM OLD.duplicate_of AND (
        EXISTS (SELECT FROM claims c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.duplicate_of AND c.duplicate_of IS NOT NULL)
        OR EXISTS (SELECT FROM claims c WHERE c.desk_id = NEW.desk_id AND c.duplicate_of = NEW.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_duplicate_is_flat',
            MESSAGE = 'claims_duplicate_is_flat: a duplicate points at a claim that is not one, and nothing points at it';
    END IF;
    IF NEW.event_id = OLD.event_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'every_change_has_an_event',
            MESSAGE = 'every_change_has_an_event: the change of a claim names its own event';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_check_stage BEFORE UPDATE ON claims
    FOR EACH ROW EXECUTE FUNCTION claims_check_stage();
CREATE TRIGGER claims_stay BEFORE DELETE ON claims
    FOR EACH ROW EXECUTE FUNCTION refuse_change('claims_stay');

-- Refuses an update that does not name an event of its own.
CREATE FUNCTION check_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.event_id = OLD.event_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'every_change_has_an_event',
            MESSAGE = format('every_change_has_an_event: the change of %s names its own event', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER agents_event_each BEFORE UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER articles_event_each BEFORE UPDATE ON articles FOR EACH ROW EXECUTE FUNCTION check_event();

-- One place where a claim was made: words in an article, or just an address.
CREATE TABLE appearances (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    article_id uuid,
    version_id uuid, -- the version it was marked in
    exact text, -- the W3C selector: quote with context, and position in code points
    prefix text,
    suffix text,
    start_at integer,
    end_at integer,
    url text,
    said_from date,
    said_to date,
    said_precision text NOT NULL DEFAULT 'unknown',
    place text, -- NULL is: not known
    medium text,
    event text,
    attitude text,
    is_first_known boolean NOT NULL DEFAULT false,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT appearances_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT appearances_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT appearances_version FOREIGN KEY (desk_id, article_id, version_id)
        REFERENCES article_versions (desk_id, article_id, id),
    CONSTRAINT appearances_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT appearances_mark_whole CHECK (
        num_nulls(article_id, version_id, exact, prefix, suffix, start_at, end_at) IN (0, 7)
    ),
    CONSTRAINT appearances_somewhere CHECK (article_id IS NOT NULL OR url IS NOT NULL),
    CONSTRAINT appearances_span_is_exact CHECK (start_at >= 0 AND end_at > start_at AND end_at - start_at = char_length(exact)),
    CONSTRAINT appearances_url_form CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT appearances_said_whole CHECK (
        (said_precision = 'unknown' AND said_from IS NULL AND said_to IS NULL)
        OR (said_precision = 'day' AND said_from = said_to)
        OR (said_precision IN ('month', 'year', 'range') AND said_from <= said_to)
    ),
    CONSTRAINT appearances_medium_known CHECK (medium IN (
        'web_article', 'social_post', 'speech', 'interview', 'debate', 'broadcast', 'video', 'audio', 'image',
        'advertisement', 'print', 'report', 'chat_message', 'other')),
    CONSTRAINT appearances_attitude_known CHECK (attitude IN ('asserts', 'reports', 'denies', 'questions', 'satirises')),
    CONSTRAINT appearances_place_length CHECK (char_length(place) BETWEEN 1 AND 200),
    CONSTRAINT appearances_occasion_length CHECK (char_length(event) BETWEEN 1 AND 300)
);
CREATE INDEX appearances_claim ON appearances (desk_id, claim_id);
CREATE UNIQUE INDEX appearances_one_first_known ON appearances (desk_id, claim_id) WHERE is_first_known AND removed_at IS NULL;
CREATE TRIGGER appearances_event_each BEFORE UPDATE ON appearances FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER appearances_stay BEFORE DELETE ON appearances
    FOR EACH ROW EXECUTE FUNCTION refuse_change('appearances_stay');

CREATE TABLE appearance_speakers (
    desk_id uuid NOT NULL,
    appearance_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    position smallint NOT NULL,
    office text, -- role or office at that time; NULL is: none or not known
    PRIMARY KEY (desk_id, appearance_id, agent_id),
    CONSTRAINT appearance_speakers_appearance FOREIGN KEY (desk_id, appearance_id) REFERENCES appearances (desk_id, id),
    CONSTRAINT appearance_speakers_agent FOREIGN KEY (desk_id, agent_id) REFERENCES agents (desk_id, id),
    CONSTRAINT appearance_speakers_position_unique UNIQUE (desk_id, appearance_id, position),
    CONSTRAINT appearance_speakers_office_length CHECK (char_length(office) BETWEEN 1 AND 200)
);
CREATE INDEX appearance_speakers_agent ON appearance_speakers (desk_id, agent_id);

-- Where a mark stands in one version, with all that the article page draws of it, so that a page of
-- marks is one range of this table's primary key.
CREATE TABLE anchors (
    desk_id uuid NOT NULL,
    version_id uuid NOT NULL,
    start_at integer NOT NULL,
    end_at integer NOT NULL,
    appearance_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    exact text NOT NULL,
    state text NOT NULL DEFAULT 'located',
    claim_reviewed text NOT NULL,
    stage text NOT NULL DEFAULT 'marked',
    rating_label text, -- of the public verdict
    rating_shape text,
    rating_colour text,
    evidence_count integer NOT NULL DEFAULT 0,
    drawn integer NOT NULL DEFAULT 1, -- raised by each redrawing; a removed mark stays, so that the sum only grows
    removed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (desk_id, version_id, start_at, end_at, appearance_id)
        INCLUDE (claim_id, state, stage, claim_reviewed, rating_label, rating_shape, rating_colour, evidence_count, drawn, removed),
    CONSTRAINT anchors_version FOREIGN KEY (desk_id, version_id) REFERENCES article_versions (desk_id, id),
    CONSTRAINT anchors_appearance FOREIGN KEY (desk_id, appearance_id) REFERENCES appearances (desk_id, id),
    CONSTRAINT anchors_state_known CHECK (state IN ('located', 'drifted', 'orphaned')),
    CONSTRAINT anchors_span CHECK (start_at >= 0 AND end_at > start_at),
    CONSTRAINT anchors_exact_length CHECK (end_at - start_at = char_length(exact))
);
CREATE INDEX anchors_claim ON anchors (desk_id, claim_id);

CREATE FUNCTION anchors_check_exact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.exact IS DISTINCT FROM (
        SELECT substr(v.body, NEW.start_at + 1, NEW.end_at - NEW.start_at)
        FROM article_versions v WHERE v.desk_id = NEW.desk_id AND v.id = NEW.version_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'anchors_exact_is_the_text',
            MESSAGE = 'anchors_exact_is_the_text: the words between the offsets are others';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER anchors_check_exact BEFORE INSERT OR UPDATE OF start_at, end_at, exact, version_id ON anchors
    FOR EACH ROW EXECUTE FUNCTION anchors_check_exact();
CREATE TRIGGER anchors_stay BEFORE DELETE ON anchors
    FOR EACH ROW EXECUTE FUNCTION refuse_change('anchors_stay');
