//! Adding an article: paste or upload it, look at what became of it, save it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::blocks::{self, Piece, Shown};
use super::{Drawn, drawn, upload};
use crate::agents;
use crate::articles::details::{self, Checked};
use crate::articles::intake::{self, Intake, Received};
use crate::articles::store::{self, Twin};
use crate::articles::{Format, NewArticle, path, snapshots};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::isolated::Isolated;
use crate::text::Document;
use crate::text::document::leave_out;
use crate::text::import::Imported;
use crate::web::problems::Problems;
use crate::web::{Shell, bookmarklet, page, see_other};

#[derive(Template)]
#[template(path = "articles/new.html")]
struct NewPage {
    shell: Shell,
    problems: Problems,
    fields: Vec<Drawn>,
    intake: Intake,
    /// The address of the bookmark that sends pages.
    bookmarklet: String,
}

#[derive(Template)]
#[template(path = "articles/check.html")]
struct CheckPage {
    shell: Shell,
    problems: Problems,
    fields: Vec<Drawn>,
    intake: Intake,
    format: Format,
    twin: Option<Twin>,
    words: usize,
    blocks: usize,
    shown: Vec<Shown>,
    /// How many are left out by suggestion.
    suggested: usize,
    /// How many characters change directions unseen.
    controls: usize,
}

/// The form.
#[get("/{desk}/articles/new")]
pub async fn start(request: HttpRequest, by: Authorized<AddArticle>) -> Result<HttpResponse> {
    new_page(&request, &by, StatusCode::OK, Intake::default(), Problems::default())
}

/// Takes an article in, or shows what it would become.
#[post("/{desk}/articles")]
pub async fn create(
    request: HttpRequest,
    payload: Payload,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let sent = intake::read_form(&request, &mut payload.into_inner()).await?;
    let by: Authorized<AddArticle> = sent.fields.authorize(&request).await?;
    let mut intake = sent.intake()?;
    let mut problems = Problems::default();
    if let Some(words) = sent.is_pasted_too().or_else(|| sent.files_are_lost()) {
        problems.add("file", words);
        return new_page(&request, &by, StatusCode::UNPROCESSABLE_ENTITY, intake, problems);
    }
    if !sent.files.is_empty() {
        let submission = sent.fields.submission.clone();
        return match upload::take(&pool, &isolated, &by, submission, sent.files, &intake.details).await? {
            Ok(location) => Ok(see_other(&location)),
            Err(problems) => {
                // The words of a file are not what was typed.
                (intake.text, intake.file_name, intake.charset) = (String::new(), None, None);
                new_page(&request, &by, StatusCode::UNPROCESSABLE_ENTITY, intake, problems)
            }
        };
    }
    let Imported { document, surroundings, .. } = match intake.import().await? {
        Ok(imported) => imported,
        Err(error) => {
            problems.add("text", error.to_string());
            return new_page(&request, &by, StatusCode::UNPROCESSABLE_ENTITY, intake, problems);
        }
    };
    // What is taken in unseen loses what the markup calls something else, and no line of a plain text.
    if intake.look_again() && (intake.preview || intake.format() == Format::Html) {
        intake.left_out = surroundings;
    }
    let checked = match details::check(&intake.details) {
        Ok(checked) => Some(checked),
        Err(wrong) => {
            problems = wrong;
            None
        }
    };
    let kept = leave_out(document.clone(), &intake.left_out);
    if kept.is_none() {
        problems.add("blocks", "Everything is left out. Keep at least one paragraph.");
    }
    let twin = match &kept {
        Some(kept) if !intake.again => {
            let address = details::address(&intake.details);
            store::find_twin(&pool, by.desk.id, kept.text(), address.as_ref()).await?
        }
        _ => None,
    };
    match (checked, kept, &twin) {
        (Some(checked), Some(kept), None) if !intake.preview => {
            let mut article = NewArticle::new(checked.clone().known(None), kept, intake.format());
            let received = intake.received(by.now);
            article.file_name = intake.file_name;
            article.charset = intake.charset;
            save(&pool, by, sent.fields.submission, checked, article, received).await
        }
        _ => {
            let status = match (intake.preview, problems.is_empty()) {
                (true, _) => StatusCode::OK,
                (false, true) => StatusCode::CONFLICT,
                (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            check_page(&by, status, intake, problems, twin, &document)
        }
    }
}

async fn save(
    pool: &Pool,
    by: Authorized<AddArticle>,
    submission: Option<Submission>,
    checked: Checked,
    article: NewArticle,
    received: Received,
) -> Result<HttpResponse> {
    let location = path(&Shell::new(&by.viewer()), article.id);
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
        article.snapshot = Some(snapshots::keep(tx, &by, &change, &received).await?);
        store::create(tx, &by, &change, &article).await
    })
    .await?;
    Ok(see_other(&location))
}

fn new_page(
    request: &HttpRequest,
    by: &Authorized<AddArticle>,
    status: StatusCode,
    intake: Intake,
    problems: Problems,
) -> Result<HttpResponse> {
    let fields = drawn(&intake.details, &problems);
    let bookmarklet = bookmarklet(BaseUrl::of(request), &by.desk.slug);
    page(status, &NewPage { shell: Shell::new(&by.viewer()), problems, fields, intake, bookmarklet })
}

fn check_page(
    by: &Authorized<AddArticle>,
    status: StatusCode,
    intake: Intake,
    problems: Problems,
    twin: Option<Twin>,
    document: &Document,
) -> Result<HttpResponse> {
    let page_of_check = CheckPage {
        shell: Shell::new(&by.viewer()),
        fields: drawn(&intake.details, &problems),
        problems,
        format: intake.format(),
        twin,
        words: document.text().split_whitespace().count(),
        blocks: document.blocks().len(),
        shown: blocks::shown(document, &intake.left_out),
        suggested: if intake.preview { intake.left_out.len() } else { 0 },
        controls: blocks::count_controls(document.text()),
        intake,
    };
    page(status, &page_of_check)
}
