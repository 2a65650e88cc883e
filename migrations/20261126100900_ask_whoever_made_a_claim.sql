-- A policy can ask that whoever made a claim was asked for a comment, or that somebody says why not: the log has both.
CREATE FUNCTION is_contacted(desk uuid, claim uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM claimant_contacts k
                   WHERE k.desk_id = desk AND k.claim_id = claim AND k.removed_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION rounds_lack(round rounds) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    policy review_policies%ROWTYPE;
    facts record;
BEGIN
    IF round.kind = 'retraction' THEN
        RETURN '{}';
    END IF;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = round.desk_id AND p.id = round.policy_id;
    SELECT * INTO STRICT facts FROM claim_facts(round.desk_id, round.claim_id);
    RETURN array_remove(ARRAY[
        CASE WHEN facts.evidence = 0 AND btrim(coalesce(round.no_evidence_reason, '')) = ''
            THEN 'rounds_grounded' END,
        CASE WHEN facts.evidence > 0 AND facts.publishers < policy.min_sources
            AND btrim(coalesce(round.sole_source_reason, '')) = '' THEN 'rounds_with_enough_sources' END,
        CASE WHEN policy.need_archived AND facts.unarchived > 0
            AND btrim(coalesce(round.unarchived_reason, '')) = '' THEN 'rounds_with_kept_sources' END,
        CASE WHEN NOT policy.required_fields <@ facts.known THEN 'rounds_with_required_fields' END,
        CASE WHEN policy.contact_rule = 'block' AND NOT is_contacted(round.desk_id, round.claim_id)
            THEN 'rounds_after_contact' END
    ], NULL);
END
$$;

-- Exports name people by a pseudonym that only this desk's database can tell.
ALTER TABLE desks ADD COLUMN pseudonym_key bytea NOT NULL
    DEFAULT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
ALTER TABLE desks ADD CONSTRAINT desks_pseudonym_key_length CHECK (octet_length(pseudonym_key) = 32);
CREATE FUNCTION pseudonym(key bytea, account uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'r-' || left(encode(sha256(key || uuid_send(account)), 'hex'), 10)
$$;

-- What waits for a member of a desk: as before, and decided ratings whose words nobody has begun to write.
CREATE OR REPLACE FUNCTION queue(
    desk uuid, account uuid, may_draft boolean, may_review boolean, may_publish boolean, now timestamptz
)
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
    -- What several people have decided, and nobody has begun to write the words of.
    SELECT CASE WHEN c.assignee_id = account THEN 'assigned' ELSE 'unassigned' END, r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
    WHERE may_draft AND r.desk_id = desk AND r.state = 'drafting' AND r.judged
      AND (c.assignee_id IS NULL OR c.assignee_id = account)
      AND NOT EXISTS (SELECT FROM round_drafters d WHERE d.desk_id = r.desk_id AND d.round_id = r.id)
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    -- What a second person has to judge.
    SELECT 'review', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_review AND r.desk_id = desk AND r.state = 'in_review'
      AND (r.judged OR r.mode IN ('second_person', 'single'))
      AND (r.mode = 'single' OR NOT EXISTS (
            SELECT FROM round_drafters d
            WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account))
      AND NOT EXISTS (
            SELECT FROM assessments a
            WHERE a.desk_id = r.desk_id AND a.round_id = r.id AND a.draft_version = r.draft_version
              AND a.reviewer_id = account AND a.kind = 'review')
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    -- What has a place for the person, kept or free, and what somebody else has to decide between.
    SELECT 'assess', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_review AND r.desk_id = desk AND r.state = 'in_review' AND r.mode IN ('blind', 'panel') AND NOT r.judged
      AND may_draw(r, account, now)
    UNION ALL
    SELECT 'adjudicate', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    JOIN review_policies p ON p.desk_id = r.desk_id AND p.id = r.policy_id
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
    WHERE may_review AND r.desk_id = desk AND r.state = 'adjudicating'
      AND NOT (r.mode = 'blind' AND p.authors_apart AND c.created_by = account)
      AND NOT EXISTS (
            SELECT FROM round_drafters d
            WHERE d.desk_id = r.desk_id AND d.round_id = r.id AND d.account_id = account)
      AND NOT EXISTS (
            SELECT FROM assessments a
            WHERE a.desk_id = r.desk_id AND a.round_id = r.id AND a.reviewer_id = account)
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    SELECT 'publish', r.claim_id, e.at
    FROM rounds r
    JOIN events e ON e.desk_id = r.desk_id AND e.id = r.event_id
    WHERE may_publish AND r.desk_id = desk AND r.state = 'approved'
      AND NOT is_recused(r.desk_id, r.claim_id, account)
    UNION ALL
    -- What somebody took and has not drafted yet.
    SELECT 'assigned', c.id, coalesce(given.at, c.created_at)
    FROM claims c
    LEFT JOIN LATERAL (
        SELECT v.at FROM events v
        WHERE v.desk_id = c.desk_id AND v.entity_id = c.id AND v.action = 'claim.assign'
        ORDER BY v.id DESC LIMIT 1
    ) given ON true
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
    WHERE r.desk_id = desk AND r.kind <> 'initial' AND r.state IN ('drafting', 'in_review', 'adjudicating', 'approved')
$$;
