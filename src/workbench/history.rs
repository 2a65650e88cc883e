//! The history of a claim and all that belongs to it.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::undo;
use crate::auth::permission::{ReadDesk, ReadDrafts};
use crate::auth::{Authorized, Viewer};
use crate::claims::{self, CLAIM, Claim, PLAN, appearance};
use crate::contacts;
use crate::db::Pool;
use crate::discussion;
use crate::editing::history::{self, History, Line};
use crate::editing::{Entry, Field};
use crate::error::Result;
use crate::evidence;
use crate::id::{ClaimId, EventId};
use crate::reviews;
use crate::web::{Shell, page};

/// The changes of a claim that the viewer may read, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn entries(
    conn: &mut PgConnection,
    viewer: &Viewer,
    claim: ClaimId,
    before: Option<EventId>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let records = claims::store::records(conn, viewer.desk.id, claim).await?;
    let mut entries = history::of(conn, viewer.desk.id, &records, before, limit).await?;
    discussion::store::readable(conn, &mut entries).await?;
    evidence::groups::store::name_entries(conn, viewer.desk.id, claim, &mut entries).await?;
    if !viewer.may::<ReadDrafts>() {
        // What a draft said, and what reviewers said of it, is for those who may read drafts.
        for entry in entries.iter_mut().filter(|entry| is_judging(entry)) {
            entry.details = serde_json::Value::Null;
        }
    }
    Ok(entries)
}

fn is_judging(entry: &Entry) -> bool {
    entry.entity == "round"
        || ["verdict.", "correction.", "retraction.", "claim.recuse"]
            .iter()
            .any(|kind| entry.action.starts_with(kind))
}

/// The lines of a history, each with what takes it back when the viewer can do that.
#[must_use]
pub fn lines(viewer: &Viewer, shell: &Shell, claim: &Claim, entries: &[Entry]) -> History {
    let lines = entries
        .iter()
        .map(|entry| {
            let restored = entry.details.get("restored").is_some();
            let did = if restored { "restored an earlier version".to_owned() } else { did(&entry.action) };
            let mut line = Line::new(entry, did, fields(entry));
            line.version = Some(entry.id);
            line.undo = undo::can(viewer, claim, entry).then_some(entry.id);
            line
        })
        .collect();
    History {
        lines,
        csrf: shell.csrf().to_owned(),
        undo: format!("{}/undo", claims::address(shell.slug(), claim.id)),
        versions: Some((format!("{}/history", claims::address(shell.slug(), claim.id)), false)),
    }
}

/// The fields that a change may be about, for their names.
fn fields(entry: &Entry) -> &'static [Field] {
    match &*entry.entity {
        "claim" if entry.action == "claim.plan" => &PLAN,
        "claim" if entry.action.starts_with("claim.") => &CLAIM,
        "appearance" => &appearance::FIELDS,
        "evidence" => &evidence::EVIDENCE,
        "set" => &evidence::groups::SET,
        "question" => &evidence::groups::QUESTION,
        "answer" => &evidence::groups::ANSWER,
        "contact" => &contacts::CONTACT,
        "round" => &reviews::FIELDS,
        "comment" => &discussion::COMMENT,
        _ => &[],
    }
}

/// What was done, in words that go after a name.
pub fn did(action: &str) -> String {
    let words = match action {
        "claim.mark" => "marked the claim",
        "claim.create" => "added the claim",
        "claim.edit" => "changed the claim",
        "claim.assign" => "gave it to somebody",
        "claim.plan" => "planned the work",
        "claim.decline" => "declined the claim",
        "claim.join" => "found it to be a duplicate",
        "claim.distinguish" => "found it not to be the same as another",
        "claim.reopen" => "reopened the claim",
        "claim.recuse" => "recused themselves",
        "appearance.add" => "added a place where it was said",
        "appearance.edit" => "changed where, when or by whom it was said",
        "appearance.remove" => "removed a place where it was said",
        "appearance.restore" => "brought back a place where it was said",
        "appearance.confirm" => "confirmed the words in a new version of the article",
        "appearance.move" => "moved the mark in a new version of the article",
        "appearance.orphan" => "left the mark without a place in a new version of the article",
        "appearance.reconsider" => "took a decision about the mark back",
        "evidence.add" => "added evidence",
        "evidence.edit" => "changed evidence",
        "evidence.remove" => "removed evidence",
        "evidence.restore" => "brought back evidence",
        "evidence.acknowledge" => "said why words are cited that do not stand in the copy so",
        "evidence.check" => "had a copy kept in which the words of evidence were looked for",
        "set.add" => "put evidence together",
        "set.edit" => "changed evidence that counts together",
        "set.remove" => "removed a set of evidence",
        "set.restore" => "brought back a set of evidence",
        "question.add" => "asked a question",
        "question.edit" => "changed a question",
        "question.move" => "moved a question",
        "question.remove" => "removed a question",
        "question.restore" => "brought back a question",
        "answer.add" => "answered a question",
        "answer.edit" => "changed an answer",
        "answer.remove" => "removed an answer",
        "answer.restore" => "brought back an answer",
        "contact.add" => "logged who was asked for comment",
        "contact.edit" => "changed the log of who was asked for comment",
        "contact.remove" => "removed an entry of who was asked for comment",
        "contact.restore" => "brought back an entry of who was asked for comment",
        "round.begin" => "opened it for assessment",
        "assessment.give" => "assessed it",
        "assessment.replace" => "changed their assessment",
        "judgement.split" => "gave the last assessment; they differ, so an adjudicator decides",
        "judgement.agree" => "gave the last assessment; its rating is decided",
        "judgement.adjudicate" => "decided between the ratings",
        "judgement.carry" => "went on from the rating that was decided",
        "verdict.resume" => "went on from the words there were",
        "verdict.draft" => "drafted the verdict",
        "verdict.distinguish" => "said why it is rated otherwise than a claim like it",
        "verdict.submit" => "asked for a review",
        "verdict.withdraw" => "took the draft back",
        "verdict.approve" => "approved the draft",
        "verdict.return" => "returned the draft",
        "verdict.publish" => "published the verdict",
        "verdict.correct" => "published the correction",
        "verdict.retract" => "retracted the verdict",
        "correction.begin" => "began a correction",
        "correction.abandon" => "dropped the correction",
        "comment.add" => "said something",
        "comment.edit" => "changed a comment",
        "comment.remove" => "removed a comment",
        "comment.restore" => "brought a comment back",
        "comment.resolve" => "resolved a thread of the discussion",
        "comment.reopen" => "reopened a thread of the discussion",
        "retraction.begin" => "proposed to retract the verdict",
        "place.draw" => "drew a place to assess it",
        "place.take" => "took a place to assess it",
        "place.assign" => "gave a place to assess it",
        "place.release" => "left a place to others",
        "guidelines.write" => "wrote the guidelines",
        "training.create" => "wrote a training claim",
        "training.answer" => "answered a training claim",
        "training.retire" => "retired a training claim",
        "training.restore" => "brought back a training claim",
        "passage.agree" => "found a claim in words that somebody had marked",
        "passage.clear" => "found no claim in some words",
        "article.clear" => "found no claim in the rest of an article",
        "finding.withdraw" => "took back what they had found in an article",
        other => return other.replace(['.', '_'], " "),
    };
    words.to_owned()
}

/// Where a page of history begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    before: Option<EventId>,
}

#[derive(Template)]
#[template(path = "workbench/history.html")]
struct HistoryPage {
    shell: Shell,
    claim: Claim,
    history: History,
    next: Option<EventId>,
}

/// Everything that happened to a claim.
#[get("/{desk}/claims/{claim}/history")]
pub async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let viewer = member.viewer();
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::get(conn, viewer.desk.id, path.1).await?;
    let mut entries = entries(conn, &viewer, claim.id, asked.before, history::PAGE + 1).await?;
    let more = entries.len() > history::PAGE;
    entries.truncate(history::PAGE);
    let next = entries.last().filter(|_| more).map(|entry| entry.id);
    let shell = Shell::new(&viewer);
    let mut history = lines(&viewer, &shell, &claim, &entries);
    if let Some((_, can_choose)) = &mut history.versions {
        *can_choose = history.lines.len() > 1;
    }
    page(StatusCode::OK, &HistoryPage { shell, claim, history, next })
}
