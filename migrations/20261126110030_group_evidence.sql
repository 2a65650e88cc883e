-- Evidence that bears on a claim only together: "A and B".
CREATE TABLE evidence_sets (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    label text NOT NULL,
    note text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT evidence_sets_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT evidence_sets_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT evidence_sets_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT evidence_sets_of_claim UNIQUE (desk_id, claim_id, id),
    CONSTRAINT evidence_sets_label_length CHECK (btrim(label) <> '' AND char_length(label) <= 200),
    CONSTRAINT evidence_sets_note_length CHECK (char_length(note) <= 2000)
);
CREATE TRIGGER evidence_sets_event_each BEFORE UPDATE ON evidence_sets FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER evidence_sets_stay BEFORE DELETE ON evidence_sets
    FOR EACH ROW EXECUTE FUNCTION refuse_change('evidence_sets_stay');

CREATE TABLE evidence_set_members (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    set_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    PRIMARY KEY (desk_id, set_id, evidence_id),
    CONSTRAINT evidence_set_members_set FOREIGN KEY (desk_id, claim_id, set_id)
        REFERENCES evidence_sets (desk_id, claim_id, id),
    CONSTRAINT evidence_set_members_evidence FOREIGN KEY (desk_id, claim_id, evidence_id)
        REFERENCES evidence (desk_id, claim_id, id)
);
CREATE INDEX evidence_set_members_evidence ON evidence_set_members (desk_id, evidence_id);

-- What has to be known to judge a claim, and what the evidence says: AVeriTeC's questions and answers.
CREATE TABLE questions (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    position integer NOT NULL,
    question text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT questions_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT questions_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT questions_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT questions_of_claim UNIQUE (desk_id, claim_id, id),
    CONSTRAINT questions_position_counts CHECK (position >= 1),
    CONSTRAINT questions_question_length CHECK (btrim(question) <> '' AND char_length(question) <= 1000)
);
CREATE INDEX questions_claim ON questions (desk_id, claim_id, position);
CREATE TRIGGER questions_event_each BEFORE UPDATE ON questions FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER questions_stay BEFORE DELETE ON questions FOR EACH ROW EXECUTE FUNCTION refuse_change('questions_stay');

CREATE TABLE answers (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    question_id uuid NOT NULL,
    kind text NOT NULL,
    answer text, -- the words, of the source or of the member
    is_yes boolean, -- of a boolean answer
    explanation text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT answers_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT answers_question FOREIGN KEY (desk_id, claim_id, question_id) REFERENCES questions (desk_id, claim_id, id),
    CONSTRAINT answers_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT answers_of_claim UNIQUE (desk_id, claim_id, id),
    CONSTRAINT answers_kind_known CHECK (kind IN ('extractive', 'abstractive', 'boolean', 'unanswerable')),
    CONSTRAINT answers_words_with_kind CHECK ((kind IN ('extractive', 'abstractive')) = (answer IS NOT NULL)),
    CONSTRAINT answers_yes_with_kind CHECK ((kind = 'boolean') = (is_yes IS NOT NULL)),
    CONSTRAINT answers_answer_length CHECK (btrim(answer) <> '' AND char_length(answer) <= 5000),
    CONSTRAINT answers_explanation_length CHECK (char_length(explanation) <= 5000)
);
CREATE INDEX answers_question ON answers (desk_id, question_id, id);
CREATE TRIGGER answers_event_each BEFORE UPDATE ON answers FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER answers_stay BEFORE DELETE ON answers FOR EACH ROW EXECUTE FUNCTION refuse_change('answers_stay');

CREATE TABLE answer_evidence (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    answer_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    PRIMARY KEY (desk_id, answer_id, evidence_id),
    CONSTRAINT answer_evidence_answer FOREIGN KEY (desk_id, claim_id, answer_id) REFERENCES answers (desk_id, claim_id, id),
    CONSTRAINT answer_evidence_evidence FOREIGN KEY (desk_id, claim_id, evidence_id)
        REFERENCES evidence (desk_id, claim_id, id)
);
CREATE INDEX answer_evidence_evidence ON answer_evidence (desk_id, evidence_id);

-- An answer rests on evidence, and that there is none is an answer, too. Looked at when the transaction ends.
CREATE FUNCTION answers_check_evidence(desk uuid, answer uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM answers a
        WHERE a.desk_id = desk AND a.id = answer AND a.removed_at IS NULL
          AND (a.kind = 'unanswerable') = EXISTS (
              SELECT FROM answer_evidence e WHERE e.desk_id = a.desk_id AND e.answer_id = a.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'answers_rest_on_evidence',
            MESSAGE = 'answers_rest_on_evidence: an answer names evidence, and one that cannot be given names none';
    END IF;
END
$$;
CREATE FUNCTION answers_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM answers_check_evidence(NEW.desk_id, NEW.id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER answers_check AFTER INSERT OR UPDATE ON answers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION answers_check();
CREATE FUNCTION answer_evidence_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    it answer_evidence := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM answers_check_evidence(it.desk_id, it.answer_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER answer_evidence_check AFTER INSERT OR UPDATE OR DELETE ON answer_evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION answer_evidence_check();

GRANT SELECT, INSERT, UPDATE ON evidence_sets, questions, answers TO factdesk_app;
GRANT SELECT, INSERT, DELETE ON evidence_set_members, answer_evidence TO factdesk_app;
