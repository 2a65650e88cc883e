//! The page behind an invitation's link.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::session::Arrival;
use crate::accounts::forms::{Nothing, Own};
use crate::accounts::names::Slug;
use crate::accounts::newcomer::Newcomer;
use crate::accounts::store;
use crate::accounts::store::invitations::Invitation;
use crate::audit;
use crate::auth::{Person, Secret, Visitor};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page, see_other};

/// What an invitation's link says: the desk, so that it is found where its rows are, and the secret.
struct Link {
    desk: Slug,
    secret: Secret,
}

impl Link {
    fn parse(path: &str) -> Result<Self> {
        let parsed = path.split_once('.').and_then(|(desk, secret)| {
            Some(Self { desk: Slug::parse(desk)?, secret: Secret::parse(secret)? })
        });
        parsed.ok_or(Error::NotFound("invitation"))
    }

    async fn get(&self, conn: &mut PgConnection, now: OffsetDateTime) -> Result<Invitation> {
        store::invitations::get(conn, &self.desk, &self.secret, now).await
    }
}

/// The path of an invitation.
#[must_use]
pub fn path(desk: &str, secret: &Secret) -> String {
    format!("/invitations/{desk}.{}", secret.expose())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewcomerForm {
    handle: String,
    display_name: String,
    password: String,
}

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct InvitationPage<'a> {
    shell: Shell,
    person: Option<Person>,
    invitation: Invitation,
    path: &'a str,
    form: &'a NewcomerForm,
    problems: Problems,
}

impl InvitationPage<'_> {
    fn answer(
        status: StatusCode,
        person: Option<Person>,
        invitation: Invitation,
        path: &str,
        form: &NewcomerForm,
        problems: Problems,
    ) -> Result<HttpResponse> {
        let shell = Shell::outside(person.clone());
        page(status, &InvitationPage { shell, person, invitation, path, form, problems })
    }
}

#[get("/invitations/{token}")]
pub async fn show(path: Path<String>, visitor: Visitor, pool: Pool) -> Result<HttpResponse> {
    let link = Link::parse(&path)?;
    let invitation = link.get(&mut *pool.acquire().await?, visitor.now).await?;
    let form = NewcomerForm::default();
    InvitationPage::answer(StatusCode::OK, visitor.person, invitation, &path, &form, Problems::default())
}

#[post("/invitations/{token}/acceptance")]
pub async fn join(path: Path<String>, own: Own<Nothing>, pool: Pool) -> Result<HttpResponse> {
    let link = Link::parse(&path)?;
    let invitation = link.get(&mut *pool.acquire().await?, own.now).await?;
    let location = format!("/{}/people", invitation.desk_slug);
    let (account, now) = (own.person.account, own.now);
    unit_of_work(&pool, async move |tx| accept(tx, &invitation, account, now).await).await?;
    Ok(see_other(&location))
}

#[post("/invitations/{token}/account")]
pub async fn join_newly(
    path: Path<String>,
    SignedIn(form): SignedIn<NewcomerForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let now = OffsetDateTime::now_utc();
    let link = Link::parse(&path)?;
    // Before a password is hashed, which is dear.
    let invitation = link.get(&mut *pool.acquire().await?, now).await?;
    let mut problems = Problems::default();
    let context = &invitation.desk_name;
    let newcomer = Newcomer::parse(&form.handle, &form.display_name, &form.password, context, &mut problems);
    let Some(newcomer) = newcomer else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return InvitationPage::answer(status, None, invitation, &path, &form, problems);
    };
    let account = newcomer.hash().await?;
    let arrival = Arrival::of(&request)?;
    let (begun, joined) = (arrival.clone(), invitation.clone());
    let token = unit_of_work(&pool, async move |tx| {
        account.insert(tx, now).await?;
        accept(tx, &joined, account.id, now).await?;
        begun.begin(tx, account.id, now).await
    })
    .await;
    match token {
        Ok(token) => {
            let location = format!("/{}/people", invitation.desk_slug);
            Ok(arrival.signed_in(&token, BaseUrl::of(&request), &location))
        }
        Err(Error::Conflict(words)) => {
            problems.add("handle", words);
            InvitationPage::answer(StatusCode::CONFLICT, None, invitation, &path, &form, problems)
        }
        Err(error) => Err(error),
    }
}

async fn accept(
    conn: &mut PgConnection,
    invitation: &Invitation,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<()> {
    let joined = store::invitations::accept(conn, invitation, account, now).await?;
    let details = json!({
        "invitation": invitation.id,
        "roles": {"before": joined.before, "after": joined.after},
    });
    audit::record(conn, joined.actor, "member.join", "account", account, &details).await?;
    Ok(())
}
