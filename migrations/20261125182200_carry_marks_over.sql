-- What became of a mark when a new version of its article came: where its words stand there, or that nobody knows yet.
CREATE TABLE reanchorings (
    desk_id uuid NOT NULL,
    version_id uuid NOT NULL, -- the new version
    appearance_id uuid NOT NULL,
    article_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    from_version_id uuid NOT NULL, -- the last version in which its place was known; that place is what was looked for
    from_start integer NOT NULL,
    from_end integer NOT NULL,
    outcome text NOT NULL,
    score real NOT NULL, -- from 0 to 1
    found_start integer, -- the likeliest place in the new version
    found_end integer,
    candidates json NOT NULL DEFAULT '[]', -- places that may be meant: [[start, end], …]
    decision text NOT NULL,
    start_at integer, -- where the mark stands; NULL while nobody knows, and for ever when it stands nowhere
    end_at integer,
    exact text,
    decided_by uuid,
    decided_at timestamptz,
    verdict integer, -- the verdict that was public when the words were not found as they were
    seen_by uuid, -- who looked after that verdict since
    seen_at timestamptz,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, version_id, appearance_id),
    CONSTRAINT reanchorings_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT reanchorings_version FOREIGN KEY (desk_id, article_id, version_id)
        REFERENCES article_versions (desk_id, article_id, id),
    CONSTRAINT reanchorings_from_version FOREIGN KEY (desk_id, article_id, from_version_id)
        REFERENCES article_versions (desk_id, article_id, id),
    CONSTRAINT reanchorings_appearance FOREIGN KEY (desk_id, appearance_id) REFERENCES appearances (desk_id, id),
    CONSTRAINT reanchorings_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT reanchorings_verdict FOREIGN KEY (desk_id, claim_id, verdict) REFERENCES verdicts (desk_id, claim_id, number),
    CONSTRAINT reanchorings_decider FOREIGN KEY (desk_id, decided_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT reanchorings_seer FOREIGN KEY (desk_id, seen_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT reanchorings_from_another CHECK (from_version_id <> version_id),
    CONSTRAINT reanchorings_from_span CHECK (from_start >= 0 AND from_end > from_start),
    CONSTRAINT reanchorings_outcome_known CHECK (outcome IN ('exact', 'shifted', 'edited', 'changed', 'ambiguous', 'lost')),
    CONSTRAINT reanchorings_score_bounds CHECK (score BETWEEN 0 AND 1),
    CONSTRAINT reanchorings_found_span CHECK (
        (found_start IS NULL) = (found_end IS NULL) AND found_start >= 0 AND found_end > found_start
    ),
    CONSTRAINT reanchorings_decision_known CHECK (
        decision IN ('carried', 'pending', 'confirmed', 'moved', 'orphaned', 'superseded')
    ),
    -- Only the same words carry a verdict over by themselves; all others wait for a person.
    CONSTRAINT reanchorings_same_words_carry_over CHECK (decision <> 'carried' OR outcome IN ('exact', 'shifted')),
    CONSTRAINT reanchorings_others_wait CHECK (decision <> 'pending' OR outcome NOT IN ('exact', 'shifted')),
    CONSTRAINT reanchorings_placed_when_decided CHECK (
        num_nulls(start_at, end_at, exact) = CASE WHEN decision IN ('carried', 'confirmed', 'moved') THEN 0 ELSE 3 END
    ),
    CONSTRAINT reanchorings_confirmed_where_found CHECK (
        decision NOT IN ('carried', 'confirmed')
        OR (found_start IS NOT NULL AND (start_at, end_at) = (found_start, found_end))
    ),
    CONSTRAINT reanchorings_span_is_exact CHECK (start_at >= 0 AND end_at > start_at AND end_at - start_at = char_length(exact)),
    CONSTRAINT reanchorings_decided_by_somebody CHECK (
        (decision IN ('confirmed', 'moved', 'orphaned')) = (decided_by IS NOT NULL)
        AND (decided_by IS NULL) = (decided_at IS NULL)
    ),
    CONSTRAINT reanchorings_seen_whole CHECK (
        (seen_by IS NULL) = (seen_at IS NULL) AND (seen_by IS NULL OR verdict IS NOT NULL)
    )
);
CREATE INDEX reanchorings_pending ON reanchorings (desk_id, article_id, version_id) WHERE decision = 'pending';
CREATE INDEX reanchorings_unseen ON reanchorings (desk_id, claim_id) WHERE verdict IS NOT NULL AND seen_at IS NULL;
CREATE INDEX reanchorings_claim ON reanchorings (desk_id, claim_id);
CREATE TRIGGER reanchorings_event_each BEFORE UPDATE ON reanchorings FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER reanchorings_stay BEFORE DELETE ON reanchorings
    FOR EACH ROW EXECUTE FUNCTION refuse_change('reanchorings_stay');
CREATE TRIGGER reanchorings_check_exact BEFORE INSERT OR UPDATE OF start_at, end_at, exact, version_id ON reanchorings
    FOR EACH ROW WHEN (NEW.exact IS NOT NULL) EXECUTE FUNCTION check_exact('reanchorings_exact_is_the_text');

-- It begins as what was found, and the verdict that was public then is written down with it.
CREATE FUNCTION reanchorings_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision NOT IN ('carried', 'pending') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reanchorings_begin_undecided',
            MESSAGE = 'reanchorings_begin_undecided: what is found is decided afterwards';
    END IF;
    IF NEW.claim_id IS DISTINCT FROM (
        SELECT p.claim_id FROM appearances p
        WHERE p.desk_id = NEW.desk_id AND p.id = NEW.appearance_id AND p.article_id = NEW.article_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reanchorings_of_the_mark',
            MESSAGE = 'reanchorings_of_the_mark: the mark belongs to another claim or another article';
    END IF;
    NEW.verdict := CASE WHEN NEW.decision = 'pending' THEN (
        SELECT c.current_verdict FROM claims c
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.stage = 'published'
    ) END;
    RETURN NEW;
END
$$;
CREATE TRIGGER reanchorings_begin BEFORE INSERT ON reanchorings FOR EACH ROW EXECUTE FUNCTION reanchorings_begin();

-- What was found stays; only what people decide about it changes, and not any more once a newer version is there.
CREATE FUNCTION reanchorings_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.article_id, NEW.claim_id, NEW.from_version_id, NEW.from_start, NEW.from_end, NEW.outcome, NEW.score,
        NEW.found_start, NEW.found_end, NEW.candidates::text, NEW.verdict, NEW.created_at)
        IS DISTINCT FROM
       (OLD.article_id, OLD.claim_id, OLD.from_version_id, OLD.from_start, OLD.from_end, OLD.outcome, OLD.score,
        OLD.found_start, OLD.found_end, OLD.candidates::text, OLD.verdict, OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reanchorings_finding_stays',
            MESSAGE = 'reanchorings_finding_stays: what was found is not changed afterwards';
    END IF;
    IF NEW.decision <> OLD.decision AND (NEW.decision = 'superseded') IS DISTINCT FROM EXISTS (
        SELECT FROM article_versions newer
        JOIN article_versions own ON own.desk_id = newer.desk_id AND own.id = NEW.version_id
        WHERE newer.desk_id = NEW.desk_id AND newer.article_id = NEW.article_id AND newer.number > own.number
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reanchorings_of_the_latest_version',
            MESSAGE = 'reanchorings_of_the_latest_version: marks are decided on in the latest version only';
    END IF;
    IF NEW.decision <> OLD.decision AND OLD.decision IN ('carried', 'superseded') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reanchorings_decision_order',
            MESSAGE = format('reanchorings_decision_order: nobody decides on what is %s', OLD.decision);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reanchorings_check_change BEFORE UPDATE ON reanchorings
    FOR EACH ROW EXECUTE FUNCTION reanchorings_check_change();
GRANT SELECT, INSERT, UPDATE ON reanchorings TO factdesk_app;

-- The latest version of an article, held until the transaction ends: whoever adds a version or marks words in this one
-- waits, so that no mark is made that the new version does not know of. With the owner's rights, because a version
-- cannot be locked by who cannot change it.
CREATE FUNCTION hold_latest_version(desk uuid, article uuid) RETURNS TABLE (id uuid, number integer, body_sha256 bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM articles a WHERE a.desk_id = desk AND a.id = article FOR NO KEY UPDATE;
    RETURN QUERY
        SELECT v.id, v.number, v.body_sha256 FROM article_versions v
        WHERE v.desk_id = desk AND v.article_id = article
        ORDER BY v.number DESC LIMIT 1
        FOR UPDATE;
END
$$;

-- A mark is made in the latest version: who saw an older one is told so, and the mark is looked for in the new text.
-- After the foreign key to the version, which waits for a version that is just being added.
CREATE FUNCTION appearances_check_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version_id IS DISTINCT FROM (
        SELECT v.id FROM article_versions v
        WHERE v.desk_id = NEW.desk_id AND v.article_id = NEW.article_id
        ORDER BY v.number DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appearances_in_the_latest_version',
            MESSAGE = 'appearances_in_the_latest_version: the article has a newer version';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER appearances_check_version AFTER INSERT ON appearances
    FOR EACH ROW WHEN (NEW.version_id IS NOT NULL) EXECUTE FUNCTION appearances_check_version();

-- A text that went back to what it was is a new state of it, too: only the text before has to be another one.
ALTER TABLE article_versions DROP CONSTRAINT article_versions_text_unique;
CREATE FUNCTION article_versions_check_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest record;
BEGIN
    SELECT v.number, v.body_sha256 INTO latest FROM article_versions v
    WHERE v.desk_id = NEW.desk_id AND v.article_id = NEW.article_id
    ORDER BY v.number DESC LIMIT 1;
    IF NEW.number <> coalesce(latest.number, 0) + 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'article_versions_numbered_on',
            MESSAGE = 'article_versions_numbered_on: versions are numbered 1, 2, 3 …';
    END IF;
    IF NEW.body_sha256 = latest.body_sha256 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'article_versions_text_changed',
            MESSAGE = 'article_versions_text_changed: the text is the one of the version before';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER article_versions_check_order BEFORE INSERT ON article_versions
    FOR EACH ROW EXECUTE FUNCTION article_versions_check_order();
