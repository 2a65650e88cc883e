//! Nothing of a blind round is seen before all are in: not in any page, export, document or event, by anybody.

use factdesk::auth::Role;
use reqwest::Method;

use super::{blind, rate, reviewer, world};
use crate::harness::{Browser, Page};
use crate::reviews::{World, taken};

/// Words that stand nowhere else, and a rating that nothing else at this desk has.
const SECRET: &str = "Kingfisher at the quay";
const RATING: &str = "misleading";

/// Every address of the desk that shows something to members.
fn addresses(world: &World) -> Vec<String> {
    let claim = world.claim;
    let mut all: Vec<String> =
        ["", "/history", "/judging", "/rounds", "/assessment", "/adjudication", "?as=reader"]
            .iter()
            .map(|rest| format!("/demo/claims/{claim}{rest}"))
            .collect();
    all.extend([
        "/demo".to_owned(),
        "/demo/claims".to_owned(),
        "/demo/queue".to_owned(),
        "/demo/record".to_owned(),
        "/demo/feed.atom".to_owned(),
        "/demo/corrections".to_owned(),
        "/demo/people".to_owned(),
        "/demo/exports".to_owned(),
        "/demo/agreement".to_owned(),
        "/demo/agreement/ratings.csv".to_owned(),
        "/demo/agreement/ratings.jsonl".to_owned(),
        "/demo/notifications".to_owned(),
        "/demo/drafts".to_owned(),
        "/demo/queue?lane=assess&sort=disagreement".to_owned(),
        format!("/api/v1/desks/demo/claims/{claim}"),
        format!("/api/v1/desks/demo/claims/{claim}/draft"),
        format!("/api/v1/desks/demo/claims/{claim}/ratings"),
        "/api/v1/desks/demo/claims".to_owned(),
    ]);
    for format in ["jsonl", "csv", "claimreview", "annotations"] {
        all.push(format!("/demo/export/{format}?scope=desk"));
        all.push(format!("/demo/export/{format}"));
    }
    for table in ["claims", "appearances", "evidence", "verdicts"] {
        all.push(format!("/demo/export/csv?scope=desk&table={table}"));
    }
    all
}

/// Whether a page shows the words, or that somebody gave this rating; that it can be given stands on every form.
fn leaks(page: &Page) -> bool {
    let shown = page.text.contains(SECRET);
    let said = page.text.contains(&format!("\"rating\":\"{RATING}\""))
        || page.text.contains(&format!("{RATING},"))
        || page.text.contains(&format!("value=\"{RATING}\" data-key=\"4\" checked"));
    shown || said
}

async fn looks(world: &World, browser: &Browser, who: &str) -> Vec<String> {
    let mut found = Vec::new();
    for address in addresses(world) {
        for request in [
            browser.request(Method::GET, &address).header("accept", "text/html,*/*;q=0.8"),
            browser.request(Method::GET, &address).header("x-fragment", "panel"),
        ] {
            let page = Page::of(request).await;
            assert!(!page.status.is_server_error(), "{who} {address}");
            if leaks(&page) {
                found.push(format!("{who} sees it at {address}"));
            }
        }
    }
    found
}

#[actix_web::test]
async fn while_others_are_waited_for_nobody_sees_what_somebody_gave() {
    let world = world(&blind(3)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, "true", &format!("{SECRET}, first thought")).await);
    taken(&rate(&world, &ana, RATING, SECRET).await);
    taken(&rate(&world, &ben, "true", "Nothing special.").await);

    let mut found = Vec::new();
    for role in Role::ALL {
        found.extend(looks(&world, &world.server.sign_in(role).await, role.as_str()).await);
    }
    found.extend(looks(&world, &ben, "who has assessed").await);
    found.extend(looks(&world, &world.server.visitor(), "a reader").await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    // Who gave it sees it.
    let own = ana.get(&world.path("assessment")).await;
    assert!(own.text.contains(SECRET) && own.text.contains("2 of 3 are in"));

    let told: Vec<String> = sqlx::query_scalar(
        "SELECT details::text FROM events WHERE action IN ('assessment.give', 'assessment.replace')",
    )
    .fetch_all(world.server.owner_pool())
    .await
    .unwrap();
    assert_eq!(told.len(), 3);
    for details in &told {
        assert!(!details.contains(SECRET) && !details.contains(RATING), "{details}");
        assert!(details.contains("sha256"));
    }
    // Once all are in, everybody at the desk can read them.
    let (_, cem) = reviewer(&world, "Cem").await;
    taken(&rate(&world, &cem, "true", WHY_NOT).await);
    assert!(checker.get(&world.path("adjudication")).await.text.contains(SECRET));
}

#[actix_web::test]
async fn a_round_that_ends_early_stays_blind_for_the_next_one() {
    let world = world(&blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, RATING, SECRET).await);
    taken(&checker.post_form(&world.path("declination"), &[("reason", "out_of_scope")]).await);
    assert_eq!(world.stage().await, "declined");
    assert_eq!(looks(&world, &ben, "who may assess it next").await, Vec::<String>::new());
    assert!(ana.get(&world.path("rounds")).await.text.contains("Round 1"));
}

const WHY_NOT: &str = "It is as it is said.";

#[actix_web::test]
async fn the_hash_in_the_record_proves_what_was_given() {
    let world = world(&blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, RATING, SECRET).await);
    let matches: bool = sqlx::query_scalar(
        r#"SELECT encode(sha256(a.salt || convert_to(format(
               '{"assessment":%s,"confidence":%s,"departure":"","evidence":[],"guideline":null,"rating":%s,"rationale":%s}',
               to_json(a.id::text), to_json(a.confidence), to_json(a.rating_code), to_json(a.rationale)), 'UTF8')), 'hex')
             = e.details->>'sha256'
           FROM assessments a JOIN events e ON e.id = a.event_id"#,
    )
    .fetch_one(world.server.owner_pool())
    .await
    .unwrap();
    assert!(matches);
}

#[test]
fn only_the_judging_itself_reads_assessments_past_the_blindfold() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut wrong = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let reads = ["FROM assessments", "JOIN assessments", "counted_assessments("];
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            if reads.iter().any(|read| text.contains(read)) && !KNOWN.iter().any(|(known, _)| *known == name)
            {
                wrong.push(name);
            }
        }
    }
    assert!(wrong.is_empty(), "these read assessments without readable_assessments(): {wrong:?}");
}

/// Who reads assessments without asking who looks, and why nothing of a blind round comes out there.
const KNOWN: [(&str, &str); 7] = [
    ("reviews/store/read.rs", "counts, and what the person gave"),
    ("reviews/store/outcome.rs", "the tally, once all are in"),
    ("reviews/store/rating.rs", "the person's own, and who carried a panel"),
    ("reviews/places/store.rs", "whether the person has rated"),
    ("reviews/store/recusal.rs", "which open rounds the person has judged in"),
    ("reviews/store/publication.rs", "who approved what is published"),
    ("exchange/store/parts.rs", "of rounds that came to a verdict"),
];
