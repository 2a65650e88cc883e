//! What the script keeps and brings back.

use actix_web::http::StatusCode;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get, put};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DRAFT_BYTES_MAX, Draft, FIELDS_MAX, Field, store};
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::{Pool, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::web::clock::iso;
use crate::web::json::{Sent, answer};

/// The addresses of drafts.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(save).service(list);
}

/// What somebody typed into a form; without fields, that nothing is typed there any more.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    form: String,
    page: String,
    title: String,
    fields: Vec<Field>,
    /// The form's own key: once it was sent, nothing of it is kept.
    submission: Option<Uuid>,
}

#[derive(Serialize)]
struct Saved {
    saved_at: String,
}

#[put("/api/v1/desks/{desk}/drafts")]
async fn save(sent: Sent<ReadDesk, Typed>, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body: typed, .. } = sent;
    let own = format!("/{}/", by.desk.slug);
    let is_form = typed.form.starts_with(&own) && typed.form.chars().count() <= 500;
    if !is_form || !typed.page.starts_with('/') || typed.page.starts_with("//") {
        return Err(Error::invalid("This is no form of this desk."));
    }
    if typed.fields.len() > FIELDS_MAX {
        return Err(Error::invalid(format!("More than {FIELDS_MAX} fields of a form are not kept.")));
    }
    let size = serde_json::to_vec(&typed.fields).map_err(Error::internal)?.len();
    if size > DRAFT_BYTES_MAX {
        return Err(Error::TooLarge(format!("a draft holds at most {} KB.", DRAFT_BYTES_MAX / 1024).into()));
    }
    let draft = Draft {
        form: typed.form,
        page: cut(&typed.page, 2000),
        title: cut(&typed.title, 500),
        fields: typed.fields,
        saved_at: by.now,
    };
    let (desk, account) = (by.desk.id, by.person.account);
    unit_of_work_quietly(&pool, async move |tx| {
        if draft.fields.is_empty() {
            store::remove(tx, desk, account, &draft.form).await
        } else {
            store::save(tx, desk, account, &draft, typed.submission).await
        }
    })
    .await?;
    Ok(answer(StatusCode::OK, &Saved { saved_at: iso(by.now) }))
}

/// The beginning of a text. What PostgreSQL cannot store is left out.
fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|sign| *sign != '\0').take(most).collect()
}

#[derive(Serialize)]
struct Told {
    form: String,
    fields: Vec<Field>,
    saved_at: String,
}

/// The drafts of the forms that are named, as in `?form=/demo/articles&form=…`.
#[get("/api/v1/desks/{desk}/drafts")]
async fn list(request: HttpRequest, member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let forms: Vec<String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(name, _)| name == "form")
        .map(|(_, form)| form.into_owned())
        .take(FIELDS_MAX)
        .collect();
    let conn = &mut *pool.acquire().await?;
    let drafts = store::list(conn, member.desk.id, member.person.account, Some(&forms)).await?;
    let told: Vec<_> = drafts
        .into_iter()
        .map(|draft| Told { form: draft.form, fields: draft.fields, saved_at: iso(draft.saved_at) })
        .collect();
    Ok(answer(StatusCode::OK, &told))
}
