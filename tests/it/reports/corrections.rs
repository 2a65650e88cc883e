//! A correction that comes of a report, from the inbox to the page, the list and the feed.

use factdesk::auth::Role;
use reqwest::StatusCode;

use super::{look, looked_at, public, send};
use crate::harness::{Browser, Page};
use crate::reviews::{World, taken};

async fn begin(editor: &Browser, report: uuid::Uuid, fields: &[(&str, &str)]) -> Page {
    editor.post_form(&format!("/demo/reports/{report}/correction"), fields).await
}

const MAJOR: [(&str, &str); 2] = [("kind", "major"), ("public_note", "We had read the table of 2022.")];

/// Words the correction anew, has it approved and publishes it.
async fn publish(world: &World) {
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let (before, now) = ("The tables show 2.9 million tonnes.", "The tables show 3.1 million tonnes.");
    taken(&world.change(&checker, "one_line", before, now).await);
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&editor, "publication").await);
}

#[actix_web::test]
async fn a_report_leads_to_a_correction_that_says_so_wherever_it_is_read() {
    let world = public().await;
    let (report, own) = looked_at(&world, &[]).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let reader = world.server.visitor();
    let begun = begin(&editor, report, &MAJOR).await;
    assert_eq!(begun.location(), format!("/demo/claims/{}?saved=1", world.claim));
    assert!(reader.get(&own).await.text.contains("The desk is working on a correction because of it."));
    let old = reader.get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(old.one(".verdict").contains("2.9 million"), "the old verdict is public until the new one is");
    publish(&world).await;

    assert!(reader.get(&own).await.text.contains("was corrected because of it"));
    let page = reader.get(&format!("/demo/claims/{}", world.claim)).await;
    let notice = page.one(".correction");
    assert!(notice.contains("We had read the table of 2022.") && notice.contains("A reader wrote to us."));
    assert_eq!(page.select(".correction del"), ["removed: 2.9"]);
    assert_eq!(page.select(".correction ins"), ["added: 3.1"]);
    let one = page.attribute(".correction a[href*=corrections]", "href").unwrap();
    let one = reader.get(&one).await;
    assert_eq!(
        one.select(".both .text"),
        ["The tables show 2.9 million tonnes.", "The tables show 3.1 million tonnes."]
    );
    assert_eq!(one.one("h1"), "Correction");

    let list = reader.get("/demo/corrections").await;
    assert!(list.one(".rows li").contains("a reader wrote to us"));
    assert_eq!(list.select(".rows del"), ["removed: 2.9"]);
    let feed = reader.get("/demo/corrections.atom").await;
    assert!(feed.text.contains("<del>2.9</del><ins>3.1</ins>"), "{}", feed.text);
    assert!(feed.text.contains("A reader wrote to us."));
    let asked: bool = sqlx::query_scalar("SELECT requested_by = $1 FROM corrections")
        .bind(report)
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    assert!(asked);
}

#[actix_web::test]
async fn what_led_to_a_correction_stays_with_it_when_its_approval_is_taken_back() {
    let world = public().await;
    let (report, _) = looked_at(&world, &[]).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    begin(&editor, report, &MAJOR).await;
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.assess(&reviewer, "return", "One more thing.").await);
    assert_eq!(world.server.count("SELECT count(*) FROM report_rounds").await, 2);
    publish(&world).await;
    assert_eq!(
        world.server.count("SELECT count(*) FROM corrections WHERE requested_by IS NOT NULL").await,
        1
    );
}

#[actix_web::test]
async fn a_correction_of_another_cause_names_no_report() {
    let world = public().await;
    let (report, own) = looked_at(&world, &[]).await;
    let editor = world.server.sign_in(Role::Editor).await;
    begin(&editor, report, &MAJOR).await;
    taken(&world.post(&editor, "correction-withdrawal").await);
    assert!(!world.server.visitor().get(&own).await.text.contains("because of it"));
    taken(&editor.post_form(&world.path("corrections"), &MAJOR).await);
    publish(&world).await;
    assert_eq!(
        world.server.count("SELECT count(*) FROM corrections WHERE requested_by IS NOT NULL").await,
        0
    );
}

#[actix_web::test]
async fn a_correction_waits_for_two_looks_and_for_words() {
    let world = public().await;
    let editor = world.server.sign_in(Role::Editor).await;
    send(&world, &world.server.visitor(), &[]).await;
    let report = super::last(&world).await;
    assert_eq!(begin(&editor, report, &MAJOR).await.status, StatusCode::CONFLICT);
    let checker = world.server.sign_in(Role::FactChecker).await;
    look(&checker, report, "0", "upheld").await;
    look(&editor, report, "1", "upheld").await;
    let refused = begin(&editor, report, &[("public_note", "Kept words.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.one("#correction-note"), "Kept words.");
    let without_note = begin(&editor, report, &[("kind", "retraction")]).await;
    assert_eq!(without_note.status, StatusCode::UNPROCESSABLE_ENTITY);
    let retraction = [("kind", "retraction"), ("public_note", "We mixed up two harbours.")];
    assert_eq!(begin(&editor, report, &retraction).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn corrections_are_listed_by_kind_and_what_is_no_correction_is_not_there() {
    let world = public().await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&editor.post_form(&world.path("corrections"), &MAJOR).await);
    publish(&world).await;
    let reader = world.server.visitor();
    assert_eq!(reader.get("/demo/corrections?kind=major").await.select(".rows > li").len(), 1);
    assert!(reader.get("/demo/corrections?kind=typo").await.has(".empty"));
    let nowhere = format!("/demo/corrections/{}", uuid::Uuid::now_v7());
    assert_eq!(reader.get(&nowhere).await.status, StatusCode::NOT_FOUND);
}
