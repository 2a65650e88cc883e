-- Fills a desk with published claims for the export to read. Only for measuring: it goes past the triggers.
CREATE FUNCTION bench_claims(desk uuid, how_many integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    member uuid;
    event uuid := gen_random_uuid();
    scale uuid := gen_random_uuid();
    scale_version uuid := gen_random_uuid();
    policy uuid := gen_random_uuid();
    speaker uuid := gen_random_uuid();
    mark appearances%ROWTYPE;
BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT account_id INTO member FROM memberships WHERE desk_id = desk LIMIT 1;
    SELECT * INTO mark FROM appearances WHERE desk_id = desk LIMIT 1;
    INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
    VALUES (desk, event, now(), 'person', member, 'bench.fill', 'desk', desk, '{}');
    INSERT INTO scales (desk_id, id, name, kind, created_by, created_at, event_id)
    VALUES (desk, scale, 'Bench', 'ordinal', member, now(), event);
    INSERT INTO scale_versions (desk_id, id, scale_id, number, created_by, created_at, event_id)
    VALUES (desk, scale_version, scale, 1, member, now(), event);
    INSERT INTO rating_values (desk_id, scale_version_id, code, position, label, definition, shape, colour,
                               rating_value, best_rating, worst_rating)
    VALUES (desk, scale_version, 'false', 1, 'False', 'It is not so.', 'cross', 'red', 1, 5, 1);
    INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id)
    VALUES (desk, policy, 1, 'second_person', 1, member, now(), event);
    INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id)
    VALUES (desk, speaker, 'person', 'Ana Ferro', 'ana ferro', member, now(), event);

    CREATE TEMPORARY TABLE fill ON COMMIT DROP AS
    SELECT n, gen_random_uuid() AS claim, gen_random_uuid() AS appearance, gen_random_uuid() AS source,
           gen_random_uuid() AS evidence, gen_random_uuid() AS round
    FROM generate_series(1, how_many) n;

    INSERT INTO claims (desk_id, id, claim_reviewed, language, claim_types, topics, stage, current_verdict, search,
                        created_by, created_at, event_id)
    SELECT desk, claim, 'Reservoir ' || n || ' holds ' || n * 7 || ' million litres', 'en', '{numerical}', '{water}',
           'published', 1, to_tsvector('simple', 'Reservoir ' || n), member, now(), event
    FROM fill;
    INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at, end_at,
                             said_from, said_to, said_precision, place, medium, created_by, created_at, event_id)
    SELECT desk, appearance, claim, mark.article_id, mark.version_id, mark.exact, mark.prefix, mark.suffix,
           mark.start_at, mark.end_at, '2026-09-28', '2026-09-28', 'day', 'Riverton', 'speech', member, now(), event
    FROM fill;
    INSERT INTO appearance_speakers (desk_id, appearance_id, agent_id, position, office)
    SELECT desk, appearance, speaker, 1, 'councillor' FROM fill;
    INSERT INTO sources (desk_id, id, url, url_key, title, published_precision, class, medium, created_by, created_at,
                         event_id)
    SELECT desk, source, 'https://stats.example.org/' || n, 'https://stats.example.org/' || n, 'Yearly tables ' || n,
           'unknown', 'primary_data', 'web_table', member, now(), event
    FROM fill;
    INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, exact, locator, note, created_by, created_at, event_id)
    SELECT desk, evidence, claim, source, 'refutes', 'Stored: 2,913,400 t.', 'Table 4', 'The tables say less.', member,
           now(), event
    FROM fill;
    INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, state, rating_code, one_line,
                        rationale, as_of, created_by, created_at, event_id)
    SELECT desk, round, claim, 1, 'initial', policy, 'second_person', scale_version, 'published', 'false',
           'The tables show less.', 'The water authority publishes what each reservoir holds.', '2026-10-01', member,
           now(), event
    FROM fill;
    INSERT INTO verdicts (desk_id, claim_id, number, round_id, scale_version_id, rating_code, one_line, rationale,
                          as_of, method, drafted_by, approved_by, approvals, created_at, event_id)
    SELECT desk, claim, 1, round, scale_version, 'false', 'The tables show less.',
           'The water authority publishes what each reservoir holds.', '2026-10-01', 'single', member, member, 1, now(),
           event
    FROM fill;
    INSERT INTO publications (desk_id, claim_id, number, published_by, published_at, event_id)
    SELECT desk, claim, 1, member, now(), event FROM fill;
END
$$;
