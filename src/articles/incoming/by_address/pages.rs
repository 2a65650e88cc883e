//! Giving addresses, and seeing how far their fetching is.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Given, Here, here};
use crate::articles::incoming::{self, Arrived, Incoming, NewIntake, State, Step, label};
use crate::articles::intake::How;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::{Pool, unit_of_work};
use crate::errands;
use crate::error::{Error, Result};
use crate::fetch::Fetcher;
use crate::id::IntakeId;
use crate::jobs::{self, Kind, Progress, store::Order};
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "articles/addresses.html")]
struct AddressesPage {
    shell: Shell,
    problems: Problems,
    /// As they were typed, without those that are here.
    addresses: String,
    here: Vec<Here>,
}

#[derive(Template)]
#[template(path = "articles/progress.html")]
struct ProgressPage {
    shell: Shell,
    incoming: Incoming,
    job: Option<Progress>,
}

impl ProgressPage {
    /// Whether it is being fetched, or will be without anybody's doing.
    fn goes_on(&self) -> bool {
        matches!(self.incoming.state, State::Waiting | State::Fetching)
            && self.job.as_ref().is_some_and(Progress::goes_on)
    }

    /// Why it was not fetched, or not at the first try.
    fn trouble(&self) -> Option<&'static str> {
        let of_job = self.job.as_ref().and_then(|job| job.reason.as_deref()).map(errands::words);
        of_job.or_else(|| self.incoming.reason_words())
    }
}

/// Addresses as they are typed, one a line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addresses {
    #[serde(default)]
    addresses: String,
}

/// A form without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The path of what came in.
fn path(shell: &Shell, id: IntakeId) -> String {
    shell.path(&format!("/articles/incoming/{id}"))
}

/// The form.
#[get("/{desk}/articles/incoming/new")]
pub async fn start(by: Authorized<AddArticle>) -> Result<HttpResponse> {
    let shell = Shell::new(&by.viewer());
    let blank =
        AddressesPage { shell, problems: Problems::default(), addresses: String::new(), here: Vec::new() };
    page(StatusCode::OK, &blank)
}

/// Has articles fetched by their addresses. What is here already is said before anything is fetched.
#[post("/{desk}/articles/incoming")]
pub async fn create(
    posted: Posted<AddArticle, Addresses>,
    fetcher: Data<Fetcher>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let shell = Shell::new(&by.viewer());
    let given = match Given::parse(&form.addresses, &fetcher) {
        Ok(given) => given,
        Err(problems) => {
            let again = AddressesPage { shell, problems, addresses: form.addresses, here: Vec::new() };
            return page(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let here = here(&pool, by.desk.id, &given.keys()).await?;
    if !here.is_empty() {
        let keys: Vec<&str> = here.iter().map(|here| here.key.as_str()).collect();
        let addresses = given.without(&keys);
        let again = AddressesPage { shell, problems: Problems::default(), addresses, here };
        return page(StatusCode::CONFLICT, &again);
    }
    let new: Vec<NewIntake> = given.addresses().iter().map(on_its_way).collect();
    match errands::count_fetches(&pool, by.person.account, new.len(), by.now).await {
        Ok(()) => {}
        Err(Error::TooMany { .. }) => {
            let mut problems = Problems::default();
            let words = "You had 30 addresses fetched within an hour, which is the most. Wait a few minutes, or give fewer at once.";
            problems.add("addresses", words);
            let again = AddressesPage { shell, problems, addresses: form.addresses, here };
            return page(StatusCode::TOO_MANY_REQUESTS, &again);
        }
        Err(error) => return Err(error),
    }
    let location = match new.as_slice() {
        [one] => format!("{}/progress", path(&shell, one.id)),
        _ => shell.path("/articles/incoming"),
    };
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        for new in &new {
            let change =
                audit::record(tx, &by, "intake.add", "intake", new.id, &[("address", &new.address)]).await?;
            incoming::insert(tx, &by, &change, new).await?;
            jobs::store::order(tx, order(&by, new.id), change.at).await?;
        }
        Ok(())
    })
    .await?;
    jobs::wake();
    Ok(see_other(&location))
}

fn on_its_way(address: &SafeUrl) -> NewIntake {
    NewIntake {
        id: IntakeId::new(),
        how: How::Url,
        label: label(address.as_str()),
        address: Some(address.clone()),
        details: std::collections::BTreeMap::new(),
        arrived: Arrived::OnItsWay,
    }
}

fn order(by: &Authorized<AddArticle>, id: IntakeId) -> Order {
    Order {
        desk: by.desk.id,
        kind: Kind::Intake,
        subject: id.uuid(),
        account: by.person.account,
        every_s: None,
    }
}

/// How far the fetching is; on to what came, once it is there.
#[get("/{desk}/articles/incoming/{intake}/progress")]
pub async fn progress(
    by: Authorized<AddArticle>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let incoming = incoming::get(&pool, by.desk.id, at.1).await?;
    let shell = Shell::new(&by.viewer());
    if incoming.snapshot.is_some() {
        return Ok(see_other(&path(&shell, incoming.id)));
    }
    let job = jobs::store::progress(&pool, by.desk.id, Kind::Intake, incoming.id.uuid()).await?;
    page(StatusCode::OK, &ProgressPage { shell, incoming, job })
}

/// Has it fetched: once more, or for the first time when it came from a feed.
#[post("/{desk}/articles/incoming/{intake}/fetch")]
pub async fn fetch(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let incoming = incoming::get(&pool, by.desk.id, at.1).await?;
    let is_open =
        matches!(incoming.state, State::Waiting | State::Fetching) || incoming.can_be_fetched_again();
    if !is_open || incoming.address.is_none() {
        return Err(Error::conflict(
            "There is nothing to be fetched any more. Open the list to see what became of it.",
        ));
    }
    errands::count_fetches(&pool, by.person.account, 1, by.now).await?;
    let location = format!("{}/progress", path(&Shell::new(&by.viewer()), incoming.id));
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        if incoming.state == State::Refused {
            let change = audit::record(tx, &by, "intake.retry", "intake", incoming.id, &()).await?;
            if !incoming::advance(tx, &by, &change, incoming.id, &Step::Wait).await? {
                return Err(Error::conflict("Somebody else was faster. Open the page again."));
            }
        }
        jobs::store::order(tx, order(&by, incoming.id), by.now).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&location))
}
