-- Gives one published claim of the desk 200 sources, and what puts them together. Only for measuring.
DO $$
DECLARE
    desk uuid := '{desk}';
    claim uuid;
    member uuid;
    event uuid;
BEGIN
    SELECT id, created_by, event_id INTO claim, member, event FROM claims
    WHERE desk_id = desk AND stage = 'published' ORDER BY id LIMIT 1;
    -- A member's page offers what the desk decides by.
    UPDATE desks SET scale_id = (SELECT s.id FROM scales s WHERE s.desk_id = desk LIMIT 1),
                     policy_id = (SELECT p.id FROM review_policies p WHERE p.desk_id = desk LIMIT 1)
    WHERE id = desk;
    INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id)
    SELECT desk, gen_random_uuid(), 'outlet', 'Publisher ' || n, 'publisher ' || n, member, now(), event
    FROM generate_series(1, 40) n;
    INSERT INTO sources (desk_id, id, url, url_key, title, publisher_id, authors, published_from, published_to,
                         published_precision, class, medium, created_by, created_at, event_id)
    SELECT desk, gen_random_uuid(), 'https://sources.example.org/' || n, 'https://sources.example.org/' || n,
           'What source ' || n || ' says of it', a.id, '{"A. Author", "B. Writer"}', '2026-09-01'::date + n, '2026-09-01'::date + n,
           'day', 'news_report', 'web_text', member, now(), event
    FROM generate_series(1, 199) n
    JOIN agents a ON a.desk_id = desk AND a.name = 'Publisher ' || (n % 40 + 1);
    INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, exact, locator, note, independence, created_by,
                          created_at, event_id)
    SELECT desk, gen_random_uuid(), claim, s.id, 'supports',
           'Source ' || s.title || ' has these words, and a few more of them, so that it is a whole sentence.', 'page 12',
           'What has to be known of it, in a sentence or two.', 'independent', member, now(), event
    FROM sources s WHERE s.desk_id = desk AND s.url LIKE 'https://sources.example.org/%';
    INSERT INTO questions (desk_id, id, claim_id, position, question, created_by, created_at, event_id)
    SELECT desk, gen_random_uuid(), claim, n, 'What is known of reservoir ' || n || '?', member, now(), event
    FROM generate_series(1, 20) n;
    INSERT INTO answers (desk_id, id, claim_id, question_id, kind, answer, created_by, created_at, event_id)
    SELECT desk, gen_random_uuid(), claim, q.id, 'abstractive', 'It holds ' || q.position || ' litres.', member, now(), event
    FROM questions q WHERE q.desk_id = desk AND q.claim_id = claim;
    INSERT INTO answer_evidence (desk_id, claim_id, answer_id, evidence_id)
    SELECT desk, claim, a.id, e.id FROM answers a
    CROSS JOIN LATERAL (SELECT e.id FROM evidence e WHERE e.desk_id = desk AND e.claim_id = claim AND a.id IS NOT NULL
                        ORDER BY md5(e.id::text || a.id::text) LIMIT 3) e
    WHERE a.desk_id = desk AND a.claim_id = claim;
    INSERT INTO evidence_sets (desk_id, id, claim_id, label, created_by, created_at, event_id)
    SELECT desk, gen_random_uuid(), claim, 'Set ' || n, member, now(), event FROM generate_series(1, 10) n;
    INSERT INTO evidence_set_members (desk_id, claim_id, set_id, evidence_id)
    SELECT desk, claim, s.id, e.id FROM evidence_sets s
    CROSS JOIN LATERAL (SELECT e.id FROM evidence e WHERE e.desk_id = desk AND e.claim_id = claim AND s.id IS NOT NULL
                        ORDER BY md5(e.id::text || s.id::text) LIMIT 3) e
    WHERE s.desk_id = desk AND s.claim_id = claim;
END
$$;
