-- What somebody who read a text found in it besides what they marked: words that make no claim, words in which they see
-- the claim that somebody else marked, or that there is none in all the rest.
CREATE TABLE passage_findings (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    article_id uuid NOT NULL,
    version_id uuid NOT NULL,
    finding text NOT NULL,
    start_at integer, -- code points of the version's text; of the rest these three are empty
    end_at integer,
    exact text,
    alone boolean NOT NULL, -- without seeing what others marked
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT passage_findings_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT passage_findings_version FOREIGN KEY (desk_id, article_id, version_id)
        REFERENCES article_versions (desk_id, article_id, id),
    CONSTRAINT passage_findings_creator FOREIGN KEY (desk_id, created_by)
        REFERENCES memberships (desk_id, account_id),
    CONSTRAINT passage_findings_finding_known CHECK (finding IN ('claim', 'no_claim', 'rest')),
    CONSTRAINT passage_findings_whole CHECK (
        num_nulls(start_at, end_at, exact) = CASE finding WHEN 'rest' THEN 3 ELSE 0 END
    ),
    CONSTRAINT passage_findings_span_is_exact CHECK (
        start_at >= 0 AND end_at > start_at AND end_at - start_at = char_length(exact)
    ),
    CONSTRAINT passage_findings_withdrawn_after CHECK (withdrawn_at >= created_at)
);
-- One person finds one thing in the same words, until they withdraw it.
CREATE UNIQUE INDEX passage_findings_one_live
    ON passage_findings (desk_id, version_id, created_by, coalesce(start_at, -1), coalesce(end_at, -1))
    WHERE withdrawn_at IS NULL;
CREATE TRIGGER passage_findings_event_each BEFORE UPDATE ON passage_findings FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER passage_findings_stay BEFORE DELETE ON passage_findings
    FOR EACH ROW EXECUTE FUNCTION refuse_change('passage_findings_stay');
CREATE TRIGGER passage_findings_check_exact BEFORE INSERT ON passage_findings
    FOR EACH ROW WHEN (NEW.exact IS NOT NULL) EXECUTE FUNCTION check_exact('passage_findings_exact_is_the_text');

-- A finding is withdrawn once, and changes in nothing else.
CREATE FUNCTION passage_findings_check_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
        OR (NEW.desk_id, NEW.id, NEW.article_id, NEW.version_id, NEW.finding, NEW.start_at, NEW.end_at, NEW.exact,
            NEW.alone, NEW.created_by, NEW.created_at)
        IS DISTINCT FROM
           (OLD.desk_id, OLD.id, OLD.article_id, OLD.version_id, OLD.finding, OLD.start_at, OLD.end_at, OLD.exact,
            OLD.alone, OLD.created_by, OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_findings_only_withdrawn',
            MESSAGE = 'passage_findings_only_withdrawn: what somebody found is withdrawn, and not changed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER passage_findings_check_withdrawal BEFORE UPDATE ON passage_findings
    FOR EACH ROW EXECUTE FUNCTION passage_findings_check_withdrawal();
GRANT SELECT, INSERT, UPDATE ON passage_findings TO factdesk_app;
