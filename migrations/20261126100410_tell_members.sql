-- Whether somebody wants to be told of what happens to a claim. Without a row, those are who have to do with it: see
-- claim_watchers. It is nobody else's business, so the record of changes does not have it.
CREATE TABLE claim_watches (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    account_id uuid NOT NULL,
    watching boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (desk_id, account_id, claim_id),
    CONSTRAINT claim_watches_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT claim_watches_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id)
);
CREATE INDEX claim_watches_claim ON claim_watches (desk_id, claim_id);

-- Who is told of what happens to a claim: those who say so, and unless they say otherwise those who marked it, have it,
-- wrote a word of its verdict, or take part in its discussion.
CREATE FUNCTION claim_watchers(desk uuid, claim uuid) RETURNS TABLE (account_id uuid) LANGUAGE sql STABLE AS $$
    SELECT a.account_id
    FROM (
        SELECT c.created_by FROM claims c WHERE c.desk_id = desk AND c.id = claim
        UNION SELECT c.assignee_id FROM claims c WHERE c.desk_id = desk AND c.id = claim AND c.assignee_id IS NOT NULL
        UNION SELECT d.account_id FROM rounds r
            JOIN round_drafters d ON d.desk_id = r.desk_id AND d.round_id = r.id
            WHERE r.desk_id = desk AND r.claim_id = claim
        UNION SELECT c.author_id FROM comments c WHERE c.desk_id = desk AND c.claim_id = claim
        UNION SELECT w.account_id FROM claim_watches w WHERE w.desk_id = desk AND w.claim_id = claim AND w.watching
    ) a (account_id)
    WHERE NOT EXISTS (
        SELECT FROM claim_watches w
        WHERE w.desk_id = desk AND w.claim_id = claim AND w.account_id = a.account_id AND NOT w.watching
    )
$$;

-- What a member is told, once for each event. Whether it was read is the member's own business: no event tells of it.
CREATE TABLE notifications (
    desk_id uuid NOT NULL,
    account_id uuid NOT NULL,
    event_id uuid NOT NULL, -- sorts by time
    kind text NOT NULL,
    claim_id uuid NOT NULL,
    comment_id uuid,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    mailed_at timestamptz,
    PRIMARY KEY (desk_id, account_id, event_id),
    CONSTRAINT notifications_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT notifications_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT notifications_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT notifications_comment FOREIGN KEY (desk_id, comment_id) REFERENCES comments (desk_id, id),
    CONSTRAINT notifications_kind_known CHECK (kind IN ('mention', 'reply', 'comment', 'assigned', 'verdict')),
    CONSTRAINT notifications_comment_with_kind CHECK ((kind IN ('mention', 'reply', 'comment')) = (comment_id IS NOT NULL))
);
CREATE INDEX notifications_unread ON notifications (desk_id, account_id, claim_id) WHERE read_at IS NULL;

-- Where mail for a person goes: only once the person has shown that it is theirs, and only about what they chose.
CREATE TABLE mail_addresses (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    address text, -- NULL: none is confirmed
    kinds text[] NOT NULL DEFAULT '{mention,reply,assigned}',
    pending text, -- what is to be confirmed
    pending_since timestamptz,
    token_hash bytea, -- SHA-256 of the secret in the mail that was sent there
    CONSTRAINT mail_addresses_token_unique UNIQUE (token_hash),
    CONSTRAINT mail_addresses_form CHECK (address ~ '^[^\s@<>]+@[^\s@<>]+$' AND char_length(address) <= 254),
    CONSTRAINT mail_addresses_pending_form CHECK (pending ~ '^[^\s@<>]+@[^\s@<>]+$' AND char_length(pending) <= 254),
    CONSTRAINT mail_addresses_kinds_known CHECK (kinds <@ ARRAY['mention', 'reply', 'comment', 'assigned', 'verdict']),
    CONSTRAINT mail_addresses_pending_whole CHECK (
        (pending IS NULL) = (pending_since IS NULL) AND (token_hash IS NULL OR pending IS NOT NULL)
    ),
    CONSTRAINT mail_addresses_token_length CHECK (octet_length(token_hash) = 32)
);

ALTER TABLE jobs DROP CONSTRAINT jobs_kind_known;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_known
    CHECK (kind IN ('intake', 'feed', 'article', 'watch', 'mail', 'mail_confirmation'));

-- Tells members of an event when its transaction ends: then all that belongs to it is there. What was asked of
-- somebody by name comes before what they only watch. Mail waits a minute, so that several things go in one.
CREATE FUNCTION notify_members() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid;
    said comments%ROWTYPE;
BEGIN
    IF NEW.entity = 'comment' THEN
        SELECT c.* INTO said FROM comments c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.entity_id;
        about := said.claim_id;
    ELSE
        SELECT c.id INTO about FROM claims c WHERE c.desk_id = NEW.desk_id AND c.id = NEW.entity_id;
        IF about IS NULL THEN
            SELECT r.claim_id INTO about FROM rounds r WHERE r.desk_id = NEW.desk_id AND r.id = NEW.entity_id;
        END IF;
    END IF;
    IF about IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO notifications (desk_id, account_id, event_id, kind, claim_id, comment_id, created_at)
    SELECT DISTINCT ON (told.account_id) NEW.desk_id, told.account_id, NEW.id, told.kind, about, said.id, NEW.at
    FROM (
        SELECT m.account_id, 'mention' AS kind, 1 AS place FROM comment_mentions m
        WHERE m.desk_id = NEW.desk_id AND m.comment_id = said.id AND m.event_id = NEW.id
        UNION ALL
        SELECT c.assignee_id, 'assigned', 1 FROM claims c
        WHERE NEW.action = 'claim.assign' AND c.desk_id = NEW.desk_id AND c.id = about AND c.assignee_id IS NOT NULL
        UNION ALL
        SELECT c.author_id, 'reply', 2 FROM comments c
        WHERE NEW.action = 'comment.add' AND c.desk_id = NEW.desk_id
          AND (c.id = said.thread_id OR c.thread_id = said.thread_id)
          AND c.author_id IN (SELECT w.account_id FROM claim_watchers(NEW.desk_id, about) w)
        UNION ALL
        SELECT w.account_id, CASE NEW.entity WHEN 'comment' THEN 'comment' ELSE 'verdict' END, 3
        FROM claim_watchers(NEW.desk_id, about) w
        WHERE NEW.action NOT IN ('claim.assign', 'comment.edit')
    ) told
    JOIN memberships m ON m.desk_id = NEW.desk_id AND m.account_id = told.account_id AND m.roles <> '{}'
    WHERE told.account_id IS DISTINCT FROM NEW.actor_id
    ORDER BY told.account_id, told.place;

    INSERT INTO jobs (desk_id, id, kind, subject_id, account_id, due_at, created_at)
    SELECT n.desk_id, gen_random_uuid(), 'mail', n.account_id, n.account_id, NEW.at + interval '1 minute', NEW.at
    FROM notifications n
    JOIN mail_addresses a ON a.account_id = n.account_id AND a.address IS NOT NULL AND n.kind = ANY (a.kinds)
    WHERE n.desk_id = NEW.desk_id AND n.event_id = NEW.id
    ON CONFLICT (desk_id, kind, subject_id) DO UPDATE
    SET state = 'waiting', attempts = 0, reason = NULL, due_at = excluded.due_at
    WHERE jobs.state IN ('done', 'dead');
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER events_notify AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.action IN (
        'comment.add', 'comment.edit', 'claim.assign',
        'verdict.submit', 'verdict.return', 'verdict.approve', 'verdict.publish', 'verdict.correct', 'verdict.retract'
    ))
    EXECUTE FUNCTION notify_members();

GRANT SELECT, INSERT, UPDATE ON claim_watches, notifications, mail_addresses TO factdesk_app;
GRANT DELETE ON mail_addresses TO factdesk_app;
