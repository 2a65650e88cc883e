-- What is judged is what was marked: the claim's words stand still while a draft about them is reviewed.
CREATE FUNCTION claims_check_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage IN ('in_review', 'decided') AND NEW.stage = OLD.stage THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_words_stand_still',
            MESSAGE = 'claims_words_stand_still: the words of a claim do not change while they are judged';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claims_check_words BEFORE UPDATE OF claim_reviewed ON claims
    FOR EACH ROW WHEN (NEW.claim_reviewed <> OLD.claim_reviewed) EXECUTE FUNCTION claims_check_words();

-- The first known appearance is the first: no other one is known to be earlier.
CREATE FUNCTION appearances_check_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that change appearances of one claim wait for each other here.
    PERFORM FROM claims c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM appearances p
        WHERE p.desk_id = NEW.desk_id AND p.claim_id = NEW.claim_id AND p.id <> NEW.id AND p.removed_at IS NULL
          AND ((NEW.is_first_known AND p.said_to < NEW.said_from) OR (p.is_first_known AND NEW.said_to < p.said_from))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appearances_none_before_first_known',
            MESSAGE = 'appearances_none_before_first_known: another appearance is earlier than the first known one';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER appearances_check_first BEFORE INSERT OR UPDATE OF said_from, said_to, is_first_known, removed_at ON appearances
    FOR EACH ROW WHEN (NEW.removed_at IS NULL AND NEW.said_from IS NOT NULL) EXECUTE FUNCTION appearances_check_first();

-- Two claims that look alike and were found not to say the same: not suggested again. Stored once, the smaller first.
CREATE TABLE claim_distinctions (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    other_id uuid NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, claim_id, other_id),
    CONSTRAINT claim_distinctions_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT claim_distinctions_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT claim_distinctions_other FOREIGN KEY (desk_id, other_id) REFERENCES claims (desk_id, id),
    CONSTRAINT claim_distinctions_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT claim_distinctions_once CHECK (claim_id < other_id)
);
CREATE INDEX claim_distinctions_other ON claim_distinctions (desk_id, other_id);
CREATE TRIGGER claim_distinctions_are_immutable BEFORE UPDATE OR DELETE ON claim_distinctions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('claim_distinctions_are_immutable');
CREATE TRIGGER claim_distinctions_stay BEFORE TRUNCATE ON claim_distinctions
    EXECUTE FUNCTION refuse_change('claim_distinctions_are_immutable');
GRANT SELECT, INSERT ON claim_distinctions TO factdesk_app;
