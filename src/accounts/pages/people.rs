//! The people of a desk: who they are, what they may do, who is invited.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::invitation;
use crate::accounts::store;
use crate::accounts::store::invitations::Open;
use crate::accounts::store::people::Member;
use crate::audit::{self, Submission};
use crate::auth::permission::{ManageDesk, ReadDesk};
use crate::auth::{Authorized, Role, Secret};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{AccountId, InvitationId};
use crate::web::paging::{Page, limit};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// What an invitation was typed as.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    note: String,
}

impl InviteForm {
    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

#[derive(Template)]
#[template(path = "accounts/people.html")]
struct PeoplePage {
    shell: Shell,
    members: Page<Member>,
    invitations: Vec<Open>,
    form: InviteForm,
    /// The link of the invitation that was just made, which is not shown again.
    link: Option<String>,
    problems: Problems,
    me: AccountId,
}

impl PeoplePage {
    async fn answer(
        status: StatusCode,
        by: &Authorized<ReadDesk>,
        after: Option<Uuid>,
        extra: Extra,
        pool: &Pool,
    ) -> Result<HttpResponse> {
        let conn = &mut *pool.acquire().await?;
        let members = store::people::list(conn, by, after, limit()).await?;
        let invitations = match by.and::<ManageDesk>() {
            Ok(admin) => store::invitations::open(conn, &admin).await?,
            Err(_) => Vec::new(),
        };
        let Extra { form, link, problems } = extra;
        let template = Self {
            shell: Shell::new(&by.viewer()),
            members: Page::of(members, |member| member.account.uuid()),
            invitations,
            form,
            link,
            problems,
            me: by.person.account,
        };
        page(status, &template)
    }

    /// The page again, with what was wrong.
    async fn again(
        status: StatusCode,
        by: &Authorized<ManageDesk>,
        extra: Extra,
        pool: &Pool,
    ) -> Result<HttpResponse> {
        Self::answer(status, &by.and::<ReadDesk>()?, None, extra, pool).await
    }
}

/// What the page shows once.
#[derive(Default)]
struct Extra {
    form: InviteForm,
    link: Option<String>,
    problems: Problems,
}

impl Extra {
    fn problem(field: String, words: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        let mut problems = Problems::default();
        problems.add(field, words);
        Self { problems, ..Self::default() }
    }
}

#[derive(Deserialize)]
pub struct After {
    after: Option<Uuid>,
}

#[get("/{desk}/people")]
pub async fn list(by: Authorized<ReadDesk>, query: Query<After>, pool: Pool) -> Result<HttpResponse> {
    PeoplePage::answer(StatusCode::OK, &by, query.after, Extra::default(), &pool).await
}

#[post("/{desk}/people/invitations")]
pub async fn invite(
    posted: Posted<ManageDesk, InviteForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let mut problems = Problems::default();
    if form.roles.is_empty() {
        problems.add("roles-annotator", "Choose at least one role for the person you invite.");
    }
    if form.note.chars().count() > 500 {
        problems.add("note", "A note has at most 500 characters.");
    }
    if !problems.is_empty() {
        let extra = Extra { form, problems, link: None };
        return PeoplePage::again(StatusCode::UNPROCESSABLE_ENTITY, &by, extra, &pool).await;
    }
    let (id, secret) = (InvitationId::new(), Secret::new()?);
    let link = BaseUrl::of(&request).join(&invitation::path(&by.desk.slug, &secret));
    let location = format!("/{}/people", by.desk.slug);
    let writer = by.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &location).await?;
        let note = form.note.trim();
        let details = json!({"roles": form.roles, "note": note});
        let change = audit::record(tx, &writer, "member.invite", "invitation", id, &details).await?;
        store::invitations::insert(tx, &writer, &change, id, &secret, &form.roles, note).await
    })
    .await?;
    let extra = Extra { link: Some(link), ..Extra::default() };
    PeoplePage::again(StatusCode::CREATED, &by, extra, &pool).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[post("/{desk}/people/invitations/{invitation}/withdrawal")]
pub async fn withdraw(
    posted: Posted<ManageDesk, Nothing>,
    path: Path<(String, InvitationId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let id = path.1;
    let location = format!("/{}/people", by.desk.slug);
    let target = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        let change = audit::record(tx, &by, "member.uninvite", "invitation", id, &json!({})).await?;
        store::invitations::withdraw(tx, &by, &change, id).await
    })
    .await?;
    Ok(see_other(&location))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesForm {
    row_version: i32,
    #[serde(default)]
    roles: Vec<Role>,
}

#[post("/{desk}/people/{account}/roles")]
pub async fn change_roles(
    posted: Posted<ManageDesk, RolesForm>,
    path: Path<(String, AccountId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let account = path.1;
    if form.roles.is_empty() {
        let extra = Extra::problem(
            format!("roles-{account}"),
            "Choose at least one role. To take all away, remove the person from the desk.",
        );
        return PeoplePage::again(StatusCode::UNPROCESSABLE_ENTITY, &by, extra, &pool).await;
    }
    set_roles(by, submission, account, form.roles, form.row_version, &pool).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalForm {
    row_version: i32,
}

#[post("/{desk}/people/{account}/removal")]
pub async fn remove(
    posted: Posted<ManageDesk, RemovalForm>,
    path: Path<(String, AccountId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    set_roles(by, submission, path.1, Vec::new(), form.row_version, &pool).await
}

async fn set_roles(
    by: Authorized<ManageDesk>,
    submission: Option<Submission>,
    account: AccountId,
    roles: Vec<Role>,
    row_version: i32,
    pool: &Pool,
) -> Result<HttpResponse> {
    let before = store::people::get(&mut *pool.acquire().await?, &by, account).await?;
    let location = format!("/{}/people", by.desk.slug);
    let (writer, target) = (by.clone(), location.clone());
    let changed = unit_of_work(pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        // True as of `row_version`; if that has passed, the update finds no row and nothing is written.
        let details = json!({"roles": {"before": before.roles, "after": roles}});
        let action = if roles.is_empty() { "member.remove" } else { "member.change_roles" };
        let change = audit::record(tx, &writer, action, "account", account, &details).await?;
        store::people::set_roles(tx, &writer, &change, account, &roles, row_version).await
    })
    .await;
    match changed {
        // Who has taken the last role from themselves sees no people of the desk any more.
        Ok(()) if account == by.person.account => Ok(see_other("/")),
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            let extra = Extra::problem(format!("roles-{account}"), words);
            PeoplePage::again(StatusCode::CONFLICT, &by, extra, pool).await
        }
        Err(error) => Err(error),
    }
}
