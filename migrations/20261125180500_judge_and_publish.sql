-- A desk's set of ratings. Changing one makes a new version; the old ones stay as they were used.
CREATE TABLE scales (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT scales_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT scales_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT scales_name_unique UNIQUE (desk_id, name),
    CONSTRAINT scales_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT scales_kind_known CHECK (kind IN ('ordinal', 'nominal', 'none'))
);
ALTER TABLE desks ADD CONSTRAINT desks_scale FOREIGN KEY (id, scale_id) REFERENCES scales (desk_id, id);

CREATE TABLE scale_versions (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    scale_id uuid NOT NULL,
    number integer NOT NULL,
    description text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT scale_versions_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT scale_versions_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT scale_versions_scale FOREIGN KEY (desk_id, scale_id) REFERENCES scales (desk_id, id),
    CONSTRAINT scale_versions_number_unique UNIQUE (desk_id, scale_id, number)
);
CREATE TRIGGER scale_versions_are_immutable BEFORE UPDATE OR DELETE ON scale_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('scale_versions_are_immutable');
CREATE TRIGGER scale_versions_remain BEFORE TRUNCATE ON scale_versions
    EXECUTE FUNCTION refuse_change('scale_versions_are_immutable');

CREATE TABLE rating_values (
    desk_id uuid NOT NULL,
    scale_version_id uuid NOT NULL,
    code text NOT NULL,
    position smallint NOT NULL, -- best first
    label text NOT NULL,
    definition text NOT NULL,
    shape text NOT NULL,
    colour text NOT NULL,
    rating_value integer, -- for ClaimReview, from worst to best; all three empty when the value is off the scale
    best_rating integer,
    worst_rating integer,
    averitec text,
    PRIMARY KEY (desk_id, scale_version_id, code),
    CONSTRAINT rating_values_version FOREIGN KEY (desk_id, scale_version_id) REFERENCES scale_versions (desk_id, id),
    CONSTRAINT rating_values_position_unique UNIQUE (desk_id, scale_version_id, position),
    CONSTRAINT rating_values_code_form CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT rating_values_words CHECK (char_length(label) BETWEEN 1 AND 60 AND char_length(definition) BETWEEN 1 AND 1000),
    CONSTRAINT rating_values_shape_known CHECK (shape IN ('tick', 'half_tick', 'two_way', 'warning', 'cross', 'question')),
    CONSTRAINT rating_values_colour_known CHECK (colour IN ('green', 'lime', 'amber', 'orange', 'red', 'grey')),
    CONSTRAINT rating_values_numbers CHECK (
        num_nulls(rating_value, best_rating, worst_rating) = 3
        OR (num_nulls(rating_value, best_rating, worst_rating) = 0
            AND worst_rating >= 1 AND worst_rating < best_rating AND rating_value BETWEEN worst_rating AND best_rating)
    )
);
CREATE TRIGGER rating_values_are_immutable BEFORE UPDATE OR DELETE ON rating_values
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rating_values_are_immutable');
CREATE TRIGGER rating_values_remain BEFORE TRUNCATE ON rating_values
    EXECUTE FUNCTION refuse_change('rating_values_are_immutable');

-- One round of judging a claim: the first, a correction, or a retraction. It holds the draft.
CREATE TABLE rounds (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    policy text NOT NULL, -- the desk's policy when the round was opened
    scale_version_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'drafting',
    rating_code text, -- NULL until chosen, and for ever on a scale without ratings
    one_line text NOT NULL DEFAULT '',
    rationale text NOT NULL DEFAULT '',
    no_evidence_reason text, -- why nothing could be cited
    as_of date,
    correction_kind text,
    public_note text NOT NULL DEFAULT '',
    draft_version integer NOT NULL DEFAULT 1, -- raised when the draft changes; what an assessment judges
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT rounds_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT rounds_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT rounds_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT rounds_of_claim UNIQUE (desk_id, claim_id, id),
    CONSTRAINT rounds_number_unique UNIQUE (desk_id, claim_id, number),
    CONSTRAINT rounds_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
        REFERENCES rating_values (desk_id, scale_version_id, code),
    CONSTRAINT rounds_scale_version FOREIGN KEY (desk_id, scale_version_id) REFERENCES scale_versions (desk_id, id),
    CONSTRAINT rounds_kind_known CHECK (kind IN ('initial', 'correction', 'retraction')),
    CONSTRAINT rounds_first_is_initial CHECK ((kind = 'initial') = (correction_kind IS NULL)),
    CONSTRAINT rounds_correction_kind_known CHECK (
        correction_kind IN ('typo', 'clarification', 'update', 'minor', 'major', 'retraction')
        AND (kind = 'retraction') = (correction_kind = 'retraction')
    ),
    CONSTRAINT rounds_policy_known CHECK (policy IN ('second_person', 'single')),
    CONSTRAINT rounds_state_known CHECK (state IN ('drafting', 'in_review', 'approved', 'published', 'void')),
    CONSTRAINT rounds_one_line_length CHECK (char_length(one_line) <= 300),
    CONSTRAINT rounds_rationale_length CHECK (char_length(rationale) <= 50000),
    CONSTRAINT rounds_note_length CHECK (char_length(public_note) <= 2000),
    CONSTRAINT rounds_reviewed_whole CHECK (
        state IN ('drafting', 'void')
        OR kind = 'retraction'
        OR (btrim(one_line) <> '' AND btrim(rationale) <> '')
    ),
    CONSTRAINT rounds_noted CHECK (
        state IN ('drafting', 'void') OR kind = 'initial' OR correction_kind = 'typo' OR btrim(public_note) <> ''
    )
);
CREATE UNIQUE INDEX rounds_one_open ON rounds (desk_id, claim_id) WHERE state IN ('drafting', 'in_review', 'approved');
CREATE INDEX rounds_state ON rounds (desk_id, state, id);
CREATE TRIGGER rounds_event_each BEFORE UPDATE ON rounds FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER rounds_stay BEFORE DELETE ON rounds FOR EACH ROW EXECUTE FUNCTION refuse_change('rounds_stay');

-- Everybody who wrote any word of a round's draft: none of them may approve it.
CREATE TABLE round_drafters (
    desk_id uuid NOT NULL,
    round_id uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (desk_id, round_id, account_id),
    CONSTRAINT round_drafters_round FOREIGN KEY (desk_id, round_id) REFERENCES rounds (desk_id, id),
    CONSTRAINT round_drafters_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id)
);
CREATE TRIGGER round_drafters_are_immutable BEFORE UPDATE OR DELETE ON round_drafters
    FOR EACH ROW EXECUTE FUNCTION refuse_change('round_drafters_are_immutable');
CREATE TRIGGER round_drafters_remain BEFORE TRUNCATE ON round_drafters
    EXECUTE FUNCTION refuse_change('round_drafters_are_immutable');

-- A person who must not judge a claim: a conflict of interest.
CREATE TABLE recusals (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, claim_id, account_id),
    CONSTRAINT recusals_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT recusals_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT recusals_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT recusals_reason_length CHECK (char_length(btrim(reason)) BETWEEN 1 AND 1000)
);
CREATE TRIGGER recusals_are_immutable BEFORE UPDATE OR DELETE ON recusals
    FOR EACH ROW EXECUTE FUNCTION refuse_change('recusals_are_immutable');

-- One reviewer's judgement of one state of the draft.
CREATE TABLE assessments (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    round_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    draft_version integer NOT NULL,
    reviewer_id uuid NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT assessments_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT assessments_round FOREIGN KEY (desk_id, claim_id, round_id) REFERENCES rounds (desk_id, claim_id, id),
    CONSTRAINT assessments_reviewer FOREIGN KEY (desk_id, reviewer_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT assessments_one_live UNIQUE (desk_id, round_id, draft_version, reviewer_id),
    CONSTRAINT assessments_decision_known CHECK (decision IN ('approve', 'return')),
    CONSTRAINT assessments_return_with_reason CHECK (decision = 'approve' OR btrim(reason) <> ''),
    CONSTRAINT assessments_reason_length CHECK (char_length(reason) <= 5000)
);
CREATE TRIGGER assessments_are_immutable BEFORE UPDATE OR DELETE ON assessments
    FOR EACH ROW EXECUTE FUNCTION refuse_change('assessments_are_immutable');
CREATE TRIGGER assessments_remain BEFORE TRUNCATE ON assessments
    EXECUTE FUNCTION refuse_change('assessments_are_immutable');

CREATE FUNCTION assessments_check_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round rounds%ROWTYPE;
BEGIN
    SELECT * INTO STRICT round FROM rounds r WHERE r.desk_id = NEW.desk_id AND r.id = NEW.round_id;
    IF round.policy <> 'single' AND EXISTS (
        SELECT FROM round_drafters d
        WHERE d.desk_id = NEW.desk_id AND d.round_id = NEW.round_id AND d.account_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_by_drafter',
            MESSAGE = 'assessments_not_by_drafter: who drafted a verdict does not judge it';
    END IF;
    IF EXISTS (
        SELECT FROM recusals x
        WHERE x.desk_id = NEW.desk_id AND x.claim_id = NEW.claim_id AND x.account_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_by_recused',
            MESSAGE = 'assessments_not_by_recused: who is recused does not judge the claim';
    END IF;
    IF round.state <> 'in_review' OR round.draft_version <> NEW.draft_version THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_of_the_draft_in_review',
            MESSAGE = 'assessments_of_the_draft_in_review: this draft is not the one in review';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER assessments_check_reviewer BEFORE INSERT ON assessments
    FOR EACH ROW EXECUTE FUNCTION assessments_check_reviewer();

-- The desk's decision, as it was taken.
CREATE TABLE verdicts (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    number integer NOT NULL, -- 1, 2, 3 … of this claim
    round_id uuid NOT NULL,
    scale_version_id uuid NOT NULL,
    rating_code text,
    one_line text NOT NULL,
    rationale text NOT NULL,
    no_evidence_reason text,
    as_of date NOT NULL,
    method text NOT NULL,
    drafted_by uuid NOT NULL,
    approved_by uuid NOT NULL,
    approvals integer NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, claim_id, number),
    CONSTRAINT verdicts_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT verdicts_round FOREIGN KEY (desk_id, claim_id, round_id) REFERENCES rounds (desk_id, claim_id, id),
    CONSTRAINT verdicts_round_unique UNIQUE (desk_id, round_id),
    CONSTRAINT verdicts_scale_version FOREIGN KEY (desk_id, scale_version_id) REFERENCES scale_versions (desk_id, id),
    CONSTRAINT verdicts_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
        REFERENCES rating_values (desk_id, scale_version_id, code),
    CONSTRAINT verdicts_drafter FOREIGN KEY (desk_id, drafted_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT verdicts_approver FOREIGN KEY (desk_id, approved_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT verdicts_method_known CHECK (method IN ('two_person', 'single')),
    CONSTRAINT verdicts_by_two CHECK (method = 'single' OR drafted_by <> approved_by),
    CONSTRAINT verdicts_words CHECK (btrim(one_line) <> '' AND btrim(rationale) <> '')
);
CREATE TRIGGER verdicts_are_immutable BEFORE UPDATE OR DELETE ON verdicts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('verdicts_are_immutable');
CREATE TRIGGER verdicts_remain BEFORE TRUNCATE ON verdicts
    EXECUTE FUNCTION refuse_change('verdicts_are_immutable');
ALTER TABLE claims ADD CONSTRAINT claims_current_verdict FOREIGN KEY (desk_id, id, current_verdict)
    REFERENCES verdicts (desk_id, claim_id, number);

CREATE FUNCTION verdicts_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + coalesce((SELECT max(v.number) FROM verdicts v
                                   WHERE v.desk_id = NEW.desk_id AND v.claim_id = NEW.claim_id), 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_without_gap',
            MESSAGE = 'verdicts_without_gap: the verdicts of a claim are numbered 1, 2, 3 …';
    END IF;
    IF NOT EXISTS (
        SELECT FROM assessments a JOIN rounds r ON r.desk_id = a.desk_id AND r.id = a.round_id
        WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.round_id AND a.reviewer_id = NEW.approved_by
          AND a.decision = 'approve' AND a.draft_version = r.draft_version
          AND (r.policy = 'single') = (NEW.method = 'single')
          AND r.one_line = NEW.one_line AND r.rationale = NEW.rationale
          AND r.rating_code IS NOT DISTINCT FROM NEW.rating_code
          AND r.scale_version_id = NEW.scale_version_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_are_approved',
            MESSAGE = 'verdicts_are_approved: a verdict repeats the draft that its approver approved';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER verdicts_check BEFORE INSERT ON verdicts FOR EACH ROW EXECUTE FUNCTION verdicts_check();

-- Why a published verdict was replaced or withdrawn.
CREATE TABLE corrections (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    from_verdict integer NOT NULL,
    to_verdict integer, -- NULL: withdrawn
    kind text NOT NULL,
    public_note text NOT NULL,
    created_by uuid NOT NULL,
    approved_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT corrections_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT corrections_from FOREIGN KEY (desk_id, claim_id, from_verdict) REFERENCES verdicts (desk_id, claim_id, number),
    CONSTRAINT corrections_to FOREIGN KEY (desk_id, claim_id, to_verdict) REFERENCES verdicts (desk_id, claim_id, number),
    CONSTRAINT corrections_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT corrections_approver FOREIGN KEY (desk_id, approved_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT corrections_once UNIQUE (desk_id, claim_id, from_verdict),
    CONSTRAINT corrections_kind_known CHECK (kind IN ('typo', 'clarification', 'update', 'minor', 'major', 'retraction')),
    CONSTRAINT corrections_retraction_ends CHECK ((kind = 'retraction') = (to_verdict IS NULL)),
    CONSTRAINT corrections_forward CHECK (to_verdict = from_verdict + 1),
    CONSTRAINT corrections_noted CHECK (kind = 'typo' OR btrim(public_note) <> '')
);
CREATE INDEX corrections_latest ON corrections (desk_id, created_at DESC, id DESC);
CREATE TRIGGER corrections_are_immutable BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION refuse_change('corrections_are_immutable');
CREATE TRIGGER corrections_remain BEFORE TRUNCATE ON corrections
    EXECUTE FUNCTION refuse_change('corrections_are_immutable');

-- When a verdict was made public, and by whom.
CREATE TABLE publications (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    number integer NOT NULL,
    published_by uuid NOT NULL,
    published_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, claim_id, number),
    CONSTRAINT publications_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT publications_verdict FOREIGN KEY (desk_id, claim_id, number) REFERENCES verdicts (desk_id, claim_id, number),
    CONSTRAINT publications_publisher FOREIGN KEY (desk_id, published_by) REFERENCES memberships (desk_id, account_id)
);
CREATE INDEX publications_latest ON publications (desk_id, published_at DESC, claim_id DESC);
CREATE TRIGGER publications_are_immutable BEFORE UPDATE OR DELETE ON publications
    FOR EACH ROW EXECUTE FUNCTION refuse_change('publications_are_immutable');
CREATE TRIGGER publications_remain BEFORE TRUNCATE ON publications
    EXECUTE FUNCTION refuse_change('publications_are_immutable');

CREATE FUNCTION publications_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM evidence e WHERE e.desk_id = NEW.desk_id AND e.claim_id = NEW.claim_id AND e.removed_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM verdicts v WHERE v.desk_id = NEW.desk_id AND v.claim_id = NEW.claim_id AND v.number = NEW.number
          AND btrim(coalesce(v.no_evidence_reason, '')) <> ''
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_with_evidence',
            MESSAGE = 'publications_with_evidence: a published verdict has evidence, or says why there is none';
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM corrections c
        WHERE c.desk_id = NEW.desk_id AND c.claim_id = NEW.claim_id AND c.to_verdict = NEW.number
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_after_correction',
            MESSAGE = 'publications_after_correction: a second verdict needs a correction';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER publications_check BEFORE INSERT ON publications FOR EACH ROW EXECUTE FUNCTION publications_check();

-- What a claim shows as its verdict has been made public, and never goes back to an older one.
CREATE FUNCTION claims_check_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.current_verdict IS NULL OR NEW.current_verdict < OLD.current_verdict THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_verdict_stays',
            MESSAGE = 'claims_verdict_stays: a published verdict is replaced by a newer one only';
    END IF;
    IF NOT EXISTS (
        SELECT FROM publications p
        WHERE p.desk_id = NEW.desk_id AND p.claim_id = NEW.id AND p.number = NEW.current_verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_verdict_is_published',
            MESSAGE = 'claims_verdict_is_published: the current verdict of a claim has been published';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_check_verdict BEFORE UPDATE OF current_verdict ON claims
    FOR EACH ROW WHEN (NEW.current_verdict IS DISTINCT FROM OLD.current_verdict) EXECUTE FUNCTION claims_check_verdict();
CREATE FUNCTION claims_check_retraction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM corrections c
        WHERE c.desk_id = NEW.desk_id AND c.claim_id = NEW.id AND c.to_verdict IS NULL AND c.from_verdict = NEW.current_verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_retracted_with_note',
            MESSAGE = 'claims_retracted_with_note: a retraction has its correction';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_check_retraction BEFORE UPDATE OF stage ON claims
    FOR EACH ROW WHEN (NEW.stage = 'retracted' AND OLD.stage <> 'retracted') EXECUTE FUNCTION claims_check_retraction();

-- Keeps what the article page draws of a claim.
CREATE FUNCTION claims_redraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE anchors a
    SET claim_reviewed = NEW.claim_reviewed,
        stage = NEW.stage,
        rating_label = r.label,
        rating_shape = r.shape,
        rating_colour = r.colour,
        drawn = a.drawn + 1
    FROM (SELECT 1) one
    LEFT JOIN verdicts v ON v.desk_id = NEW.desk_id AND v.claim_id = NEW.id AND v.number = NEW.current_verdict
    LEFT JOIN rating_values r ON r.desk_id = NEW.desk_id AND r.scale_version_id = v.scale_version_id AND r.code = v.rating_code
    WHERE a.desk_id = NEW.desk_id AND a.claim_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_redraw AFTER UPDATE OF claim_reviewed, stage, current_verdict ON claims
    FOR EACH ROW EXECUTE FUNCTION claims_redraw();
