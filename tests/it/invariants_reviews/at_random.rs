//! Members of every role do anything in any order: nothing forbidden comes of it.

use factdesk::auth::Role;
use sqlx::PgPool;

use crate::harness::Browser;
use crate::reviews::{World, evidence};

/// How many things are done with a claim, and with how many claims.
const STEPS: usize = 60;
const CLAIMS: u64 = 5;

/// A small generator (xorshift64), so that a failure can be repeated by its seed.
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
        "a drafter approved",
        "SELECT count(*) FROM assessments a
         JOIN round_drafters d ON d.round_id = a.round_id AND d.account_id = a.reviewer_id",
    ),
    (
        "a verdict by one person",
        "SELECT count(*) FROM verdicts WHERE drafted_by = approved_by OR method = 'single'",
    ),
    (
        "somebody recused judged afterwards",
        "SELECT count(*) FROM assessments a JOIN recusals x ON x.claim_id = a.claim_id AND x.account_id = a.reviewer_id
         WHERE a.created_at > x.created_at",
    ),
    (
        "somebody recused published afterwards",
        "SELECT count(*) FROM publications p JOIN recusals x ON x.claim_id = p.claim_id AND x.account_id = p.published_by
         WHERE p.published_at > x.created_at",
    ),
    (
        "public without a published verdict",
        "SELECT count(*) FROM claims c WHERE c.stage IN ('published', 'retracted') AND NOT EXISTS (
             SELECT FROM publications p WHERE p.claim_id = c.id AND p.number = c.current_verdict)",
    ),
    (
        "public without evidence or a reason",
        "SELECT count(*) FROM claims c JOIN verdicts v ON v.claim_id = c.id AND v.number = c.current_verdict
         WHERE c.stage = 'published' AND v.no_evidence_reason IS NULL AND NOT EXISTS (
             SELECT FROM evidence e WHERE e.claim_id = c.id AND e.removed_at IS NULL)",
    ),
    (
        "a second publication without a correction",
        "SELECT count(*) FROM publications p WHERE EXISTS (
             SELECT FROM publications b WHERE b.claim_id = p.claim_id AND b.number < p.number)
         AND NOT EXISTS (SELECT FROM corrections c WHERE c.claim_id = p.claim_id AND c.to_verdict = p.number)",
    ),
    (
        "a correction without a note",
        "SELECT count(*) FROM corrections WHERE kind <> 'typo' AND btrim(public_note) = ''",
    ),
    (
        "retracted without a correction that says so",
        "SELECT count(*) FROM claims c WHERE c.stage = 'retracted' AND NOT EXISTS (
             SELECT FROM corrections k WHERE k.claim_id = c.id AND k.kind = 'retraction')",
    ),
    (
        "in review without a round in review",
        "SELECT count(*) FROM claims c WHERE (c.stage = 'in_review') <> EXISTS (
             SELECT FROM rounds r WHERE r.claim_id = c.id AND r.kind = 'initial' AND r.state = 'in_review')",
    ),
    (
        "decided without an approved round",
        "SELECT count(*) FROM claims c WHERE (c.stage = 'decided') <> EXISTS (
             SELECT FROM rounds r WHERE r.claim_id = c.id AND r.kind = 'initial' AND r.state = 'approved')",
    ),
    (
        "an open round of a claim that is put aside",
        "SELECT count(*) FROM claims c JOIN rounds r ON r.claim_id = c.id
         WHERE c.stage IN ('declined', 'duplicate', 'retracted') AND r.state IN ('drafting', 'in_review', 'approved')",
    ),
    (
        "a change without an event of its own claim",
        "SELECT count(*) FROM rounds r LEFT JOIN events e ON e.id = r.event_id WHERE e.id IS NULL",
    ),
];

async fn check(owner: &PgPool, seed: u64, done: &[String]) {
    for (wrong, query) in FORBIDDEN {
        let count: i64 = sqlx::query_scalar(*query).fetch_one(owner).await.unwrap();
        assert_eq!(count, 0, "{wrong}; seed {seed}, after {done:?}");
    }
}

/// Does one thing, chosen by the dice, and tells what and how it was answered.
async fn step(world: &World, who: &[(Role, Browser)], dice: &mut Dice) -> String {
    let (role, browser) = &who[dice.roll(who.len())];
    let words = ["First words.", "Other words.", "New words."][dice.roll(3)];
    let name: &str;
    let page = match dice.roll(16) {
        0..=2 => {
            name = "draft";
            let draft = browser.get(&world.path("judging")).await;
            let base = draft.attribute("[name=base_one_line]", "value").unwrap_or_default();
            let rationale = draft.attribute("[name=base_rationale]", "value").unwrap_or_default();
            let fields = [
                ("base_one_line", base.as_str()),
                ("one_line", words),
                ("base_rationale", rationale.as_str()),
                ("rationale", "Because of the tables."),
                ("base_rating", ""),
                ("rating", "false"),
                ("base_as_of", ""),
                ("as_of", "2026-03-14"),
            ];
            browser.post_form(&world.path("draft"), &fields).await
        }
        3 => {
            name = "note";
            world.change(browser, "public_note", "", "What changed.").await
        }
        4..=5 => {
            name = "review-request";
            world.post(browser, name).await
        }
        6 => {
            name = "review-withdrawal";
            world.post(browser, name).await
        }
        7..=9 => {
            name = "approve";
            world.assess(browser, name, "").await
        }
        10 => {
            name = "return";
            world.assess(browser, name, "Not yet.").await
        }
        11..=12 => {
            name = "publication";
            world.post(browser, name).await
        }
        13 => {
            name = "corrections";
            let kind = ["typo", "update", "major"][dice.roll(3)];
            browser.post_form(&world.path(name), &[("kind", kind)]).await
        }
        14 => match dice.roll(8) {
            0 => {
                name = "retraction";
                browser.post_form(&world.path(name), &[("public_note", "It was wrong.")]).await
            }
            1 => {
                name = "recusal";
                browser.post_form(&world.path(name), &[("reason", "A cousin.")]).await
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
        _ => {
            name = "evidence removal";
            let page = browser.get(&world.path("evidence")).await;
            let action = page.attribute("form[action$=removal], form[action$=restoration]", "action");
            browser.post_form(&action.unwrap_or_else(|| world.path("nothing")), &[]).await
        }
    };
    assert!(!page.status.is_server_error(), "{role} {name}: {}", page.text);
    format!("{role} {name} {}", page.status.as_u16())
}

#[actix_web::test]
async fn whatever_members_do_nothing_forbidden_comes_of_it() {
    let mut world = World::new().await;
    let owner = world.server.owner_pool().clone();
    let mut who = Vec::new();
    for role in Role::ALL {
        who.push((role, world.server.sign_in(role).await));
    }
    // Those who can do most get the dice more often.
    for role in [Role::FactChecker, Role::Reviewer, Role::Editor, Role::Editor] {
        who.push((role, world.server.sign_in(role).await));
    }
    let mut published = 0;
    for seed in 1..=CLAIMS {
        world.claim = crate::reviews::claim(&owner, &world.desk).await;
        evidence(&owner, &world.desk, world.claim).await;
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut done = Vec::new();
        for _ in 0..STEPS {
            done.push(step(&world, &who, &mut dice).await);
            check(&owner, seed, &done).await;
        }
        published += done.iter().filter(|step| step.ends_with("publication 303")).count();
    }
    assert!(published > 0, "the dice got nowhere");
}
