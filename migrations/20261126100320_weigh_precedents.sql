-- Why a rating is another one than that of a published claim which says nearly the same.
CREATE TABLE departures (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    round_id uuid NOT NULL,
    assessment_id uuid, -- of the assessment that it belongs to, and read only by those who may read that; NULL: of the draft
    rating_code text NOT NULL, -- the one that was given
    precedent_id uuid NOT NULL, -- the claim that was rated otherwise
    precedent_verdict integer NOT NULL,
    note text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT departures_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT departures_round FOREIGN KEY (desk_id, claim_id, round_id) REFERENCES rounds (desk_id, claim_id, id),
    CONSTRAINT departures_assessment FOREIGN KEY (desk_id, assessment_id) REFERENCES assessments (desk_id, id),
    CONSTRAINT departures_precedent FOREIGN KEY (desk_id, precedent_id, precedent_verdict)
        REFERENCES publications (desk_id, claim_id, number),
    CONSTRAINT departures_author FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT departures_from_another_claim CHECK (precedent_id <> claim_id),
    CONSTRAINT departures_note_length CHECK (char_length(btrim(note)) > 0 AND char_length(note) <= 1000)
);
CREATE INDEX departures_round ON departures (desk_id, round_id, id);
CREATE TRIGGER departures_are_immutable BEFORE UPDATE OR DELETE ON departures
    FOR EACH ROW EXECUTE FUNCTION refuse_change('departures_are_immutable');
CREATE TRIGGER departures_remain BEFORE TRUNCATE ON departures
    EXECUTE FUNCTION refuse_change('departures_are_immutable');
GRANT SELECT, INSERT ON departures TO factdesk_app;

CREATE FUNCTION departures_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM verdicts v
        JOIN scale_versions s ON s.desk_id = v.desk_id AND s.id = v.scale_version_id
        JOIN rounds r ON r.desk_id = v.desk_id AND r.id = NEW.round_id
        JOIN scale_versions t ON t.desk_id = r.desk_id AND t.id = r.scale_version_id AND t.scale_id = s.scale_id
        WHERE v.desk_id = NEW.desk_id AND v.claim_id = NEW.precedent_id AND v.number = NEW.precedent_verdict
          AND v.rating_code IS DISTINCT FROM NEW.rating_code
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'departures_from_another_rating',
            MESSAGE = 'departures_from_another_rating: the other claim was rated alike, or on another scale';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER departures_check BEFORE INSERT ON departures FOR EACH ROW EXECUTE FUNCTION departures_check();
