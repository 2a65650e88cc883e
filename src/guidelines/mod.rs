//! Guidelines: a desk's codebook. It says what the ratings mean and how to come to one, version by version; an assessment
//! names the version it went by.

mod blocks;
mod compare;
mod form;
mod pages;
mod store;

use actix_web::web::ServiceConfig;
use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

pub use blocks::Block;
pub use form::{GuidelinesForm, TEXT_MAX, TITLE_MAX};
pub use store::{Guidelines, Version, current, current_number, numbered, write};

use crate::error::Result;
use crate::web::Shell;

/// The guidelines beside a form that goes by them.
#[derive(Clone, Debug, Template)]
#[template(path = "reviews/_guidelines.html")]
pub struct Beside {
    shell: Shell,
    guidelines: Guidelines,
}

impl HtmlSafe for Beside {}

impl Beside {
    /// The desk's guidelines as they are now; nothing when it has none.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(conn: &mut PgConnection, shell: &Shell) -> Result<Option<Self>> {
        let Some(desk) = &shell.desk else { return Ok(None) };
        let guidelines = store::current(conn, desk.id).await?;
        Ok(guidelines.map(|guidelines| Self { shell: shell.clone(), guidelines }))
    }

    /// The version that is shown.
    #[must_use]
    pub fn number(&self) -> i32 {
        self.guidelines.number
    }
}

/// The addresses of guidelines.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::show)
        .service(pages::edit)
        .service(pages::write)
        .service(pages::show_version)
        .service(pages::compare);
}
