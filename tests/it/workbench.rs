//! The queue, and a member's page of a claim.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::{Method, StatusCode};

use crate::claims::{add_words, path, saved};
use crate::harness::{Browser, Page};
use crate::reviews::World;

async fn lanes(browser: &Browser) -> Vec<String> {
    browser
        .get("/demo/queue")
        .await
        .select("nav[aria-label=Lane] a")
        .into_iter()
        .filter(|lane| !lane.ends_with(" 0"))
        .collect()
}

#[actix_web::test]
async fn what_waits_for_whom_follows_the_work() {
    let world = World::new().await;
    let server = &world.server;
    let [annotator, checker, reviewer, editor] = [
        server.sign_in(Role::Annotator).await,
        server.sign_in(Role::FactChecker).await,
        server.sign_in(Role::Reviewer).await,
        server.sign_in(Role::Editor).await,
    ];
    assert_eq!(lanes(&checker).await, [""; 0]);
    let marked = add_words(&annotator, "Bills doubled.").await;
    assert_eq!(lanes(&checker).await, ["With nobody 1"]);
    assert_eq!(lanes(&annotator).await, [""; 0]);
    saved(&checker.post_form(&path(marked, "/assignee"), &[("to", "me")]).await);
    assert_eq!(lanes(&checker).await, ["With you 1"]);

    saved(&world.draft(&checker).await);
    assert_eq!(lanes(&checker).await, ["Your drafts 1", "With you 1"]);
    saved(&world.post(&checker, "review-request").await);
    assert_eq!(lanes(&checker).await, ["With you 1"]);
    assert_eq!(lanes(&reviewer).await, ["To review 1"]);
    let page = reviewer.get("/demo/queue").await;
    assert_eq!(page.one("tbody .title"), "The harbour handled 3.1 million tonnes");
    assert_eq!(page.one("td[data-label='Drafted by']"), "Fact-checker of demo");

    saved(&world.assess(&reviewer, "return", "Which table?").await);
    assert_eq!(lanes(&checker).await, ["Returned to you 1", "With you 1"]);
    assert_eq!(lanes(&reviewer).await, [""; 0]);
    saved(&world.post(&checker, "review-request").await);
    saved(&world.assess(&reviewer, "approve", "").await);
    assert_eq!(lanes(&editor).await, ["To publish 1"]);
    saved(&world.post(&editor, "publication").await);
    assert_eq!(lanes(&editor).await, [""; 0]);
    let correction = [("kind", "minor"), ("public_note", "A number was wrong.")];
    saved(&editor.post_form(&world.path("corrections"), &correction).await);
    assert!(lanes(&reviewer).await.contains(&"Corrections under way 1".to_owned()));
}

#[actix_web::test]
async fn who_is_recused_is_not_asked_to_review() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    saved(&reviewer.post_form(&world.path("recusal"), &[("reason", "My cousin works there.")]).await);
    assert_eq!(lanes(&reviewer).await, [""; 0]);
}

#[actix_web::test]
async fn the_next_claim_is_given_out_once() {
    const UNASSIGNED: &[(&str, &str)] = &[("lane", "unassigned")];
    let world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let (first, second) = (add_words(&annotator, "First.").await, add_words(&annotator, "Second.").await);
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    let key = uuid::Uuid::now_v7();

    let taken = checker.post_again("/demo/queue/next", UNASSIGNED, key).await;
    assert_eq!(taken.location(), path(first, ""));
    let again = checker.post_again("/demo/queue/next", UNASSIGNED, key).await;
    assert_eq!(again.location(), path(first, ""));
    let next = reviewer.post_form("/demo/queue/next", UNASSIGNED).await;
    assert_eq!(next.location(), path(second, ""));
    let none = reviewer.post_form("/demo/queue/next", UNASSIGNED).await;
    assert!(reviewer.follow(&none).await.one("[role=status].notice").contains("No claim waits"));
    assert_eq!(annotator.post_form("/demo/queue/next", UNASSIGNED).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn the_next_one_comes_after_the_one_that_is_left() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let mut claims = Vec::new();
    for words in ["First.", "Second.", "Third."] {
        claims.push(add_words(&checker, words).await);
    }
    for claim in &claims[..2] {
        saved(&checker.post_form(&path(*claim, "/assignee"), &[("to", "me")]).await);
    }
    // What is with oneself, one after the other, and then what is with nobody.
    let mut left = String::new();
    for claim in claims {
        let not = [("not", left.as_str())];
        let next = checker.post_form("/demo/queue/next", if left.is_empty() { &[] } else { &not }).await;
        assert_eq!(next.location(), path(claim, ""));
        left = claim.to_string();
    }
}

#[actix_web::test]
async fn a_long_queue_has_pages_and_each_claim_stands_on_one() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for number in 0..55 {
        add_words(&checker, &format!("Claim {number}")).await;
    }
    let first = checker.get("/demo/queue?lane=unassigned").await;
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = checker.get(&format!("/demo/queue{next}")).await;
    let mut all = first.select("tbody .title");
    all.extend(second.select("tbody .title"));
    assert_eq!(all, (0..55).map(|number| format!("Claim {number}")).collect::<Vec<_>>());
}

#[actix_web::test]
async fn the_panel_is_a_row_of_parts() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let claim = add_words(&checker, "Bills doubled.").await;
    let request = checker.request(Method::GET, &path(claim, "")).header("x-fragment", "panel");
    let panel = Page::of(request.header("accept", "text/html")).await;

    assert!(!panel.text.contains("<!doctype"));
    assert_eq!(panel.one("#part-head h2"), "Bills doubled.");
    for part in ["#part-head", "#part-words", "#part-draft", "#part-review"] {
        assert!(panel.has(&format!("{part}[data-part]")), "{part}");
    }
    assert!(panel.has("#part-draft input[name=rating][data-key='1']"));
}

#[actix_web::test]
async fn the_page_says_what_was_saved_and_takes_it_back() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    saved(&world.draft(&checker).await);
    saved(&world.change(&checker, "rationale", "We read the tables.\n\nThey say so.", "We read them.").await);
    let page = checker.get(&format!("{}?saved=1", path(world.claim, ""))).await;
    assert!(page.one("[role=status].notice").starts_with("Saved "));
    let event = page.attribute("[role=status] input[name=event]", "value").unwrap();

    saved(&checker.post_form(&path(world.claim, "/undo"), &[("event", &event)]).await);

    let page = checker.get(&path(world.claim, "")).await;
    assert_eq!(page.one("#draft-rationale"), "We read the tables. They say so.");
    let other = world.server.sign_in(Role::Reviewer).await;
    assert!(!other.get(&format!("{}?saved=1", path(world.claim, ""))).await.has("[role=status].notice"));
}

#[actix_web::test]
async fn drafts_are_not_told_to_those_who_may_not_read_them() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    saved(&world.draft(&checker).await);
    let annotator = world.server.sign_in(Role::Annotator).await;

    for address in [path(world.claim, ""), path(world.claim, "/history")] {
        let page = annotator.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("2.9 million"), "{address}");
        assert!(page.text.contains("drafted the verdict"), "{address}");
    }
    assert!(checker.get(&path(world.claim, "/history")).await.text.contains("2.9"));
    assert_eq!(
        world.server.visitor().get(&path(world.claim, "/history")).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn evidence_is_taken_back_like_everything_else() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let claim = add_words(&checker, "Bills doubled.").await;
    let fields = [("url", "https://tables.example/"), ("stance", "refutes")];
    saved(&checker.post_form(&path(claim, "/evidence"), &fields).await);
    let last = async || {
        let page = checker.get(&path(claim, "")).await;
        (page.select(".evidence > li").len(), page.attribute(".history input[name=event]", "value"))
    };
    let (count, event) = last().await;
    assert_eq!(count, 1);
    saved(&checker.post_form(&path(claim, "/undo"), &[("event", &event.unwrap())]).await);
    let (count, event) = last().await;
    assert_eq!(count, 0);
    saved(&checker.post_form(&path(claim, "/undo"), &[("event", &event.unwrap())]).await);
    assert_eq!(last().await.0, 1);
}

/// Plans the work on a claim that nobody has planned yet.
async fn plan(browser: &Browser, claim: ClaimId, priority: &str, due_on: &str) -> Page {
    let fields =
        [("base_priority", "normal"), ("priority", priority), ("base_due_on", ""), ("due_on", due_on)];
    browser.post_form(&path(claim, "/plan"), &fields).await
}

#[actix_web::test]
async fn the_queue_is_read_by_age_by_priority_or_by_when_it_is_due() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let mut claims = Vec::new();
    for words in ["A", "B", "C", "D"] {
        claims.push(add_words(&checker, words).await);
    }
    saved(&plan(&checker, claims[1], "low", "2026-11-02").await);
    saved(&plan(&checker, claims[2], "urgent", "").await);
    saved(&plan(&checker, claims[3], "high", "2126-11-30").await);
    for (sort, order) in
        [("age", "A B C D"), ("priority", "C D A B"), ("due", "B D A C"), ("disagreement", "A B C D")]
    {
        let queue = checker.get(&format!("/demo/queue?lane=unassigned&sort={sort}")).await;
        assert_eq!(queue.select("tbody .title").join(" "), order, "{sort}");
        assert_eq!(queue.select("nav[aria-label=Order] a[aria-current]").len(), 1, "{sort}");
    }
    let queue = checker.get("/demo/queue?lane=unassigned&sort=due").await;
    assert_eq!(queue.select("td[data-label=Due]"), ["2026-11-02 late", "2126-11-30", "no day", "no day"]);
    assert_eq!(queue.select("td[data-label=Priority] strong"), ["high", "urgent"]);
    // The most urgent is given out first.
    let next = checker.post_form("/demo/queue/next", &[("lane", "unassigned")]).await;
    assert_eq!(next.location(), path(claims[2], ""));
}

#[actix_web::test]
async fn every_order_of_the_queue_has_pages_and_each_claim_stands_on_one() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for number in 0..53 {
        let claim = add_words(&checker, &format!("Claim {number}")).await;
        if number % 3 == 0 {
            saved(&plan(&checker, claim, "high", "2026-12-01").await);
        }
    }
    for sort in ["priority", "due", "disagreement"] {
        let first = checker.get(&format!("/demo/queue?lane=unassigned&sort={sort}")).await;
        let next = first.attribute("a[rel=next]", "href").unwrap();
        let second = checker.get(&format!("/demo/queue{next}")).await;
        let mut all = first.select("tbody .title");
        all.extend(second.select("tbody .title"));
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), different.len()), (53, 53), "{sort}");
    }
}

#[actix_web::test]
async fn the_plan_of_a_claim_is_undone_and_two_who_plan_lose_nothing() {
    let world = World::new().await;
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    saved(&plan(&checker, world.claim, "urgent", "2026-12-01").await);
    let page = reviewer.get(&path(world.claim, "")).await;
    assert_eq!(page.attribute("#part-plan-fields-due_on", "value").unwrap(), "2026-12-01");
    assert!(page.has("#part-plan-fields-priority option[value=urgent][selected]"));
    let other = plan(&reviewer, world.claim, "low", "").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.text.contains("urgent") && other.text.contains("low"));
    let wrong = plan(&reviewer, world.claim, "normal", "soon").await;
    assert!(matches!(wrong.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY));

    let event = page.attribute(".history input[name=event]", "value").unwrap();
    saved(&checker.post_form(&path(world.claim, "/undo"), &[("event", &event)]).await);
    let page = reviewer.get(&path(world.claim, "")).await;
    assert_eq!(page.attribute("#part-plan-fields-due_on", "value").unwrap(), "");
    let annotator = world.server.sign_in(Role::Annotator).await;
    assert_eq!(plan(&annotator, world.claim, "urgent", "").await.status, StatusCode::FORBIDDEN);
    assert!(annotator.get(&path(world.claim, "")).await.one("#part-plan .meta").contains("Priority: normal"));
}

#[actix_web::test]
async fn a_claim_is_given_to_somebody_else_and_waits_with_them_since_then() {
    let world = World::new().await;
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    let account = world.desk.member(Role::Reviewer).to_string();
    let page = checker.get(&path(world.claim, "")).await;
    assert!(page.has(&format!("#assignee option[value='{account}']")));
    saved(&checker.post_form(&path(world.claim, "/assignee"), &[("to", &account)]).await);
    assert_eq!(lanes(&reviewer).await, ["With you 1"]);
    // Planning it does not make it younger.
    let ages = "UPDATE events SET at = at - interval '3 days' WHERE action = 'claim.assign'";
    sqlx::raw_sql("ALTER TABLE events DISABLE TRIGGER USER")
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    sqlx::query(ages).execute(world.server.owner_pool()).await.unwrap();
    sqlx::raw_sql("ALTER TABLE events ENABLE TRIGGER USER").execute(world.server.owner_pool()).await.unwrap();
    saved(&plan(&checker, world.claim, "urgent", "").await);
    let queue = reviewer.get("/demo/queue?lane=assigned").await;
    assert_eq!(queue.one("td[data-label='Waits for']"), "3 days");
}

#[actix_web::test]
async fn drafts_are_approved_and_returned_from_the_queue() {
    let world = World::new().await;
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    let queue = reviewer.get("/demo/queue?lane=review").await;
    assert_eq!(queue.one("tbody .badge"), "False");
    assert!(queue.has("button[data-press=a][value=approve]") && queue.has("summary[data-press=r]"));
    let claim = world.claim.to_string();
    let version = queue.attribute("input[name=draft_version]", "value").unwrap();
    let decide = async |browser: &Browser, decision: &str, version: &str, reason: &str| {
        let fields = [
            ("claim", claim.as_str()),
            ("draft_version", version),
            ("sort", "age"),
            ("at", "0"),
            ("decision", decision),
            ("reason", reason),
        ];
        browser.post_form("/demo/queue/decisions", &fields).await
    };
    let unsaid = decide(&reviewer, "return", &version, "").await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.has("details[open] textarea") && unsaid.has("[role=alert]"));
    let stale = decide(&reviewer, "return", "99", "Which table?").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.one("details[open] textarea"), "Which table?");
    assert_eq!(decide(&checker, "approve", &version, "").await.status, StatusCode::FORBIDDEN);

    let returned = decide(&reviewer, "return", &version, "Which table?").await;
    assert_eq!(returned.location(), "/demo/queue?lane=review&sort=age&at=0");
    assert_eq!(lanes(&checker).await, ["Returned to you 1"]);
    saved(&world.post(&checker, "review-request").await);
    let queue = reviewer.get("/demo/queue?lane=review").await;
    let version = queue.attribute("input[name=draft_version]", "value").unwrap();
    saved(&decide(&reviewer, "approve", &version, "").await);
    assert_eq!(world.stage().await, "decided");
}
