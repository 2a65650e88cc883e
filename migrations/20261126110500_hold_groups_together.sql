-- What puts evidence together holds while evidence comes and goes: an answer rests on evidence that is there, and a set
-- has at least two pieces that are. Both are looked at when the transaction ends, whichever side was changed.
CREATE OR REPLACE FUNCTION answers_check_evidence(desk uuid, answer uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM answers a
        JOIN questions q ON q.desk_id = a.desk_id AND q.id = a.question_id AND q.removed_at IS NULL
        WHERE a.desk_id = desk AND a.id = answers_check_evidence.answer AND a.removed_at IS NULL
          AND (a.kind = 'unanswerable') = EXISTS (
              SELECT FROM answer_evidence m
              JOIN evidence e ON e.desk_id = m.desk_id AND e.id = m.evidence_id AND e.removed_at IS NULL
              WHERE m.desk_id = a.desk_id AND m.answer_id = a.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'answers_rest_on_evidence',
            MESSAGE = 'answers_rest_on_evidence: an answer names evidence, and one that cannot be given names none';
    END IF;
END
$$;

CREATE FUNCTION evidence_sets_check_evidence(desk uuid, evidence_set uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM evidence_sets s
        WHERE s.desk_id = desk AND s.id = evidence_set AND s.removed_at IS NULL
          AND (SELECT count(*) FROM evidence_set_members m
               JOIN evidence e ON e.desk_id = m.desk_id AND e.id = m.evidence_id AND e.removed_at IS NULL
               WHERE m.desk_id = s.desk_id AND m.set_id = s.id) < 2
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_sets_hold_two',
            MESSAGE = 'evidence_sets_hold_two: what bears on a claim together is more than one thing';
    END IF;
END
$$;
CREATE FUNCTION evidence_sets_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM evidence_sets_check_evidence(NEW.desk_id, NEW.id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER evidence_sets_check AFTER INSERT OR UPDATE ON evidence_sets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_sets_check();
CREATE FUNCTION evidence_set_members_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    it evidence_set_members := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM evidence_sets_check_evidence(it.desk_id, it.set_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER evidence_set_members_check AFTER INSERT OR UPDATE OR DELETE ON evidence_set_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_set_members_check();

CREATE FUNCTION evidence_check_groups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM answers_check_evidence(m.desk_id, m.answer_id) FROM answer_evidence m
    WHERE m.desk_id = NEW.desk_id AND m.evidence_id = NEW.id;
    PERFORM evidence_sets_check_evidence(m.desk_id, m.set_id) FROM evidence_set_members m
    WHERE m.desk_id = NEW.desk_id AND m.evidence_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER evidence_check_groups AFTER UPDATE OF removed_at ON evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_check_groups();
CREATE FUNCTION questions_check_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM answers_check_evidence(a.desk_id, a.id) FROM answers a
    WHERE a.desk_id = NEW.desk_id AND a.question_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER questions_check_answers AFTER UPDATE OF removed_at ON questions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION questions_check_answers();

CREATE INDEX evidence_sets_claim ON evidence_sets (desk_id, claim_id, id);
CREATE INDEX answers_claim ON answers (desk_id, claim_id, id);
