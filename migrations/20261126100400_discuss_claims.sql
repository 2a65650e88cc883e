-- What members say about a claim or about a piece of its evidence. A comment that begins a thread may name the evidence it
-- is about, and is what gets resolved; answers name the comment that began their thread.
ALTER TABLE evidence ADD CONSTRAINT evidence_of_claim UNIQUE (desk_id, claim_id, id);

CREATE TABLE comments (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    evidence_id uuid,
    thread_id uuid, -- NULL: it begins one
    body text NOT NULL, -- a mention is kept as the account that is meant, as in @{0192…}
    author_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    removed_by uuid,
    removed_at timestamptz,
    resolved_by uuid,
    resolved_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT comments_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT comments_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT comments_evidence FOREIGN KEY (desk_id, claim_id, evidence_id) REFERENCES evidence (desk_id, claim_id, id),
    CONSTRAINT comments_of_claim UNIQUE (desk_id, claim_id, id),
    CONSTRAINT comments_thread FOREIGN KEY (desk_id, claim_id, thread_id) REFERENCES comments (desk_id, claim_id, id),
    CONSTRAINT comments_author FOREIGN KEY (desk_id, author_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT comments_remover FOREIGN KEY (desk_id, removed_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT comments_resolver FOREIGN KEY (desk_id, resolved_by) REFERENCES memberships (desk_id, account_id),
    -- 10,000 characters as typed; a mention takes up to 39 as it is kept.
    CONSTRAINT comments_body_length CHECK (btrim(body) <> '' AND char_length(body) <= 12000),
    CONSTRAINT comments_threads_begin CHECK (thread_id IS NULL OR (evidence_id IS NULL AND resolved_at IS NULL)),
    CONSTRAINT comments_removed_whole CHECK ((removed_by IS NULL) = (removed_at IS NULL)),
    CONSTRAINT comments_resolved_whole CHECK ((resolved_by IS NULL) = (resolved_at IS NULL))
);
CREATE INDEX comments_begin ON comments (desk_id, claim_id, id DESC) WHERE thread_id IS NULL;
CREATE INDEX comments_answers ON comments (desk_id, thread_id, id) WHERE thread_id IS NOT NULL;
CREATE TRIGGER comments_event_each BEFORE UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER comments_stay BEFORE DELETE ON comments FOR EACH ROW EXECUTE FUNCTION refuse_change('comments_stay');

CREATE FUNCTION comments_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT FROM comments c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.thread_id AND c.thread_id IS NOT NULL
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_answer_a_beginning',
                MESSAGE = 'comments_answer_a_beginning: an answer names the comment that began the thread';
        END IF;
    ELSIF (NEW.claim_id, NEW.evidence_id, NEW.thread_id, NEW.author_id, NEW.created_at)
        IS DISTINCT FROM (OLD.claim_id, OLD.evidence_id, OLD.thread_id, OLD.author_id, OLD.created_at) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_stay_where_they_are',
            MESSAGE = 'comments_stay_where_they_are: who said it, when and about what does not change';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER comments_check BEFORE INSERT OR UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION comments_check();

-- Who is called in a comment, and by which change of it: each is told once.
CREATE TABLE comment_mentions (
    desk_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    account_id uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, comment_id, account_id),
    CONSTRAINT comment_mentions_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT comment_mentions_comment FOREIGN KEY (desk_id, comment_id) REFERENCES comments (desk_id, id),
    CONSTRAINT comment_mentions_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id)
);
CREATE TRIGGER comment_mentions_are_immutable BEFORE UPDATE OR DELETE ON comment_mentions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('comment_mentions_are_immutable');
CREATE TRIGGER comment_mentions_stay BEFORE TRUNCATE ON comment_mentions
    EXECUTE FUNCTION refuse_change('comment_mentions_are_immutable');

GRANT SELECT, INSERT, UPDATE ON comments TO factdesk_app;
GRANT SELECT, INSERT ON comment_mentions TO factdesk_app;
