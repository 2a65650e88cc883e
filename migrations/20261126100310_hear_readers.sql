-- What readers write about published claims: without an account, looked at by two members, and answered.

-- Keys that sign what is handed to strangers, so that it can be known again without a row for each. Shared by all desks.
CREATE TABLE form_keys (
    purpose text PRIMARY KEY,
    key bytea NOT NULL,
    CONSTRAINT form_keys_length CHECK (octet_length(key) = 32)
);
INSERT INTO form_keys (purpose, key)
VALUES ('report', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
GRANT SELECT ON form_keys TO factdesk_app;

-- Readers change something, too: they are nobody that the desk knows.
ALTER TABLE events DROP CONSTRAINT events_actor_kind_known;
ALTER TABLE events ADD CONSTRAINT events_actor_kind_known
    CHECK (actor_kind IN ('person', 'system', 'machine', 'reader'));

CREATE TABLE reader_reports (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    verdict integer NOT NULL, -- the one that was public when it came
    kind text NOT NULL,
    words text NOT NULL, -- empty once it is withdrawn
    links text[] NOT NULL DEFAULT '{}',
    name text,
    reach text, -- how to reach them; for members
    may_publish boolean NOT NULL, -- whether their words may stand beside a public answer
    digest bytea NOT NULL, -- SHA-256 of the salt and all that was sent; the event has it, and no word of it
    salt bytea NOT NULL,
    words_hash bytea, -- of the folded words: the same ones are not taken twice
    form_key uuid NOT NULL, -- of the form it was sent with, which is taken once
    tracking_hash bytea NOT NULL, -- SHA-256 of the secret in the address of its own page
    state text NOT NULL DEFAULT 'new',
    erased_at timestamptz,
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT reader_reports_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT reader_reports_verdict FOREIGN KEY (desk_id, claim_id, verdict)
        REFERENCES publications (desk_id, claim_id, number),
    CONSTRAINT reader_reports_form_once UNIQUE (desk_id, form_key),
    CONSTRAINT reader_reports_words_once UNIQUE (desk_id, claim_id, words_hash),
    CONSTRAINT reader_reports_tracking_unique UNIQUE (desk_id, tracking_hash),
    CONSTRAINT reader_reports_kind_known CHECK (kind IN ('error', 'new_evidence', 'right_of_reply', 'appeal')),
    CONSTRAINT reader_reports_state_known CHECK (
        state IN ('new', 'first_look', 'second_look', 'answered', 'withdrawn')
    ),
    CONSTRAINT reader_reports_words_length CHECK (
        char_length(words) <= 5000
        AND (state = 'withdrawn') = (btrim(words) = '')
        AND (state = 'withdrawn') = (words_hash IS NULL)
    ),
    CONSTRAINT reader_reports_links_few CHECK (
        cardinality(links) <= 10 AND char_length(array_to_string(links, ' ')) <= 20000
    ),
    CONSTRAINT reader_reports_name_length CHECK (char_length(btrim(name)) BETWEEN 1 AND 200),
    CONSTRAINT reader_reports_reach_length CHECK (char_length(btrim(reach)) BETWEEN 1 AND 300),
    CONSTRAINT reader_reports_reply_is_named CHECK (kind <> 'right_of_reply' OR name IS NOT NULL OR erased_at IS NOT NULL),
    CONSTRAINT reader_reports_erased_whole CHECK (erased_at IS NULL OR num_nulls(name, reach) = 2),
    CONSTRAINT reader_reports_hashes CHECK (
        octet_length(digest) = 32 AND octet_length(salt) = 16 AND octet_length(words_hash) = 32
        AND octet_length(tracking_hash) = 32
    )
);
CREATE INDEX reader_reports_state ON reader_reports (desk_id, state, id);
CREATE INDEX reader_reports_claim ON reader_reports (desk_id, claim_id, id);
CREATE TRIGGER reader_reports_event_each BEFORE UPDATE ON reader_reports
    FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER reader_reports_stay BEFORE DELETE ON reader_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change('reader_reports_stay');

-- What one member found. Two look at each report.
CREATE TABLE report_looks (
    desk_id uuid NOT NULL,
    report_id uuid NOT NULL,
    number smallint NOT NULL,
    account_id uuid NOT NULL,
    finding text NOT NULL,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, report_id, number),
    CONSTRAINT report_looks_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT report_looks_report FOREIGN KEY (desk_id, report_id) REFERENCES reader_reports (desk_id, id),
    CONSTRAINT report_looks_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT report_looks_two CHECK (number IN (1, 2)),
    CONSTRAINT report_looks_finding_known CHECK (finding IN ('upheld', 'partly', 'rejected', 'spam')),
    CONSTRAINT report_looks_note_length CHECK (char_length(note) <= 5000)
);
CREATE TRIGGER report_looks_are_immutable BEFORE UPDATE OR DELETE ON report_looks
    FOR EACH ROW EXECUTE FUNCTION refuse_change('report_looks_are_immutable');
CREATE TRIGGER report_looks_remain BEFORE TRUNCATE ON report_looks
    EXECUTE FUNCTION refuse_change('report_looks_are_immutable');

-- What the reader is told in the end.
CREATE TABLE report_answers (
    desk_id uuid NOT NULL,
    report_id uuid NOT NULL,
    outcome text NOT NULL,
    words text NOT NULL,
    is_public boolean NOT NULL, -- stands on the claim's page; otherwise on the reader's own page only
    with_words boolean NOT NULL, -- the reader's words stand beside it
    answered_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, report_id),
    CONSTRAINT report_answers_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT report_answers_report FOREIGN KEY (desk_id, report_id) REFERENCES reader_reports (desk_id, id),
    CONSTRAINT report_answers_member FOREIGN KEY (desk_id, answered_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT report_answers_outcome_known CHECK (outcome IN ('upheld', 'partly', 'rejected', 'spam')),
    CONSTRAINT report_answers_words_length CHECK (char_length(btrim(words)) > 0 AND char_length(words) <= 5000),
    CONSTRAINT report_answers_spam_is_private CHECK (outcome <> 'spam' OR NOT is_public),
    CONSTRAINT report_answers_words_in_public CHECK (is_public OR NOT with_words)
);
CREATE TRIGGER report_answers_are_immutable BEFORE UPDATE OR DELETE ON report_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_change('report_answers_are_immutable');
CREATE TRIGGER report_answers_remain BEFORE TRUNCATE ON report_answers
    EXECUTE FUNCTION refuse_change('report_answers_are_immutable');

-- The correction that a report led to.
CREATE TABLE report_rounds (
    desk_id uuid NOT NULL,
    round_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    report_id uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, round_id),
    CONSTRAINT report_rounds_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT report_rounds_round FOREIGN KEY (desk_id, claim_id, round_id) REFERENCES rounds (desk_id, claim_id, id),
    CONSTRAINT report_rounds_report FOREIGN KEY (desk_id, report_id) REFERENCES reader_reports (desk_id, id)
);
CREATE INDEX report_rounds_of_report ON report_rounds (desk_id, report_id);
CREATE TRIGGER report_rounds_are_immutable BEFORE UPDATE OR DELETE ON report_rounds
    FOR EACH ROW EXECUTE FUNCTION refuse_change('report_rounds_are_immutable');
CREATE TRIGGER report_rounds_remain BEFORE TRUNCATE ON report_rounds
    EXECUTE FUNCTION refuse_change('report_rounds_are_immutable');

CREATE FUNCTION reader_reports_check_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'new' OR NOT EXISTS (
        SELECT FROM claims c
        WHERE c.desk_id = NEW.desk_id AND c.id = NEW.claim_id AND c.stage IN ('published', 'retracted')
          AND c.current_verdict = NEW.verdict
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_reports_about_what_is_public',
            MESSAGE = 'reader_reports_about_what_is_public: a report begins as new, about the verdict that is public';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reader_reports_check_new BEFORE INSERT ON reader_reports
    FOR EACH ROW EXECUTE FUNCTION reader_reports_check_new();

CREATE FUNCTION reader_reports_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.claim_id, NEW.verdict, NEW.kind, NEW.may_publish, NEW.digest, NEW.salt, NEW.form_key, NEW.tracking_hash,
        NEW.created_at)
        IS DISTINCT FROM
       (OLD.claim_id, OLD.verdict, OLD.kind, OLD.may_publish, OLD.digest, OLD.salt, OLD.form_key, OLD.tracking_hash,
        OLD.created_at)
       OR (NEW.words, NEW.links, NEW.words_hash) IS DISTINCT FROM (OLD.words, OLD.links, OLD.words_hash)
          AND NOT (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND NEW.links = '{}')
       OR NEW.name <> OLD.name OR NEW.reach <> OLD.reach
       OR (NEW.name IS NULL AND OLD.name IS NOT NULL OR NEW.reach IS NULL AND OLD.reach IS NOT NULL)
          AND NEW.erased_at IS NULL
       OR (OLD.name IS NULL AND NEW.name IS NOT NULL OR OLD.reach IS NULL AND NEW.reach IS NOT NULL)
       OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_reports_words_stay',
            MESSAGE = 'reader_reports_words_stay: what a reader wrote is erased, and never changed';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY[
        'new>first_look', 'first_look>second_look', 'second_look>answered',
        'new>withdrawn', 'first_look>withdrawn', 'second_look>withdrawn'
    ])) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_reports_state_order',
            MESSAGE = format('reader_reports_state_order: a report does not go from %s to %s', OLD.state, NEW.state);
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> 'withdrawn' AND NOT (CASE NEW.state
        WHEN 'answered' THEN EXISTS (
            SELECT FROM report_answers a WHERE a.desk_id = NEW.desk_id AND a.report_id = NEW.id)
        ELSE EXISTS (
            SELECT FROM report_looks l
            WHERE l.desk_id = NEW.desk_id AND l.report_id = NEW.id
              AND l.number = CASE NEW.state WHEN 'first_look' THEN 1 ELSE 2 END)
        END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_reports_state_is_true',
            MESSAGE = 'reader_reports_state_is_true: nobody has looked at this report, or answered it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reader_reports_check_change BEFORE UPDATE ON reader_reports
    FOR EACH ROW EXECUTE FUNCTION reader_reports_check_change();

-- Two different people look, as long as the desk has two who may.
CREATE FUNCTION report_looks_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    report reader_reports%ROWTYPE;
BEGIN
    SELECT * INTO STRICT report FROM reader_reports r
    WHERE r.desk_id = NEW.desk_id AND r.id = NEW.report_id FOR UPDATE;
    IF report.state <> (CASE NEW.number WHEN 1 THEN 'new' ELSE 'first_look' END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_looks_in_order',
            MESSAGE = 'report_looks_in_order: a report is looked at once, and then once more';
    END IF;
    IF EXISTS (
        SELECT FROM report_looks l
        WHERE l.desk_id = NEW.desk_id AND l.report_id = NEW.report_id AND l.account_id = NEW.account_id
    ) AND EXISTS (
        SELECT FROM memberships m
        JOIN accounts a ON a.id = m.account_id
        WHERE m.desk_id = NEW.desk_id AND m.account_id <> NEW.account_id AND a.disabled_at IS NULL
          AND m.roles && ARRAY['fact_checker', 'reviewer', 'editor']
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_looks_by_two',
            MESSAGE = 'report_looks_by_two: two different people look at a report';
    END IF;
    IF is_recused(NEW.desk_id, report.claim_id, NEW.account_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_looks_not_by_recused',
            MESSAGE = 'report_looks_not_by_recused: who is recused from the claim does not look at reports about it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_looks_check BEFORE INSERT ON report_looks
    FOR EACH ROW EXECUTE FUNCTION report_looks_check();

CREATE FUNCTION report_looks_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reader_reports r
    SET state = CASE NEW.number WHEN 1 THEN 'first_look' ELSE 'second_look' END,
        row_version = r.row_version + 1, event_id = NEW.event_id
    WHERE r.desk_id = NEW.desk_id AND r.id = NEW.report_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER report_looks_move AFTER INSERT ON report_looks FOR EACH ROW EXECUTE FUNCTION report_looks_move();

CREATE FUNCTION report_answers_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    report reader_reports%ROWTYPE;
BEGIN
    SELECT * INTO STRICT report FROM reader_reports r
    WHERE r.desk_id = NEW.desk_id AND r.id = NEW.report_id FOR UPDATE;
    IF report.state <> 'second_look' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_answers_after_two_looks',
            MESSAGE = 'report_answers_after_two_looks: a report is answered once, when two have looked at it';
    END IF;
    IF NEW.with_words AND NOT report.may_publish THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_answers_words_if_allowed',
            MESSAGE = 'report_answers_words_if_allowed: the reader did not allow that their words are published';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_answers_check BEFORE INSERT ON report_answers
    FOR EACH ROW EXECUTE FUNCTION report_answers_check();

CREATE FUNCTION report_answers_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reader_reports r
    SET state = 'answered', row_version = r.row_version + 1, event_id = NEW.event_id
    WHERE r.desk_id = NEW.desk_id AND r.id = NEW.report_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER report_answers_move AFTER INSERT ON report_answers
    FOR EACH ROW EXECUTE FUNCTION report_answers_move();

-- A correction that a report asks for: of its own claim, and after two have looked at it.
CREATE FUNCTION report_rounds_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reader_reports p
        JOIN rounds r ON r.desk_id = p.desk_id AND r.claim_id = p.claim_id AND r.id = NEW.round_id
        WHERE p.desk_id = NEW.desk_id AND p.id = NEW.report_id AND p.claim_id = NEW.claim_id
          AND p.state IN ('second_look', 'answered') AND r.kind <> 'initial'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'report_rounds_fit',
            MESSAGE = 'report_rounds_fit: a report leads to a correction of its claim, when two have looked at it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_rounds_check BEFORE INSERT ON report_rounds
    FOR EACH ROW EXECUTE FUNCTION report_rounds_check();

-- A round that takes over from one that ended with the same change has the same cause.
CREATE FUNCTION rounds_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO report_rounds (desk_id, round_id, claim_id, report_id, event_id)
    SELECT NEW.desk_id, NEW.id, NEW.claim_id, l.report_id, NEW.event_id
    FROM rounds r
    JOIN report_rounds l ON l.desk_id = r.desk_id AND l.round_id = r.id
    WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.claim_id AND r.state = 'void' AND r.event_id = NEW.event_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER rounds_keep_report AFTER INSERT ON rounds FOR EACH ROW WHEN (NEW.kind <> 'initial')
    EXECUTE FUNCTION rounds_keep_report();

-- A correction says which report asked for it: the one that its round has.
ALTER TABLE corrections ADD COLUMN requested_by uuid;
ALTER TABLE corrections ADD CONSTRAINT corrections_requester FOREIGN KEY (desk_id, requested_by)
    REFERENCES reader_reports (desk_id, id);
CREATE FUNCTION corrections_name_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.requested_by := (
        SELECT l.report_id FROM rounds r
        JOIN report_rounds l ON l.desk_id = r.desk_id AND l.round_id = r.id
        WHERE r.desk_id = NEW.desk_id AND r.claim_id = NEW.claim_id AND r.state = 'approved'
    );
    RETURN NEW;
END
$$;
CREATE TRIGGER corrections_name_report BEFORE INSERT ON corrections
    FOR EACH ROW EXECUTE FUNCTION corrections_name_report();

GRANT SELECT, INSERT ON reader_reports, report_looks, report_answers, report_rounds TO factdesk_app;
GRANT UPDATE ON reader_reports TO factdesk_app;
