//! A desk with claims in every state that matters to readers, written past the rules by the owner of the database.

use factdesk::auth::Role;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::harness::{Fixture, Server};

/// Its text has characters outside of the basic plane, quotes, and markup.
pub const TEXT: &str = "🌍 Riverton: “Our water bills have doubled since 2021,” she said.\n\nThe =bridge is </script> closed, they say.";

pub const PUBLISHED: &str = "01900000-0000-7000-8000-0000000000c1";
pub const ALONE: &str = "01900000-0000-7000-8000-0000000000c2";
pub const RETRACTED: &str = "01900000-0000-7000-8000-0000000000c3";
pub const DRAFT: &str = "01900000-0000-7000-8000-0000000000c4";
pub const DUPLICATE: &str = "01900000-0000-7000-8000-0000000000c5";
pub const HOSTILE: &str = "01900000-0000-7000-8000-0000000000c6";
pub const MARK: &str = "01900000-0000-7000-8000-0000000000d1";

/// Words that no reader may find anywhere.
pub const SECRETS: [&str; 4] =
    ["Deep Throat", "only a draft so far", "told in confidence", "fact_checker.demo"];

const ROWS: &str = r#"
SET session_replication_role = replica;
INSERT INTO agents (desk_id, id, kind, name, name_key, same_as, merged_into, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000a1', 'person', 'Dana Whitlock', 'dana', '{https://www.wikidata.org/wiki/Q999999999}', NULL, 'EDITOR', now(), 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000a2', 'person', 'D. Whitlock', 'd', '{}', '01900000-0000-7000-8000-0000000000a1', 'EDITOR', now(), 'EVENT');
INSERT INTO articles (desk_id, id, url, url_key, title, language, published_precision, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000b1', 'https://news.example.net/2026/09/28/riverton,water', 'k', 'Bills are up', 'en', 'unknown', 'EDITOR', now(), 'EVENT');
INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format, created_by, created_at, event_id)
 SELECT 'DESK', '01900000-0000-7000-8000-0000000000b2', '01900000-0000-7000-8000-0000000000b1', 1, body, char_length(body), sha256(convert_to(body, 'UTF8')),
        '{"direction":"ltr","blocks":[{"kind":"paragraph","start":0,"end":64},{"kind":"paragraph","start":66,"end":108}]}', 'text', 'EDITOR', now(), 'EVENT'
 FROM (SELECT $t$TEXT$t$ AS body) t;
INSERT INTO claims (desk_id, id, claim_reviewed, language, claim_types, topics, stage, duplicate_of, current_verdict, search, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000c1', 'Riverton water bills have doubled since 2021', 'en', '{numerical}', '{water,"public money"}', 'published', NULL, 2, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000c2', 'Nobody knows who said it', 'und', '{}', '{}', 'published', NULL, 1, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000c3', 'The bridge is closed', 'en', '{}', '{}', 'retracted', NULL, 1, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000c4', 'A claim that is only a draft so far', 'en', '{}', '{}', 'in_review', NULL, NULL, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000c5', 'The same in other words', 'en', '{}', '{}', 'duplicate', '01900000-0000-7000-8000-0000000000c1', NULL, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000c6', '=1+1 </script><script>alert(1)</script> & "so on"', 'en', '{}', '{water}', 'published', NULL, 1, '', 'EDITOR', '2026-09-29 08:00Z', 'EVENT');
INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at, end_at, url, said_from, said_to, said_precision, place, medium, event, attitude, is_first_known, created_by, created_at, event_id)
 SELECT 'DESK', p.id, p.claim, '01900000-0000-7000-8000-0000000000b1', v.id, p.exact, substr(v.body, greatest(strpos(v.body, p.exact) - 20, 1), least(strpos(v.body, p.exact) - 1, 20)),
        substr(v.body, strpos(v.body, p.exact) + char_length(p.exact), 20), strpos(v.body, p.exact) - 1, strpos(v.body, p.exact) - 1 + char_length(p.exact),
        NULL, p.said, p.said, CASE WHEN p.said IS NULL THEN 'unknown' ELSE 'day' END, p.place, 'speech', NULL, 'asserts', p.first, 'EDITOR', '2026-09-29 08:00Z', 'EVENT'
 FROM article_versions v, (VALUES
   ('01900000-0000-7000-8000-0000000000d1'::uuid, '01900000-0000-7000-8000-0000000000c1'::uuid, 'Our water bills have doubled since 2021', '2026-09-28'::date, 'Riverton', true),
   ('01900000-0000-7000-8000-0000000000d3', '01900000-0000-7000-8000-0000000000c3', 'bridge is', NULL, NULL, false),
   ('01900000-0000-7000-8000-0000000000d4', '01900000-0000-7000-8000-0000000000c4', 'they say', NULL, NULL, false),
   ('01900000-0000-7000-8000-0000000000d5', '01900000-0000-7000-8000-0000000000c5', 'bills have doubled', NULL, NULL, false)
 ) AS p (id, claim, exact, said, place, first) WHERE v.desk_id = 'DESK';
INSERT INTO appearances (desk_id, id, claim_id, url, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-0000000000c1', 'https://social.example.com/@dana/1', 'EDITOR', '2026-09-29 08:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000d6', '01900000-0000-7000-8000-0000000000c1', 'http://127.0.0.1/our-own-page', 'EDITOR', '2026-09-29 08:00Z', 'EVENT');
INSERT INTO appearance_speakers (desk_id, appearance_id, agent_id, position, office) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-0000000000a2', 0, 'Riverton councillor');
INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed, stage)
 SELECT p.desk_id, p.version_id, p.start_at, p.end_at, p.id, p.claim_id, p.exact, c.claim_reviewed, c.stage
 FROM appearances p JOIN claims c ON c.desk_id = p.desk_id AND c.id = p.claim_id WHERE p.desk_id = 'DESK' AND p.version_id IS NOT NULL;
INSERT INTO sources (desk_id, id, url, url_key, title, class, access, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000e1', 'https://stats.example.org/water', 'k1', 'Water charges', 'primary_data', 'open', 'EDITOR', now(), 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000e2', NULL, NULL, 'Deep Throat', NULL, 'confidential', 'EDITOR', now(), 'EVENT');
INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, exact, note, created_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-0000000000f1', '01900000-0000-7000-8000-0000000000c1', '01900000-0000-7000-8000-0000000000e1', 'refutes', '412 in 2021, 540 in 2026', 'A rise of 31 per cent.', 'EDITOR', now(), 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000f2', '01900000-0000-7000-8000-0000000000c1', '01900000-0000-7000-8000-0000000000e2', 'context', 'told in confidence', '', 'EDITOR', now(), 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-0000000000f3', '01900000-0000-7000-8000-0000000000c6', '01900000-0000-7000-8000-0000000000e1', 'refutes', NULL, '', 'EDITOR', now(), 'EVENT');
INSERT INTO verdicts (desk_id, claim_id, number, round_id, scale_version_id, rating_code, one_line, rationale, no_evidence_reason, as_of, method, drafted_by, approved_by, approvals, created_at, event_id)
 SELECT 'DESK', v.claim, v.number, gen_random_uuid(), s.scale_version_id, v.code, v.line, E'First.\n\nSecond.', v.reason, '2026-10-01', v.method, 'CHECKER', 'REVIEWER', 1, v.at, 'EVENT'
 FROM (SELECT scale_version_id FROM rating_values WHERE desk_id = 'DESK' AND code = 'mostly_false' AND best_rating = 5 LIMIT 1) s, (VALUES
   ('01900000-0000-7000-8000-0000000000c1'::uuid, 1, 'false', 'They rose a little.', NULL, 'two_person', '2026-10-02 09:00Z'::timestamptz),
   ('01900000-0000-7000-8000-0000000000c1', 2, 'mostly_false', 'They rose by 31 %.', NULL, 'two_person', '2026-10-05 12:00Z'),
   ('01900000-0000-7000-8000-0000000000c2', 1, 'misleading', 'It depends.', 'We asked everybody.', 'single', '2026-10-03 09:00Z'),
   ('01900000-0000-7000-8000-0000000000c3', 1, 'false', 'It was open.', NULL, 'two_person', '2026-10-01 09:00Z'),
   ('01900000-0000-7000-8000-0000000000c6', 1, 'false', '=2+2', NULL, 'two_person', '2026-10-04 09:00Z')
 ) AS v (claim, number, code, line, reason, method, at);
INSERT INTO publications (desk_id, claim_id, number, published_by, published_at, event_id)
 SELECT desk_id, claim_id, number, 'EDITOR', created_at, event_id FROM verdicts WHERE desk_id = 'DESK';
INSERT INTO corrections (desk_id, id, claim_id, from_verdict, to_verdict, kind, public_note, created_by, approved_by, created_at, event_id) VALUES
 ('DESK', '01900000-0000-7000-8000-000000000101', '01900000-0000-7000-8000-0000000000c1', 1, 2, 'major', 'Bills did rise, though by less.', 'EDITOR', 'REVIEWER', '2026-10-05 12:00Z', 'EVENT'),
 ('DESK', '01900000-0000-7000-8000-000000000102', '01900000-0000-7000-8000-0000000000c3', 1, NULL, 'retraction', 'We mixed up two bridges.', 'EDITOR', 'REVIEWER', '2026-10-06 12:00Z', 'EVENT');
INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, state, rating_code, one_line, rationale, as_of, created_by, created_at, event_id)
 SELECT 'DESK', '01900000-0000-7000-8000-000000000111', '01900000-0000-7000-8000-0000000000c4', 1, 'initial', (SELECT policy_id FROM desks WHERE id = 'DESK'), 'second_person', scale_version_id, 'in_review', 'false', 'This is only a draft so far.', 'Because.', '2026-10-01', 'CHECKER', now(), 'EVENT'
 FROM rating_values WHERE desk_id = 'DESK' AND code = 'mostly_false' AND best_rating = 5 LIMIT 1;
RESET session_replication_role;
"#;

/// A server with that desk.
pub async fn server() -> (Server, Fixture) {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    seed(&server, &desk).await;
    (server, desk)
}

async fn seed(server: &Server, desk: &Fixture) {
    let event: uuid::Uuid = sqlx::query_scalar("SELECT id FROM events WHERE desk_id = $1 LIMIT 1")
        .bind(desk.id)
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    let rows = ROWS
        .replace("DESK", &desk.id.to_string())
        .replace("EDITOR", &desk.member(Role::Editor).to_string())
        .replace("CHECKER", &desk.member(Role::FactChecker).to_string())
        .replace("REVIEWER", &desk.member(Role::Reviewer).to_string())
        .replace("EVENT", &event.to_string())
        .replace("TEXT", TEXT);
    let mut owner = server.owner_pool().acquire().await.unwrap();
    owner.execute(AssertSqlSafe(rows)).await.unwrap();
}

/// Something changes at the desk.
pub async fn change(server: &Server, desk: &Fixture) {
    crate::reviews::event(server.owner_pool(), desk).await;
}
