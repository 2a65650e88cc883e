//! Judging over HTTP: from the first draft to a retraction.

use factdesk::auth::Role;
use factdesk::id::{ClaimId, EventId, EvidenceId, SourceId};
use factdesk::policies::Rules;
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::harness::{Browser, Fixture, Page, Server};

/// A desk with scales and one claim, which has evidence unless a test takes it away.
pub struct World {
    pub server: Server,
    pub desk: Fixture,
    pub claim: ClaimId,
}

const DRAFT: &[(&str, &str)] = &[
    ("rating", "false"),
    ("one_line", "The tables show 2.9 million tonnes."),
    ("rationale", "We read the tables.\r\n\r\nThey say so."),
    ("as_of", "2026-03-14"),
];

impl World {
    pub async fn new() -> Self {
        Self::on(Server::start().await).await
    }

    /// The same on a server that was started otherwise.
    pub async fn on(server: Server) -> Self {
        let desk = server.desk("demo").await;
        desk.install_scales(server.owner_pool()).await;
        let claim = claim(server.owner_pool(), &desk).await;
        evidence(server.owner_pool(), &desk, claim).await;
        Self { server, desk, claim }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/demo/claims/{}/{rest}", self.claim)
    }

    /// The fields of a draft that was made on an empty one.
    pub async fn draft(&self, browser: &Browser) -> Page {
        let bases: Vec<String> = DRAFT.iter().map(|(name, _)| format!("base_{name}")).collect();
        let mut fields: Vec<(&str, &str)> = DRAFT.to_vec();
        fields.extend(bases.iter().map(|name| (name.as_str(), "")));
        browser.post_form(&self.path("draft"), &fields).await
    }

    /// Changes one field of the draft.
    pub async fn change(&self, browser: &Browser, field: &str, base: &str, now: &str) -> Page {
        let base_name = format!("base_{field}");
        browser.post_form(&self.path("draft"), &[(&base_name, base), (field, now)]).await
    }

    pub async fn post(&self, browser: &Browser, path: &str) -> Page {
        browser.post_form(&self.path(path), &[]).await
    }

    /// Judges the draft that is in review now.
    pub async fn assess(&self, browser: &Browser, decision: &str, reason: &str) -> Page {
        let version = self.draft_version().await.to_string();
        let fields = [("decision", decision), ("draft_version", &version), ("reason", reason)];
        browser.post_form(&self.path("assessments"), &fields).await
    }

    pub async fn draft_version(&self) -> i32 {
        let version = "SELECT draft_version FROM rounds WHERE claim_id = $1 ORDER BY number DESC LIMIT 1";
        let found =
            sqlx::query_scalar(version).bind(self.claim).fetch_optional(self.server.owner_pool()).await;
        found.unwrap().unwrap_or(0)
    }

    pub async fn stage(&self) -> String {
        sqlx::query_scalar("SELECT stage FROM claims WHERE id = $1")
            .bind(self.claim)
            .fetch_one(self.server.owner_pool())
            .await
            .unwrap()
    }

    pub async fn count(&self, table: &'static str) -> i64 {
        let count = match table {
            "verdicts" => "SELECT count(*) FROM verdicts WHERE claim_id = $1",
            "publications" => "SELECT count(*) FROM publications WHERE claim_id = $1",
            "corrections" => "SELECT count(*) FROM corrections WHERE claim_id = $1",
            "events" => "SELECT count(*) FROM events WHERE entity_id = $1",
            _ => "SELECT count(*) FROM rounds WHERE claim_id = $1",
        };
        sqlx::query_scalar(count).bind(self.claim).fetch_one(self.server.owner_pool()).await.unwrap()
    }

    /// Brings the claim to publication.
    pub async fn publish(&self) {
        let checker = self.server.sign_in(Role::FactChecker).await;
        let reviewer = self.server.sign_in(Role::Reviewer).await;
        let editor = self.server.sign_in(Role::Editor).await;
        taken(&self.draft(&checker).await);
        taken(&self.post(&checker, "review-request").await);
        taken(&self.assess(&reviewer, "approve", "").await);
        taken(&self.post(&editor, "publication").await);
        assert_eq!(self.stage().await, "published");
    }
}

pub fn taken(page: &Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

/// An event of the desk's editor, for rows that are written by hand.
pub async fn event(owner: &PgPool, desk: &Fixture) -> EventId {
    let id = EventId::new();
    sqlx::query(
        "INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
         VALUES ($1, $2, now(), 'person', $3, 'test.write', 'test', $2, '{}')",
    )
    .bind(desk.id)
    .bind(id)
    .bind(desk.member(Role::Editor))
    .execute(owner)
    .await
    .unwrap();
    id
}

pub async fn claim(owner: &PgPool, desk: &Fixture) -> ClaimId {
    let (id, event) = (ClaimId::new(), event(owner, desk).await);
    sqlx::query(
        "INSERT INTO claims (desk_id, id, claim_reviewed, language, search, created_by, created_at, event_id)
         VALUES ($1, $2, 'The harbour handled 3.1 million tonnes', 'en', '', $3, $4, $5)",
    )
    .bind(desk.id)
    .bind(id)
    .bind(desk.member(Role::Annotator))
    .bind(OffsetDateTime::now_utc())
    .bind(event)
    .execute(owner)
    .await
    .unwrap();
    id
}

pub async fn evidence(owner: &PgPool, desk: &Fixture, claim: ClaimId) -> EvidenceId {
    let (source, id) = (SourceId::new(), EvidenceId::new());
    sqlx::query(
        "INSERT INTO sources (desk_id, id, title, created_by, created_at, event_id)
         VALUES ($1, $2, 'Yearly tables', $3, now(), $4)",
    )
    .bind(desk.id)
    .bind(source)
    .bind(desk.member(Role::FactChecker))
    .bind(event(owner, desk).await)
    .execute(owner)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, created_by, created_at, event_id)
         VALUES ($1, $2, $3, $4, 'refutes', $5, now(), $6)",
    )
    .bind(desk.id)
    .bind(id)
    .bind(claim)
    .bind(source)
    .bind(desk.member(Role::FactChecker))
    .bind(event(owner, desk).await)
    .execute(owner)
    .await
    .unwrap();
    id
}

#[actix_web::test]
async fn a_draft_that_a_second_person_approves_is_published_by_an_editor() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;

    let saved = world.draft(&checker).await;
    assert_eq!(saved.location(), format!("/demo/claims/{}?saved=1", world.claim));
    assert_eq!(world.stage().await, "researching");
    taken(&world.post(&checker, "review-request").await);
    assert_eq!(world.stage().await, "in_review");

    let page = reviewer.get(&world.path("judging")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.one(".draft .badge"), "False");
    assert_eq!(page.select(".draft .text"), ["We read the tables.", "They say so."]);
    taken(&world.assess(&reviewer, "approve", "Well done.").await);
    assert_eq!(world.stage().await, "decided");

    let refused = world.post(&reviewer, "publication").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    taken(&world.post(&editor, "publication").await);
    assert_eq!(world.stage().await, "published");
    assert_eq!((world.count("verdicts").await, world.count("publications").await), (1, 1));

    let history = checker.get(&world.path("rounds")).await;
    assert!(history.text.contains("Well done."));
    assert!(history.text.contains("Reviewed by two people"));
}

#[actix_web::test]
async fn who_drafted_cannot_approve_and_is_not_offered_it() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.draft(&editor).await);
    taken(
        &world.change(&reviewer, "one_line", "The tables show 2.9 million tonnes.", "They show less.").await,
    );
    taken(&world.post(&reviewer, "review-request").await);

    for drafter in [&editor, &reviewer] {
        let page = drafter.get(&world.path("judging")).await;
        assert!(!page.has("button[value=approve]"));
        assert!(page.text.contains("You wrote part of this draft"));
        let refused = world.assess(drafter, "approve", "").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("You wrote part of this draft"));
    }
    assert_eq!(world.stage().await, "in_review");
    let checker = world.server.sign_in(Role::FactChecker).await;
    assert!(checker.get(&world.path("judging")).await.has("button[value=approve]"));
    taken(&world.assess(&checker, "approve", "").await);
}

#[actix_web::test]
async fn admins_and_auditors_see_drafts_and_change_none() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.draft(&checker).await);
    for role in [Role::Admin, Role::Auditor] {
        let browser = world.server.sign_in(role).await;
        let page = browser.get(&world.path("judging")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.has("main form"));
        assert_eq!(world.change(&browser, "one_line", "", "Mine").await.status, StatusCode::FORBIDDEN);
    }
    let annotator = world.server.sign_in(Role::Annotator).await;
    assert_eq!(annotator.get(&world.path("judging")).await.status, StatusCode::FORBIDDEN);
    let stranger = world.server.sign_in_at("other", Role::Editor).await;
    assert_eq!(stranger.get(&world.path("judging")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_review_is_asked_for_when_the_draft_is_complete() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let nothing = world.post(&checker, "review-request").await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);

    let fields = [
        ("base_one_line", ""),
        ("one_line", "Only this."),
        ("base_as_of", ""),
        ("as_of", ""),
        ("then", "review"),
    ];
    let refused = checker.post_form(&world.path("draft"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.one("title").starts_with("Error:"));
    let links = refused.select("[role=alert] a");
    assert_eq!(
        links,
        [
            "Choose a rating.",
            "Say in the rationale how you know.",
            "Give the day up to which facts were looked at."
        ]
    );
    assert_eq!(world.stage().await, "researching");
}

#[actix_web::test]
async fn without_evidence_the_draft_says_why() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let bare = claim(world.server.owner_pool(), &world.desk).await;
    let world = World { claim: bare, ..world };
    taken(&world.draft(&checker).await);
    let refused = world.post(&checker, "review-request").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("say why nothing could be found"));

    taken(&world.change(&checker, "no_evidence_reason", "", "The archive burned down.").await);
    taken(&world.post(&checker, "review-request").await);
}

#[actix_web::test]
async fn a_returned_draft_tells_its_reason_and_is_judged_anew() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    let wordless = world.assess(&reviewer, "return", "  ").await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(&world.assess(&reviewer, "return", "Which table?").await);
    assert_eq!(world.stage().await, "researching");

    let page = checker.get(&world.path("judging")).await;
    assert!(page.text.contains("Which table?"));
    assert!(page.has("form#part-draft"));
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    let history = reviewer.get(&world.path("rounds")).await;
    assert_eq!(history.select("blockquote"), ["Which table?"]);
}

#[actix_web::test]
async fn an_assessment_of_a_draft_that_changed_is_refused() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    let read = world.draft_version().await.to_string();
    taken(&world.post(&checker, "review-withdrawal").await);
    taken(
        &world.change(&checker, "one_line", "The tables show 2.9 million tonnes.", "Something else.").await,
    );
    taken(&world.post(&checker, "review-request").await);

    let fields = [("decision", "approve"), ("draft_version", read.as_str()), ("reason", "Fine.")];
    let refused = reviewer.post_form(&world.path("assessments"), &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.one("#assessment-reason"), "Fine.");
    assert_eq!(world.stage().await, "in_review");
}

#[actix_web::test]
async fn two_who_change_the_same_field_see_both_texts() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&world.draft(&checker).await);
    let base = "The tables show 2.9 million tonnes.";
    taken(&world.change(&editor, "one_line", base, "Theirs.").await);

    let mine = [("base_one_line", base), ("one_line", "Mine."), ("base_rating", "false"), ("rating", "true")];
    let conflict = checker.post_form(&world.path("draft"), &mine).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("Editor of demo"));
    assert_eq!(conflict.select(".three .text"), ["Mine.", "Theirs."]);
    assert_eq!(conflict.one(".three textarea"), "Mine.");

    let result =
        [("base_one_line", "Theirs."), ("one_line", "Both."), ("base_rating", "false"), ("rating", "true")];
    taken(&checker.post_form(&world.path("draft"), &result).await);
    let page = checker.get(&world.path("judging")).await;
    assert_eq!(page.attribute("#draft-one_line", "value").unwrap(), "Both.");
    assert_eq!(page.attribute("[name=rating][checked]", "value").unwrap(), "true");
    // Another field, changed on an old state, is no conflict.
    taken(&world.change(&editor, "rationale", "We read the tables.\n\nThey say so.", "We read.").await);
}

#[actix_web::test]
async fn whoever_saves_again_from_the_same_form_is_in_no_conflict_with_themselves() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.change(&checker, "one_line", "", "The").await);
    taken(&world.change(&checker, "one_line", "", "The tables").await);
    let page = checker.get(&world.path("judging")).await;
    assert_eq!(page.attribute("#draft-one_line", "value").unwrap(), "The tables");
}

#[actix_web::test]
async fn a_draft_with_a_mistake_comes_back_as_it_was_typed() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let long = "x".repeat(301);
    let fields =
        [("base_one_line", ""), ("one_line", long.as_str()), ("base_rationale", ""), ("rationale", "Kept.")];
    let refused = checker.post_form(&world.path("draft"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attribute("#draft-one_line", "value").unwrap(), long);
    assert_eq!(refused.one("#draft-rationale"), "Kept.");
    assert_eq!(world.count("rounds").await, 0);
}

#[actix_web::test]
async fn a_recused_person_judges_nothing_and_an_approval_of_theirs_does_not_stand() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    let reason = [("reason", "The mayor is my cousin.")];
    taken(&reviewer.post_form(&world.path("recusal"), &reason).await);
    assert_eq!(world.stage().await, "researching");
    assert_eq!(world.post(&editor, "publication").await.status, StatusCode::CONFLICT);

    taken(&world.post(&checker, "review-request").await);
    assert_eq!(world.assess(&reviewer, "approve", "").await.status, StatusCode::FORBIDDEN);
    let again = reviewer.post_form(&world.path("recusal"), &reason).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    taken(&world.assess(&editor, "approve", "").await);
    // Whoever approved and is recused afterwards takes the approval along.
    taken(&editor.post_form(&world.path("recusal"), &reason).await);
    assert_eq!(world.stage().await, "researching");
    assert_eq!(world.post(&editor, "publication").await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn a_decision_can_go_back_before_it_is_public_and_the_next_is_published_without_correction() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.assess(&editor, "return", "The date is missing.").await);
    assert_eq!(world.stage().await, "researching");
    assert!(checker.get(&world.path("judging")).await.text.contains("The date is missing."));
    taken(&world.post(&checker, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&editor, "publication").await);
    let history = checker.get(&world.path("rounds")).await;
    assert!(history.text.contains("never published"));
    assert_eq!((world.count("verdicts").await, world.count("corrections").await), (2, 0));
}

#[actix_web::test]
async fn a_correction_leaves_the_old_verdict_public_until_it_is_published() {
    let world = World::new().await;
    world.publish().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    assert_eq!(world.change(&checker, "one_line", "", "New").await.status, StatusCode::CONFLICT);
    taken(&editor.post_form(&world.path("corrections"), &[("kind", "update"), ("public_note", "")]).await);
    taken(&world.change(&checker, "rating", "false", "mostly_false").await);
    assert_eq!(world.post(&checker, "review-request").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(&world.change(&checker, "public_note", "", "New tables came out.").await);
    taken(&world.post(&checker, "review-request").await);
    // The editor wrote the first words of the correction.
    assert_eq!(world.assess(&editor, "approve", "").await.status, StatusCode::FORBIDDEN);
    taken(&world.assess(&reviewer, "approve", "").await);
    assert_eq!(world.stage().await, "published");
    assert_eq!(world.count("publications").await, 1);
    taken(&world.post(&editor, "publication").await);
    assert_eq!((world.count("publications").await, world.count("corrections").await), (2, 1));
    let current: i32 = sqlx::query_scalar("SELECT current_verdict FROM claims WHERE id = $1")
        .bind(world.claim)
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(current, 2);
}

#[actix_web::test]
async fn a_dropped_correction_leaves_everything_as_it_was() {
    let world = World::new().await;
    world.publish().await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&editor.post_form(&world.path("corrections"), &[("kind", "typo")]).await);
    let second = editor.post_form(&world.path("corrections"), &[("kind", "typo")]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    taken(&world.post(&editor, "correction-withdrawal").await);
    assert_eq!(world.stage().await, "published");
    taken(&editor.post_form(&world.path("corrections"), &[("kind", "minor")]).await);
}

#[actix_web::test]
async fn a_retraction_takes_a_second_person_and_a_note() {
    let world = World::new().await;
    world.publish().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let wordless = editor.post_form(&world.path("retraction"), &[("public_note", " ")]).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(
        &editor.post_form(&world.path("retraction"), &[("public_note", "We mixed up two harbours.")]).await,
    );
    assert_eq!(world.post(&editor, "publication").await.status, StatusCode::CONFLICT);
    assert_eq!(world.assess(&editor, "approve", "").await.status, StatusCode::FORBIDDEN);
    taken(&world.assess(&reviewer, "approve", "").await);
    assert_eq!(world.stage().await, "published");
    taken(&world.post(&editor, "publication").await);
    assert_eq!(world.stage().await, "retracted");
    let page = editor.get(&world.path("judging")).await;
    assert!(page.text.contains("was retracted"));
}

#[actix_web::test]
async fn a_desk_of_one_person_decides_alone_and_says_so() {
    let world = World::new().await;
    world.desk.adopt(world.server.owner_pool(), &Rules::alone()).await;
    let editor = world.server.sign_in(Role::Editor).await;
    taken(&world.draft(&editor).await);
    taken(&world.post(&editor, "review-request").await);
    taken(&world.assess(&editor, "approve", "").await);
    assert!(editor.get(&world.path("judging")).await.text.contains("one person alone"));
    taken(&world.post(&editor, "publication").await);
    assert!(editor.get(&world.path("rounds")).await.text.contains("Reviewed by one person alone"));
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_counts_once() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let key = Uuid::now_v7();
    let fields = [("base_one_line", ""), ("one_line", "Once.")];
    let first = checker.post_again(&world.path("draft"), &fields, key).await;
    let second = checker.post_again(&world.path("draft"), &fields, key).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(world.draft_version().await, 1);
}

#[actix_web::test]
async fn a_desk_makes_a_scale_of_its_own_and_old_versions_stay_readable() {
    let world = World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let scale = [
        ("version", "0"),
        ("name", "Ours"),
        ("kind", "ordinal"),
        ("description", ""),
        ("worst", "1"),
        ("best", "2"),
        ("code", ""),
        ("label", "Right"),
        ("definition", "It is so."),
        ("shape", "tick"),
        ("colour", "green"),
        ("value", "2"),
        ("averitec", "Supported"),
        ("code", ""),
        ("label", "Wrong"),
        ("definition", "It is not so."),
        ("shape", "cross"),
        ("colour", "red"),
        ("value", "1"),
        ("averitec", ""),
    ];
    let made = editor.post_form("/demo/scales", &scale).await;
    let address = made.location().to_owned();
    assert_eq!(editor.follow(&made).await.select("tbody .badge"), ["Right", "Wrong"]);
    assert_eq!(editor.post_form("/demo/scales", &scale).await.status, StatusCode::CONFLICT);

    let mut newer = scale;
    newer[0].1 = "1";
    newer[7].1 = "True";
    let newer: Vec<_> = newer.into_iter().filter(|(name, _)| !matches!(*name, "name" | "kind")).collect();
    taken(&editor.post_form(&address, &newer).await);
    assert_eq!(editor.get(&address).await.select("tbody .badge"), ["True", "Wrong"]);
    let old = editor.get(&format!("{address}/versions/1")).await;
    assert_eq!(old.select("tbody .badge"), ["Right", "Wrong"]);
    let stale = editor.post_form(&address, &newer).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.has(".notice.warn"));

    let id = address.rsplit('/').next().unwrap();
    taken(&editor.post_form("/demo/scales/default", &[("scale", id)]).await);
    let checker = world.server.sign_in(Role::FactChecker).await;
    assert_eq!(checker.get(&world.path("judging")).await.select(".ratings .badge"), ["True", "Wrong"]);
    assert_eq!(checker.get("/demo/scales/new").await.status, StatusCode::FORBIDDEN);
    for path in ["/demo/scales", "/demo/scales/new"] {
        assert_eq!(editor.get(path).await.status, StatusCode::OK);
    }
    assert_eq!(editor.get(&format!("{address}/edit")).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn programs_judge_with_the_same_rules() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let path = |rest: &str| format!("/api/v1/desks/demo/claims/{}/{rest}", world.claim);
    let empty = checker.get(&path("draft")).await.json();
    assert_eq!((&empty["draft_version"], &empty["offers"][0]), (&json!(0), &json!("draft")));

    let draft: std::collections::BTreeMap<_, _> = DRAFT.iter().copied().collect();
    let saved = checker.json(Method::PUT, &path("draft"), &json!({"draft_version": 0, "draft": draft})).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(saved.json()["missing"], json!([]));
    let late = json!({"draft_version": 0, "draft": {"one_line": "Mine."}});
    let stale = editor.json(Method::PUT, &path("draft"), &late).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.json()["yours"]["one_line"], "Mine.");
    assert_eq!(stale.json()["current"]["draft"]["one_line"], DRAFT[1].1);

    let asked = checker.json(Method::POST, &path("review-request"), &json!({})).await.json();
    assert_eq!(asked["round"]["state"], "in_review");
    let approval = json!({"decision": "approve", "draft_version": asked["draft_version"]});
    let own = checker.json(Method::POST, &path("assessments"), &approval).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let approved = reviewer.json(Method::POST, &path("assessments"), &approval).await;
    assert_eq!(approved.json()["stage"], "decided");
    assert_eq!(
        reviewer.json(Method::POST, &path("publication"), &json!({})).await.status,
        StatusCode::FORBIDDEN
    );
    let published = editor.json(Method::POST, &path("publication"), &json!({})).await;
    assert_eq!(
        (&published.json()["stage"], &published.json()["current_verdict"]),
        (&json!("published"), &json!(1))
    );
}

#[actix_web::test]
async fn a_drafts_panel_is_answered_part_by_part() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let csrf = checker.csrf();
    let send = |fields: Vec<(&'static str, String)>| {
        let mut all = vec![("csrf", csrf.clone())];
        all.extend(fields);
        let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
        checker.form(&world.path("draft"), &all).header("x-fragment", "panel")
    };
    let saved = Page::of(send(vec![("base_one_line", String::new()), ("one_line", "Said.".into())])).await;
    assert_eq!(saved.status, StatusCode::OK);
    assert!(saved.has("form#part-draft[data-part]") && saved.has("#part-review[data-part]"));
    assert!(!saved.text.contains("<html"));
    let refused = Page::of(send(vec![("base_as_of", String::new()), ("as_of", "soon".into())])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#draft-as_of[aria-invalid]") && !refused.text.contains("<html"));
}

#[actix_web::test]
async fn a_claim_that_is_put_aside_ends_its_round_and_keeps_its_words() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    let declined = checker.post_form(&world.path("declination"), &[("reason", "out_of_scope")]).await;
    taken(&declined);
    assert_eq!(world.stage().await, "declined");
    assert_eq!(world.post(&checker, "review-withdrawal").await.status, StatusCode::CONFLICT);
    taken(&world.post(&checker, "reopening").await);
    assert_eq!(world.stage().await, "marked");
    let page = checker.get(&world.path("judging")).await;
    assert_eq!(page.attribute("#draft-one_line", "value").unwrap(), DRAFT[1].1);
    taken(&world.change(&checker, "as_of", "2026-03-14", "2026-03-15").await);
    taken(&world.post(&checker, "review-request").await);
    // Whose words it still has does not approve them, also when somebody else went on from there.
    assert_eq!(world.assess(&checker, "approve", "").await.status, StatusCode::FORBIDDEN);
}
