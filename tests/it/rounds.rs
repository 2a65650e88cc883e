//! Rounds that several people judge, over HTTP: blind ones, panels, adjudication, and what a policy asks for.

mod at_random;
mod leaks;

use factdesk::auth::Role;
use factdesk::id::{AccountId, AgentId};
use factdesk::policies::{ContactRule, Mode, RequiredField, Rules};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Browser, Page};
use crate::reviews::{World, event, taken};

/// What a rating is given with.
const WHY: &str = "Table 4 says so.";

pub fn blind(people: i16) -> Rules {
    Rules { mode: Mode::Blind, people, ..Rules::default() }
}

pub fn panel() -> Rules {
    Rules { mode: Mode::Panel, people: 3, majority: Some(2), ..Rules::default() }
}

pub async fn world(rules: &Rules) -> World {
    let world = World::new().await;
    world.desk.adopt(world.server.owner_pool(), rules).await;
    world
}

/// Another reviewer of the desk.
pub async fn reviewer(world: &World, name: &str) -> (AccountId, Browser) {
    let account = AccountId::new();
    let owner = world.server.owner_pool();
    sqlx::query("INSERT INTO accounts (id, handle, display_name, created_at) VALUES ($1, $2, $3, now())")
        .bind(account)
        .bind(name.to_lowercase())
        .bind(name)
        .execute(owner)
        .await
        .unwrap();
    sqlx::query("INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, '{reviewer}', now())")
        .bind(world.desk.id)
        .bind(account)
        .execute(owner)
        .await
        .unwrap();
    (account, world.server.sign_in_as(account).await)
}

pub async fn rate(world: &World, browser: &Browser, rating: &str, why: &str) -> Page {
    let version = world.draft_version().await.to_string();
    let fields = [
        ("draft_version", version.as_str()),
        ("rating", rating),
        ("rationale", why),
        ("confidence", "medium"),
        ("opened_at", "2026-03-14T09:00:00Z"),
        ("seconds_active", "240"),
    ];
    browser.post_form(&world.path("assessment"), &fields).await
}

async fn adjudicate(world: &World, browser: &Browser, rating: &str) -> Page {
    browser
        .post_form(&world.path("adjudication"), &[("rating", rating), ("reason", "The tables decide.")])
        .await
}

async fn state(world: &World) -> String {
    sqlx::query_scalar("SELECT state FROM rounds WHERE claim_id = $1 ORDER BY number DESC LIMIT 1")
        .bind(world.claim)
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap()
}

/// Writes the words of a verdict whose rating is decided, and lets another approve and publish them.
async fn finish(world: &World, writer: &Browser, approver: &Browser) {
    let fields = [
        ("base_one_line", ""),
        ("one_line", "The tables show less."),
        ("base_rationale", ""),
        ("rationale", "We read them."),
        ("base_as_of", ""),
        ("as_of", "2026-03-14"),
    ];
    taken(&writer.post_form(&world.path("draft"), &fields).await);
    taken(&world.post(writer, "review-request").await);
    taken(&world.assess(approver, "approve", "").await);
    taken(&world.post(&world.server.sign_in(Role::Editor).await, "publication").await);
    assert_eq!(world.stage().await, "published");
}

#[actix_web::test]
async fn three_who_agree_blindly_decide_the_rating_and_a_second_person_approves_the_words() {
    let world = world(&blind(3)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    let (_, cem) = reviewer(&world, "Cem").await;
    assert_eq!(rate(&world, &ana, "false", WHY).await.status, StatusCode::CONFLICT);
    taken(&world.post(&checker, "review-request").await);
    assert_eq!((world.stage().await, state(&world).await), ("in_review".into(), "in_review".into()));

    let page = ana.get(&world.path("assessment")).await;
    assert!(page.text.contains("0 of 3 are in"), "{}", page.text);
    assert!(page.has("fieldset.ratings input") && page.has("fieldset.considered input"));
    let saved = rate(&world, &ana, "false", WHY).await;
    assert_eq!(saved.location(), format!("/demo/claims/{}/assessment?saved=1", world.claim));
    assert!(ana.follow(&saved).await.text.contains("1 of 3 is in"));
    // What one gave can be replaced while the others are waited for.
    taken(&rate(&world, &ana, "true", "A slip.").await);
    taken(&rate(&world, &ana, "false", WHY).await);
    taken(&rate(&world, &ben, "false", WHY).await);
    assert_eq!(state(&world).await, "in_review");
    taken(&rate(&world, &cem, "false", WHY).await);
    assert_eq!((world.stage().await, state(&world).await), ("researching".into(), "drafting".into()));
    // Nobody assesses any more, and nobody changes the rating.
    assert_eq!(rate(&world, &checker, "true", WHY).await.status, StatusCode::CONFLICT);
    let changed = world.change(&checker, "rating", "false", "true").await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    assert!(changed.text.contains("came to it together"));
    let page = checker.get(&world.path("judging")).await;
    assert_eq!(page.one(".outcome > .meta .badge"), "False");
    assert!(page.text.contains(WHY), "once all are in, members read why");

    finish(&world, &checker, &ana).await;
    let row: (String, serde_json::Value, i32) =
        sqlx::query_as("SELECT method, tally, approvals FROM verdicts WHERE claim_id = $1")
            .bind(world.claim)
            .fetch_one(world.server.owner_pool())
            .await
            .unwrap();
    assert_eq!(row, ("blind".into(), json!({"false": 3}), 1));
    let public = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(public.text.contains("without seeing each other"), "{}", public.text);
    assert!(public.text.contains("3 × False"));
    assert!(!public.text.contains(WHY));
}

#[actix_web::test]
async fn differing_ratings_are_decided_by_somebody_who_gave_none() {
    let world = world(&Rules { dissent_notes: true, ..blind(2) }).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, "false", "The tables say so.").await);
    taken(&rate(&world, &ben, "mostly_false", "It is nearly so.").await);
    assert_eq!((world.stage().await, state(&world).await), ("in_review".into(), "adjudicating".into()));
    assert_eq!(rate(&world, &ana, "true", WHY).await.status, StatusCode::CONFLICT);

    let page = editor.get(&world.path("adjudication")).await;
    assert_eq!(page.select(".given > li .badge"), ["False", "Mostly false"]);
    assert!(page.text.contains("The tables say so.") && page.text.contains("It is nearly so."));
    for assessor in [&ana, &ben] {
        let page = assessor.get(&world.path("adjudication")).await;
        assert!(page.text.contains("You assessed this claim"));
        assert!(!page.has("form.narrow"));
        let refused = adjudicate(&world, assessor, "false").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    let wordless =
        editor.post_form(&world.path("adjudication"), &[("rating", "false"), ("reason", " ")]).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wordless.has("input[value=false][checked]"), "what was chosen is still chosen");
    taken(&adjudicate(&world, &editor, "false").await);
    assert_eq!(state(&world).await, "drafting");
    assert_eq!(editor.get(&world.path("adjudication")).await.status, StatusCode::SEE_OTHER);

    finish(&world, &checker, &world.server.sign_in(Role::Reviewer).await).await;
    let public = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(public.text.contains("Decided by an adjudicator"));
    assert!(public.text.contains("1 × False, 1 × Mostly false"));
    // This desk shows why somebody rated otherwise, and never who.
    assert!(public.text.contains("It is nearly so.") && !public.text.contains("The tables say so."));
    assert!(!public.text.contains("Ben"));

    let exported = checker.get("/demo/export/jsonl?scope=desk").await.text;
    let line: serde_json::Value =
        exported.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).next().unwrap();
    let verdict = &line["verdicts"][0];
    assert_eq!((&verdict["method"], &verdict["dissent"]), (&json!("adjudicated"), &json!(1)));
    assert_eq!(verdict["tally"], json!({"false": 1, "mostly_false": 1}));
    let given = verdict["assessments"].as_array().unwrap();
    assert_eq!(given.len(), 2);
    assert!(given[0]["pseudonym"].as_str().unwrap().starts_with("r-"));
    assert_ne!(given[0]["pseudonym"], given[1]["pseudonym"]);
    assert_eq!(given[0]["seconds_active"], 240);
    assert!(!exported.contains("Ana") && !exported.contains("\"ana\""));
    let public = world.server.visitor().get("/demo/export/jsonl").await.text;
    assert!(public.contains("\"assessments\":null") && public.contains("\"adjudicated\""));
}

#[actix_web::test]
async fn a_panel_carries_the_draft_and_keeps_dissent() {
    let world = world(&panel()).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    let (_, cem) = reviewer(&world, "Cem").await;
    assert_eq!(world.post(&checker, "review-request").await.status, StatusCode::CONFLICT);
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    assert_eq!(rate(&world, &checker, "false", WHY).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.assess(&ana, "approve", "").await.status, StatusCode::CONFLICT);
    let noteless = rate(&world, &ana, "false", " ").await;
    assert_eq!(noteless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(noteless.has("a[href='#rationale']") && noteless.has("input[value=false][checked]"));

    assert!(ana.get(&world.path("assessment")).await.text.contains("We read the tables."));
    taken(&rate(&world, &ana, "false", WHY).await);
    taken(&rate(&world, &ben, "true", "I read them otherwise.").await);
    assert_eq!(world.post(&checker, "review-withdrawal").await.status, StatusCode::CONFLICT);
    taken(&rate(&world, &cem, "false", WHY).await);
    assert_eq!((world.stage().await, state(&world).await), ("decided".into(), "approved".into()));
    taken(&world.post(&world.server.sign_in(Role::Editor).await, "publication").await);
    let public = world.server.visitor().get(&format!("/demo/claims/{}", world.claim)).await;
    assert!(public.text.contains("Decided by the vote of a panel"));
    assert!(public.text.contains("2 × False, 1 × True"));
    assert!(!public.text.contains("I read them otherwise."), "this desk keeps notes to itself");
    let history = checker.get(&world.path("rounds")).await;
    assert!(history.text.contains("I read them otherwise."));
    assert!(history.text.contains("a majority agreed"));
}

#[actix_web::test]
async fn a_panel_that_rates_otherwise_sends_the_words_back_with_its_rating() {
    let world = world(&panel()).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    for (name, rating) in [("Ana", "true"), ("Ben", "true"), ("Cem", "false")] {
        taken(&rate(&world, &reviewer(&world, name).await.1, rating, WHY).await);
    }
    assert_eq!((world.stage().await, state(&world).await), ("researching".into(), "drafting".into()));
    assert_eq!(checker.get(&world.path("judging")).await.one("#draft-rating .badge"), "True");
    taken(
        &world
            .change(&checker, "one_line", "The tables show 2.9 million tonnes.", "They show as much.")
            .await,
    );
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&editor, "approve", "").await);
    // Returned before it is public, the words are written anew and the rating stands.
    taken(&world.assess(&editor, "return", "Say since when.").await);
    assert_eq!((world.stage().await, state(&world).await), ("researching".into(), "drafting".into()));
    assert_eq!(checker.get(&world.path("judging")).await.one("#draft-rating .badge"), "True");
    taken(&world.change(&checker, "one_line", "They show as much.", "They show as much since 2021.").await);
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&editor, "approve", "").await);
    taken(&world.post(&editor, "publication").await);
    let methods: Vec<String> = sqlx::query_scalar("SELECT method FROM verdicts ORDER BY number")
        .fetch_all(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(methods, ["panel", "panel"]);
}

#[actix_web::test]
async fn as_many_approve_as_the_policy_asks_for() {
    let world = world(&Rules { people: 2, ..Rules::default() }).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&ana, "approve", "").await);
    assert_eq!(state(&world).await, "in_review");
    assert_eq!(world.assess(&ana, "approve", "").await.status, StatusCode::FORBIDDEN);
    assert!(ben.get(&world.path("judging")).await.text.contains("1 of 2 have approved it."));
    taken(&world.assess(&ben, "return", "Which table?").await);
    taken(&world.post(&checker, "review-request").await);
    // The draft is judged anew, by everybody.
    taken(&world.assess(&ben, "approve", "").await);
    assert_eq!(state(&world).await, "in_review");
    taken(&world.assess(&ana, "approve", "").await);
    assert_eq!(world.stage().await, "decided");
    let approvals: i32 = sqlx::query_scalar("SELECT approvals FROM verdicts")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(approvals, 2);
}

#[actix_web::test]
async fn who_marked_a_claim_assesses_it_only_where_the_policy_lets_them() {
    let world = world(&blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (marked, ana) = reviewer(&world, "Ana").await;
    sqlx::query("UPDATE claims SET created_by = $2, event_id = $3 WHERE id = $1")
        .bind(world.claim)
        .bind(marked)
        .bind(event(world.server.owner_pool(), &world.desk).await)
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    taken(&world.post(&checker, "review-request").await);
    let refused = rate(&world, &ana, "false", WHY).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("You marked this claim"));
    // The round keeps the policy it began under; the next one does not.
    let lax = Rules { authors_apart: false, ..blind(2) };
    world.desk.adopt(world.server.owner_pool(), &lax).await;
    assert_eq!(rate(&world, &ana, "false", WHY).await.status, StatusCode::FORBIDDEN);
    taken(&world.post(&checker, "review-withdrawal").await);
    taken(&checker.post_form(&world.path("declination"), &[("reason", "out_of_scope")]).await);
    taken(&world.post(&checker, "reopening").await);
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, "false", WHY).await);
}

#[actix_web::test]
async fn whoever_is_recused_from_an_agent_judges_nothing_it_said_or_published() {
    let world = world(&blind(2)).await;
    let owner = world.server.owner_pool();
    let checker = world.server.sign_in(Role::FactChecker).await;
    let admin = world.server.sign_in(Role::Admin).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    let agent = AgentId::new();
    sqlx::query("INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id) VALUES ($1, $2, 'organisation', 'Port Authority', 'port authority', $3, now(), $4)")
        .bind(world.desk.id)
        .bind(agent)
        .bind(world.desk.member(Role::Editor))
        .bind(event(owner, &world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    sqlx::query("UPDATE sources SET publisher_id = $1, event_id = $2")
        .bind(agent)
        .bind(event(owner, &world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, "false", WHY).await);
    let recusals = format!("/demo/agents/{agent}/recusals");
    assert_eq!(ana.post_form(&recusals, &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(&ana.post_form(&recusals, &[("reason", "I worked there.")]).await);
    assert_eq!(ana.post_form(&recusals, &[("reason", "Still.")]).await.status, StatusCode::CONFLICT);
    // What she gave does not count any more, and she gives no other.
    assert!(ben.get(&world.path("assessment")).await.text.contains("0 of 2 are in"));
    let refused = rate(&world, &ana, "true", WHY).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(ben.get(&world.path("judging")).await.text.contains("I worked there."));
    // Only an admin lets her in again, and never herself.
    assert_eq!(
        ana.post_form(&format!("{recusals}/end"), &[("handle", "ana")]).await.status,
        StatusCode::FORBIDDEN
    );
    taken(&admin.post_form(&format!("{recusals}/end"), &[("handle", "ana")]).await);
    assert_eq!(
        admin.post_form(&format!("{recusals}/end"), &[("handle", "ana")]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(ben.get(&world.path("assessment")).await.text.contains("1 of 2 is in"));
    taken(&rate(&world, &ana, "true", WHY).await);
}

#[actix_web::test]
async fn an_assessor_who_steps_back_takes_the_outcome_along() {
    let world = world(&blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&world.post(&checker, "review-request").await);
    taken(&rate(&world, &ana, "false", WHY).await);
    taken(&rate(&world, &ben, "false", WHY).await);
    assert_eq!(state(&world).await, "drafting");
    taken(&ana.post_form(&world.path("recusal"), &[("reason", "A cousin.")]).await);
    let page = checker.get(&world.path("judging")).await;
    assert!(!page.has(".outcome"));
    assert_eq!(world.count("rounds").await, 2);
    taken(&world.post(&checker, "review-request").await);
    assert_eq!(rate(&world, &ana, "false", WHY).await.status, StatusCode::FORBIDDEN);
    taken(&rate(&world, &ben, "false", WHY).await);
}

#[actix_web::test]
async fn a_review_waits_for_what_the_policy_asks_for_and_says_so() {
    let world = world(&Rules {
        min_sources: 2,
        need_archived: true,
        contact_rule: ContactRule::Block,
        required_fields: vec![RequiredField::Speaker, RequiredField::Topics],
        ..Rules::default()
    })
    .await;
    let owner = world.server.owner_pool();
    let checker = world.server.sign_in(Role::FactChecker).await;
    sqlx::query("UPDATE sources SET url = 'https://stats.example/', url_key = 'https://stats.example/', event_id = $1")
        .bind(event(owner, &world.desk).await)
        .execute(owner)
        .await
        .unwrap();
    taken(&world.draft(&checker).await);
    let refused = world.post(&checker, "review-request").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Needs sources from 2 different publishers, now 0, or a reason.",
        "Needs a kept copy of a cited address, or a reason.",
        "Note of the claim who said it.",
        "Note of the claim a topic.",
        "Log whom you asked for a comment, or why nobody was asked.",
    ] {
        assert!(refused.text.contains(words), "{words}");
    }
    let page = checker.get(&world.path("judging")).await;
    assert!(page.has("#draft-sole_source_reason") && page.has("#draft-unarchived_reason"));
    taken(&world.change(&checker, "sole_source_reason", "", "Nobody else counts tonnes.").await);
    taken(&world.change(&checker, "unarchived_reason", "", "The page refuses robots.").await);
    assert_eq!(world.post(&checker, "review-request").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A lighter policy is for rounds that begin later.
    world.desk.adopt(owner, &Rules::default()).await;
    assert_eq!(world.post(&checker, "review-request").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_small_correction_at_a_desk_of_blind_rounds_keeps_the_rating_and_takes_a_second_person() {
    let world = World::new().await;
    world.publish().await;
    world.desk.adopt(world.server.owner_pool(), &blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    taken(&editor.post_form(&world.path("corrections"), &[("kind", "typo")]).await);
    assert_eq!(world.change(&checker, "rating", "false", "true").await.status, StatusCode::CONFLICT);
    assert_eq!(world.change(&checker, "correction_kind", "typo", "major").await.status, StatusCode::CONFLICT);
    taken(
        &world
            .change(&checker, "one_line", "The tables show 2.9 million tonnes.", "They show 2.9 million.")
            .await,
    );
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&ana, "approve", "").await);
    taken(&world.post(&editor, "publication").await);
    // One that bears on the verdict is judged as a first verdict is: blindly, from no words.
    let note = [("kind", "major"), ("public_note", "We misread the tables.")];
    taken(&editor.post_form(&world.path("corrections"), &note).await);
    taken(&world.post(&editor, "review-request").await);
    assert_eq!(world.stage().await, "published");
    taken(&rate(&world, &ana, "true", WHY).await);
    taken(&rate(&world, &ben, "true", WHY).await);
    finish(&world, &checker, &ana).await;
    let methods: Vec<String> = sqlx::query_scalar("SELECT method FROM verdicts ORDER BY number")
        .fetch_all(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(methods, ["two_person", "two_person", "blind"]);
}

#[actix_web::test]
async fn admins_change_the_policy_version_by_version() {
    let world = World::new().await;
    let admin = world.server.sign_in(Role::Admin).await;
    let path = "/demo/settings/policy";
    let page = admin.get(path).await;
    assert_eq!(page.attribute("input[name=mode][checked]", "value").unwrap(), "second_person");
    let form = [
        ("number", "1"),
        ("mode", "panel"),
        ("voters", "5"),
        ("majority", "2"),
        ("min_sources", "2"),
        ("contact_rule", "warn"),
        ("required_fields", "speaker"),
        ("required_fields", "topics"),
        ("dissent_notes", "on"),
    ];
    let refused = admin.post_form(path, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("[role=alert] a[href='#majority']"));
    let mut right = form;
    right[3].1 = "3";
    taken(&admin.post_form(path, &right).await);
    let page = admin.get(path).await;
    assert_eq!(page.attribute("input[name=mode][checked]", "value").unwrap(), "panel");
    assert!(page.text.contains("A panel of 5 votes on each verdict; 3 equal votes carry."));
    // Somebody else's form is on an older policy.
    let mut late = right;
    late[2].1 = "7";
    late[3].1 = "4";
    let stale = admin.post_form(path, &late).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.attribute("#voters", "value").unwrap(), "7");
    assert_eq!(stale.attribute("input[name=number]", "value").unwrap(), "2");
    let api = "/api/v1/desks/demo/policy";
    let now = admin.get(api).await.json();
    assert_eq!((&now["number"], &now["majority"]), (&json!(2), &json!(3)));
    let wish = json!({"number": 2, "mode": "blind", "people": 4});
    let changed = admin.json(Method::PUT, api, &wish).await;
    assert_eq!(changed.json()["people"], json!(4), "{}", changed.text);
    assert_eq!(admin.json(Method::PUT, api, &wish).await.status, StatusCode::CONFLICT);
    let wrong = json!({"number": 3, "mode": "blind", "people": 1});
    assert_eq!(admin.json(Method::PUT, api, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(world.server.visitor().get("/demo/method").await.text.contains("4 people assess it"));
}

#[actix_web::test]
async fn programs_assess_and_adjudicate_with_the_same_rules() {
    let world = world(&blind(2)).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let (_, ana) = reviewer(&world, "Ana").await;
    let (_, ben) = reviewer(&world, "Ben").await;
    let path = |rest: &str| format!("/api/v1/desks/demo/claims/{}/{rest}", world.claim);
    let asked = checker.json(Method::POST, &path("review-request"), &json!({})).await.json();
    assert_eq!((&asked["round"]["policy"], &asked["round"]["ratings_needed"]), (&json!("blind"), &json!(2)));
    let mut body = json!({
        "draft_version": asked["draft_version"], "rating": "false", "rationale": WHY, "confidence": "high",
        "opened_at": "2026-03-14T09:00:00Z", "seconds_active": 30,
    });
    let given = ana.json(Method::POST, &path("ratings"), &body).await;
    assert_eq!(given.json()["round"]["ratings_in"], json!(1), "{}", given.text);
    assert_eq!(ana.get(&path("ratings")).await.json()["ratings"][0]["seconds_active"], json!(30));
    assert_eq!(ben.get(&path("ratings")).await.json(), json!({"ratings": []}));
    body["rating"] = json!("true");
    let split = ben.json(Method::POST, &path("ratings"), &body).await.json();
    assert_eq!(split["round"]["state"], "adjudicating");
    assert_eq!(ben.get(&path("ratings")).await.json()["ratings"].as_array().unwrap().len(), 2);
    let decision = json!({"rating": "false", "reason": "The tables decide."});
    assert_eq!(ben.json(Method::POST, &path("adjudication"), &decision).await.status, StatusCode::FORBIDDEN);
    let decided = editor.json(Method::POST, &path("adjudication"), &decision).await.json();
    assert_eq!(decided["round"]["outcome"]["how"], "adjudicated");
    assert_eq!(decided["round"]["outcome"]["dissent"], json!(1));
    assert_eq!(decided["draft"]["rating"], "false");
}
