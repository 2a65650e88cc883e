//! Making an article of what came in, or the next version of one that is here.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::check::{Drawing, Opened, draw, twin};
use crate::agents;
use crate::articles::details::{self, Checked};
use crate::articles::incoming::{self, State, Step};
use crate::articles::intake::tidy;
use crate::articles::versions::{Bytes, NewVersion};
use crate::articles::{self, NewArticle, store};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::claims::carry::{Added, add_version};
use crate::db::{Pool, unit_of_work};
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::id::{ArticleId, IntakeId};
use crate::isolated::Isolated;
use crate::text::document::leave_out;
use crate::web::{Posted, Shell, see_other};

/// The form of the check page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    publisher: String,
    #[serde(default)]
    author: String,
    #[serde(default)]
    published: String,
    #[serde(default)]
    language: String,
    /// As what the blocks were numbered; empty takes what is suggested.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    keep: Vec<usize>,
    /// Whether it is wanted although the same is here.
    again: Option<String>,
    /// The article whose next version it is to be.
    #[serde(default)]
    version_of: Option<ArticleId>,
    #[serde(default)]
    step: String,
}

impl Form {
    fn details(&self) -> Values {
        let typed = [
            ("title", &self.title),
            ("url", &self.url),
            ("publisher", &self.publisher),
            ("author", &self.author),
            ("published", &self.published),
            ("language", &self.language),
        ];
        tidy(&typed.map(|(field, typed)| (field, typed.clone())).into())
    }
}

/// What the record says of something that became a version.
#[derive(serde::Serialize)]
struct Taken {
    article: ArticleId,
    /// The number of the version whose text it is.
    version: i32,
}

/// Takes it as an article, or as the next version of one.
#[post("/{desk}/articles/incoming/{intake}/article")]
pub async fn take(
    posted: Posted<AddArticle, Form>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let shell = Shell::new(&by.viewer());
    let incoming = incoming::get(&pool, by.desk.id, at.1).await?;
    match (incoming.state, incoming.article) {
        (State::Ready, _) => {}
        // A second press of the same button, or somebody was faster.
        (State::Taken, Some(article)) => return Ok(see_other(&articles::path(&shell, article))),
        _ => return Err(settled()),
    }
    let opened = Opened::read(&pool, &isolated, &by, incoming).await?;
    let imported = &opened.reading.imported;
    let reread = !form.seen.is_empty() && form.seen != opened.seen();
    let suggests = reread || form.seen.is_empty();
    let left_out: BTreeSet<usize> = if suggests {
        imported.surroundings.clone()
    } else {
        let kept: BTreeSet<usize> = form.keep.iter().copied().collect();
        (0..imported.document.blocks().len()).filter(|number| !kept.contains(number)).collect()
    };
    let details = form.details();
    let (checked, mut problems) = match details::check(&details) {
        Ok(checked) => (Some(checked), crate::web::problems::Problems::default()),
        Err(problems) => (None, problems),
    };
    let kept = leave_out(imported.document.clone(), &left_out);
    if kept.is_none() {
        problems.add("blocks", "Everything is left out. Keep at least one paragraph.");
    }
    let as_version = form.version_of.filter(|_| form.step == "version");
    let twin = if form.again.is_some() { None } else { twin(&pool, &by, &details, kept.clone()).await? };
    match (checked, kept) {
        (_, Some(kept)) if as_version.is_some() && !reread => {
            let article = as_version.ok_or_else(settled)?;
            let mut new = NewVersion::new(kept, opened.reading.format);
            new.file_name.clone_from(&opened.kept.received.file_name);
            new.charset.clone_from(&opened.reading.charset);
            new.bytes = Some(Bytes::Kept(opened.kept.id));
            next_version(&pool, by, submission, at.1, article, new).await
        }
        (Some(checked), Some(kept)) if twin.is_none() && !reread => {
            let mut article = NewArticle::new(checked.clone().known(None), kept, opened.reading.format);
            article.file_name.clone_from(&opened.kept.received.file_name);
            article.charset.clone_from(&opened.reading.charset);
            article.snapshot = Some(opened.kept.id);
            new_article(&pool, by, submission, at.1, checked, article).await
        }
        _ => {
            let status =
                if problems.is_empty() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            draw(&by, opened, Drawing { status, details, problems, left_out, twin, suggests, reread })
        }
    }
}

async fn new_article(
    pool: &Pool,
    by: Authorized<AddArticle>,
    submission: Option<Submission>,
    id: IntakeId,
    checked: Checked,
    article: NewArticle,
) -> Result<HttpResponse> {
    let location = articles::path(&Shell::new(&by.viewer()), article.id);
    let to = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "article.add", "article", article.id, &article.event()).await?;
        let publisher = match &checked.publisher {
            Some(name) => Some(agents::store::find_or_create(tx, &by, name, agents::Kind::Outlet).await?),
            None => None,
        };
        let mut article = article.clone();
        article.known.publisher = publisher;
        store::create(tx, &by, &change, &article).await?;
        if incoming::advance(tx, &by, &change, id, &Step::Taken(article.id)).await? {
            Ok(())
        } else {
            Err(settled())
        }
    })
    .await?;
    Ok(see_other(&location))
}

async fn next_version(
    pool: &Pool,
    by: Authorized<AddArticle>,
    submission: Option<Submission>,
    id: IntakeId,
    article: ArticleId,
    new: NewVersion,
) -> Result<HttpResponse> {
    let location = articles::path(&Shell::new(&by.viewer()), article);
    let to = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let (Added::Version { number, .. } | Added::Unchanged { number }) =
            add_version(tx, &by, article, &new).await?;
        let taken = Taken { article, version: number };
        let change = audit::record(tx, &by, "intake.take", "intake", id, &taken).await?;
        if incoming::advance(tx, &by, &change, id, &Step::Taken(article)).await? {
            Ok(())
        } else {
            Err(settled())
        }
    })
    .await?;
    Ok(see_other(&location))
}

fn settled() -> Error {
    Error::conflict("Somebody has settled this meanwhile. Look at the list of what came in.")
}
