-- A round begins under the desk's policy of that moment.
CREATE OR REPLACE FUNCTION rounds_check_begin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    policy review_policies%ROWTYPE;
BEGIN
    IF NEW.state <> 'drafting' OR NEW.judged THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_begin_as_drafts',
            MESSAGE = 'rounds_begin_as_drafts: a round begins with a draft';
    END IF;
    IF (NEW.kind = 'initial') <> (
        SELECT c.current_verdict IS NULL FROM claims c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id
    ) OR EXISTS (
        SELECT FROM claims c
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.stage IN ('declined', 'duplicate', 'retracted')
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_fit_the_claim',
            MESSAGE = 'rounds_fit_the_claim: what is public is corrected or retracted, what is not is judged first';
    END IF;
    SELECT p.* INTO policy FROM desks d JOIN review_policies p ON p.desk_id = d.id AND p.id = d.policy_id
    WHERE d.id = NEW.desk_id;
    IF policy.id IS DISTINCT FROM NEW.policy_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_under_the_policy_of_today',
            MESSAGE = 'rounds_under_the_policy_of_today: a round begins under the policy that the desk has now';
    END IF;
    IF NEW.mode <> (CASE
        WHEN policy.mode IN ('blind', 'panel') AND (
            NEW.kind = 'retraction' OR NEW.correction_kind IN ('typo', 'clarification', 'minor')
        ) THEN 'second_person'
        ELSE policy.mode
    END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_decided_as_the_policy_says',
            MESSAGE = 'rounds_decided_as_the_policy_says: how a round is decided follows from its policy';
    END IF;
    RETURN NEW;
END
$$;

-- Why a round cannot go on with the claim as it is: the names of the rules, in order.
CREATE FUNCTION rounds_lack(round rounds) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    policy review_policies%ROWTYPE;
    facts record;
BEGIN
    IF round.kind = 'retraction' THEN
        RETURN '{}';
    END IF;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = round.desk_id AND p.id = round.policy_id;
    SELECT * INTO STRICT facts FROM claim_facts(round.desk_id, round.claim_id);
    RETURN array_remove(ARRAY[
        CASE WHEN facts.evidence = 0 AND btrim(coalesce(round.no_evidence_reason, '')) = ''
            THEN 'rounds_grounded' END,
        CASE WHEN facts.evidence > 0 AND facts.publishers < policy.min_sources
            AND btrim(coalesce(round.sole_source_reason, '')) = '' THEN 'rounds_with_enough_sources' END,
        CASE WHEN policy.need_archived AND facts.unarchived > 0
            AND btrim(coalesce(round.unarchived_reason, '')) = '' THEN 'rounds_with_kept_sources' END,
        CASE WHEN NOT policy.required_fields <@ facts.known THEN 'rounds_with_required_fields' END
    ], NULL);
END
$$;

CREATE OR REPLACE FUNCTION rounds_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    policy review_policies%ROWTYPE;
    outcome round_outcomes%ROWTYPE;
    rerated boolean := NEW.rating_code IS DISTINCT FROM OLD.rating_code;
    reworded boolean := (NEW.one_line, NEW.rationale, NEW.no_evidence_reason, NEW.as_of, NEW.correction_kind,
                         NEW.public_note, NEW.sole_source_reason, NEW.unarchived_reason)
        IS DISTINCT FROM (OLD.one_line, OLD.rationale, OLD.no_evidence_reason, OLD.as_of, OLD.correction_kind,
                          OLD.public_note, OLD.sole_source_reason, OLD.unarchived_reason);
    is_judged_now boolean := NEW.judged AND NOT OLD.judged;
    lack text;
BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
        'drafting>in_review', 'in_review>drafting', 'in_review>adjudicating', 'adjudicating>drafting',
        'in_review>approved', 'approved>published',
        'drafting>void', 'in_review>void', 'adjudicating>void', 'approved>void'
    ])) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_state_order',
            MESSAGE = format('rounds_state_order: a round does not go from %s to %s', OLD.state, NEW.state);
    END IF;
    IF (NEW.claim_id, NEW.number, NEW.kind, NEW.policy_id, NEW.mode, NEW.scale_version_id, NEW.created_by,
        NEW.created_at)
        IS DISTINCT FROM
       (OLD.claim_id, OLD.number, OLD.kind, OLD.policy_id, OLD.mode, OLD.scale_version_id, OLD.created_by,
        OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_frame_stays',
            MESSAGE = 'rounds_frame_stays: policy, scale and kind of a round stay as they were when it began';
    END IF;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = NEW.desk_id AND p.id = NEW.policy_id;

    -- The outcome decides the rating, once and for all.
    IF OLD.judged AND NOT NEW.judged THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_stay_judged',
            MESSAGE = 'rounds_stay_judged: an outcome is not taken back';
    END IF;
    IF NEW.judged THEN
        SELECT * INTO outcome FROM round_outcomes o WHERE o.desk_id = NEW.desk_id AND o.round_id = NEW.id;
        IF outcome.rating_code IS NULL OR NEW.rating_code IS DISTINCT FROM outcome.rating_code THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_rated_as_judged',
                MESSAGE = 'rounds_rated_as_judged: the rating is the one that the round came to';
        END IF;
    END IF;
    IF NEW.kind = 'correction' AND NEW.mode = 'second_person' AND policy.mode IN ('blind', 'panel') THEN
        IF NEW.correction_kind NOT IN ('typo', 'clarification', 'minor') THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_small_stay_small',
                MESSAGE = 'rounds_small_stay_small: a correction that bears on the verdict is judged as a first verdict is';
        END IF;
        IF NEW.state IN ('in_review', 'approved') AND NEW.rating_code IS DISTINCT FROM (
            SELECT v.rating_code FROM claims c
            JOIN verdicts v ON v.desk_id = c.desk_id AND v.claim_id = c.id AND v.number = c.current_verdict
            WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_small_keep_the_rating',
                MESSAGE = 'rounds_small_keep_the_rating: such a correction leaves the rating as it is';
        END IF;
    END IF;
    IF NEW.kind = 'correction' AND NEW.mode IN ('blind', 'panel') AND NEW.correction_kind NOT IN ('update', 'major') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_large_stay_large',
            MESSAGE = 'rounds_large_stay_large: what is judged anew is no small correction';
    END IF;

    IF (reworded OR (rerated AND NOT is_judged_now)) AND (OLD.state <> 'drafting' OR NEW.state <> 'drafting') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_words_stand_still',
            MESSAGE = 'rounds_words_stand_still: a draft changes only while it is drafted';
    END IF;
    IF NEW.draft_version < OLD.draft_version OR (
        (reworded OR (rerated AND NEW.state = 'drafting')) AND NEW.draft_version = OLD.draft_version
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_drafts_numbered',
            MESSAGE = 'rounds_drafts_numbered: other words are another version of the draft';
    END IF;

    IF NEW.state <> OLD.state AND NEW.state IN ('in_review', 'approved', 'published') THEN
        lack := (rounds_lack(NEW))[1];
        IF lack IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = lack,
                MESSAGE = format('%s: the policy of this round asks for more', lack);
        END IF;
    END IF;
    -- What somebody assessed without seeing the others is not uncovered by taking the round back.
    IF OLD.state = 'in_review' AND NEW.state = 'drafting' AND OLD.mode IN ('blind', 'panel') AND NOT NEW.judged
        AND EXISTS (SELECT FROM assessments a
                    WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.id AND a.kind = 'rating') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_assessed_go_on',
            MESSAGE = 'rounds_assessed_go_on: once somebody has assessed, the others do, too';
    END IF;
    IF NEW.state = 'adjudicating' AND OLD.state <> 'adjudicating' AND (
        (SELECT count(*) FROM counted_assessments(NEW.desk_id, NEW.id)) < policy.people
        OR (SELECT max(t.times) FROM (
                SELECT count(*) AS times FROM counted_assessments(NEW.desk_id, NEW.id) a GROUP BY a.rating_code) t)
           >= coalesce(policy.majority, policy.people)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_adjudicated_when_split',
            MESSAGE = 'rounds_adjudicated_when_split: an adjudicator is asked when all have assessed, and differ';
    END IF;
    IF NEW.state = 'approved' AND OLD.state <> 'approved' THEN
        IF NEW.mode IN ('blind', 'panel') AND NOT NEW.judged THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_judged_before_approved',
                MESSAGE = 'rounds_judged_before_approved: first the rating is decided, then its words are approved';
        END IF;
        -- A panel has read the draft that it votes on.
        IF NOT (is_judged_now AND NEW.mode = 'panel' AND NOT rerated) AND (
            SELECT count(DISTINCT a.reviewer_id) FROM assessments a
            WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.id AND a.draft_version = NEW.draft_version
              AND a.decision = 'approve' AND NOT is_recused(a.desk_id, a.claim_id, a.reviewer_id)
        ) < (CASE WHEN NEW.mode = policy.mode AND NEW.mode = 'second_person' THEN policy.people ELSE 1 END) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_approved_by_review',
                MESSAGE = 'rounds_approved_by_review: others have to approve the draft';
        END IF;
    END IF;
    IF NEW.state = 'published' AND OLD.state <> 'published' AND NOT (CASE NEW.kind
        WHEN 'retraction' THEN EXISTS (
            SELECT FROM corrections c
            WHERE c.desk_id = NEW.desk_id AND c.claim_id = NEW.claim_id AND c.kind = 'retraction')
        ELSE EXISTS (
            SELECT FROM verdicts v
            JOIN publications p ON p.desk_id = v.desk_id AND p.claim_id = v.claim_id AND p.number = v.number
            WHERE v.desk_id = NEW.desk_id AND v.round_id = NEW.id)
        END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_published_for_all',
            MESSAGE = 'rounds_published_for_all: nothing of this round is public';
    END IF;
    RETURN NEW;
END
$$;

-- Who judges, and what: drafters and recused people do not, nor, in a blind round, whoever marked the claim.
CREATE OR REPLACE FUNCTION assessments_check_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round rounds%ROWTYPE;
    policy review_policies%ROWTYPE;
    before assessments%ROWTYPE;
BEGIN
    -- Two who assess at the same time wait for each other here.
    SELECT * INTO STRICT round FROM rounds r WHERE r.desk_id = NEW.desk_id AND r.id = NEW.round_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = NEW.desk_id AND p.id = round.policy_id;
    IF round.mode <> 'single' AND EXISTS (
        SELECT FROM round_drafters d
        WHERE d.desk_id = NEW.desk_id AND d.round_id = NEW.round_id AND d.account_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_by_drafter',
            MESSAGE = 'assessments_not_by_drafter: who drafted a verdict does not judge it';
    END IF;
    IF is_recused(NEW.desk_id, NEW.claim_id, NEW.reviewer_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_by_recused',
            MESSAGE = 'assessments_not_by_recused: who is recused does not judge the claim';
    END IF;
    IF NEW.kind = 'rating' AND round.mode = 'blind' AND policy.authors_apart AND EXISTS (
        SELECT FROM claims c
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.created_by = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_by_author',
            MESSAGE = 'assessments_not_by_author: who marked a claim does not assess it blindly';
    END IF;
    IF round.state <> 'in_review' OR round.draft_version <> NEW.draft_version THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_of_the_draft_in_review',
            MESSAGE = 'assessments_of_the_draft_in_review: this draft is not the one in review';
    END IF;
    IF (NEW.kind = 'rating') <> (round.mode IN ('blind', 'panel') AND NOT round.judged) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_fit_the_round',
            MESSAGE = 'assessments_fit_the_round: first several people rate, then one approves the words';
    END IF;
    IF NEW.kind = 'review' THEN
        RETURN NEW;
    END IF;
    IF NEW.scale_version_id <> round.scale_version_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_on_the_scale',
            MESSAGE = 'assessments_on_the_scale: everybody rates on the scale of the round';
    END IF;
    IF (NEW.salt IS NOT NULL) <> (round.mode = 'blind') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_hidden_when_blind',
            MESSAGE = 'assessments_hidden_when_blind: the event of a blind assessment has its hash only';
    END IF;
    IF NEW.supersedes IS NOT NULL THEN
        SELECT * INTO before FROM assessments a WHERE a.desk_id = NEW.desk_id AND a.id = NEW.supersedes;
        IF (before.round_id, before.reviewer_id, before.draft_version)
            IS DISTINCT FROM (NEW.round_id, NEW.reviewer_id, NEW.draft_version) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_supersede_own',
                MESSAGE = 'assessments_supersede_own: one replaces only what one gave in this round';
        END IF;
    ELSIF (SELECT count(*) FROM counted_assessments(NEW.desk_id, NEW.round_id)) >= policy.people THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_not_too_many',
            MESSAGE = 'assessments_not_too_many: as many as the policy asks for have assessed';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION round_outcomes_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round rounds%ROWTYPE;
    policy review_policies%ROWTYPE;
    carried round_outcomes%ROWTYPE;
    given jsonb;
    holds boolean;
BEGIN
    SELECT * INTO STRICT round FROM rounds r WHERE r.desk_id = NEW.desk_id AND r.id = NEW.round_id;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = NEW.desk_id AND p.id = round.policy_id;
    IF NEW.carried_from IS NOT NULL THEN
        SELECT * INTO carried FROM round_outcomes o WHERE o.desk_id = NEW.desk_id AND o.round_id = NEW.carried_from;
        holds := round.state = 'drafting' AND NOT round.judged
            AND (NEW.scale_version_id, NEW.rating_code, NEW.how, NEW.tally::text, NEW.reason)
                IS NOT DISTINCT FROM
                (carried.scale_version_id, carried.rating_code, carried.how, carried.tally::text, carried.reason)
            AND round.scale_version_id = NEW.scale_version_id
            AND EXISTS (
                SELECT FROM rounds b
                WHERE b.desk_id = NEW.desk_id AND b.id = NEW.carried_from AND b.claim_id = round.claim_id
                  AND b.kind = round.kind AND b.mode = round.mode AND b.state = 'void' AND b.number = round.number - 1);
        IF NOT holds THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'round_outcomes_carried_whole',
                MESSAGE = 'round_outcomes_carried_whole: an outcome is carried over as it is, from the round before';
        END IF;
        RETURN NEW;
    END IF;
    SELECT coalesce(jsonb_object_agg(t.rating_code, t.times), '{}') INTO given
    FROM (SELECT a.rating_code, count(*) AS times FROM counted_assessments(NEW.desk_id, NEW.round_id) a
          GROUP BY a.rating_code) t;
    IF NEW.tally::jsonb <> given OR NEW.scale_version_id <> round.scale_version_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'round_outcomes_count_what_was_given',
            MESSAGE = 'round_outcomes_count_what_was_given: the tally is what the round''s people gave';
    END IF;
    holds := CASE NEW.how
        WHEN 'adjudicated' THEN round.state = 'adjudicating'
        ELSE round.state = 'in_review' AND NOT round.judged
            AND (SELECT count(*) FROM counted_assessments(NEW.desk_id, NEW.round_id)) = policy.people
            AND (given->>NEW.rating_code)::integer >= coalesce(policy.majority, policy.people)
            AND round.mode = CASE NEW.how WHEN 'unanimous' THEN 'blind' ELSE 'panel' END
        END;
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'round_outcomes_as_the_policy_says',
            MESSAGE = 'round_outcomes_as_the_policy_says: too few gave this rating, or too few have assessed';
    END IF;
    IF NEW.how = 'adjudicated' AND (
        EXISTS (SELECT FROM assessments a
                WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.round_id AND a.reviewer_id = NEW.created_by)
        OR EXISTS (SELECT FROM round_drafters d
                   WHERE d.desk_id = NEW.desk_id AND d.round_id = NEW.round_id AND d.account_id = NEW.created_by)
        OR is_recused(NEW.desk_id, round.claim_id, NEW.created_by)
        OR (round.mode = 'blind' AND policy.authors_apart AND EXISTS (
            SELECT FROM claims c
            WHERE c.desk_id = NEW.desk_id AND c.id = round.claim_id AND c.created_by = NEW.created_by))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'round_outcomes_by_an_outsider',
            MESSAGE = 'round_outcomes_by_an_outsider: who adjudicates has neither assessed nor drafted, and is not recused';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER round_outcomes_check BEFORE INSERT ON round_outcomes
    FOR EACH ROW EXECUTE FUNCTION round_outcomes_check();

-- A recusal because of an agent ends once, and changes in nothing else.
CREATE FUNCTION agent_recusals_check_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.desk_id, NEW.agent_id, NEW.account_id) IS DISTINCT FROM (OLD.desk_id, OLD.agent_id, OLD.account_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'agent_recusals_only_end',
            MESSAGE = 'agent_recusals_only_end: a recusal is ended, or taken up again, and stays whose it is';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER agent_recusals_check_end BEFORE UPDATE ON agent_recusals
    FOR EACH ROW EXECUTE FUNCTION agent_recusals_check_end();

-- A verdict says how it came about, and how many said what.
ALTER TABLE verdicts ADD COLUMN tally json; -- {"rating": how many gave it, …}; NULL where nobody else rated
ALTER TABLE verdicts DROP CONSTRAINT verdicts_method_known;
ALTER TABLE verdicts ADD CONSTRAINT verdicts_method_known CHECK (
    method IN ('two_person', 'single', 'blind', 'panel', 'adjudicated')
);
ALTER TABLE verdicts ADD CONSTRAINT verdicts_tallied CHECK (
    (method IN ('blind', 'panel', 'adjudicated')) = (tally IS NOT NULL)
);

CREATE OR REPLACE FUNCTION verdicts_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + coalesce((SELECT max(v.number) FROM verdicts v
                                   WHERE v.desk_id = NEW.desk_id AND v.claim_id = NEW.claim_id), 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_without_gap',
            MESSAGE = 'verdicts_without_gap: the verdicts of a claim are numbered 1, 2, 3 …';
    END IF;
    IF NOT EXISTS (
        SELECT FROM assessments a JOIN rounds r ON r.desk_id = a.desk_id AND r.id = a.round_id
        WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.round_id AND a.reviewer_id = NEW.approved_by
          AND a.draft_version = r.draft_version
          AND (a.decision = 'approve' OR (r.mode = 'panel' AND a.rating_code = r.rating_code AND NOT EXISTS (
                SELECT FROM assessments b WHERE b.desk_id = a.desk_id AND b.supersedes = a.id)))
          AND r.one_line = NEW.one_line AND r.rationale = NEW.rationale
          AND r.rating_code IS NOT DISTINCT FROM NEW.rating_code
          AND r.scale_version_id = NEW.scale_version_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_are_approved',
            MESSAGE = 'verdicts_are_approved: a verdict repeats the draft that its approver approved';
    END IF;
    IF NOT EXISTS (
        SELECT FROM rounds r LEFT JOIN round_outcomes o ON o.desk_id = r.desk_id AND o.round_id = r.id
        WHERE r.desk_id = NEW.desk_id AND r.id = NEW.round_id
          AND NEW.tally::text IS NOT DISTINCT FROM o.tally::text
          AND NEW.method = CASE
              WHEN o.how = 'adjudicated' THEN 'adjudicated'
              WHEN o.how = 'majority' THEN 'panel'
              WHEN o.how = 'unanimous' THEN 'blind'
              WHEN r.mode = 'single' THEN 'single'
              ELSE 'two_person'
          END
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_say_how',
            MESSAGE = 'verdicts_say_how: method and tally are those of the round';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION corrections_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM claims c
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.current_verdict = NEW.from_verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'corrections_of_what_is_public',
            MESSAGE = 'corrections_of_what_is_public: only the verdict that is public now is corrected';
    END IF;
    IF NOT EXISTS (
        SELECT FROM rounds r
        JOIN assessments a ON a.desk_id = r.desk_id AND a.round_id = r.id AND a.draft_version = r.draft_version
        LEFT JOIN verdicts v ON v.desk_id = r.desk_id AND v.round_id = r.id
        WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.claim_id AND r.state = 'approved'
          AND r.correction_kind = NEW.kind AND r.public_note = NEW.public_note
          AND (a.decision = 'approve' OR (r.mode = 'panel' AND a.rating_code = r.rating_code))
          AND a.reviewer_id = NEW.approved_by
          AND v.number IS NOT DISTINCT FROM NEW.to_verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'corrections_are_approved',
            MESSAGE = 'corrections_are_approved: a correction repeats what its approver approved';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION publications_check() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NOT EXISTS (
        SELECT FROM verdicts v JOIN rounds r ON r.desk_id = v.desk_id AND r.id = v.round_id
        WHERE v.desk_id = NEW.desk_id AND v.claim_id = NEW.claim_id AND v.number = NEW.number AND r.state = 'approved'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_of_the_decision',
            MESSAGE = 'publications_of_the_decision: only a decision that stands is published';
    END IF;
    IF EXISTS (
        SELECT FROM publications p WHERE p.desk_id = NEW.desk_id AND p.claim_id = NEW.claim_id
    ) AND NOT EXISTS (
        SELECT FROM corrections c
        WHERE c.desk_id = NEW.desk_id AND c.claim_id = NEW.claim_id AND c.to_verdict = NEW.number
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_after_correction',
            MESSAGE = 'publications_after_correction: a second verdict needs a correction';
    END IF;
    IF is_recused(NEW.desk_id, NEW.claim_id, NEW.published_by) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_not_by_recused',
            MESSAGE = 'publications_not_by_recused: who is recused does not publish the verdict';
    END IF;
    RETURN NEW;
END
$$;

-- The stage of a claim follows its round: also while an adjudicator is asked it is in review.
CREATE OR REPLACE FUNCTION claims_check_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM rounds r
        WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.id
          AND r.state = ANY (CASE NEW.stage WHEN 'in_review' THEN ARRAY['in_review', 'adjudicating'] ELSE ARRAY['approved'] END)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_stage_follows_round',
            MESSAGE = format('claims_stage_follows_round: no round makes this claim %s', NEW.stage);
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION claims_end_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rounds r
    SET state = 'void', row_version = r.row_version + 1, event_id = NEW.event_id
    WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.id
      AND r.state IN ('drafting', 'in_review', 'adjudicating', 'approved');
    RETURN NULL;
END
$$;

-- What waits for a member of a desk: in which lane, and since when. As before, and what several people assess.
CREATE OR REPLACE FUNCTION queue(desk uuid, account uuid, may_draft boolean, may_review boolean, may_publish boolean)
RETURNS TABLE (lane text, claim_id uuid, since timestamptz)
LANGUAGE sql STABLE AS $$
    -- What somebody sent back to those who drafted it, and what they are drafting.
    SELECT CASE WHEN last.action = 'verdict.return' THEN 'returned' ELSE 'drafts' END, r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    LEFT JOIN LATERAL (
        SELECT v.action FROM events v
        WHERE v.desk_id = r.desk_id AND v.entity_id = r.claim_id
          AND v.action IN ('verdict.return', 'verdict.submit', 'verdict.withdraw')
        ORDER BY v.id DESC LIMIT 1
    ) last ON true
    WHERE r.desk_id = desk AND r.state = 'drafting' AND EXISTS (
        SELECT FROM round_drafters d
        WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account)
    UNION ALL
    -- What others have to judge: approve, assess, or decide where those who assessed differ.
    SELECT 'review', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    JOIN review_policies p ON p.desk_id = r.desk_id AND p.id = r.policy_id
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
    WHERE may_review AND r.desk_id = desk AND r.state IN ('in_review', 'adjudicating')
      AND (r.mode = 'single' OR NOT EXISTS (
            SELECT FROM round_drafters d
            WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account))
      AND NOT (r.mode = 'blind' AND NOT r.judged AND p.authors_apart AND c.created_by = account)
      AND NOT EXISTS (
            SELECT FROM assessments a
            WHERE a.desk_id = r.desk_id AND a.round_id = r.id AND a.draft_version = r.draft_version
              AND a.reviewer_id = account)
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    SELECT 'publish', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_publish AND r.desk_id = desk AND r.state = 'approved'
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    -- What somebody took and has not drafted yet.
    SELECT 'assigned', c.id, e.at
    FROM claims c
    JOIN events e ON e.desk_id = c.desk_id AND e.id = c.event_id
    WHERE c.desk_id = desk AND c.assignee_id = account AND c.stage IN ('marked', 'researching')
      AND NOT EXISTS (
            SELECT FROM rounds r WHERE r.desk_id = c.desk_id AND r.claim_id = c.id AND r.state = 'drafting')
    UNION ALL
    SELECT 'unassigned', c.id, c.created_at
    FROM claims c
    WHERE may_draft AND c.desk_id = desk AND c.stage = 'marked' AND c.assignee_id IS NULL
      AND EXISTS (
            SELECT FROM appearances p
            WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL)
    UNION ALL
    -- What is public although its words changed in the article, until somebody has looked.
    SELECT 'changed', r.claim_id, min(r.created_at)
    FROM reanchorings r
    JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id AND c.stage = 'published'
    WHERE may_draft AND r.desk_id = desk AND r.verdict IS NOT NULL AND r.seen_at IS NULL AND r.decision = 'pending'
    GROUP BY r.claim_id
    UNION ALL
    -- What is public and being corrected or retracted.
    SELECT 'corrections', r.claim_id, r.created_at
    FROM rounds r
    WHERE r.desk_id = desk AND r.kind <> 'initial' AND r.state IN ('drafting', 'in_review', 'adjudicating', 'approved')
$$;
