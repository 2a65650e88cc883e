-- Whoever gets a place to assess is told, too.
CREATE OR REPLACE FUNCTION notify_members() RETURNS trigger LANGUAGE plpgsql AS $$
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
        IF about IS NULL THEN
            SELECT p.claim_id INTO about FROM assessment_places p WHERE p.desk_id = NEW.desk_id AND p.id = NEW.entity_id;
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
        SELECT p.account_id, 'assigned', 1 FROM assessment_places p
        WHERE NEW.action = 'place.assign' AND p.desk_id = NEW.desk_id AND p.id = NEW.entity_id
        UNION ALL
        SELECT c.author_id, 'reply', 2 FROM comments c
        WHERE NEW.action = 'comment.add' AND c.desk_id = NEW.desk_id
          AND (c.id = said.thread_id OR c.thread_id = said.thread_id)
          AND c.author_id IN (SELECT w.account_id FROM claim_watchers(NEW.desk_id, about) w)
        UNION ALL
        SELECT w.account_id, CASE NEW.entity WHEN 'comment' THEN 'comment' ELSE 'verdict' END, 3
        FROM claim_watchers(NEW.desk_id, about) w
        WHERE NEW.action NOT IN ('claim.assign', 'place.assign', 'comment.edit')
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
DROP TRIGGER events_notify ON events;
CREATE CONSTRAINT TRIGGER events_notify AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.action IN (
        'comment.add', 'comment.edit', 'claim.assign', 'place.assign',
        'verdict.submit', 'verdict.return', 'verdict.approve', 'verdict.publish', 'verdict.correct', 'verdict.retract'
    ))
    EXECUTE FUNCTION notify_members();
