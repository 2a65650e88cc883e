-- While several people assess a claim without knowing of each other, nothing is said about it where they could read what
-- others think.
CREATE FUNCTION is_assessed_blind(desk uuid, claim uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM rounds r
        WHERE r.desk_id = desk AND r.claim_id = claim AND r.mode = 'blind' AND NOT r.judged
          AND r.state = 'in_review'
    )
$$;

CREATE FUNCTION comments_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_assessed_blind(NEW.desk_id, NEW.claim_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_wait_for_blind_rounds',
            MESSAGE = 'comments_wait_for_blind_rounds: nothing is said about a claim while it is assessed blind';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER comments_wait BEFORE INSERT OR UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION comments_wait();

-- Each page says how much its viewer has not read, up to 100, and how many drafts wait.
DROP FUNCTION viewer(bytea, text, timestamptz);
CREATE FUNCTION viewer(token bytea, desk_slug text, now timestamptz)
RETURNS TABLE (
    desk_id uuid, desk_name text, desk_language text,
    account_id uuid, handle text, display_name text, roles text[], idle_until timestamptz,
    unread bigint, drafts bigint
)
LANGUAGE sql STABLE AS $$
    SELECT d.id, d.name, d.language, a.id, a.handle, a.display_name, coalesce(m.roles, '{}'), s.idle_until,
           (SELECT count(*) FROM (
               SELECT FROM notifications n
               WHERE n.desk_id = m.desk_id AND n.account_id = m.account_id AND n.read_at IS NULL LIMIT 100) u),
           (SELECT count(*) FROM drafts f WHERE f.desk_id = m.desk_id AND f.account_id = m.account_id)
    FROM desks d
    LEFT JOIN sessions s ON s.token_hash = token AND s.ends_at > now AND s.idle_until > now
    LEFT JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
    LEFT JOIN memberships m ON m.desk_id = d.id AND m.account_id = a.id
    WHERE d.slug = desk_slug
$$;
