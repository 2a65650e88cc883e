//! What always holds of sets, questions and answers, tried to be broken as the server's own role.

use std::collections::BTreeSet;

use factdesk::auth::Role;
use factdesk::id::{AnswerId, EvidenceId, EvidenceSetId, QuestionId};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::reviews::{World, claim, event, evidence};

/// A claim with two pieces of evidence, a set of both, a question, and an answer by the first; and another claim.
struct Grouped {
    world: World,
    one: EvidenceId,
    other: EvidenceId,
    foreign: EvidenceId,
    set: EvidenceSetId,
    question: QuestionId,
    answer: AnswerId,
    event: Uuid,
}

impl Grouped {
    async fn new() -> Self {
        let world = World::new().await;
        let (owner, desk) = (world.server.owner_pool().clone(), world.desk.clone());
        let one = evidence(&owner, &desk, world.claim).await;
        let other = evidence(&owner, &desk, world.claim).await;
        let elsewhere = claim(&owner, &desk).await;
        let foreign = evidence(&owner, &desk, elsewhere).await;
        let event = event(&owner, &desk).await.uuid();
        let (set, question, answer) = (EvidenceSetId::new(), QuestionId::new(), AnswerId::new());
        let grouped = Self { world, one, other, foreign, set, question, answer, event };
        let whole = [
            grouped.set(&set.to_string(), "'Both'", "''"),
            grouped.member(set, one),
            grouped.member(set, other),
            grouped.question(&question.to_string(), "1", "'How many?'"),
            grouped.answer(&answer.to_string(), "'abstractive', '412', NULL, ''"),
            grouped.rests(answer, one),
        ];
        assert_eq!(grouped.refusal(&whole.join(";;"), true).await, None);
        grouped
    }

    fn common(&self) -> String {
        let (desk, claim, by) = (self.world.desk.id, self.world.claim, self.world.desk.member(Role::Editor));
        format!("'{desk}', '{claim}', '{by}', now(), '{}'", self.event)
    }

    fn set(&self, id: &str, label: &str, note: &str) -> String {
        format!(
            "INSERT INTO evidence_sets (desk_id, claim_id, created_by, created_at, event_id, id, label, note)
             VALUES ({}, '{id}', {label}, {note})",
            self.common()
        )
    }

    fn question(&self, id: &str, position: &str, question: &str) -> String {
        format!(
            "INSERT INTO questions (desk_id, claim_id, created_by, created_at, event_id, id, position, question)
             VALUES ({}, '{id}', {position}, {question})",
            self.common()
        )
    }

    /// `rest` is kind, words, yes or no, explanation.
    fn answer(&self, id: &str, rest: &str) -> String {
        format!(
            "INSERT INTO answers (desk_id, claim_id, created_by, created_at, event_id, id, question_id, kind, answer,
                                  is_yes, explanation)
             VALUES ({}, '{id}', '{}', {rest})",
            self.common(),
            self.question
        )
    }

    fn member(&self, set: EvidenceSetId, evidence: EvidenceId) -> String {
        let (desk, claim) = (self.world.desk.id, self.world.claim);
        format!(
            "INSERT INTO evidence_set_members (desk_id, claim_id, set_id, evidence_id)
             VALUES ('{desk}', '{claim}', '{set}', '{evidence}')"
        )
    }

    fn rests(&self, answer: AnswerId, evidence: EvidenceId) -> String {
        let (desk, claim) = (self.world.desk.id, self.world.claim);
        format!(
            "INSERT INTO answer_evidence (desk_id, claim_id, answer_id, evidence_id)
             VALUES ('{desk}', '{claim}', '{answer}', '{evidence}')"
        )
    }

    /// The rule that refuses the statements, at once or when the transaction ends; or nothing.
    async fn refusal(&self, statements: &str, keep: bool) -> Option<String> {
        let mut tx = self.world.server.app_pool().begin().await.unwrap();
        let mut refused = None;
        for statement in statements.split(";;").chain(["SET CONSTRAINTS ALL IMMEDIATE"]) {
            if let Err(error) = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *tx).await {
                let error = error.into_database_error().unwrap_or_else(|| panic!("{statement}"));
                let code = error.code().unwrap_or_default().into_owned();
                refused = Some(error.constraint().map_or_else(|| code, str::to_owned));
                break;
            }
        }
        if keep && refused.is_none() {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        refused
    }

    /// An event for a change, as every change of a row has one.
    async fn change(&self, table: &str, id: impl ToString, set: &str) -> String {
        let event = event(self.world.server.owner_pool(), &self.world.desk).await;
        format!("UPDATE {table} SET {set}, event_id = '{event}' WHERE id = '{}'", id.to_string())
    }
}

#[actix_web::test]
async fn every_rule_of_sets_questions_and_answers_refuses_what_breaks_it() {
    let g = Grouped::new().await;
    let new = || Uuid::now_v7().to_string();
    let nobody = Uuid::now_v7();
    let long = |length: usize| format!("repeat('x', {length})");
    let two = |statement: String, id: &str| {
        let id: Uuid = id.parse().unwrap();
        format!("{statement};;{};;{}", g.member(id.into(), g.one), g.member(id.into(), g.other))
    };
    let mut attempts: Vec<(&str, String)> = vec![
        ("evidence_sets_label_length", g.set(&new(), "' '", "''")),
        ("evidence_sets_label_length", g.set(&new(), &long(201), "''")),
        ("evidence_sets_note_length", g.set(&new(), "'Both'", &long(2_001))),
        ("evidence_set_members_evidence", g.member(g.set, g.foreign)),
        ("evidence_set_members_set", g.member(nobody.into(), g.one)),
        ("evidence_set_members_pkey", g.member(g.set, g.one)),
        ("evidence_sets_pkey", g.set(&g.set.to_string(), "'Both'", "''")),
        ("questions_position_counts", g.question(&new(), "0", "'How many?'")),
        ("questions_question_length", g.question(&new(), "2", "' '")),
        ("questions_question_length", g.question(&new(), "2", &long(1_001))),
        ("answers_kind_known", g.answer(&new(), "'hearsay', NULL, NULL, ''")),
        ("answers_words_with_kind", g.answer(&new(), "'extractive', NULL, NULL, ''")),
        ("answers_words_with_kind", g.answer(&new(), "'unanswerable', '412', NULL, ''")),
        ("answers_yes_with_kind", g.answer(&new(), "'boolean', NULL, NULL, 'So.'")),
        ("answers_yes_with_kind", g.answer(&new(), "'unanswerable', NULL, true, ''")),
        ("answers_answer_length", g.answer(&new(), "'abstractive', ' ', NULL, ''")),
        ("answers_answer_length", g.answer(&new(), &format!("'abstractive', {}, NULL, ''", long(5_001)))),
        (
            "answers_explanation_length",
            g.answer(&new(), &format!("'unanswerable', NULL, NULL, {}", long(5_001))),
        ),
        ("answer_evidence_evidence", g.rests(g.answer, g.foreign)),
        ("answer_evidence_answer", g.rests(nobody.into(), g.one)),
        ("answer_evidence_pkey", g.rests(g.answer, g.one)),
        // Looked at when the transaction ends.
        ("answers_rest_on_evidence", g.answer(&new(), "'abstractive', '412', NULL, ''")),
        ("evidence_sets_hold_two", g.set(&new(), "'Alone'", "''")),
    ];
    for table in ["evidence_sets", "questions", "answers"] {
        let id = new();
        let sound = match table {
            "evidence_sets" => two(g.set(&id, "'Both'", "''"), &id),
            "questions" => g.question(&id, "2", "'How many?'"),
            _ => g.answer(&id, "'unanswerable', NULL, NULL, ''"),
        };
        assert_eq!(g.refusal(&sound, false).await, None, "{sound}");
        let (by, claim) = (g.world.desk.member(Role::Editor).to_string(), g.world.claim.to_string());
        let wrong = |is: &str| sound.replacen(is, &nobody.to_string(), 1);
        let rule = |what: &str| -> &'static str { Box::leak(format!("{table}_{what}").into_boxed_str()) };
        attempts.push((rule("event"), wrong(&g.event.to_string())));
        attempts.push((rule("creator"), wrong(&by)));
        let of = if table == "answers" { rule("question") } else { rule("claim") };
        attempts.push((of, wrong(&claim)));
    }
    let gone = "removed_at = now()";
    for (rule, table, id, set) in [
        ("evidence_sets_hold_two", "evidence", g.other.uuid(), gone),
        ("answers_rest_on_evidence", "evidence", g.one.uuid(), gone),
        ("answers_rest_on_evidence", "answers", g.answer.uuid(), "kind = 'unanswerable', answer = NULL"),
    ] {
        attempts.push((rule, g.change(table, id, set).await));
    }
    let (desk, set, answer, other) = (g.world.desk.id, g.set, g.answer, g.other);
    attempts.push((
        "evidence_sets_hold_two",
        format!("DELETE FROM evidence_set_members WHERE desk_id = '{desk}' AND set_id = '{set}' AND evidence_id = '{other}'"),
    ));
    attempts.push((
        "answers_rest_on_evidence",
        format!("DELETE FROM answer_evidence WHERE desk_id = '{desk}' AND answer_id = '{answer}'"),
    ));
    for (table, id) in
        [("evidence_sets", g.set.uuid()), ("questions", g.question.uuid()), ("answers", g.answer.uuid())]
    {
        attempts.push((
            "every_change_has_an_event",
            format!("UPDATE {table} SET removed_at = now() WHERE id = '{id}'"),
        ));
        attempts.push(("42501", format!("DELETE FROM {table} WHERE id = '{id}'")));
    }
    let mut wrong = Vec::new();
    let mut tried = BTreeSet::new();
    for (rule, attempt) in &attempts {
        tried.insert(*rule);
        let refused = g.refusal(attempt, false).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    // No rule of these tables goes untried, but for those that only a claim's own tables need.
    let rules: Vec<String> = sqlx::query_scalar(
        "SELECT conname::text FROM pg_constraint
         WHERE conrelid IN ('evidence_sets'::regclass, 'evidence_set_members'::regclass, 'questions'::regclass,
                            'answers'::regclass, 'answer_evidence'::regclass)
           AND contype NOT IN ('n', 't') AND conname !~ '_of_claim$'",
    )
    .fetch_all(g.world.server.owner_pool())
    .await
    .unwrap();
    let untried: Vec<_> = rules.iter().filter(|rule| !tried.contains(rule.as_str())).collect();
    assert!(
        untried.iter().all(|rule| ["questions_pkey", "answers_pkey"].contains(&rule.as_str())),
        "{untried:?}"
    );
}

#[actix_web::test]
async fn what_was_removed_comes_back_only_when_it_still_holds() {
    let g = Grouped::new().await;
    let gone = "removed_at = now()";
    let question = g.change("questions", g.question, gone).await;
    let set = g.change("evidence_sets", g.set, gone).await;
    let evidence = g.change("evidence", g.one, gone).await;
    assert_eq!(g.refusal(&[question, set, evidence].join(";;"), true).await, None);
    let question = g.change("questions", g.question, "removed_at = NULL").await;
    assert_eq!(g.refusal(&question, false).await.as_deref(), Some("answers_rest_on_evidence"));
    let set = g.change("evidence_sets", g.set, "removed_at = NULL").await;
    assert_eq!(g.refusal(&set, false).await.as_deref(), Some("evidence_sets_hold_two"));
    let evidence = g.change("evidence", g.one, "removed_at = NULL").await;
    let all = [evidence, question, set].join(";;");
    assert_eq!(g.refusal(&all, true).await, None);
}
