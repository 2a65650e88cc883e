-- What agreement is measured on: rounds in which several people rated, once all have who had to and nobody is kept from
-- seeing what others gave. An outcome that was carried over is measured where it was come to. Training claims are no claims
-- and have no rounds.
CREATE FUNCTION compared_rounds(desk uuid)
RETURNS TABLE (
    round_id uuid, claim_id uuid, scale_id uuid, mode text, topics text[], decided_at timestamptz, outcome text
)
LANGUAGE sql STABLE AS $$
    SELECT r.id, r.claim_id, v.scale_id, r.mode, c.topics, coalesce(o.created_at, r.created_at), o.rating_code
    FROM rounds r
    JOIN scale_versions v ON v.desk_id = r.desk_id AND v.id = r.scale_version_id
    JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
    LEFT JOIN round_outcomes o ON o.desk_id = r.desk_id AND o.round_id = r.id
    WHERE r.desk_id = desk AND r.mode IN ('blind', 'panel') AND (r.judged OR r.state = 'adjudicating')
      AND o.carried_from IS NULL
$$;

-- The ratings in them: each person's last one, of those who had not left the claim to others by then.
CREATE FUNCTION compared_ratings(desk uuid)
RETURNS TABLE (
    round_id uuid, scale_id uuid, mode text, topics text[], decided_at timestamptz, reviewer_id uuid, rating_code text
)
LANGUAGE sql STABLE AS $$
    SELECT g.round_id, g.scale_id, g.mode, g.topics, g.decided_at, a.reviewer_id, a.rating_code
    FROM compared_rounds(desk) g
    JOIN assessments a ON a.desk_id = desk AND a.round_id = g.round_id AND a.kind = 'rating'
    WHERE NOT EXISTS (
            SELECT FROM assessments b
            WHERE b.desk_id = a.desk_id AND b.round_id = a.round_id AND b.reviewer_id = a.reviewer_id
              AND b.kind = 'rating' AND (b.created_at, b.id) > (a.created_at, a.id))
      AND NOT EXISTS (
            SELECT FROM recusals x
            WHERE x.desk_id = a.desk_id AND x.claim_id = a.claim_id AND x.account_id = a.reviewer_id
              AND (g.outcome IS NULL OR x.created_at < g.decided_at))
      AND NOT EXISTS (
            SELECT FROM agent_recusals x
            WHERE x.desk_id = a.desk_id AND x.account_id = a.reviewer_id
              AND (g.outcome IS NULL OR x.created_at < g.decided_at)
              AND is_recused(a.desk_id, a.claim_id, a.reviewer_id))
$$;
