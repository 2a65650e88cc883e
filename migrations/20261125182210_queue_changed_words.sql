-- What waits for a member of a desk: in which lane, and since when. As before, and public claims whose words changed.
CREATE OR REPLACE FUNCTION queue(desk uuid, account uuid, may_draft boolean, may_review boolean, may_publish boolean)
RETURNS TABLE (lane text, claim_id uuid, since timestamptz)
LANGUAGE sql STABLE AS $$
    -- What somebody sent back to those who drafted it, and what they are drafting.
    SELECT CASE WHEN last.action = 'verdict.return' THEN 'returned' ELSE 'drafts' END, r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    LEFT JOIN LATERAL (
        SELECT v.action FROM events v
        WHERE v.desk_id = r.desk_id AND v.entity_id = r.claim_id
          AND v.action IN ('verdict.return', 'verdict.submit', 'verdict.withdraw')
        ORDER BY v.id DESC LIMIT 1
    ) last ON true
    WHERE r.desk_id = desk AND r.state = 'drafting' AND EXISTS (
        SELECT FROM round_drafters d
        WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account)
    UNION ALL
    -- What a second person has to judge.
    SELECT 'review', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_review AND r.desk_id = desk AND r.state = 'in_review'
      AND (r.policy = 'single' OR NOT EXISTS (
            SELECT FROM round_drafters d
            WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account))
      AND NOT EXISTS (
            SELECT FROM recusals x
            WHERE x.desk_id = r.desk_id AND x.claim_id = r.claim_id AND x.account_id = account)
    UNION ALL
    SELECT 'publish', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_publish AND r.desk_id = desk AND r.state = 'approved'
      AND NOT EXISTS (
            SELECT FROM recusals x
            WHERE x.desk_id = r.desk_id AND x.claim_id = r.claim_id AND x.account_id = account)
    UNION ALL
    -- What somebody took and has not drafted yet.
    SELECT 'assigned', c.id, e.at
    FROM claims c
    JOIN events e ON e.desk_id = c.desk_id AND e.id = c.event_id
    WHERE c.desk_id = desk AND c.assignee_id = account AND c.stage IN ('marked', 'researching')
      AND NOT EXISTS (
            SELECT FROM rounds r WHERE r.desk_id = c.desk_id AND r.claim_id = c.id AND r.state = 'drafting')
    UNION ALL
    SELECT 'unassigned', c.id, c.created_at
    FROM claims c
    WHERE may_draft AND c.desk_id = desk AND c.stage = 'marked' AND c.assignee_id IS NULL
      AND EXISTS (
            SELECT FROM appearances p
            WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL)
    UNION ALL
    -- What is public although its words changed in the article, until somebody has looked.
    SELECT 'changed', r.claim_id, min(r.created_at)
    FROM reanchorings r
    JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id AND c.stage = 'published'
    WHERE may_draft AND r.desk_id = desk AND r.verdict IS NOT NULL AND r.seen_at IS NULL AND r.decision = 'pending'
    GROUP BY r.claim_id
    UNION ALL
    -- What is public and being corrected or retracted.
    SELECT 'corrections', r.claim_id, r.created_at
    FROM rounds r
    WHERE r.desk_id = desk AND r.kind <> 'initial' AND r.state IN ('drafting', 'in_review', 'approved')
$$;
