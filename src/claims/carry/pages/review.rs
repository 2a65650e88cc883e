//! The list of marks that need a look after an article's text changed.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgPool;

use super::context::{Context, around};
use crate::articles::{self, Article, texts, versions};
use crate::audit;
use crate::auth::permission::{MarkClaim, Publish, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims::carry::Decision;
use crate::claims::carry::decide::{self as deciding, Choice, Seen};
use crate::claims::carry::list::{self, After, Counts, Line};
use crate::db::{Pool, unit_of_work};
use crate::editing::diff::{self, Piece};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, VersionId};
use crate::text::Document;
use crate::text::anchor::Outcome;
use crate::text::selector::{LocateError, Passage, locate};
use crate::web::paging::PAGE;
use crate::web::{Posted, Shell, page, see_other};

/// Which marks, and where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// `decided` for those that somebody decided on.
    show: String,
    after: Option<String>,
    /// The mark that was decided on just now.
    done: Option<AppearanceId>,
}

/// A mark in the list.
struct Shown {
    line: Line,
    old: Context,
    /// The likeliest place, or the one that was decided on.
    new: Option<Context>,
    /// What changed from the old words to those.
    pieces: Vec<Piece>,
    candidates: Vec<Context>,
    may_place: bool,
    /// Words that were typed and could not be taken, and why.
    quote: String,
    problem: Option<String>,
    /// Whether this is the one to go on with.
    is_next: bool,
}

impl Shown {
    fn of(line: Line, old: &Document, new: &Document, viewer: &Viewer) -> Self {
        let before = around(old, line.from).unwrap_or_default();
        let place = if line.decision == Decision::Pending { line.found } else { line.place };
        let after = place.and_then(|place| around(new, place));
        let pieces = after.as_ref().map(|after| diff::words(&before.words, &after.words)).unwrap_or_default();
        let others = line.candidates.iter().filter(|other| Some(**other) != line.found);
        Self {
            candidates: others.filter_map(|other| around(new, *other)).take(9).collect(),
            may_place: viewer.may::<MarkClaim>() && (!line.stage.is_public() || viewer.may::<Publish>()),
            old: before,
            new: after,
            pieces,
            quote: String::new(),
            problem: None,
            is_next: false,
            line,
        }
    }

    /// What became of the words, in a sentence.
    const fn outcome(&self) -> &'static str {
        match self.line.outcome {
            Outcome::Exact | Outcome::Shifted => "The words are the same.",
            Outcome::Edited => "The words were edited.",
            Outcome::Changed => "Other words stand in their place.",
            Outcome::Ambiguous => "The words stand in several places.",
            Outcome::Lost => "The words are gone.",
        }
    }
}

#[derive(Template)]
#[template(path = "versions/review.html")]
struct ReviewPage {
    shell: Shell,
    article: Article,
    version: VersionId,
    number: i32,
    counts: Counts,
    decided: bool,
    lines: Vec<Shown>,
    next: Option<String>,
    may_mark: bool,
    done: Option<Shown>,
    /// That something could not be done, because somebody was faster.
    conflict: Option<String>,
}

impl ReviewPage {
    fn has_failed(&self) -> bool {
        self.conflict.is_some() || self.lines.iter().any(|shown| shown.problem.is_some())
    }
}

/// The list.
#[get("/{desk}/articles/{article}/review")]
pub async fn show(
    member: Authorized<ReadDesk>,
    at: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let list = load(&pool, &member.viewer(), at.1, &asked).await?;
    page(StatusCode::OK, &list)
}

async fn load(pool: &PgPool, viewer: &Viewer, article: ArticleId, asked: &Asked) -> Result<ReviewPage> {
    let desk = viewer.desk.id;
    let article = articles::store::get(pool, desk, article).await?;
    let conn = &mut *pool.acquire().await?;
    let latest = versions::store::latest(conn, desk, article.id).await?;
    let counts = list::counts(conn, desk, latest.id).await?;
    let decided = asked.show == "decided";
    let decisions: &[Decision] = if decided {
        &[Decision::Confirmed, Decision::Moved, Decision::Orphaned]
    } else {
        &[Decision::Pending]
    };
    let after = match &asked.after {
        None => None,
        Some(text) => {
            Some(After::parse(text).ok_or_else(|| Error::Malformed("This address cannot be read.".into()))?)
        }
    };
    let mut lines = list::lines(conn, desk, latest.id, decisions, after, None).await?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next = lines.last().filter(|_| more);
    let next = next.map(|line| After { start: line.from.0, appearance: line.appearance }.written());
    let done = match asked.done {
        Some(done) => list::lines(conn, desk, latest.id, Decision::ALL, None, Some(done)).await?.pop(),
        None => None,
    };
    let new = texts::get(pool, desk, latest.id).await?;
    let mut shown = Vec::with_capacity(lines.len());
    let key = |line: &Line| (line.from.0, line.appearance);
    let next_one = match &done {
        Some(done) => lines.iter().position(|line| key(line) > key(done)).or(Some(0)),
        None => None,
    };
    for (place, line) in lines.into_iter().enumerate() {
        let old = texts::get(pool, desk, line.from_version).await?;
        let mut line = Shown::of(line, &old, &new, viewer);
        line.is_next = Some(place) == next_one;
        shown.push(line);
    }
    let done = match done {
        Some(line) => {
            let old = texts::get(pool, desk, line.from_version).await?;
            Some(Shown::of(line, &old, &new, viewer))
        }
        None => None,
    };
    Ok(ReviewPage {
        shell: Shell::new(viewer),
        version: latest.id,
        number: latest.number,
        article,
        counts,
        decided,
        lines: shown,
        next,
        may_mark: viewer.may::<MarkClaim>(),
        done,
        conflict: None,
    })
}

/// A decision as it is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    version: VersionId,
    row_version: i32,
    /// `confirm`, `orphan`, `quote`, or a place as in `441-502`.
    to: String,
    /// Words that it stands on.
    #[serde(default)]
    quote: String,
    /// Where to go on: the claim's page, if it was decided there.
    #[serde(default)]
    back: String,
}

/// Decides about a mark.
#[post("/{desk}/articles/{article}/review/{appearance}")]
pub async fn decide(
    posted: Posted<MarkClaim, Sent>,
    at: Path<(String, ArticleId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: sent, submission } = posted;
    let (_, article, appearance) = at.into_inner();
    let viewer = by.viewer();
    let choice = match choice(&pool, &by, &sent).await? {
        Ok(choice) => choice,
        Err(problem) => return refused(&pool, &viewer, article, appearance, &sent, problem).await,
    };
    let seen = Seen { article, version: sent.version, appearance, row_version: sent.row_version };
    let location = location(&by, article, appearance, &sent.back);
    let to = location.clone();
    let decided = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        deciding::decide(tx, &by, seen, &choice).await
    })
    .await;
    match decided {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            conflict(&pool, &viewer, article, appearance, &sent, words.into_owned()).await
        }
        Err(error) => Err(error),
    }
}

/// Where to go on: to what waits next, or to the claim that it was decided for.
fn location(by: &Authorized<MarkClaim>, article: ArticleId, appearance: AppearanceId, back: &str) -> String {
    let shell = Shell::new(&by.viewer());
    match back.parse::<crate::id::ClaimId>() {
        Ok(claim) => crate::claims::pages::saved(shell.slug(), claim),
        Err(_) => format!("{}/review?done={appearance}", articles::path(&shell, article)),
    }
}

/// What was chosen; with the words that a person has to mend, and places to choose from.
async fn choice(pool: &PgPool, by: &Authorized<MarkClaim>, sent: &Sent) -> Result<Result<Choice, Problem>> {
    let document = texts::get(pool, by.desk.id, sent.version).await?;
    let text = document.text();
    let choice = match &*sent.to {
        "confirm" => Ok(Choice::Confirm),
        "orphan" => Ok(Choice::Orphan),
        "quote" => locate(text, &sent.quote).map(Choice::Move).map_err(|error| Problem {
            words: error.to_string(),
            places: match error {
                LocateError::Ambiguous(hits) => {
                    hits.iter().map(|hit| (hit.passage.start(), hit.passage.end())).collect()
                }
                _ => Vec::new(),
            },
        }),
        place => {
            let place =
                place.split_once('-').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
            let (start, end) = place.ok_or_else(|| Error::Malformed("Choose one of the places.".into()))?;
            let passage = Passage::at(text, start, end).map_err(|error| Error::invalid(error.to_string()))?;
            Ok(Choice::Move(passage))
        }
    };
    Ok(choice)
}

/// Why a quote cannot be taken, and where it stands if it does so several times.
struct Problem {
    words: String,
    places: Vec<(i32, i32)>,
}

/// The list again, with what was typed.
async fn refused(
    pool: &PgPool,
    viewer: &Viewer,
    article: ArticleId,
    appearance: AppearanceId,
    sent: &Sent,
    problem: Problem,
) -> Result<HttpResponse> {
    let mut list = load(pool, viewer, article, &beside(pool, viewer, appearance, sent).await?).await?;
    let new = texts::get(pool, viewer.desk.id, list.version).await?;
    if let Some(line) = list.lines.iter_mut().find(|shown| shown.line.appearance == appearance) {
        line.quote.clone_from(&sent.quote);
        line.problem = Some(problem.words);
        line.is_next = false;
        if !problem.places.is_empty() {
            line.candidates =
                problem.places.iter().filter_map(|place| around(&new, *place)).take(9).collect();
        }
    }
    page(StatusCode::UNPROCESSABLE_ENTITY, &list)
}

/// The page of the list on which a mark stands.
async fn beside(pool: &PgPool, viewer: &Viewer, appearance: AppearanceId, sent: &Sent) -> Result<Asked> {
    let conn = &mut *pool.acquire().await?;
    let line =
        list::lines(conn, viewer.desk.id, sent.version, Decision::ALL, None, Some(appearance)).await?.pop();
    // The key just before its own: no appearance is smaller than none.
    let after = line.map(|line| format!("{}.{}", line.from.0, uuid::Uuid::nil()));
    Ok(Asked { after, ..Asked::default() })
}

/// The list again, saying that somebody was faster, with what was typed.
async fn conflict(
    pool: &PgPool,
    viewer: &Viewer,
    article: ArticleId,
    appearance: AppearanceId,
    sent: &Sent,
    words: String,
) -> Result<HttpResponse> {
    let asked = Asked { done: Some(appearance), ..Asked::default() };
    let mut list = load(pool, viewer, article, &asked).await?;
    list.conflict = Some(words);
    for line in &mut list.lines {
        line.is_next = false;
        if line.line.appearance == appearance {
            line.quote.clone_from(&sent.quote);
        }
    }
    if let Some(done) = &mut list.done {
        done.quote.clone_from(&sent.quote);
    }
    page(StatusCode::CONFLICT, &list)
}

/// The decision to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    version: VersionId,
    row_version: i32,
}

/// Takes a decision back.
#[post("/{desk}/articles/{article}/review/{appearance}/undo")]
pub async fn undo(
    posted: Posted<MarkClaim, Undo>,
    at: Path<(String, ArticleId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, article, appearance) = at.into_inner();
    let seen = Seen { article, version: form.version, appearance, row_version: form.row_version };
    let location = format!("{}/review#m-{appearance}", articles::path(&Shell::new(&by.viewer()), article));
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        deciding::reconsider(tx, &by, seen).await
    })
    .await?;
    Ok(see_other(&location))
}
