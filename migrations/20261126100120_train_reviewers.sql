-- Claims for learning how the desk rates: each with the rating that it agreed on and the reason. They are no claims of the
-- desk's work: nothing here points at its claims, rounds, assessments or verdicts, and nothing there can point here.
CREATE TABLE training_claims (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_reviewed text NOT NULL,
    context text NOT NULL DEFAULT '', -- who said it, when and where
    evidence text NOT NULL, -- what is known of it
    scale_version_id uuid NOT NULL,
    rating_code text NOT NULL, -- how the desk rates it
    explanation text NOT NULL, -- why; read after one's own answer
    guideline_number integer, -- NULL: the desk had no guidelines
    salt bytea NOT NULL, -- what the event's hash of the answer is made with
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz, -- since when it is not asked any more
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT training_claims_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT training_claims_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT training_claims_scale UNIQUE (desk_id, id, scale_version_id),
    CONSTRAINT training_claims_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
        REFERENCES rating_values (desk_id, scale_version_id, code),
    CONSTRAINT training_claims_guideline FOREIGN KEY (desk_id, guideline_number) REFERENCES guidelines (desk_id, number),
    CONSTRAINT training_claims_words_length CHECK (char_length(claim_reviewed) BETWEEN 1 AND 400),
    CONSTRAINT training_claims_context_length CHECK (char_length(context) <= 2000),
    CONSTRAINT training_claims_evidence_length CHECK (btrim(evidence) <> '' AND char_length(evidence) <= 20000),
    CONSTRAINT training_claims_explanation_length CHECK (btrim(explanation) <> '' AND char_length(explanation) <= 20000),
    CONSTRAINT training_claims_salt_length CHECK (octet_length(salt) = 32)
);
CREATE TRIGGER training_claims_event_each BEFORE UPDATE ON training_claims
    FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER training_claims_stay BEFORE DELETE ON training_claims
    FOR EACH ROW EXECUTE FUNCTION refuse_change('training_claims_stay');

-- What was asked and answered stays as it was; a training claim can only be retired, and come back.
CREATE FUNCTION training_claims_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.claim_reviewed, NEW.context, NEW.evidence, NEW.scale_version_id, NEW.rating_code, NEW.explanation,
        NEW.guideline_number, NEW.salt, NEW.created_by, NEW.created_at)
        IS DISTINCT FROM
       (OLD.claim_reviewed, OLD.context, OLD.evidence, OLD.scale_version_id, OLD.rating_code, OLD.explanation,
        OLD.guideline_number, OLD.salt, OLD.created_by, OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'training_claims_stand',
            MESSAGE = 'training_claims_stand: the words of a training claim stay as they were asked';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER training_claims_check BEFORE UPDATE ON training_claims
    FOR EACH ROW EXECUTE FUNCTION training_claims_check();

-- How somebody rated a training claim, before reading how the desk does.
CREATE TABLE training_answers (
    desk_id uuid NOT NULL,
    training_claim_id uuid NOT NULL,
    account_id uuid NOT NULL,
    scale_version_id uuid NOT NULL,
    rating_code text NOT NULL,
    rationale text NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, training_claim_id, account_id),
    CONSTRAINT training_answers_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT training_answers_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT training_answers_claim FOREIGN KEY (desk_id, training_claim_id, scale_version_id)
        REFERENCES training_claims (desk_id, id, scale_version_id),
    CONSTRAINT training_answers_rating FOREIGN KEY (desk_id, scale_version_id, rating_code)
        REFERENCES rating_values (desk_id, scale_version_id, code),
    CONSTRAINT training_answers_rationale_length CHECK (btrim(rationale) <> '' AND char_length(rationale) <= 5000)
);
CREATE INDEX training_answers_member ON training_answers (desk_id, account_id);
CREATE TRIGGER training_answers_are_immutable BEFORE UPDATE OR DELETE ON training_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_change('training_answers_are_immutable');
CREATE TRIGGER training_answers_remain BEFORE TRUNCATE ON training_answers
    EXECUTE FUNCTION refuse_change('training_answers_are_immutable');

CREATE FUNCTION training_answers_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM training_claims t
        WHERE t.desk_id = NEW.desk_id AND t.id = NEW.training_claim_id AND t.created_by = NEW.account_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'training_answers_not_by_writer',
            MESSAGE = 'training_answers_not_by_writer: who wrote a training claim knows the answer';
    END IF;
    IF EXISTS (
        SELECT FROM training_claims t
        WHERE t.desk_id = NEW.desk_id AND t.id = NEW.training_claim_id AND t.retired_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'training_answers_while_asked',
            MESSAGE = 'training_answers_while_asked: this training claim is not asked any more';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER training_answers_check BEFORE INSERT ON training_answers
    FOR EACH ROW EXECUTE FUNCTION training_answers_check();

GRANT SELECT, INSERT ON training_claims, training_answers TO factdesk_app;
GRANT UPDATE ON training_claims TO factdesk_app;
