-- How a desk decides. Each change is another policy with the next number; a round keeps the one it began under.
CREATE TABLE review_policies (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL, -- 1, 2, 3 … of the desk
    mode text NOT NULL,
    people smallint NOT NULL, -- who approve (single, second_person), assess (blind) or vote (panel)
    majority smallint, -- of a panel: so many equal votes carry
    min_sources smallint NOT NULL DEFAULT 0, -- different publishers among the sources of the evidence
    need_archived boolean NOT NULL DEFAULT false, -- every cited address has a kept copy
    contact_rule text NOT NULL DEFAULT 'never', -- whether whoever made the claim is asked for a comment
    required_fields text[] NOT NULL DEFAULT '{}', -- what has to be known of a claim
    authors_apart boolean NOT NULL DEFAULT true, -- who marked a claim does not assess it blindly
    dissent_notes boolean NOT NULL DEFAULT false, -- readers see the notes of those who rated otherwise
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT review_policies_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT review_policies_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT review_policies_number_unique UNIQUE (desk_id, number),
    CONSTRAINT review_policies_mode_known CHECK (mode IN ('second_person', 'single', 'blind', 'panel')),
    CONSTRAINT review_policies_people_fit CHECK (CASE mode
        WHEN 'single' THEN people = 1
        WHEN 'second_person' THEN people BETWEEN 1 AND 5
        WHEN 'blind' THEN people BETWEEN 2 AND 9
        ELSE people BETWEEN 3 AND 9
    END),
    CONSTRAINT review_policies_majority_fits CHECK (CASE mode
        WHEN 'panel' THEN majority IS NOT NULL AND majority * 2 > people AND majority <= people
        ELSE majority IS NULL
    END),
    CONSTRAINT review_policies_sources_few CHECK (min_sources BETWEEN 0 AND 9),
    CONSTRAINT review_policies_contact_known CHECK (contact_rule IN ('never', 'warn', 'block')),
    CONSTRAINT review_policies_fields_known CHECK (
        required_fields <@ ARRAY['speaker', 'said', 'address', 'first_appearance', 'language', 'topics', 'claim_types']
    )
);
CREATE TRIGGER review_policies_are_immutable BEFORE UPDATE OR DELETE ON review_policies
    FOR EACH ROW EXECUTE FUNCTION refuse_change('review_policies_are_immutable');
CREATE TRIGGER review_policies_remain BEFORE TRUNCATE ON review_policies
    EXECUTE FUNCTION refuse_change('review_policies_are_immutable');
ALTER TABLE desks ADD COLUMN policy_id uuid; -- the policy of rounds that begin now
ALTER TABLE desks ADD CONSTRAINT desks_policy FOREIGN KEY (id, policy_id) REFERENCES review_policies (desk_id, id);

-- The two ways that there were become policies: what the desk does now, and what else its rounds began under. Each
-- names the event that told of it.
INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id)
SELECT w.desk_id, gen_random_uuid(), row_number() OVER (PARTITION BY w.desk_id ORDER BY w.is_current), w.mode, 1,
       e.actor_id, e.at, e.id
FROM (
    SELECT d.id AS desk_id, d.review_policy AS mode, true AS is_current FROM desks d
    UNION
    SELECT r.desk_id, r.policy, false FROM rounds r JOIN desks d ON d.id = r.desk_id WHERE r.policy <> d.review_policy
) w
CROSS JOIN LATERAL (
    SELECT e.id, e.at, e.actor_id FROM events e
    WHERE e.desk_id = w.desk_id AND e.entity_id = w.desk_id AND e.actor_id IS NOT NULL
    ORDER BY (coalesce(e.details->'review_policy'->>'after', e.details->>'review_policy') = w.mode) IS TRUE DESC,
             e.id DESC
    LIMIT 1
) e;
UPDATE desks d SET policy_id = p.id
FROM review_policies p WHERE p.desk_id = d.id AND p.mode = d.review_policy;

ALTER TABLE rounds ADD COLUMN policy_id uuid;
ALTER TABLE rounds DISABLE TRIGGER USER;
UPDATE rounds r SET policy_id = p.id FROM review_policies p WHERE p.desk_id = r.desk_id AND p.mode = r.policy;
ALTER TABLE rounds ENABLE TRIGGER USER;
ALTER TABLE rounds ALTER COLUMN policy_id SET NOT NULL;
ALTER TABLE rounds ADD CONSTRAINT rounds_policy FOREIGN KEY (desk_id, policy_id)
    REFERENCES review_policies (desk_id, id);

-- How the round is decided, from its policy: what a reader could take for another verdict is judged as a first verdict is,
-- the other corrections and a retraction take a second person.
ALTER TABLE rounds RENAME COLUMN policy TO mode;
ALTER TABLE rounds DROP CONSTRAINT rounds_policy_known;
ALTER TABLE rounds ADD CONSTRAINT rounds_mode_known CHECK (mode IN ('second_person', 'single', 'blind', 'panel'));
ALTER TABLE rounds ADD COLUMN judged boolean NOT NULL DEFAULT false; -- its rating is decided: round_outcomes has it
ALTER TABLE rounds ADD COLUMN sole_source_reason text; -- why fewer publishers are cited than the policy asks for
ALTER TABLE rounds ADD COLUMN unarchived_reason text; -- why a cited address has no kept copy
ALTER TABLE rounds ADD CONSTRAINT rounds_judged_by_several CHECK (NOT judged OR mode IN ('blind', 'panel'));
ALTER TABLE rounds ADD CONSTRAINT rounds_reasons_length CHECK (
    char_length(sole_source_reason) <= 2000 AND char_length(unarchived_reason) <= 2000
);
ALTER TABLE rounds DROP CONSTRAINT rounds_state_known;
ALTER TABLE rounds ADD CONSTRAINT rounds_state_known CHECK (
    state IN ('drafting', 'in_review', 'adjudicating', 'approved', 'published', 'void')
);
ALTER TABLE rounds ADD CONSTRAINT rounds_adjudicated_when_open CHECK (
    state <> 'adjudicating' OR (mode IN ('blind', 'panel') AND NOT judged)
);
-- Words that somebody wrote beforehand would lead those who assess.
ALTER TABLE rounds ADD CONSTRAINT rounds_blind_without_words CHECK (
    mode <> 'blind' OR judged OR (rating_code IS NULL AND one_line = '' AND rationale = '')
);
ALTER TABLE rounds DROP CONSTRAINT rounds_reviewed_whole;
ALTER TABLE rounds ADD CONSTRAINT rounds_reviewed_whole CHECK (
    state IN ('drafting', 'void')
    OR kind = 'retraction'
    OR (mode = 'blind' AND NOT judged AND state IN ('in_review', 'adjudicating'))
    OR (btrim(one_line) <> '' AND btrim(rationale) <> '')
);
DROP INDEX rounds_one_open;
CREATE UNIQUE INDEX rounds_one_open ON rounds (desk_id, claim_id)
    WHERE state IN ('drafting', 'in_review', 'adjudicating', 'approved');

-- A desk's codebook, version by version: what assessing goes by.
CREATE TABLE guidelines (
    desk_id uuid NOT NULL,
    number integer NOT NULL, -- 1, 2, 3 … of the desk
    title text NOT NULL,
    text text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, number),
    CONSTRAINT guidelines_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT guidelines_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT guidelines_title_length CHECK (char_length(btrim(title)) BETWEEN 1 AND 200),
    CONSTRAINT guidelines_text_length CHECK (char_length(btrim(text)) > 0 AND char_length(text) <= 100000)
);
CREATE TRIGGER guidelines_are_immutable BEFORE UPDATE OR DELETE ON guidelines
    FOR EACH ROW EXECUTE FUNCTION refuse_change('guidelines_are_immutable');
CREATE TRIGGER guidelines_remain BEFORE TRUNCATE ON guidelines
    EXECUTE FUNCTION refuse_change('guidelines_are_immutable');

CREATE FUNCTION guidelines_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + coalesce((SELECT max(g.number) FROM guidelines g WHERE g.desk_id = NEW.desk_id), 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'guidelines_without_gap',
            MESSAGE = 'guidelines_without_gap: the versions of a codebook are numbered 1, 2, 3 …';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guidelines_check BEFORE INSERT ON guidelines FOR EACH ROW EXECUTE FUNCTION guidelines_check();

-- An assessment is a review of a draft, as before, or a rating of the claim: in a blind round, or a vote in a panel.
ALTER TABLE assessments ADD COLUMN kind text NOT NULL DEFAULT 'review';
ALTER TABLE assessments ALTER COLUMN decision DROP NOT NULL; -- of a review
ALTER TABLE assessments ADD COLUMN scale_version_id uuid; -- of a rating, as the next six
ALTER TABLE assessments ADD COLUMN rating_code text;
ALTER TABLE assessments ADD COLUMN rationale text NOT NULL DEFAULT '';
ALTER TABLE assessments ADD COLUMN confidence text;
ALTER TABLE assessments ADD COLUMN guideline_number integer; -- NULL: the desk had no codebook
ALTER TABLE assessments ADD COLUMN supersedes uuid; -- an earlier one by the same person in the same round
ALTER TABLE assessments ADD COLUMN salt bytea; -- what the event's hash of a blind one is made with
ALTER TABLE assessments ADD COLUMN opened_at timestamptz; -- NULL: not measured
ALTER TABLE assessments ADD COLUMN seconds_active integer; -- NULL: not measured
ALTER TABLE assessments ADD CONSTRAINT assessments_kind_known CHECK (kind IN ('review', 'rating'));
ALTER TABLE assessments ADD CONSTRAINT assessments_kind_whole CHECK (CASE kind
    WHEN 'review' THEN decision IS NOT NULL AND rationale = ''
        AND num_nonnulls(scale_version_id, rating_code, confidence, guideline_number, supersedes, salt) = 0
    ELSE decision IS NULL AND reason = '' AND num_nulls(scale_version_id, rating_code, confidence) = 0
END);
ALTER TABLE assessments ADD CONSTRAINT assessments_rationale_length CHECK (
    char_length(rationale) <= 20000 AND (kind = 'review' OR btrim(rationale) <> '')
);
ALTER TABLE assessments ADD CONSTRAINT assessments_confidence_known CHECK (confidence IN ('low', 'medium', 'high'));
ALTER TABLE assessments ADD CONSTRAINT assessments_salt_length CHECK (octet_length(salt) = 32);
ALTER TABLE assessments ADD CONSTRAINT assessments_seconds_possible CHECK (seconds_active >= 0);
ALTER TABLE assessments ADD CONSTRAINT assessments_opened_before CHECK (opened_at <= created_at);
ALTER TABLE assessments ADD CONSTRAINT assessments_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
    REFERENCES rating_values (desk_id, scale_version_id, code);
ALTER TABLE assessments ADD CONSTRAINT assessments_guideline FOREIGN KEY (desk_id, guideline_number)
    REFERENCES guidelines (desk_id, number);
ALTER TABLE assessments ADD CONSTRAINT assessments_supersedes FOREIGN KEY (desk_id, supersedes)
    REFERENCES assessments (desk_id, id);
ALTER TABLE assessments ADD CONSTRAINT assessments_superseded_once UNIQUE (desk_id, supersedes);
ALTER TABLE assessments DROP CONSTRAINT assessments_one_live;
-- With the one above: a chain of one person's assessments, of which the last one counts.
CREATE UNIQUE INDEX assessments_one_live ON assessments (desk_id, round_id, draft_version, reviewer_id)
    WHERE supersedes IS NULL;
CREATE INDEX assessments_reviewer ON assessments (desk_id, reviewer_id, id);

-- What somebody looked at before assessing.
CREATE TABLE assessment_evidence (
    desk_id uuid NOT NULL,
    assessment_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    PRIMARY KEY (desk_id, assessment_id, evidence_id),
    CONSTRAINT assessment_evidence_assessment FOREIGN KEY (desk_id, assessment_id) REFERENCES assessments (desk_id, id),
    CONSTRAINT assessment_evidence_evidence FOREIGN KEY (desk_id, evidence_id) REFERENCES evidence (desk_id, id)
);
CREATE INDEX assessment_evidence_evidence ON assessment_evidence (desk_id, evidence_id);
CREATE TRIGGER assessment_evidence_is_immutable BEFORE UPDATE OR DELETE ON assessment_evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_change('assessment_evidence_is_immutable');
CREATE TRIGGER assessment_evidence_remains BEFORE TRUNCATE ON assessment_evidence
    EXECUTE FUNCTION refuse_change('assessment_evidence_is_immutable');

CREATE FUNCTION assessment_evidence_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM assessments a JOIN evidence e ON e.desk_id = a.desk_id AND e.claim_id = a.claim_id
        WHERE a.desk_id = NEW.desk_id AND a.id = NEW.assessment_id AND e.id = NEW.evidence_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_evidence_of_the_claim',
            MESSAGE = 'assessment_evidence_of_the_claim: only evidence about the claim is considered';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER assessment_evidence_check BEFORE INSERT ON assessment_evidence
    FOR EACH ROW EXECUTE FUNCTION assessment_evidence_check();

-- What a blind round or a panel came to: one for a round, for good.
CREATE TABLE round_outcomes (
    desk_id uuid NOT NULL,
    round_id uuid NOT NULL,
    scale_version_id uuid NOT NULL,
    rating_code text NOT NULL,
    how text NOT NULL,
    tally json NOT NULL, -- {"rating": how many gave it, …}
    reason text NOT NULL DEFAULT '', -- of an adjudicator
    carried_from uuid, -- the round whose outcome still stands, while its words are written anew
    created_by uuid NOT NULL, -- the adjudicator, or whose assessment completed it
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, round_id),
    CONSTRAINT round_outcomes_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT round_outcomes_round FOREIGN KEY (desk_id, round_id) REFERENCES rounds (desk_id, id),
    CONSTRAINT round_outcomes_carried_from FOREIGN KEY (desk_id, carried_from)
        REFERENCES round_outcomes (desk_id, round_id),
    CONSTRAINT round_outcomes_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT round_outcomes_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
        REFERENCES rating_values (desk_id, scale_version_id, code),
    CONSTRAINT round_outcomes_how_known CHECK (how IN ('unanimous', 'majority', 'adjudicated')),
    CONSTRAINT round_outcomes_reason CHECK (
        char_length(reason) <= 20000 AND (how = 'adjudicated') = (btrim(reason) <> '')
    )
);
CREATE TRIGGER round_outcomes_are_immutable BEFORE UPDATE OR DELETE ON round_outcomes
    FOR EACH ROW EXECUTE FUNCTION refuse_change('round_outcomes_are_immutable');
CREATE TRIGGER round_outcomes_remain BEFORE TRUNCATE ON round_outcomes
    EXECUTE FUNCTION refuse_change('round_outcomes_are_immutable');

-- A person who must not judge what an agent says or publishes: a conflict of interest. An admin can end it.
CREATE TABLE agent_recusals (
    desk_id uuid NOT NULL,
    agent_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, agent_id, account_id),
    CONSTRAINT agent_recusals_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT agent_recusals_agent FOREIGN KEY (desk_id, agent_id) REFERENCES agents (desk_id, id),
    CONSTRAINT agent_recusals_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT agent_recusals_reason_length CHECK (char_length(btrim(reason)) BETWEEN 1 AND 1000)
);
CREATE INDEX agent_recusals_member ON agent_recusals (desk_id, account_id);
CREATE TRIGGER agent_recusals_event_each BEFORE UPDATE ON agent_recusals FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER agent_recusals_stay BEFORE DELETE ON agent_recusals
    FOR EACH ROW EXECUTE FUNCTION refuse_change('agent_recusals_stay');

-- Whether somebody is kept out of judging a claim: by name, or because of who said it or published what is cited.
CREATE FUNCTION is_recused(desk uuid, claim uuid, account uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM recusals x WHERE x.desk_id = desk AND x.claim_id = claim AND x.account_id = account
    ) OR EXISTS (
        SELECT FROM agent_recusals x
        JOIN agents a ON a.desk_id = x.desk_id AND a.id = x.agent_id
        WHERE x.desk_id = desk AND x.account_id = account AND x.ended_at IS NULL
          AND coalesce(a.merged_into, a.id) IN (
            SELECT s.agent_id FROM appearances p
            JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
            WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL
            UNION ALL
            SELECT o.publisher_id FROM evidence e
            JOIN sources o ON o.desk_id = e.desk_id AND o.id = e.source_id
            WHERE e.desk_id = desk AND e.claim_id = claim AND e.removed_at IS NULL AND o.publisher_id IS NOT NULL)
    )
$$;

-- The assessments that somebody may read. While a blind round is being assessed: their own ones.
CREATE FUNCTION readable_assessments(desk uuid, reader uuid) RETURNS SETOF assessments
LANGUAGE sql STABLE AS $$
    SELECT a.* FROM assessments a
    JOIN rounds r ON r.desk_id = a.desk_id AND r.id = a.round_id
    WHERE a.desk_id = desk
      AND (a.reviewer_id = reader OR r.mode <> 'blind' OR r.judged OR r.state <> 'in_review')
$$;

-- The ratings that count in a round: the last one of each person, who has not left it to others since.
CREATE FUNCTION counted_assessments(desk uuid, round uuid) RETURNS SETOF assessments
LANGUAGE sql STABLE AS $$
    SELECT a.* FROM assessments a
    WHERE a.desk_id = desk AND a.round_id = round AND a.kind = 'rating'
      AND NOT EXISTS (SELECT FROM assessments b WHERE b.desk_id = a.desk_id AND b.supersedes = a.id)
      AND NOT is_recused(a.desk_id, a.claim_id, a.reviewer_id)
$$;

-- What a policy can ask of a claim.
CREATE INDEX snapshots_address ON snapshots (desk_id, md5(address));
CREATE FUNCTION claim_facts(desk uuid, claim uuid)
RETURNS TABLE (evidence bigint, publishers bigint, unarchived bigint, known text[])
LANGUAGE sql STABLE AS $$
    SELECT
        (SELECT count(*) FROM evidence e WHERE e.desk_id = desk AND e.claim_id = claim AND e.removed_at IS NULL),
        (SELECT count(DISTINCT coalesce(a.merged_into, a.id)) FROM evidence e
         JOIN sources o ON o.desk_id = e.desk_id AND o.id = e.source_id
         JOIN agents a ON a.desk_id = o.desk_id AND a.id = o.publisher_id
         WHERE e.desk_id = desk AND e.claim_id = claim AND e.removed_at IS NULL),
        (SELECT count(DISTINCT o.id) FROM evidence e
         JOIN sources o ON o.desk_id = e.desk_id AND o.id = e.source_id
         WHERE e.desk_id = desk AND e.claim_id = claim AND e.removed_at IS NULL
           AND o.url IS NOT NULL AND o.access <> 'confidential'
           AND NOT EXISTS (SELECT FROM snapshots s
                           WHERE s.desk_id = desk AND md5(s.address) = md5(o.url) AND s.address = o.url)),
        ARRAY(
            SELECT w.name FROM (VALUES
                ('speaker', EXISTS (SELECT FROM appearances p
                    JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL)),
                ('said', EXISTS (SELECT FROM appearances p
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL
                      AND p.said_precision <> 'unknown')),
                ('address', EXISTS (SELECT FROM appearances p
                    LEFT JOIN articles r ON r.desk_id = p.desk_id AND r.id = p.article_id
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL
                      AND (p.url IS NOT NULL OR r.url IS NOT NULL))),
                ('first_appearance', EXISTS (SELECT FROM appearances p
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL AND p.is_first_known)),
                ('language', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.language <> 'und')),
                ('topics', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.topics <> '{}')),
                ('claim_types', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.claim_types <> '{}'))
            ) AS w (name, is_known)
            WHERE w.is_known
        )
$$;

GRANT SELECT, INSERT ON review_policies, guidelines, assessment_evidence, round_outcomes, agent_recusals TO factdesk_app;
GRANT UPDATE ON agent_recusals TO factdesk_app;

-- The policy is a row of its own now.
DROP FUNCTION viewer(bytea, text, timestamptz);
CREATE FUNCTION viewer(token bytea, desk_slug text, now timestamptz)
RETURNS TABLE (
    desk_id uuid, desk_name text, desk_language text,
    account_id uuid, handle text, display_name text, roles text[], idle_until timestamptz
)
LANGUAGE sql STABLE AS $$
    SELECT d.id, d.name, d.language, a.id, a.handle, a.display_name, coalesce(m.roles, '{}'), s.idle_until
    FROM desks d
    LEFT JOIN sessions s ON s.token_hash = token AND s.ends_at > now AND s.idle_until > now
    LEFT JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
    LEFT JOIN memberships m ON m.desk_id = d.id AND m.account_id = a.id
    WHERE d.slug = desk_slug
$$;
ALTER TABLE desks DROP COLUMN review_policy;
