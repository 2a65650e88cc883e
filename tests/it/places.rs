//! Places among those who assess: drawn, taken, assigned, left and forgotten, and never more of them than are needed.

use std::collections::{BTreeMap, BTreeSet};

use factdesk::auth::Role;
use factdesk::id::{AccountId, ClaimId, RoundId};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::claims::{path, saved};
use crate::harness::{Browser, Fixture, Page, Server};
use crate::reviews::{claim, event};

/// A desk on which so many people assess each claim blindly.
struct Blind {
    server: Server,
    desk: Fixture,
}

impl Blind {
    async fn new(people: i16) -> Self {
        let server = Server::start().await;
        let desk = server.desk("demo").await;
        desk.install_scales(server.owner_pool()).await;
        let policy = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id)
             SELECT $1, $2, 1 + coalesce(max(number), 0), 'blind', $3, $4, now(), $5
             FROM review_policies WHERE desk_id = $1",
        )
        .bind(desk.id)
        .bind(policy)
        .bind(people)
        .bind(desk.member(Role::Admin))
        .bind(event(server.owner_pool(), &desk).await)
        .execute(server.owner_pool())
        .await
        .unwrap();
        sqlx::query("UPDATE desks SET policy_id = $2 WHERE id = $1")
            .bind(desk.id)
            .bind(policy)
            .execute(server.owner_pool())
            .await
            .unwrap();
        Self { server, desk }
    }

    /// A claim that is open to be assessed.
    async fn open(&self) -> ClaimId {
        let owner = self.server.owner_pool();
        let id = claim(owner, &self.desk).await;
        sqlx::query(
            "INSERT INTO rounds (desk_id, id, claim_id, number, kind, mode, policy_id, scale_version_id,
                                 no_evidence_reason, created_by, created_at, event_id)
             SELECT $1, $2, $3, 1, 'initial', 'blind', d.policy_id, v.id, 'Nothing was found.', $4, now(), $5
             FROM desks d JOIN scale_versions v ON v.desk_id = d.id AND v.scale_id = d.scale_id WHERE d.id = $1",
        )
        .bind(self.desk.id)
        .bind(RoundId::new())
        .bind(id)
        .bind(self.desk.member(Role::Editor))
        .bind(event(owner, &self.desk).await)
        .execute(owner)
        .await
        .unwrap();
        sqlx::query("UPDATE rounds SET state = 'in_review', event_id = $2 WHERE claim_id = $1")
            .bind(id)
            .bind(event(owner, &self.desk).await)
            .execute(owner)
            .await
            .unwrap();
        id
    }

    /// Another reviewer.
    async fn reviewer(&self, number: usize) -> (AccountId, Browser) {
        let account = AccountId::new();
        sqlx::query(
            "WITH a AS (INSERT INTO accounts (id, handle, display_name, created_at)
                        VALUES ($2, $3, $3, now()) RETURNING id)
             INSERT INTO memberships (desk_id, account_id, roles, created_at) SELECT $1, a.id, '{reviewer}', now() FROM a",
        )
        .bind(self.desk.id)
        .bind(account)
        .bind(format!("reviewer-{number}"))
        .execute(self.server.owner_pool())
        .await
        .unwrap();
        (account, self.server.sign_in_as(account).await)
    }

    /// Rates a claim, as if it were done on its page.
    async fn rate(&self, claim: ClaimId, account: AccountId) {
        self.rate_as(claim, account, "false").await;
    }

    async fn rate_as(&self, claim: ClaimId, account: AccountId, rating: &str) {
        sqlx::query(
            "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id,
                                      rating_code, rationale, confidence, salt, created_at, event_id)
             SELECT r.desk_id, $2, r.id, r.claim_id, r.draft_version, $3, 'rating', r.scale_version_id,
                    $5, 'I read it.', 'high', decode(repeat('00', 32), 'hex'), now(), $4
             FROM rounds r WHERE r.claim_id = $1",
        )
        .bind(claim)
        .bind(Uuid::now_v7())
        .bind(account)
        .bind(event(self.server.owner_pool(), &self.desk).await)
        .bind(rating)
        .execute(self.server.owner_pool())
        .await
        .unwrap();
    }

    /// Lets somebody decide about a claim whose ratings differ.
    async fn split(&self, claim: ClaimId) {
        sqlx::query("UPDATE rounds SET state = 'adjudicating', event_id = $2 WHERE claim_id = $1")
            .bind(claim)
            .bind(event(self.server.owner_pool(), &self.desk).await)
            .execute(self.server.owner_pool())
            .await
            .unwrap();
    }

    /// Lets the kept places grow old.
    async fn wait(&self, hours: i32) {
        sqlx::query("ALTER TABLE assessment_places DISABLE TRIGGER USER")
            .execute(self.server.owner_pool())
            .await
            .unwrap();
        sqlx::query(
            "UPDATE assessment_places SET since = since - make_interval(hours => $1), at = at - make_interval(hours => $1),
                                          until = until - make_interval(hours => $1)",
        )
        .bind(hours)
        .execute(self.server.owner_pool())
        .await
        .unwrap();
        sqlx::query("ALTER TABLE assessment_places ENABLE TRIGGER USER")
            .execute(self.server.owner_pool())
            .await
            .unwrap();
    }
}

async fn draw(browser: &Browser) -> Page {
    browser.json(Method::POST, "/api/v1/desks/demo/places", &json!({})).await
}

/// The claim that was drawn; nothing when none waits.
async fn drawn(browser: &Browser) -> Option<ClaimId> {
    let page = draw(browser).await;
    match page.status {
        StatusCode::CREATED => Some(page.json()["claim"].as_str().unwrap().parse().unwrap()),
        StatusCode::NOT_FOUND => None,
        status => panic!("{status}: {}", page.text),
    }
}

#[actix_web::test]
async fn fifty_who_draw_from_one_queue_never_draw_the_same_place() {
    const PEOPLE: i16 = 3;
    const CLAIMS: usize = 40;
    let desk = Blind::new(PEOPLE).await;
    let mut claims = BTreeSet::new();
    for _ in 0..CLAIMS {
        claims.insert(desk.open().await);
    }
    let mut reviewers = Vec::new();
    for number in 0..50 {
        reviewers.push(desk.reviewer(number).await);
    }
    // Each draws and assesses until nothing is left for anybody.
    let work = reviewers.iter().map(async |(account, browser)| {
        let mut mine = Vec::new();
        while let Some(claim) = drawn(browser).await {
            desk.rate(claim, *account).await;
            mine.push(claim);
        }
        mine
    });
    let drawn = futures_util::future::join_all(work).await;

    let mut times: BTreeMap<ClaimId, i16> = BTreeMap::new();
    for mine in &drawn {
        let different: BTreeSet<_> = mine.iter().collect();
        assert_eq!(different.len(), mine.len(), "somebody drew a claim twice");
        for claim in mine {
            *times.entry(*claim).or_default() += 1;
        }
    }
    assert!(claims.iter().all(|claim| times.get(claim) == Some(&PEOPLE)), "{times:?}");
    assert_eq!(times.len(), CLAIMS);
    let kept = desk.server.count("SELECT count(*) FROM assessment_places").await;
    assert_eq!(kept, i64::from(PEOPLE) * i64::try_from(CLAIMS).unwrap());
}

#[actix_web::test]
async fn fifty_who_draw_at_once_share_out_exactly_what_there_is() {
    let desk = Blind::new(2).await;
    for _ in 0..20 {
        desk.open().await;
    }
    let mut reviewers = Vec::new();
    for number in 0..50 {
        reviewers.push(desk.reviewer(number).await.1);
    }
    let drawn = futures_util::future::join_all(reviewers.iter().map(drawn)).await;
    let mut times: BTreeMap<ClaimId, usize> = BTreeMap::new();
    for claim in drawn.into_iter().flatten() {
        *times.entry(claim).or_default() += 1;
    }
    assert_eq!(times.len(), 20);
    assert!(times.values().all(|times| *times == 2), "{times:?}");
}

#[actix_web::test]
async fn a_place_is_kept_for_an_hour_and_then_anybodys() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let mut people = Vec::new();
    for number in 0..4 {
        people.push(desk.reviewer(number).await);
    }
    assert_eq!(drawn(&people[0].1).await, Some(open));
    assert_eq!(drawn(&people[0].1).await, Some(open), "it is the same place");
    assert_eq!(drawn(&people[1].1).await, Some(open));
    assert_eq!(drawn(&people[2].1).await, None);
    desk.rate(open, people[0].0).await;
    assert_eq!(drawn(&people[0].1).await, None, "it is used");

    // The second one has closed the laptop.
    desk.wait(1).await;
    assert_eq!(drawn(&people[2].1).await, Some(open));
    assert_eq!(drawn(&people[3].1).await, None);
    let late =
        people[1].1.json(Method::POST, &format!("/api/v1/desks/demo/claims/{open}/places"), &json!({})).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn an_open_page_keeps_a_place() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let (_, reviewer) = desk.reviewer(0).await;
    drawn(&reviewer).await;
    sqlx::raw_sql(
        "ALTER TABLE assessment_places DISABLE TRIGGER USER;
         UPDATE assessment_places SET until = now() + interval '1 minute';
         ALTER TABLE assessment_places ENABLE TRIGGER USER",
    )
    .execute(desk.server.owner_pool())
    .await
    .unwrap();
    reviewer.post_form(&path(open, "/presence"), &[]).await.location();
    let kept = "SELECT count(*) FROM assessment_places WHERE until > now() + interval '59 minutes'";
    assert_eq!(desk.server.count(kept).await, 1);
    let events = "SELECT count(*) FROM events WHERE action LIKE 'place.%'";
    assert_eq!(desk.server.count(events).await, 1);
}

#[actix_web::test]
async fn who_leaves_a_place_is_not_offered_it_again() {
    let desk = Blind::new(2).await;
    let (first, second) = (desk.open().await, desk.open().await);
    let (_, reviewer) = desk.reviewer(0).await;
    assert_eq!(drawn(&reviewer).await, Some(first));
    let round = draw(&reviewer).await.json()["round"].clone();
    let skipped = reviewer.json(Method::POST, "/api/v1/desks/demo/places", &json!({"skip": round})).await;
    assert_eq!(skipped.json()["claim"], second.to_string());
    let left = reviewer.post_form(&path(second, "/places/release"), &[]).await;
    assert_eq!(left.location(), "/demo/queue?lane=assess");
    assert_eq!(drawn(&reviewer).await, None);
    // But it can be taken on purpose.
    let taken =
        reviewer.json(Method::POST, &format!("/api/v1/desks/demo/claims/{first}/places"), &json!({})).await;
    assert_eq!(taken.status, StatusCode::CREATED);
    assert_eq!(drawn(&reviewer).await, Some(first));
}

#[actix_web::test]
async fn a_place_is_given_to_whom_the_desk_wants() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let editor = desk.server.sign_in(Role::Editor).await;
    let checker = desk.server.sign_in(Role::FactChecker).await;
    let (account, reviewer) = desk.reviewer(0).await;
    let page = editor.get(&path(open, "")).await;
    assert!(page.one("#part-places > p").starts_with("0 of 2 are in. 2 places are free."));
    saved(&editor.post_form(&path(open, "/places"), &[("to", &account.to_string())]).await);

    assert_eq!(drawn(&reviewer).await, Some(open));
    desk.wait(70).await;
    assert_eq!(drawn(&reviewer).await, Some(open), "it is kept for three days");
    let annotator = desk.desk.member(Role::Annotator).to_string();
    let refused = editor.post_form(&path(open, "/places"), &[("to", &annotator)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // An editor takes it back, others do not.
    let account = account.to_string();
    let other = checker.post_form(&path(open, "/places/release"), &[("account", &account)]).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    saved(&editor.post_form(&path(open, "/places/release"), &[("account", &account)]).await);
    assert_eq!(drawn(&reviewer).await, None);
}

#[actix_web::test]
async fn the_most_urgent_claim_is_drawn_first() {
    let desk = Blind::new(2).await;
    let (plain, due, urgent) = (desk.open().await, desk.open().await, desk.open().await);
    let editor = desk.server.sign_in(Role::Editor).await;
    for (claim, priority, due_on) in [(due, "normal", "2026-12-24"), (urgent, "urgent", "")] {
        let fields =
            [("base_priority", "normal"), ("priority", priority), ("base_due_on", ""), ("due_on", due_on)];
        saved(&editor.post_form(&path(claim, "/plan"), &fields).await);
    }
    let (account, reviewer) = desk.reviewer(0).await;
    for expected in [urgent, due, plain] {
        assert_eq!(drawn(&reviewer).await, Some(expected));
        desk.rate(expected, account).await;
    }
}

#[actix_web::test]
async fn the_same_request_sent_twice_draws_once() {
    let desk = Blind::new(2).await;
    let (first, _) = (desk.open().await, desk.open().await);
    let (account, reviewer) = desk.reviewer(0).await;
    let key = Uuid::now_v7();
    let once = reviewer.post_again("/demo/queue/places", &[], key).await;
    desk.rate(first, account).await;
    let again = reviewer.post_again("/demo/queue/places", &[], key).await;
    assert_eq!(once.location(), again.location());
    assert!(once.location().starts_with(&path(first, "")));
    assert_eq!(desk.server.count("SELECT count(*) FROM assessment_places").await, 1);
}

#[actix_web::test]
async fn who_is_recused_or_marked_the_claim_is_offered_no_place() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let reviewer = desk.server.sign_in(Role::Reviewer).await;
    saved(&reviewer.post_form(&path(open, "/recusal"), &[("reason", "My cousin works there.")]).await);
    assert_eq!(drawn(&reviewer).await, None);
    let checker = desk.server.sign_in(Role::FactChecker).await;
    sqlx::query("UPDATE claims SET created_by = $1, event_id = $2")
        .bind(desk.desk.member(Role::FactChecker))
        .bind(event(desk.server.owner_pool(), &desk.desk).await)
        .execute(desk.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(drawn(&checker).await, None);
    assert_eq!(drawn(&desk.reviewer(0).await.1).await, Some(open));
}

#[actix_web::test]
async fn while_people_assess_blindly_nobody_is_told_who_is_where() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let (account, reviewer) = desk.reviewer(0).await;
    drawn(&reviewer).await;
    reviewer.post_form(&path(open, "/presence"), &[]).await.location();
    desk.rate(open, account).await;
    let editor = desk.server.sign_in(Role::Editor).await;
    for address in
        [path(open, ""), path(open, "/history"), "/demo/queue?lane=assess&sort=disagreement".to_owned()]
    {
        let page = editor.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        let document = page.document();
        document.select("select, datalist").remove();
        assert!(!document.html().contains("reviewer-0"), "{address}");
    }
    assert!(
        editor
            .get(&path(open, ""))
            .await
            .one("#part-places > p")
            .starts_with("1 of 2 is in. 1 place is free.")
    );
    assert_eq!(desk.server.count("SELECT count(*) FROM presences").await, 0);
}

#[actix_web::test]
async fn the_queue_has_what_is_to_be_assessed() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let (account, reviewer) = desk.reviewer(0).await;
    let queue = reviewer.get("/demo/queue").await;
    assert_eq!(queue.one(".tabs a[aria-current][href*=lane]:has(.number)"), "To assess 1");
    assert!(queue.has(&format!("tbody a.title[href^='{}']", path(open, "/"))));
    let next = reviewer.post_form("/demo/queue/next", &[("lane", "assess")]).await;
    assert!(next.location().starts_with(&path(open, "/")));
    desk.rate(open, account).await;
    assert!(reviewer.get("/demo/queue?lane=assess").await.has(".empty"));
}

#[actix_web::test]
async fn what_people_disagree_on_most_is_decided_first_and_by_others() {
    let desk = Blind::new(4).await;
    let (little, much) = (desk.open().await, desk.open().await);
    let mut people = Vec::new();
    for number in 0..5 {
        people.push(desk.reviewer(number).await);
    }
    for (claim, ratings) in
        [(little, ["true", "true", "true", "false"]), (much, ["true", "true", "false", "half_true"])]
    {
        for ((account, _), rating) in people.iter().zip(ratings) {
            desk.rate_as(claim, *account, rating).await;
        }
    }
    // Nothing is told before all are in and the round goes on.
    let early = people[4].1.get("/demo/queue?lane=assess&sort=disagreement").await;
    assert!(!early.has("td[data-label=Disagreement]"));
    desk.split(little).await;
    desk.split(much).await;

    let queue = people[4].1.get("/demo/queue?lane=adjudicate&sort=disagreement").await;
    assert_eq!(queue.select("td[data-label=Disagreement]"), ["83 %", "50 %"]);
    assert_eq!(queue.attribute("tbody a.title", "href").unwrap(), path(much, "/adjudication"));
    assert!(
        people[0].1.get("/demo/queue?lane=adjudicate").await.has(".empty"),
        "who has rated does not decide"
    );
}

#[actix_web::test]
async fn the_form_of_an_assessment_says_how_long_the_place_is_kept() {
    let desk = Blind::new(2).await;
    let (first, second) = (desk.open().await, desk.open().await);
    let (account, reviewer) = desk.reviewer(0).await;
    let drawn = reviewer.post_form("/demo/queue/next", &[("lane", "assess")]).await;
    let form = reviewer.follow(&drawn).await;
    assert!(form.one("#part-places .meta").starts_with("You have a place until "));
    assert!(form.has("[data-presence]") && form.has("#part-places button[data-key=n]"));
    desk.rate(first, account).await;
    let not = first.to_string();
    let next = reviewer.post_form("/demo/queue/next", &[("lane", "assess"), ("not", &not)]).await;
    assert_eq!(next.location(), path(second, "/assessment"));
}

#[actix_web::test]
async fn the_database_hands_out_no_place_too_many() {
    let desk = Blind::new(2).await;
    let open = desk.open().await;
    let mut people = Vec::new();
    for number in 0..3 {
        people.push(desk.reviewer(number).await.0);
    }
    let app = desk.server.app_pool();
    let insert = "INSERT INTO assessment_places (desk_id, round_id, account_id, id, claim_id, how, since, at, until, event_id)
                  SELECT desk_id, id, $2, $3, claim_id, 'taken', now(), now(), now() + interval '1 hour', $4
                  FROM rounds WHERE claim_id = $1";
    let attempt = async |account: AccountId| {
        sqlx::query(insert)
            .bind(open)
            .bind(account)
            .bind(Uuid::now_v7())
            .bind(event(desk.server.owner_pool(), &desk.desk).await)
            .execute(app)
            .await
            .map(|_| ())
    };
    let refused = |outcome: Result<(), sqlx::Error>| {
        outcome.unwrap_err().as_database_error().unwrap().constraint().unwrap().to_owned()
    };
    // Who marked the claim, and who opened the round, and who has one already.
    assert_eq!(
        refused(attempt(desk.desk.member(Role::Annotator)).await),
        "assessment_places_for_those_who_may"
    );
    attempt(people[0]).await.unwrap();
    assert_eq!(refused(attempt(people[0]).await), "assessment_places_pkey");
    attempt(people[1]).await.unwrap();
    assert_eq!(refused(attempt(people[2]).await), "assessment_places_not_too_many");

    for (change, constraint) in [
        (
            "UPDATE assessment_places SET account_id = $1, event_id = $2 WHERE account_id <> $1",
            "assessment_places_stay_whose_they_are",
        ),
        (
            "UPDATE assessment_places SET until = at WHERE account_id <> $1 AND event_id <> $2",
            "every_change_has_an_event",
        ),
        (
            "UPDATE assessment_places SET how = 'drawn' WHERE account_id <> $1 AND event_id <> $2",
            "every_change_has_an_event",
        ),
        (
            "UPDATE assessment_places SET how = 'assigned', event_id = $2 WHERE account_id <> $1",
            "assessment_places_assigned_by_somebody",
        ),
        (
            "UPDATE assessment_places SET released = true, event_id = $2 WHERE account_id <> $1",
            "assessment_places_released_at_once",
        ),
    ] {
        let event = event(desk.server.owner_pool(), &desk.desk).await;
        let outcome = sqlx::query(change).bind(people[2]).bind(event).execute(app).await.map(|_| ());
        assert_eq!(refused(outcome), constraint, "{change}");
    }
    let gone = sqlx::query("DELETE FROM assessment_places").execute(app).await.unwrap_err();
    assert_eq!(gone.as_database_error().unwrap().code().unwrap(), "42501");
}
