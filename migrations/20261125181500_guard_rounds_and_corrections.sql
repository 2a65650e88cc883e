-- A round goes one way, its words stand still while somebody judges them, and only what was decided gets public.

CREATE FUNCTION rounds_check_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'drafting' THEN
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
    RETURN NEW;
END
$$;
CREATE TRIGGER rounds_check_begin BEFORE INSERT ON rounds FOR EACH ROW EXECUTE FUNCTION rounds_check_begin();

CREATE FUNCTION rounds_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reworded boolean := (NEW.rating_code, NEW.one_line, NEW.rationale, NEW.no_evidence_reason, NEW.as_of,
                         NEW.correction_kind, NEW.public_note)
        IS DISTINCT FROM (OLD.rating_code, OLD.one_line, OLD.rationale, OLD.no_evidence_reason, OLD.as_of,
                          OLD.correction_kind, OLD.public_note);
BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
        'drafting>in_review', 'in_review>drafting', 'in_review>approved', 'approved>published',
        'drafting>void', 'in_review>void', 'approved>void'
    ])) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_state_order',
            MESSAGE = format('rounds_state_order: a round does not go from %s to %s', OLD.state, NEW.state);
    END IF;
    IF (NEW.claim_id, NEW.number, NEW.kind, NEW.policy, NEW.scale_version_id, NEW.created_by, NEW.created_at)
        IS DISTINCT FROM
       (OLD.claim_id, OLD.number, OLD.kind, OLD.policy, OLD.scale_version_id, OLD.created_by, OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_frame_stays',
            MESSAGE = 'rounds_frame_stays: policy, scale and kind of a round stay as they were when it began';
    END IF;
    IF reworded AND (OLD.state <> 'drafting' OR NEW.state <> 'drafting') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_words_stand_still',
            MESSAGE = 'rounds_words_stand_still: a draft changes only while it is drafted';
    END IF;
    IF NEW.draft_version < OLD.draft_version OR (reworded AND NEW.draft_version = OLD.draft_version) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_drafts_numbered',
            MESSAGE = 'rounds_drafts_numbered: other words are another version of the draft';
    END IF;
    IF NEW.state = 'approved' AND OLD.state <> 'approved' AND NOT EXISTS (
        SELECT FROM assessments a
        WHERE a.desk_id = NEW.desk_id AND a.round_id = NEW.id AND a.draft_version = NEW.draft_version
          AND a.decision = 'approve'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'rounds_approved_by_review',
            MESSAGE = 'rounds_approved_by_review: somebody has to approve the draft';
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
CREATE TRIGGER rounds_check_change BEFORE UPDATE ON rounds FOR EACH ROW EXECUTE FUNCTION rounds_check_change();

-- The stage of a claim follows its round: in review with a draft in review, decided with an approved one.
CREATE FUNCTION claims_check_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM rounds r
        WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.id
          AND r.state = CASE NEW.stage WHEN 'in_review' THEN 'in_review' ELSE 'approved' END
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_stage_follows_round',
            MESSAGE = format('claims_stage_follows_round: no round makes this claim %s', NEW.stage);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_check_round BEFORE UPDATE OF stage ON claims
    FOR EACH ROW WHEN (NEW.stage IN ('in_review', 'decided') AND OLD.stage <> NEW.stage)
    EXECUTE FUNCTION claims_check_round();

-- A claim that is declined, or a duplicate, is not judged any further: its open round ends.
CREATE FUNCTION claims_end_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rounds r
    SET state = 'void', row_version = r.row_version + 1, event_id = NEW.event_id
    WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.id AND r.state IN ('drafting', 'in_review', 'approved');
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_end_round AFTER UPDATE OF stage ON claims
    FOR EACH ROW WHEN (NEW.stage IN ('declined', 'duplicate') AND OLD.stage <> NEW.stage)
    EXECUTE FUNCTION claims_end_round();

CREATE FUNCTION verdicts_check_drafter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM round_drafters d
        WHERE d.desk_id = NEW.desk_id AND d.round_id = NEW.round_id AND d.account_id = NEW.drafted_by
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'verdicts_by_drafter',
            MESSAGE = 'verdicts_by_drafter: a verdict names somebody who drafted it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER verdicts_check_drafter BEFORE INSERT ON verdicts
    FOR EACH ROW EXECUTE FUNCTION verdicts_check_drafter();

-- A verdict can be taken back before it is public, so the next one to be public may be two numbers on.
ALTER TABLE corrections DROP CONSTRAINT corrections_forward;
ALTER TABLE corrections ADD CONSTRAINT corrections_forward CHECK (to_verdict > from_verdict);

CREATE FUNCTION corrections_check() RETURNS trigger LANGUAGE plpgsql AS $$
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
          AND a.decision = 'approve' AND a.reviewer_id = NEW.approved_by
          AND v.number IS NOT DISTINCT FROM NEW.to_verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'corrections_are_approved',
            MESSAGE = 'corrections_are_approved: a correction repeats what its approver approved';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER corrections_check BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_check();

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
    IF EXISTS (
        SELECT FROM recusals x
        WHERE x.desk_id = NEW.desk_id AND x.claim_id = NEW.claim_id AND x.account_id = NEW.published_by
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_not_by_recused',
            MESSAGE = 'publications_not_by_recused: who is recused does not publish the verdict';
    END IF;
    RETURN NEW;
END
$$;
