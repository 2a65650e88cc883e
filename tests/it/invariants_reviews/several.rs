//! The rules of rounds that several people judge: blind ones and panels.

use std::collections::BTreeMap;

use factdesk::auth::Role;
use factdesk::policies::{ContactRule, Mode, RequiredField, Rules};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{fill, refusal};
use crate::reviews::{World, claim, event, evidence};

type Attempts = &'static [(&'static str, &'static str)];

const ROUND: &str = "INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, created_by, created_at, event_id)
    SELECT {desk}, {ROUND}, {CLAIM}, 1, 'initial', d.policy_id, p.mode, {version}, {checker}, now(), {new}
    FROM desks d JOIN review_policies p ON p.id = d.policy_id WHERE d.id = {desk}";
const WORDS: &str = "UPDATE rounds SET rating_code = 'false', one_line = 'Words', rationale = 'Words', as_of = '2026-03-14', draft_version = draft_version + 1, event_id = {new} WHERE id = {ROUND}";
const ASK: &str = "UPDATE rounds SET state = 'in_review', event_id = {new} WHERE id = {ROUND}";
const SPLIT: &str = "UPDATE rounds SET state = 'adjudicating', event_id = {new} WHERE id = {ROUND}";
const BLIND: &str = "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, salt, created_at, event_id)
    SELECT r.desk_id, gen_random_uuid(), r.id, r.claim_id, r.draft_version, {WHO}, 'rating', r.scale_version_id, {RATING}, 'Because.', 'high', sha256('salt'), now(), {new}
    FROM rounds r WHERE r.id = {ROUND}";
const VOTE: &str = "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, created_at, event_id)
    SELECT r.desk_id, gen_random_uuid(), r.id, r.claim_id, r.draft_version, {WHO}, 'rating', r.scale_version_id, {RATING}, 'Because.', 'high', now(), {new}
    FROM rounds r WHERE r.id = {ROUND}";
const OUTCOME: &str = "INSERT INTO round_outcomes (desk_id, round_id, scale_version_id, rating_code, how, tally, reason, created_by, created_at, event_id)
    VALUES ({desk}, {ROUND}, {version}, {RATING}, {HOW}, {TALLY}, {REASON}, {WHO}, now(), {new})";
const JUDGED: &str = "UPDATE rounds SET state = 'drafting', judged = true, rating_code = 'false', draft_version = draft_version + 1, event_id = {new} WHERE id = {ROUND}";

/// The statement about a round, by somebody, with a rating.
fn about(statement: &str, round: &str, who: &str, rating: &str) -> String {
    statement
        .replace("{ROUND}", &format!("{{{round}_round}}"))
        .replace("{CLAIM}", &format!("{{{round}}}"))
        .replace("{WHO}", &format!("{{{who}}}"))
        .replace("{RATING}", &format!("'{rating}'"))
}

fn outcome(round: &str, who: &str, rating: &str, (how, tally, reason): (&str, &str, &str)) -> String {
    about(OUTCOME, round, who, rating)
        .replace("{HOW}", &format!("'{how}'"))
        .replace("{TALLY}", &format!("'{tally}'").replace('{', "\u{1}").replace('}', "\u{2}"))
        .replace("{REASON}", &format!("'{reason}'"))
}

struct Several {
    world: World,
    names: BTreeMap<&'static str, String>,
}

impl Several {
    /// Fills in names and gives every statement an event of its own.
    async fn filled(&self, statements: &str) -> String {
        let mut filled = Vec::new();
        for statement in statements.split(";;") {
            let mut names = self.names.clone();
            names.insert("new", event(self.world.server.owner_pool(), &self.world.desk).await.to_string());
            filled.push(fill(statement, &names).replace('\u{1}', "{").replace('\u{2}', "}"));
        }
        filled.join(";;")
    }

    async fn run(&self, statements: &str) {
        for statement in self.filled(statements).await.split(";;") {
            sqlx::query(AssertSqlSafe(statement.to_owned()))
                .execute(self.world.server.app_pool())
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    async fn refusal(&self, statements: &str) -> Option<String> {
        refusal(&self.world, &self.filled(statements).await).await
    }

    async fn begin(&mut self, name: &'static str, round: &'static str) {
        let owner = self.world.server.owner_pool().clone();
        let id = claim(&owner, &self.world.desk).await;
        evidence(&owner, &self.world.desk, id).await;
        self.names.insert(name, id.to_string());
        self.names.insert(round, Uuid::now_v7().to_string());
        self.run(&about(ROUND, name, "checker", "false")).await;
    }
}

/// A published claim, blind rounds in every state, a panel, and a small correction at a desk of panels.
async fn prepare() -> Several {
    let world = World::new().await;
    let owner = world.server.owner_pool().clone();
    let desk = world.desk.clone();
    let mut names = BTreeMap::new();
    for (role, name) in [
        (Role::FactChecker, "checker"),
        (Role::Reviewer, "reviewer"),
        (Role::Editor, "editor"),
        (Role::Annotator, "annotator"),
        (Role::Admin, "admin"),
        (Role::Auditor, "auditor"),
    ] {
        names.insert(name, desk.member(role).to_string());
    }
    names.insert("desk", desk.id.to_string());
    names.insert("nobody", Uuid::now_v7().to_string());
    world.publish().await;
    names.insert("published", world.claim.to_string());
    let version: Uuid =
        sqlx::query_scalar("SELECT scale_version_id FROM rounds LIMIT 1").fetch_one(&owner).await.unwrap();
    names.insert("version", version.to_string());
    let mut several = Several { world, names };
    let agent = Uuid::now_v7();
    several.names.insert("agent", agent.to_string());
    several
        .run("INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id) VALUES ({desk}, {agent}, 'person', 'Ana', 'ana', {editor}, now(), {new})")
        .await;
    several.run("INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 1, 'How we rate', 'Carefully.', {editor}, now(), {new})").await;
    let blind = Rules { mode: Mode::Blind, people: 2, ..Rules::default() };
    desk.adopt(&owner, &blind).await;
    for (name, round) in [
        ("drafting", "drafting_round"),
        ("open", "open_round"),
        ("full", "full_round"),
        ("split", "split_round"),
        ("judged", "judged_round"),
    ] {
        several.begin(name, round).await;
        if name == "drafting" {
            continue;
        }
        several.run(&about(ASK, name, "", "")).await;
        several.run(&about(BLIND, name, "reviewer", "false")).await;
        match name {
            "full" | "judged" => several.run(&about(BLIND, name, "editor", "false")).await,
            "split" => {
                several.run(&about(BLIND, name, "editor", "true")).await;
                several.run(&about(SPLIT, name, "", "")).await;
            }
            _ => {}
        }
        if name == "judged" {
            several.run(&outcome(name, "editor", "false", ("unanimous", r#"{"false": 2}"#, ""))).await;
            several.run(&about(JUDGED, name, "", "")).await;
        }
    }
    several.run("INSERT INTO recusals SELECT {desk}, {split}, {auditor}, 'A cousin.', now(), {new}").await;
    several.begin("strict", "strict_round").await;
    desk.adopt(
        &owner,
        &Rules {
            mode: Mode::Panel,
            people: 3,
            majority: Some(2),
            min_sources: 2,
            need_archived: true,
            required_fields: vec![RequiredField::Speaker],
            ..Rules::default()
        },
    )
    .await;
    several.begin("asking", "asking_round").await;
    several.run(&about(WORDS, "asking", "", "")).await;
    desk.adopt(&owner, &Rules { contact_rule: ContactRule::Block, ..blind.clone() }).await;
    several.begin("contact", "contact_round").await;
    desk.adopt(&owner, &Rules { mode: Mode::Panel, people: 3, majority: Some(2), ..Rules::default() }).await;
    several.begin("panel", "panel_round").await;
    several.run(&about(WORDS, "panel", "", "")).await;
    several.run(&about(ASK, "panel", "", "")).await;
    several.run(&about(VOTE, "panel", "reviewer", "false")).await;
    several.names.insert("small_round", Uuid::now_v7().to_string());
    several
        .run("INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, rating_code, one_line, rationale, correction_kind, created_by, created_at, event_id) SELECT {desk}, {small_round}, {published}, 2, 'correction', d.policy_id, 'second_person', {version}, 'false', 'Words', 'Words', 'typo', {editor}, now(), {new} FROM desks d WHERE d.id = {desk}")
        .await;
    for (name, query) in [
        ("policy", "SELECT policy_id FROM desks WHERE policy_id IS NOT NULL"),
        (
            "given",
            "SELECT a.id FROM assessments a JOIN rounds r ON r.id = a.round_id WHERE r.mode = 'panel' LIMIT 1",
        ),
        ("cited", "SELECT id FROM evidence ORDER BY id LIMIT 1"),
    ] {
        let id: Uuid = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&owner).await.unwrap();
        several.names.insert(name, id.to_string());
    }
    several
}

/// The rule, and the statements of which the last breaks it.
fn attempts() -> Vec<(&'static str, String)> {
    let blind = |who, rating| about(BLIND, "open", who, rating);
    let mut attempts: Vec<(&'static str, String)> = vec![
        // Who may, and what they say.
        ("assessments_not_by_author", blind("annotator", "false")),
        ("assessments_fit_the_round", "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, decision, created_at, event_id) SELECT {desk}, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'approve', now(), {new} FROM rounds WHERE id = {open_round}".into()),
        ("assessments_one_live", blind("reviewer", "true")),
        ("assessments_not_too_many", about(BLIND, "full", "admin", "false")),
        ("assessments_rating", blind("editor", "wonderful")),
        ("assessments_confidence_known", blind("editor", "false").replace("'high'", "'absolute'")),
        ("assessments_rationale_length", blind("editor", "false").replace("'Because.'", "' '")),
        ("assessments_salt_length", blind("editor", "false").replace("sha256('salt')", "'salt'::bytea")),
        ("assessments_hidden_when_blind", blind("editor", "false").replace("sha256('salt')", "NULL")),
        ("assessments_kind_whole", blind("editor", "false").replace("'high'", "NULL")),
        ("assessments_supersede_own", about(VOTE, "panel", "editor", "false").replace("created_at, event_id)", "supersedes, created_at, event_id)").replace("'high', now()", "'high', {given}, now()")),
        ("rounds_adjudicated_when_split", about(SPLIT, "full", "", "")),
        ("rounds_adjudicated_when_split", about(SPLIT, "open", "", "")),
        ("rounds_assessed_go_on", "UPDATE rounds SET state = 'drafting', draft_version = draft_version + 1, event_id = {new} WHERE id = {open_round}".into()),
        ("rounds_judged_before_approved", "UPDATE rounds SET state = 'approved', event_id = {new} WHERE id = {panel_round}".into()),
        ("rounds_rated_as_judged", about(JUDGED, "full", "", "")),
        ("rounds_rated_as_judged", "UPDATE rounds SET rating_code = 'true', draft_version = draft_version + 1, event_id = {new} WHERE id = {judged_round}".into()),
        ("rounds_stay_judged", "UPDATE rounds SET judged = false, event_id = {new} WHERE id = {judged_round}".into()),
        ("rounds_words_stand_still", "UPDATE rounds SET unarchived_reason = 'Other', draft_version = draft_version + 1, event_id = {new} WHERE id = {open_round}".into()),
        ("rounds_blind_without_words", "UPDATE rounds SET one_line = 'It is false', draft_version = draft_version + 1, event_id = {new} WHERE id = {drafting_round}".into()),
        ("rounds_begin_as_drafts", about(ROUND, "drafting", "", "").replace("created_by, created_at, event_id)", "judged, created_by, created_at, event_id)").replace("{checker}, now()", "true, {checker}, now()").replace("{drafting_round}", "gen_random_uuid()")),
        ("rounds_reasons_length", "UPDATE rounds SET sole_source_reason = repeat('x', 2001), draft_version = draft_version + 1, event_id = {new} WHERE id = {drafting_round}".into()),
        ("rounds_small_stay_small", "UPDATE rounds SET correction_kind = 'major', draft_version = draft_version + 1, event_id = {new} WHERE id = {small_round}".into()),
        ("rounds_small_keep_the_rating", "UPDATE rounds SET rating_code = 'true', draft_version = draft_version + 1, event_id = {new} WHERE id = {small_round};;UPDATE rounds SET state = 'in_review', event_id = {new} WHERE id = {small_round}".into()),
        ("rounds_large_stay_large", "UPDATE rounds SET state = 'void', event_id = {new} WHERE id = {small_round};;INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, correction_kind, created_by, created_at, event_id) SELECT {desk}, {nobody}, {published}, 3, 'correction', d.policy_id, 'panel', {version}, 'major', {editor}, now(), {new} FROM desks d WHERE d.id = {desk};;UPDATE rounds SET correction_kind = 'typo', draft_version = draft_version + 1, event_id = {new} WHERE id = {nobody}".into()),
        // What the policy asks of the claim.
        ("rounds_with_enough_sources", about(ASK, "asking", "", "")),
        ("rounds_with_kept_sources", format!("UPDATE sources SET url = 'https://a.example/', url_key = 'https://a.example/', event_id = {{new}} WHERE id = (SELECT source_id FROM evidence WHERE claim_id = {{asking}});;UPDATE rounds SET sole_source_reason = 'The only one.', draft_version = draft_version + 1, event_id = {{new}} WHERE id = {{asking_round}};;{}", about(ASK, "asking", "", ""))),
        ("rounds_with_required_fields", format!("UPDATE rounds SET sole_source_reason = 'The only one.', draft_version = draft_version + 1, event_id = {{new}} WHERE id = {{asking_round}};;{}", about(ASK, "asking", "", ""))),
        ("rounds_after_contact", about(ASK, "contact", "", "")),
        ("rounds_grounded", format!("UPDATE evidence SET removed_at = now(), event_id = {{new}} WHERE claim_id = {{drafting}};;{}", about(ASK, "drafting", "", ""))),
        // What a round comes to.
        ("round_outcomes_count_what_was_given", outcome("full", "editor", "false", ("unanimous", r#"{"false": 3}"#, ""))),
        ("round_outcomes_as_the_policy_says", outcome("open", "editor", "false", ("unanimous", r#"{"false": 1}"#, ""))),
        ("round_outcomes_as_the_policy_says", outcome("full", "editor", "true", ("unanimous", r#"{"false": 2}"#, ""))),
        ("round_outcomes_as_the_policy_says", outcome("full", "admin", "true", ("adjudicated", r#"{"false": 2}"#, "So."))),
        ("round_outcomes_as_the_policy_says", outcome("panel", "editor", "false", ("majority", r#"{"false": 1}"#, ""))),
        ("round_outcomes_by_an_outsider", outcome("split", "editor", "true", ("adjudicated", r#"{"false": 1, "true": 1}"#, "So."))),
        ("round_outcomes_by_an_outsider", outcome("split", "annotator", "true", ("adjudicated", r#"{"false": 1, "true": 1}"#, "So."))),
        ("round_outcomes_by_an_outsider", outcome("split", "auditor", "true", ("adjudicated", r#"{"false": 1, "true": 1}"#, "So."))),
        ("round_outcomes_by_an_outsider", format!("INSERT INTO round_drafters VALUES ({{desk}}, {{split_round}}, {{admin}});;{}", outcome("split", "admin", "true", ("adjudicated", r#"{"false": 1, "true": 1}"#, "So.")))),
        ("round_outcomes_reason", outcome("split", "admin", "true", ("adjudicated", r#"{"false": 1, "true": 1}"#, ""))),
        ("round_outcomes_rating", outcome("split", "admin", "great", ("adjudicated", r#"{"false": 1, "true": 1}"#, "So."))),
        ("round_outcomes_carried_whole", outcome("drafting", "admin", "false", ("unanimous", r#"{"false": 2}"#, "")).replace("created_by, created_at, event_id)", "carried_from, created_by, created_at, event_id)").replace("{admin}, now()", "{judged_round}, {admin}, now()")),
    ];
    for (rule, statement) in ROWS {
        attempts.push((rule, (*statement).to_owned()));
    }
    attempts
}

/// The tables without an order of events.
const ROWS: Attempts = &[
    (
        "assessments_seconds_possible",
        "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, seconds_active, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'rating', scale_version_id, 'false', 'So.', 'low', -1, now(), {new} FROM rounds WHERE id = {panel_round}",
    ),
    (
        "assessments_opened_before",
        "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, opened_at, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'rating', scale_version_id, 'false', 'So.', 'low', now() + interval '1 day', now(), {new} FROM rounds WHERE id = {panel_round}",
    ),
    (
        "assessments_guideline",
        "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, guideline_number, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'rating', scale_version_id, 'false', 'So.', 'low', 9, now(), {new} FROM rounds WHERE id = {panel_round}",
    ),
    (
        "assessments_on_the_scale",
        "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'rating', {nobody}, 'false', 'So.', 'low', now(), {new} FROM rounds WHERE id = {panel_round}",
    ),
    (
        "assessments_superseded_once",
        "INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, supersedes, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {reviewer}, 'rating', scale_version_id, 'false', 'So.', 'low', {given}, now(), {new} FROM rounds, (VALUES (1), (2)) n WHERE id = {panel_round}",
    ),
    (
        "review_policies_event",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'single', 1, {admin}, now(), {nobody})",
    ),
    (
        "review_policies_creator",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'single', 1, {nobody}, now(), {new})",
    ),
    (
        "review_policies_number_unique",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 1, 'single', 1, {admin}, now(), {new})",
    ),
    (
        "review_policies_people_fit",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'blind', 1, {admin}, now(), {new})",
    ),
    (
        "review_policies_people_fit",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'second_person', 6, {admin}, now(), {new})",
    ),
    (
        "review_policies_majority_fits",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, majority, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'panel', 4, 2, {admin}, now(), {new})",
    ),
    (
        "review_policies_mode_known",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, majority, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'dice', 3, NULL, {admin}, now(), {new})",
    ),
    (
        "review_policies_sources_few",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, min_sources, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'single', 1, 10, {admin}, now(), {new})",
    ),
    (
        "review_policies_contact_known",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, contact_rule, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'single', 1, 'shout', {admin}, now(), {new})",
    ),
    (
        "review_policies_fields_known",
        "INSERT INTO review_policies (desk_id, id, number, mode, people, required_fields, created_by, created_at, event_id) VALUES ({desk}, {nobody}, 99, 'single', 1, ARRAY['mood'], {admin}, now(), {new})",
    ),
    ("desks_policy", "UPDATE desks SET policy_id = {nobody} WHERE id = {desk}"),
    (
        "guidelines_event",
        "INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 2, 'T', 'x', {editor}, now(), {nobody})",
    ),
    (
        "guidelines_creator",
        "INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 2, 'T', 'x', {nobody}, now(), {new})",
    ),
    (
        "guidelines_title_length",
        "INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 2, ' ', 'x', {editor}, now(), {new})",
    ),
    (
        "guidelines_text_length",
        "INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 2, 'T', ' ', {editor}, now(), {new})",
    ),
    (
        "guidelines_without_gap",
        "INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id) VALUES ({desk}, 3, 'T', 'x', {editor}, now(), {new})",
    ),
    ("assessment_evidence_of_the_claim", "INSERT INTO assessment_evidence VALUES ({desk}, {given}, {cited})"),
    (
        "assessment_evidence_of_the_claim",
        "INSERT INTO assessment_evidence VALUES ({desk}, {nobody}, {cited})",
    ),
    (
        "agent_recusals_event",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {editor}, 'A cousin.', now(), {nobody})",
    ),
    (
        "agent_recusals_agent",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {nobody}, {editor}, 'A cousin.', now(), {new})",
    ),
    (
        "agent_recusals_member",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {nobody}, 'A cousin.', now(), {new})",
    ),
    (
        "agent_recusals_reason_length",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {editor}, ' ', now(), {new})",
    ),
    (
        "agent_recusals_only_end",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {editor}, 'A cousin.', now(), {new});;UPDATE agent_recusals SET account_id = {reviewer}, event_id = {new}",
    ),
    (
        "every_change_has_an_event",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {editor}, 'A cousin.', now(), {new});;UPDATE agent_recusals SET ended_at = now()",
    ),
    (
        "assessments_not_by_recused",
        "INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({desk}, {agent}, {editor}, 'A cousin.', now(), {new});;UPDATE sources SET publisher_id = {agent}, event_id = {new} WHERE id = (SELECT source_id FROM evidence WHERE claim_id = {panel});;INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id, rating_code, rationale, confidence, created_at, event_id) SELECT desk_id, gen_random_uuid(), id, claim_id, draft_version, {editor}, 'rating', scale_version_id, 'false', 'So.', 'low', now(), {new} FROM rounds WHERE id = {panel_round}",
    ),
];

/// What the owner cannot do either.
const OWNER: Attempts = &[
    ("review_policies_are_immutable", "UPDATE review_policies SET people = 1"),
    ("review_policies_are_immutable", "TRUNCATE review_policies CASCADE"),
    ("guidelines_are_immutable", "UPDATE guidelines SET text = 'Other'"),
    ("guidelines_are_immutable", "DELETE FROM guidelines"),
    ("assessment_evidence_is_immutable", "TRUNCATE assessment_evidence"),
    ("round_outcomes_are_immutable", "UPDATE round_outcomes SET rating_code = 'true'"),
    ("round_outcomes_are_immutable", "DELETE FROM round_outcomes"),
    ("agent_recusals_stay", "DELETE FROM agent_recusals"),
];

/// Rules that others stand before: tried by the owner, without the triggers of the table.
const BENEATH: &[(&str, &str, &str)] = &[
    ("rounds_policy", "rounds", "UPDATE rounds SET policy_id = {nobody} WHERE id = {panel_round}"),
    ("rounds_mode_known", "rounds", "UPDATE rounds SET mode = 'dice' WHERE id = {drafting_round}"),
    ("rounds_judged_by_several", "rounds", "UPDATE rounds SET judged = true WHERE id = {small_round}"),
    (
        "rounds_adjudicated_when_open",
        "rounds",
        "UPDATE rounds SET state = 'adjudicating' WHERE id = {small_round}",
    ),
    ("assessments_kind_known", "assessments", "UPDATE assessments SET kind = 'guess' WHERE id = {given}"),
    (
        "assessments_supersedes",
        "assessments",
        "UPDATE assessments SET supersedes = {nobody} WHERE id = {given}",
    ),
    (
        "assessment_evidence_assessment",
        "assessment_evidence",
        "INSERT INTO assessment_evidence VALUES ({desk}, {nobody}, {cited})",
    ),
    (
        "assessment_evidence_evidence",
        "assessment_evidence",
        "INSERT INTO assessment_evidence VALUES ({desk}, {given}, {nobody})",
    ),
    ("round_outcomes_event", "round_outcomes", "UPDATE round_outcomes SET event_id = {nobody}"),
    ("round_outcomes_round", "round_outcomes", "UPDATE round_outcomes SET round_id = {nobody}"),
    ("round_outcomes_carried_from", "round_outcomes", "UPDATE round_outcomes SET carried_from = {nobody}"),
    ("round_outcomes_creator", "round_outcomes", "UPDATE round_outcomes SET created_by = {nobody}"),
    ("round_outcomes_how_known", "round_outcomes", "UPDATE round_outcomes SET how = 'loudly'"),
    ("verdicts_tallied", "verdicts", "UPDATE verdicts SET method = 'panel'"),
];

/// The rules that are tried here.
pub fn tried() -> impl Iterator<Item = &'static str> {
    attempts()
        .into_iter()
        .map(|(rule, _)| rule)
        .chain(OWNER.iter().map(|(rule, _)| *rule))
        .chain(BENEATH.iter().map(|(rule, ..)| *rule))
        .collect::<Vec<_>>()
        .into_iter()
}

#[actix_web::test]
async fn every_rule_of_rounds_by_several_refuses_what_breaks_it() {
    let several = prepare().await;
    let mut wrong = Vec::new();
    for (rule, statements) in attempts() {
        let refused = several.refusal(&statements).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {statements}"));
        }
    }
    let owner = several.world.server.owner_pool();
    for (rule, table, statement) in BENEATH {
        let attempt = several.filled(&format!("ALTER TABLE {table} DISABLE TRIGGER USER;;{statement}")).await;
        let refused = super::refusal_as(owner, &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {statement}"));
        }
    }
    for (rule, statement) in OWNER {
        // Without rows there is nothing that a row trigger could refuse.
        let attempt = several.filled(&format!("INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id) VALUES ({{desk}}, {{agent}}, {{editor}}, 'A cousin.', now(), {{new}});;{statement}")).await;
        let refused = super::refusal_as(owner, &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {statement}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
