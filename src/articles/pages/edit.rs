//! Changing what is known about an article. Its text never changes.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::agents;
use crate::articles::details::{self as fields, FIELDS};
use crate::articles::{Article, path, store};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent};
use crate::error::{Error, Result};
use crate::id::{ArticleId, EventId};
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "articles/edit.html")]
struct EditPage {
    shell: Shell,
    article: Article,
    form: Form,
    history: History,
}

/// The form, and what was changed so far.
#[get("/{desk}/articles/{article}/details")]
pub async fn details(
    by: Authorized<AddArticle>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let article = store::get(&pool, by.desk.id, at.1).await?;
    let shell = Shell::new(&by.viewer());
    let entries =
        history::of(&mut *pool.acquire().await?, by.desk.id, &[article.id.uuid()], None, history::PAGE)
            .await?;
    let line = |entry: &editing::Entry| {
        let did = match &*entry.action {
            "article.add" => "added it",
            "article.revise" => "added a new version of its text",
            _ => "changed it",
        };
        let mut line = Line::new(entry, did.to_owned(), &FIELDS);
        line.undo = (entry.action == "article.edit").then_some(entry.id);
        line
    };
    let history = History {
        lines: entries.iter().map(line).collect(),
        csrf: shell.csrf().to_owned(),
        undo: format!("{}/details/undo", path(&shell, article.id)),
        versions: None,
    };
    let form = details_form(&shell, &article);
    page(StatusCode::OK, &EditPage { shell, article, form, history })
}

fn details_form(shell: &Shell, article: &Article) -> Form {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    let action = format!("{}/details", path(shell, article.id));
    Form::new(shell, "details", action, &FIELDS, &names, &fields::of(article))
}

/// Saves what was changed.
#[post("/{desk}/articles/{article}/details")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<AddArticle, Pairs>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = Sent::read(&FIELDS, &posted.form)?;
    apply(&request, posted, at.1, &sent, &pool).await
}

/// The change to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub event: EventId,
}

/// Takes a change back.
#[post("/{desk}/articles/{article}/details/undo")]
pub async fn undo(
    request: HttpRequest,
    posted: Posted<AddArticle, Undo>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let entry = history::get(&mut *pool.acquire().await?, posted.by.desk.id, posted.form.event).await?;
    let sent = (entry.action == "article.edit" && entry.entity_id == at.1.uuid())
        .then(|| entry.undo(&FIELDS))
        .flatten()
        .ok_or(Error::NotFound("change"))?;
    apply(&request, posted, at.1, &sent, &pool).await
}

async fn apply<F>(
    request: &HttpRequest,
    posted: Posted<AddArticle, F>,
    id: ArticleId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let article = store::get(pool, by.desk.id, id).await?;
    let shell = Shell::new(&by.viewer());
    let location = path(&shell, id);
    let action = format!("{location}/details");
    let (theirs, title) = (fields::of(&article), article.name().to_owned());
    let merge = editing::merge(&mut *pool.acquire().await?, &by, id.uuid(), sent, &theirs).await?;
    if !merge.conflicts.is_empty() {
        let conflict = Conflict::new(&shell, "details", &action, sent, &merge);
        return editing::conflict(request, shell, title, location, conflict);
    }
    if merge.is_unchanged() {
        return Ok(see_other(&location));
    }
    let checked = match fields::check(&merge.applied(&theirs)) {
        Ok(checked) => checked,
        Err(problems) => {
            let form = details_form(&shell, &article).refused(sent, &problems);
            return editing::problems(request, shell, title, location, form);
        }
    };
    let (changed, to) = (merge.details(), location.clone());
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "article.edit", "article", id, &changed).await?;
        let publisher = match &checked.publisher {
            Some(name) => Some(agents::store::find_or_create(tx, &by, name, agents::Kind::Outlet).await?),
            None => None,
        };
        let known = checked.clone().known(publisher);
        if store::update(tx, &by, &change, id, article.row_version, &known).await? {
            Ok(())
        } else {
            Err(Error::conflict("Somebody changed this a moment ago. Go back and save again."))
        }
    })
    .await?;
    Ok(see_other(&location))
}
