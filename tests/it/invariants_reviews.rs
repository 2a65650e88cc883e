//! What always holds of sources, evidence, scales, rounds, verdicts and corrections: each rule by its name in PostgreSQL,
//! tried to be broken as the server's own role.

mod at_random;
mod attempts;
mod cited;
mod several;

use std::collections::{BTreeMap, BTreeSet};

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::reviews::{World, claim, event, evidence, taken};
use attempts::{APPROVE, BENEATH, DEFAULTS, FORBIDDEN, INSERTS, STATEMENTS, VERDICT, VERDICTS};

/// The tables that the rules are about.
const TABLES: [&str; 17] = [
    "sources",
    "evidence",
    "scales",
    "scale_versions",
    "rating_values",
    "rounds",
    "round_drafters",
    "recusals",
    "assessments",
    "verdicts",
    "corrections",
    "publications",
    "review_policies",
    "guidelines",
    "assessment_evidence",
    "round_outcomes",
    "agent_recusals",
];

/// Claims in every state, and the ids of what belongs to them, by name.
async fn prepare() -> (World, BTreeMap<&'static str, String>) {
    let mut world = World::new().await;
    let desk = world.desk.clone();
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let mut names = BTreeMap::new();
    for (role, name) in
        [(Role::FactChecker, "checker"), (Role::Reviewer, "reviewer"), (Role::Editor, "editor")]
    {
        names.insert(name, desk.member(role).to_string());
    }
    names.insert("desk", desk.id.to_string());
    names.insert("nobody", Uuid::now_v7().to_string());
    let fresh = |world: &World| world.server.owner_pool().clone();
    for state in
        ["fresh", "drafting", "reviewing", "decided", "published", "correcting", "corrected", "retracting"]
    {
        let owner = fresh(&world);
        world.claim = claim(&owner, &desk).await;
        let cited = evidence(&owner, &desk, world.claim).await;
        if state == "published" {
            names.insert("evidence", cited.to_string());
        }
        match state {
            "drafting" => taken(&world.draft(&checker).await),
            "reviewing" | "decided" => {
                taken(&world.draft(&checker).await);
                taken(&world.post(&checker, "review-request").await);
                if state == "decided" {
                    taken(&world.assess(&reviewer, "approve", "").await);
                }
            }
            "published" | "correcting" | "corrected" | "retracting" => world.publish().await,
            _ => {}
        }
        if state == "fresh" {
            taken(&checker.post_form(&world.path("recusal"), &[("reason", "A cousin.")]).await);
        }
        if state == "correcting" || state == "corrected" {
            taken(&editor.post_form(&world.path("corrections"), &[("kind", "typo")]).await);
            taken(&world.post(&checker, "review-request").await);
            taken(&world.assess(&reviewer, "approve", "").await);
        }
        if state == "corrected" {
            taken(&world.post(&editor, "publication").await);
        }
        if state == "retracting" {
            taken(&editor.post_form(&world.path("retraction"), &[("public_note", "It was wrong.")]).await);
        }
        names.insert(state, world.claim.to_string());
        if state != "fresh" {
            names.insert(round_name(state), round_of(&world, world.claim).await.to_string());
        }
    }
    let one = |query: &'static str| {
        let owner = fresh(&world);
        async move { sqlx::query_scalar::<_, Uuid>(query).fetch_one(&owner).await.unwrap().to_string() }
    };
    names.insert("scale", one("SELECT scale_id FROM desks WHERE scale_id IS NOT NULL").await);
    names.insert(
        "version",
        one("SELECT v.id FROM scale_versions v JOIN desks d ON d.scale_id = v.scale_id").await,
    );
    names.insert("source", one("SELECT id FROM sources LIMIT 1").await);
    names.insert("event", event(world.server.owner_pool(), &desk).await.to_string());
    names.insert("other_event", event(world.server.owner_pool(), &desk).await.to_string());
    (world, names)
}

fn round_name(state: &str) -> &'static str {
    match state {
        "drafting" => "drafting_round",
        "reviewing" => "reviewing_round",
        "decided" => "decided_round",
        "published" => "published_round",
        "correcting" => "correcting_round",
        "corrected" => "corrected_round",
        _ => "retracting_round",
    }
}

async fn round_of(world: &World, claim: ClaimId) -> Uuid {
    sqlx::query_scalar("SELECT id FROM rounds WHERE claim_id = $1 ORDER BY number DESC LIMIT 1")
        .bind(claim)
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap()
}

/// The statement with `{name}` replaced.
fn fill(statement: &str, names: &BTreeMap<&'static str, String>) -> String {
    let mut filled = statement.to_owned();
    for (name, value) in names {
        filled = filled.replace(&format!("{{{name}}}"), &format!("'{value}'"));
    }
    assert!(!filled.contains('{'), "{filled}");
    filled
}

/// The insertion of a row as it should be, but for some columns.
fn insertion(table: &str, changes: &[(&str, &str)]) -> String {
    let defaults = DEFAULTS.iter().find(|(name, _)| *name == table).map_or(VERDICT, |(_, row)| *row);
    let columns: Vec<&str> = defaults.iter().map(|(column, _)| *column).collect();
    let values: Vec<&str> = defaults
        .iter()
        .map(|(column, value)| {
            changes.iter().find(|(changed, _)| changed == column).map_or(*value, |(_, value)| *value)
        })
        .collect();
    assert!(changes.iter().all(|(column, _)| columns.contains(column)), "{table} {changes:?}");
    format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "))
}

/// The rule that refused the statements, or nothing.
async fn refusal(world: &World, statements: &str) -> Option<String> {
    refusal_as(world.server.app_pool(), statements).await
}

async fn refusal_as(pool: &PgPool, statements: &str) -> Option<String> {
    let mut tx = pool.begin().await.unwrap();
    let mut refused = None;
    for statement in statements.split(";;") {
        if let Err(error) = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *tx).await {
            let error = error.into_database_error().unwrap_or_else(|| panic!("{statement}"));
            let code = error.code().unwrap_or_default().into_owned();
            refused = Some(error.constraint().map_or_else(|| format!("{code}: {error}"), str::to_owned));
            break;
        }
    }
    tx.rollback().await.unwrap();
    refused
}

#[actix_web::test]
async fn every_rule_refuses_what_breaks_it() {
    let (world, names) = prepare().await;
    for (table, _) in DEFAULTS {
        let sound = fill(&insertion(table, &[]), &names);
        assert_eq!(refusal(&world, &sound).await, None, "{sound}");
    }
    let mut wrong = Vec::new();
    for (rule, table, changes) in INSERTS {
        let attempt = fill(&insertion(table, changes), &names);
        let refused = refusal(&world, &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    for (rule, statement) in STATEMENTS {
        let attempt = fill(statement, &names);
        let refused = refusal(&world, &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    let sound = fill(&format!("{APPROVE};;{}", insertion("verdicts", &[])), &names);
    assert_eq!(refusal(&world, &sound).await, None);
    let unapproved = fill(&insertion("verdicts", &[]), &names);
    assert_eq!(refusal(&world, &unapproved).await.as_deref(), Some("verdicts_are_approved"));
    for (rule, changes) in VERDICTS {
        let attempt = fill(&format!("{APPROVE};;{}", insertion("verdicts", changes)), &names);
        let refused = refusal(&world, &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    for (rule, table, changes) in BENEATH {
        let attempt =
            fill(&format!("ALTER TABLE {table} DISABLE TRIGGER USER;;{}", insertion(table, changes)), &names);
        let refused = refusal_as(world.server.owner_pool(), &attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn no_rule_is_left_untried() {
    let (world, _) = prepare().await;
    let tried: BTreeSet<&str> = INSERTS
        .iter()
        .map(|(rule, ..)| *rule)
        .chain(STATEMENTS.iter().map(|(rule, _)| *rule))
        .chain(VERDICTS.iter().map(|(rule, _)| *rule))
        .chain(BENEATH.iter().map(|(rule, ..)| *rule))
        .chain(FORBIDDEN.iter().map(|(rule, _)| *rule))
        .chain(several::tried())
        .chain(cited::tried())
        .collect();
    let constraints: Vec<String> = sqlx::query_scalar(
        "SELECT k.conname::text FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
         WHERE t.relname = ANY($1) AND k.contype IN ('c', 'f', 'u')
         UNION
         SELECT i.relname::text FROM pg_index x
         JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
         WHERE t.relname = ANY($1) AND x.indisunique AND x.indpred IS NOT NULL
         UNION
         SELECT convert_from(substring(t.tgargs FROM 1 FOR octet_length(t.tgargs) - 1), 'UTF8')
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.relname = ANY($1) AND t.tgnargs = 1
         UNION
         SELECT m[1] FROM pg_proc p, regexp_matches(p.prosrc, $$CONSTRAINT = '([a-z_]+)'$$, 'g') AS m
         WHERE p.pronamespace = 'public'::regnamespace AND (
             p.proname ~ '^(rounds|assessments|verdicts|corrections|publications|evidence_check|guidelines|round_outcomes|assessment_evidence|agent_recusals)'
             OR p.proname IN ('claims_check_verdict', 'claims_check_retraction', 'claims_check_round', 'check_event'))",
    )
    .bind(TABLES.map(str::to_owned).to_vec())
    .fetch_all(world.server.owner_pool())
    .await
    .unwrap();
    assert!(constraints.len() > 140, "{}", constraints.len());
    // A key that another one of the same columns makes superfluous to break.
    let implied = ["rounds_of_claim", "evidence_of_claim"];
    let untried: Vec<_> = constraints
        .iter()
        .filter(|name| !tried.contains(name.as_str()) && !implied.contains(&name.as_str()))
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[actix_web::test]
async fn what_was_written_cannot_be_changed_or_removed_by_the_server_or_by_the_owner() {
    let (world, names) = prepare().await;
    for (rule, statement) in FORBIDDEN {
        let statement = fill(statement, &names);
        let refused = refusal(&world, &statement).await.unwrap_or_default();
        assert!(refused.starts_with("42501"), "{statement}: {refused}");
        let mut tx = world.server.owner_pool().begin().await.unwrap();
        let error =
            sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut *tx).await.expect_err(&statement);
        assert_eq!(error.as_database_error().unwrap().constraint(), Some(*rule), "{statement}");
        tx.rollback().await.unwrap();
    }
}
