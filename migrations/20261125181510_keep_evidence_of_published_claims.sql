-- What is published keeps its evidence: the last one can be replaced, not just taken away.
CREATE FUNCTION evidence_check_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.claim_id <> OLD.claim_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays_with_claim',
            MESSAGE = 'evidence_stays_with_claim: evidence does not move to another claim';
    END IF;
    IF NEW.removed_at IS NULL OR OLD.removed_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    -- Two that are removed at the same time wait for each other here.
    PERFORM FROM claims c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id FOR UPDATE;
    IF EXISTS (
        SELECT FROM claims c
        JOIN verdicts v ON v.desk_id = c.desk_id AND v.claim_id = c.id AND v.number = c.current_verdict
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.stage = 'published'
          AND btrim(coalesce(v.no_evidence_reason, '')) = ''
    ) AND NOT EXISTS (
        SELECT FROM evidence e
        WHERE e.desk_id = NEW.desk_id AND e.claim_id = NEW.claim_id AND e.id <> NEW.id AND e.removed_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_published_stays',
            MESSAGE = 'evidence_of_published_stays: a published verdict keeps at least one evidence';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER evidence_check_removal BEFORE UPDATE ON evidence
    FOR EACH ROW EXECUTE FUNCTION evidence_check_removal();
