//! A new text for an article that is here: paste or upload it, look at what became of it, add it as the next version.

use std::collections::HashSet;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use sqlx::PgPool;

use crate::articles::intake::{self, Intake};
use crate::articles::versions::{self, NewVersion};
use crate::articles::{self, Article, Format, texts};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::claims::carry::{Added, add_version};
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::id::ArticleId;
use crate::text::Document;
use crate::text::document::leave_out;
use crate::text::import::Imported;
use crate::web::problems::Problems;
use crate::web::{Shell, page, see_other};

#[derive(Template)]
#[template(path = "versions/new.html")]
struct NewPage {
    shell: Shell,
    article: Article,
    /// The number of the latest version.
    number: i32,
    problems: Problems,
    intake: Intake,
    /// That what was sent is the text of the latest version.
    unchanged: bool,
}

#[derive(Template)]
#[template(path = "versions/check.html")]
struct CheckPage {
    shell: Shell,
    article: Article,
    number: i32,
    problems: Problems,
    intake: Intake,
    format: Format,
    unchanged: bool,
    words: usize,
    blocks: usize,
    /// How many of them are not in the latest version, and how many of its blocks are not among them.
    added: usize,
    gone: usize,
    shown: Vec<Shown>,
}

/// A block of the new text.
struct Shown {
    number: usize,
    words: String,
    left_out: bool,
    /// Whether the latest version has no block with these words.
    is_new: bool,
}

/// The form.
#[get("/{desk}/articles/{article}/versions/new")]
pub async fn start(
    by: Authorized<AddArticle>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (article, number, _) = latest(&pool, &by, at.1).await?;
    form(&by, StatusCode::OK, article, number, Intake::default(), Problems::default(), false)
}

/// The article, the number of its latest version, and the text of that.
async fn latest(
    pool: &PgPool,
    by: &Authorized<AddArticle>,
    article: ArticleId,
) -> Result<(Article, i32, std::sync::Arc<Document>)> {
    let article = articles::store::get(pool, by.desk.id, article).await?;
    let latest = versions::store::latest(&mut *pool.acquire().await?, by.desk.id, article.id).await?;
    let text = texts::get(pool, by.desk.id, latest.id).await?;
    Ok((article, latest.number, text))
}

/// Adds a version, or shows what it would become.
#[post("/{desk}/articles/{article}/versions")]
pub async fn create(
    request: HttpRequest,
    payload: Payload,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = intake::read_form(&request, &mut payload.into_inner()).await?;
    let by: Authorized<AddArticle> = sent.fields.authorize(&request).await?;
    let (article, number, old) = latest(&pool, &by, at.1).await?;
    let mut intake = sent.intake()?;
    let mut problems = Problems::default();
    if let Some(words) = sent.refused() {
        problems.add("file", words);
        return form(&by, StatusCode::UNPROCESSABLE_ENTITY, article, number, intake, problems, false);
    }
    // Links of a page are relative to where the article was published.
    let url = article.known.url.as_ref().map(|url| url.as_str().to_owned());
    intake.details.insert("url", url.unwrap_or_default());
    let Imported { document, surroundings, .. } = match intake.import().await? {
        Ok(imported) => imported,
        Err(error) => {
            problems.add("text", error.to_string());
            return form(&by, StatusCode::UNPROCESSABLE_ENTITY, article, number, intake, problems, false);
        }
    };
    if intake.look_again() && (intake.preview || intake.format() == Format::Html) {
        // What stood in the article before belongs to it.
        let known: HashSet<&str> = blocks(&old).collect();
        let suggested = surroundings.into_iter();
        intake.left_out = suggested.filter(|block| !known.contains(words_of(&document, *block))).collect();
    }
    let Some(kept) = leave_out(document.clone(), &intake.left_out) else {
        problems.add("blocks", "Everything is left out. Keep at least one paragraph.");
        let check = check(&by, article, number, intake, problems, &document, &old, false);
        return page(StatusCode::UNPROCESSABLE_ENTITY, &check);
    };
    if intake.preview {
        let unchanged = kept.text() == old.text();
        let check = check(&by, article, number, intake, problems, &document, &old, unchanged);
        return page(StatusCode::OK, &check);
    }
    let mut new = NewVersion::new(kept, intake.format());
    new.file_name.clone_from(&intake.file_name);
    new.charset.clone_from(&intake.charset);
    let location = format!("{}/versions", articles::path(&Shell::new(&by.viewer()), article.id));
    let (to, id, submission, who) = (location.clone(), article.id, sent.fields.submission, by.clone());
    let added = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &who, submission.as_ref(), &to).await?;
        add_version(tx, &who, id, &new).await
    })
    .await?;
    match added {
        Added::Version { .. } => Ok(see_other(&location)),
        Added::Unchanged { number } => form(&by, StatusCode::OK, article, number, intake, problems, true),
    }
}

fn form(
    by: &Authorized<AddArticle>,
    status: StatusCode,
    article: Article,
    number: i32,
    intake: Intake,
    problems: Problems,
    unchanged: bool,
) -> Result<HttpResponse> {
    page(status, &NewPage { shell: Shell::new(&by.viewer()), article, number, problems, intake, unchanged })
}

fn blocks(document: &Document) -> impl Iterator<Item = &str> {
    (0..document.blocks().len()).map(|block| words_of(document, block))
}

fn words_of(document: &Document, block: usize) -> &str {
    document.blocks().get(block).and_then(|block| document.slice(block.extent())).unwrap_or_default()
}

#[expect(clippy::too_many_arguments, reason = "a page is made of what it shows")]
fn check(
    by: &Authorized<AddArticle>,
    article: Article,
    number: i32,
    intake: Intake,
    problems: Problems,
    document: &Document,
    old: &Document,
    unchanged: bool,
) -> CheckPage {
    let known: HashSet<&str> = blocks(old).collect();
    let fresh: HashSet<&str> = blocks(document).collect();
    let shown = blocks(document)
        .enumerate()
        .map(|(number, text)| {
            let mut words: String = text.chars().take(300).collect();
            if words.len() < text.len() {
                words.push('…');
            }
            let left_out = intake.left_out.contains(&number);
            Shown { number, words, left_out, is_new: !known.contains(text) }
        })
        .collect();
    CheckPage {
        shell: Shell::new(&by.viewer()),
        article,
        number,
        problems,
        format: intake.format(),
        unchanged,
        words: document.text().split_whitespace().count(),
        blocks: document.blocks().len(),
        added: fresh.difference(&known).count(),
        gone: known.difference(&fresh).count(),
        shown,
        intake,
    }
}
