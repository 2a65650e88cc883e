//! The page that says what can be taken away, and under which licence.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::store::{self, Totals};
use super::{Flavour, Scope, Site, Table};
use crate::audit::{self, head::Pin};
use crate::auth::Viewer;
use crate::auth::permission::{ManageDesk, ReadDrafts};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The licences that desks choose most, by their addresses.
pub const LICENCES: [(&str, &str); 5] = [
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0: no rights reserved"),
    ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0: name the desk"),
    ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0: name the desk, share alike"),
    ("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0: name the desk, not for profit"),
    ("https://creativecommons.org/licenses/by-nd/4.0/", "CC BY-ND 4.0: name the desk, change nothing"),
];

/// What a licence is called: its name, where it is one of the known ones, or its address.
#[must_use]
pub fn licence_name(address: &str) -> &str {
    LICENCES.iter().find(|(known, _)| *known == address).map_or(address, |(_, name)| name)
}

#[derive(Template)]
#[template(path = "exchange/overview.html")]
struct OverviewPage {
    shell: Shell,
    site: Site,
    totals: Totals,
    /// What the whole desk has, for those who may take that away, too.
    whole: Option<Totals>,
    may_license: bool,
    licence: String,
    other: String,
    problems: Problems,
    /// The end of the record of changes.
    head: Pin,
}

/// What can be taken away.
#[get("/{desk}/exports")]
pub async fn overview(viewer: Viewer, base: Data<BaseUrl>, pool: Pool) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let site = store::site(&mut conn, &base, &viewer.desk.slug).await?;
    let (licence, other) = match &site.licence {
        Some(address) if LICENCES.iter().any(|(known, _)| known == address) => {
            (address.clone(), String::new())
        }
        Some(address) => ("other".to_owned(), address.clone()),
        None => Default::default(),
    };
    let shown = draw(&mut conn, &viewer, site, LicenceForm { licence, other }, Problems::default()).await?;
    page(StatusCode::OK, &shown)
}

async fn draw(
    conn: &mut sqlx::PgConnection,
    viewer: &Viewer,
    site: Site,
    form: LicenceForm,
    problems: Problems,
) -> Result<OverviewPage> {
    let whole = if viewer.may::<ReadDrafts>() {
        Some(store::totals(conn, site.desk, Scope::Desk).await?)
    } else {
        None
    };
    let head = audit::head::Head::latest(conn, site.desk).await?.pin;
    Ok(OverviewPage {
        shell: Shell::new(viewer),
        totals: store::totals(conn, site.desk, Scope::Public).await?,
        whole,
        may_license: viewer.may::<ManageDesk>(),
        site,
        licence: form.licence,
        other: form.other,
        problems,
        head,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceForm {
    /// An address, `other`, or nothing.
    licence: String,
    #[serde(default)]
    other: String,
}

/// States the licence of what the desk publishes.
#[post("/{desk}/exports/licence")]
pub async fn save_licence(
    posted: Posted<ManageDesk, LicenceForm>,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let address = match form.licence.as_str() {
        "" => Ok(None),
        "other" => SafeUrl::parse(&form.other).map(Some),
        known => SafeUrl::parse(known).map(Some),
    };
    let address = match address {
        Ok(address) if address.as_ref().is_none_or(|address| address.as_str().len() <= 2_000) => address,
        wrong => {
            let words =
                wrong.err().map_or_else(|| "This address is too long.".to_owned(), |error| error.to_string());
            let mut problems = Problems::default();
            problems.add("other", words);
            let mut conn = pool.acquire().await?;
            let site = store::site(&mut conn, &base, &by.desk.slug).await?;
            let shown = draw(&mut conn, &by.viewer(), site, form, problems).await?;
            return page(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
    };
    let location = format!("/{}/exports", by.desk.slug);
    let done = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::set_licence(tx, &by, address.as_ref()).await
    })
    .await?;
    Ok(see_other(&done))
}

impl OverviewPage {
    /// A format's address.
    fn at(&self, format: &str) -> String {
        self.shell.path(&format!("/export/{format}"))
    }

    /// The addresses of the tables, with their names.
    fn tables(&self) -> impl Iterator<Item = (&'static str, String, String)> {
        Table::ALL.into_iter().map(|table| {
            let name = table.as_str();
            let address = |flavour| format!("{}?table={name}&flavour={flavour}", self.at("csv"));
            (name, address(word(Flavour::Human)), address(word(Flavour::Machine)))
        })
    }
}

const fn word(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Human => "human",
        Flavour::Machine => "machine",
    }
}
