//! The server's start page: one's own desks, and what every desk shows the public.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use crate::accounts::store::{self, desks::Listed};
use crate::auth::Visitor;
use crate::db::Pool;
use crate::error::Result;
use crate::web::paging::{PAGE, limit};
use crate::web::{Shell, page};

#[derive(Template)]
#[template(path = "accounts/start.html")]
struct StartPage {
    shell: Shell,
    mine: Vec<Listed>,
    all: Vec<Listed>,
    next: Option<String>,
    may_make_desks: bool,
    /// Whether nobody has set this server up yet.
    is_new: bool,
}

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

#[get("/")]
pub async fn start(visitor: Visitor, from: Query<From>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let mut all = store::desks::all(conn, &from.after, limit()).await?;
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    let next = all.last().filter(|_| more).map(|desk| desk.slug.clone());
    let is_new = all.is_empty() && from.after.is_empty() && !store::accounts::exist(conn).await?;
    let mine = match &visitor.person {
        Some(person) => store::desks::of_account(conn, person.account).await?,
        None => Vec::new(),
    };
    let may_make_desks = mine.iter().any(|desk| desk.roles.iter().any(|role| role == "admin"));
    let shell = Shell::outside(visitor.person);
    page(StatusCode::OK, &StartPage { shell, mine, all, next, may_make_desks, is_new })
}
