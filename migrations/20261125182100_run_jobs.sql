-- Work that is done later, by whichever server takes it: one row for each thing to be worked on. What comes of it has its
-- events elsewhere; a job says only how far the work is, and so has none of its own.
CREATE TABLE jobs (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL, -- the intake, the feed or the article
    account_id uuid NOT NULL, -- for whom: it may do what this person may do when it runs
    state text NOT NULL DEFAULT 'waiting',
    step text, -- what is being done just now
    attempts integer NOT NULL DEFAULT 0, -- that failed since the last success
    reason text, -- why the last attempt failed
    due_at timestamptz NOT NULL,
    lease uuid, -- of whoever works on it, until then
    lease_until timestamptz,
    every_s integer, -- how long until it is done again; NULL is once
    etag text, -- what the sender said of its last answer
    last_modified text,
    checked_at timestamptz, -- the last success
    created_at timestamptz NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT jobs_one_a_subject UNIQUE (desk_id, kind, subject_id),
    CONSTRAINT jobs_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT jobs_kind_known CHECK (kind IN ('intake', 'feed', 'article', 'watch')),
    CONSTRAINT jobs_state_known CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    CONSTRAINT jobs_step_known CHECK (step IN ('fetching', 'reading', 'keeping')),
    CONSTRAINT jobs_running_is_leased CHECK (
        (state = 'running') = (lease IS NOT NULL) AND (lease IS NULL) = (lease_until IS NULL)
    ),
    CONSTRAINT jobs_step_while_running CHECK (step IS NULL OR state = 'running'),
    CONSTRAINT jobs_dead_says_why CHECK (state <> 'dead' OR reason IS NOT NULL),
    CONSTRAINT jobs_reason_form CHECK (reason ~ '^[a-z_]{1,60}$'),
    CONSTRAINT jobs_attempts_counted CHECK (attempts >= 0),
    CONSTRAINT jobs_again_in_bounds CHECK (every_s BETWEEN 60 AND 2592000)
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';

GRANT SELECT, INSERT, UPDATE ON jobs TO factdesk_app;
