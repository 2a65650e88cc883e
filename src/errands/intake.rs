//! Fetching an address that somebody gave.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Errands;
use crate::articles::incoming::{self, State};
use crate::articles::snapshots;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::{unit_of_work, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::fetch::Validators;
use crate::id::IntakeId;
use crate::jobs::{self, Job, Trouble};
use crate::text::address::SafeUrl;

/// What the record says of an address that was fetched.
#[derive(serde::Serialize)]
struct Came<'a> {
    final_address: Option<&'a SafeUrl>,
    media_type: Option<&'a str>,
    bytes: usize,
}

/// What the record says of one that was not.
#[derive(serde::Serialize)]
struct Refused<'a> {
    reason: &'a str,
}

impl Errands {
    /// Fetches an address and keeps what came, for somebody to look at.
    pub(super) async fn take_in(&self, job: &Job, by: &Authorized<AddArticle>) -> Result<()> {
        let id = IntakeId::from(job.subject);
        let incoming = incoming::get(&self.pool, job.desk, id).await?;
        let (State::Waiting | State::Fetching, Some(address)) = (incoming.state, &incoming.address) else {
            return self.is_settled(job).await;
        };
        let desk = job.desk;
        unit_of_work_quietly(&self.pool, async move |tx| {
            incoming::begin_fetching(tx, desk, id, OffsetDateTime::now_utc()).await
        })
        .await?;
        let page = match self.fetch_and_read(job, address, Validators::default()).await? {
            Ok(Some(page)) => page,
            Ok(None) => return self.fail(job, Some(by), Trouble::Interrupted.into()).await,
            Err(failure) => return self.fail(job, Some(by), failure).await,
        };
        let label = page.reading.imported.found.title.as_deref().map(incoming::label);
        let (job, by, received) = (job.clone(), by.clone(), page.received);
        unit_of_work(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), OffsetDateTime::now_utc()).await?;
            let came = Came {
                final_address: received.final_address.as_ref(),
                media_type: received.media_type.as_deref(),
                bytes: received.bytes.len(),
            };
            let change = audit::record(tx, &by, "intake.fetch", "intake", id, &came).await?;
            let snapshot = snapshots::keep(tx, &by, &change, &received).await?;
            let step = incoming::Step::Ready { snapshot, label: label.clone() };
            if incoming::advance(tx, &by, &change, id, &step).await? {
                Ok(())
            } else {
                Err(settled_meanwhile())
            }
        })
        .await
    }

    /// Nobody waits for it any more.
    async fn is_settled(&self, job: &Job) -> Result<()> {
        let job = job.clone();
        unit_of_work_quietly(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), OffsetDateTime::now_utc()).await
        })
        .await
    }
}

/// Says with the address itself that it was not fetched, or that it waits once more.
pub(super) async fn failed(
    tx: &mut PgConnection,
    job: &Job,
    by: &Authorized<AddArticle>,
    code: &'static str,
    goes_on: bool,
) -> Result<()> {
    let id = IntakeId::from(job.subject);
    if goes_on {
        return incoming::stop_fetching(tx, job.desk, id, OffsetDateTime::now_utc()).await;
    }
    let change = audit::record(tx, by, "intake.refuse", "intake", id, &Refused { reason: code }).await?;
    let step = incoming::Step::Refused(code);
    if incoming::advance(tx, by, &change, id, &step).await? { Ok(()) } else { Err(settled_meanwhile()) }
}

fn settled_meanwhile() -> Error {
    Error::conflict("This was settled meanwhile.")
}
