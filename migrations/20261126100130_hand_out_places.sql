-- A place of somebody among those who assess a claim blindly, or vote on it in a panel: given by the desk or drawn from the
-- queue, and kept for a while, so that no more people work on it than are needed, and nobody waits for a closed laptop.
CREATE TABLE assessment_places (
    desk_id uuid NOT NULL,
    round_id uuid NOT NULL,
    account_id uuid NOT NULL, -- one place for each person and round: nobody gets the same claim twice
    id uuid NOT NULL, -- what events name
    claim_id uuid NOT NULL,
    how text NOT NULL,
    assigned_by uuid, -- of one that was assigned
    since timestamptz NOT NULL,
    at timestamptz NOT NULL, -- of the last change
    until timestamptz NOT NULL, -- kept until then; after that anybody may have it, this person, too
    released boolean NOT NULL DEFAULT false, -- the person left it to others and is not offered it again
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, round_id, account_id),
    CONSTRAINT assessment_places_id_unique UNIQUE (desk_id, id),
    CONSTRAINT assessment_places_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT assessment_places_round FOREIGN KEY (desk_id, claim_id, round_id)
        REFERENCES rounds (desk_id, claim_id, id),
    CONSTRAINT assessment_places_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT assessment_places_assigner FOREIGN KEY (desk_id, assigned_by)
        REFERENCES memberships (desk_id, account_id),
    CONSTRAINT assessment_places_how_known CHECK (how IN ('assigned', 'drawn', 'taken')),
    CONSTRAINT assessment_places_assigned_by_somebody CHECK ((how = 'assigned') = (assigned_by IS NOT NULL)),
    CONSTRAINT assessment_places_released_at_once CHECK (NOT released OR until <= at)
);
CREATE INDEX assessment_places_member ON assessment_places (desk_id, account_id, until);

-- Whether somebody may rate in a round: a blind one, or a panel, that is open for it. Drafters, recused people, and in a blind
-- round whoever marked the claim, may not.
CREATE FUNCTION may_rate(round rounds, account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT round.state = 'in_review' AND round.mode IN ('blind', 'panel') AND NOT round.judged
        AND NOT EXISTS (
            SELECT FROM round_drafters d
            WHERE d.desk_id = round.desk_id AND d.round_id = round.id AND d.account_id = account)
        AND NOT is_recused(round.desk_id, round.claim_id, account)
        AND NOT (round.mode = 'blind' AND EXISTS (
            SELECT FROM claims c
            JOIN review_policies p ON p.desk_id = round.desk_id AND p.id = round.policy_id AND p.authors_apart
            WHERE c.desk_id = round.desk_id AND c.id = round.claim_id AND c.created_by = account))
$$;

-- How many places of a round nobody but this person has: neither by having assessed, nor by a place that is kept.
CREATE FUNCTION places_left(round rounds, account uuid, now timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT p.people - (
        SELECT count(*) FROM (
            SELECT a.reviewer_id FROM counted_assessments(round.desk_id, round.id) a
            UNION
            SELECT h.account_id FROM assessment_places h
            WHERE h.desk_id = round.desk_id AND h.round_id = round.id AND h.until > now
              AND NOT is_recused(h.desk_id, h.claim_id, h.account_id)
        ) taken (by_account) WHERE taken.by_account <> account)::integer
    FROM review_policies p WHERE p.desk_id = round.desk_id AND p.id = round.policy_id
$$;

-- Whether the queue offers a round to somebody: who may rate in it, has not, and has not left it to others.
CREATE FUNCTION may_draw(round rounds, account uuid, now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT may_rate(round, account) AND places_left(round, account, now) > 0
        AND NOT EXISTS (
            SELECT FROM assessments a
            WHERE a.desk_id = round.desk_id AND a.round_id = round.id AND a.reviewer_id = account AND a.kind = 'rating')
        AND NOT EXISTS (
            SELECT FROM assessment_places h
            WHERE h.desk_id = round.desk_id AND h.round_id = round.id AND h.account_id = account AND h.released)
$$;

CREATE FUNCTION assessment_places_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round rounds%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.desk_id, NEW.round_id, NEW.account_id, NEW.id, NEW.claim_id)
        IS DISTINCT FROM (OLD.desk_id, OLD.round_id, OLD.account_id, OLD.id, OLD.claim_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_places_stay_whose_they_are',
            MESSAGE = 'assessment_places_stay_whose_they_are: a place is of one person in one round';
    END IF;
    -- Longer is all that can be said without an event.
    IF TG_OP = 'UPDATE' AND NEW.event_id = OLD.event_id AND (
        (NEW.how, NEW.assigned_by, NEW.since, NEW.released) IS DISTINCT FROM
        (OLD.how, OLD.assigned_by, OLD.since, OLD.released)
        OR NEW.until < OLD.until OR OLD.until <= NEW.at
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'every_change_has_an_event',
            MESSAGE = 'every_change_has_an_event: the change of a place names its own event';
    END IF;
    IF NEW.until <= NEW.at THEN
        RETURN NEW;
    END IF;
    -- Those who take places and those who assess wait for each other here.
    SELECT * INTO STRICT round FROM rounds r WHERE r.desk_id = NEW.desk_id AND r.id = NEW.round_id FOR NO KEY UPDATE;
    IF NOT may_rate(round, NEW.account_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_places_for_those_who_may',
            MESSAGE = 'assessment_places_for_those_who_may: this person does not assess the claim, or nobody does now';
    END IF;
    IF places_left(round, NEW.account_id, NEW.at) < 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_places_not_too_many',
            MESSAGE = 'assessment_places_not_too_many: as many people as are needed assess it already';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER assessment_places_check BEFORE INSERT OR UPDATE ON assessment_places
    FOR EACH ROW EXECUTE FUNCTION assessment_places_check();
CREATE TRIGGER assessment_places_stay BEFORE DELETE ON assessment_places
    FOR EACH ROW EXECUTE FUNCTION refuse_change('assessment_places_stay');

GRANT SELECT, INSERT, UPDATE ON assessment_places TO factdesk_app;
