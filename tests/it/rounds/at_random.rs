//! Members do anything in any order in rounds that several people judge: nothing forbidden comes of it.

use factdesk::auth::Role;
use factdesk::policies::Rules;
use sqlx::PgPool;

use super::{blind, panel, rate, reviewer, world};
use crate::harness::Browser;
use crate::reviews::{World, evidence};

const STEPS: usize = 70;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("a remainder is smaller than what it is of")
    }
}

/// Rows that must not be there, each with what would be wrong.
const FORBIDDEN: &[(&str, &str)] = &[
    (
        "a drafter judged",
        "SELECT count(*) FROM assessments a JOIN rounds r ON r.id = a.round_id
         JOIN round_drafters d ON d.round_id = a.round_id AND d.account_id = a.reviewer_id
         WHERE a.kind = 'review' OR NOT r.judged",
    ),
    (
        "two live ratings of one person",
        "SELECT count(*) FROM (SELECT FROM assessments a WHERE a.kind = 'rating'
            AND NOT EXISTS (SELECT FROM assessments b WHERE b.supersedes = a.id)
            GROUP BY a.round_id, a.reviewer_id HAVING count(*) > 1) x",
    ),
    (
        "more ratings than people",
        "SELECT count(*) FROM rounds r JOIN review_policies p ON p.id = r.policy_id
         WHERE (SELECT count(*) FROM counted_assessments(r.desk_id, r.id)) > p.people",
    ),
    (
        "a verdict that several people should have rated and did not",
        "SELECT count(*) FROM verdicts v JOIN rounds r ON r.id = v.round_id
         WHERE r.mode IN ('blind', 'panel') AND (NOT r.judged OR v.method NOT IN ('blind', 'panel', 'adjudicated'))",
    ),
    (
        "another rating than the round came to",
        "SELECT count(*) FROM verdicts v JOIN round_outcomes o ON o.round_id = v.round_id
         WHERE v.rating_code <> o.rating_code",
    ),
    (
        "an outcome without enough ratings",
        "SELECT count(*) FROM round_outcomes o JOIN rounds r ON r.id = o.round_id JOIN review_policies p ON p.id = r.policy_id
         WHERE o.carried_from IS NULL
           AND (SELECT sum(value::integer) FROM json_each_text(o.tally)) <> p.people",
    ),
    (
        "an adjudicator who assessed",
        "SELECT count(*) FROM round_outcomes o JOIN assessments a ON a.round_id = o.round_id AND a.reviewer_id = o.created_by
         WHERE o.how = 'adjudicated' AND a.kind = 'rating'",
    ),
    (
        "words before a blind round was over",
        "SELECT count(*) FROM rounds WHERE mode = 'blind' AND NOT judged AND (one_line <> '' OR rating_code IS NOT NULL)",
    ),
    (
        "in review without a round that is",
        "SELECT count(*) FROM claims c WHERE (c.stage = 'in_review') <> EXISTS (
             SELECT FROM rounds r WHERE r.claim_id = c.id AND r.kind = 'initial' AND r.state IN ('in_review', 'adjudicating'))",
    ),
    (
        "all are in, and nothing came of it",
        "SELECT count(*) FROM rounds r JOIN review_policies p ON p.id = r.policy_id
         WHERE r.mode IN ('blind', 'panel') AND r.state = 'in_review' AND NOT r.judged
           AND (SELECT count(*) FROM counted_assessments(r.desk_id, r.id)) >= p.people",
    ),
    (
        "a verdict by somebody recused",
        "SELECT count(*) FROM verdicts v JOIN recusals x ON x.claim_id = v.claim_id AND x.account_id = v.approved_by
         WHERE v.created_at > x.created_at",
    ),
];

async fn check(owner: &PgPool, done: &[String]) {
    for (wrong, query) in FORBIDDEN {
        let count: i64 = sqlx::query_scalar(*query).fetch_one(owner).await.unwrap();
        assert_eq!(count, 0, "{wrong}, after {done:?}");
    }
}

async fn step(world: &World, who: &[Browser], dice: &mut Dice) -> String {
    let at = dice.roll(who.len());
    let browser = &who[at];
    let rating = ["true", "false", "false"][dice.roll(3)];
    let name: &str;
    let page = match dice.roll(20) {
        0..=3 => {
            name = "draft";
            let draft = browser.get(&world.path("judging")).await;
            let base =
                |field: &str| draft.attribute(&format!("[name=base_{field}]"), "value").unwrap_or_default();
            let (one_line, rationale, as_of, given) =
                (base("one_line"), base("rationale"), base("as_of"), base("rating"));
            let mut fields = vec![
                ("base_one_line", one_line.as_str()),
                ("one_line", ["First words.", "Other words."][dice.roll(2)]),
                ("base_rationale", rationale.as_str()),
                ("rationale", "Because of the tables."),
                ("base_as_of", as_of.as_str()),
                ("as_of", "2026-03-14"),
            ];
            if dice.roll(2) == 0 {
                fields.extend([("base_rating", given.as_str()), ("rating", rating)]);
            }
            browser.post_form(&world.path("draft"), &fields).await
        }
        4..=6 => {
            name = "review-request";
            world.post(browser, name).await
        }
        7..=12 => {
            name = "rate";
            rate(world, browser, rating, "So it is.").await
        }
        13 => {
            name = "adjudication";
            browser.post_form(&world.path(name), &[("rating", rating), ("reason", "I looked.")]).await
        }
        14..=15 => {
            name = "approve";
            world.assess(browser, name, "").await
        }
        16 => {
            name = "return";
            world.assess(browser, name, "Not yet.").await
        }
        17 => {
            name = "publication";
            world.post(browser, name).await
        }
        18 => {
            name = "review-withdrawal";
            world.post(browser, name).await
        }
        _ => match dice.roll(6) {
            0 => {
                name = "recusal";
                browser.post_form(&world.path(name), &[("reason", "A cousin.")]).await
            }
            1 => {
                name = "corrections";
                let kind = ["typo", "major"][dice.roll(2)];
                browser
                    .post_form(&world.path(name), &[("kind", kind), ("public_note", "It was wrong.")])
                    .await
            }
            2 => {
                name = "declination";
                browser.post_form(&world.path(name), &[("reason", "out_of_scope")]).await
            }
            3..=4 => {
                name = "reopening";
                world.post(browser, name).await
            }
            _ => {
                name = "correction-withdrawal";
                world.post(browser, name).await
            }
        },
    };
    assert!(!page.status.is_server_error(), "{at} {name}: {}", page.text);
    format!("{at} {name} {}", page.status.as_u16())
}

async fn walk(rules: &Rules, seeds: std::ops::Range<u64>) {
    let mut world = world(rules).await;
    let owner = world.server.owner_pool().clone();
    let mut who = Vec::new();
    for name in ["Ana", "Ben", "Cem", "Dia", "Eva"] {
        who.push(reviewer(&world, name).await.1);
    }
    for role in [Role::FactChecker, Role::Editor, Role::Editor] {
        who.push(world.server.sign_in(role).await);
    }
    let mut judged = 0;
    for seed in seeds {
        world.claim = crate::reviews::claim(&owner, &world.desk).await;
        evidence(&owner, &world.desk, world.claim).await;
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut done = vec![format!("seed {seed}")];
        for _ in 0..STEPS {
            done.push(step(&world, &who, &mut dice).await);
            check(&owner, &done).await;
        }
        judged += world.server.count("SELECT count(*) FROM round_outcomes").await;
    }
    assert!(judged > 0, "the dice got nowhere");
}

#[actix_web::test]
async fn whatever_members_do_in_blind_rounds_nothing_forbidden_comes_of_it() {
    walk(&blind(2), 1..4).await;
}

#[actix_web::test]
async fn whatever_members_do_in_panels_nothing_forbidden_comes_of_it() {
    walk(&panel(), 11..14).await;
}
