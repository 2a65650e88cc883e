//! Keeping a copy of a source.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Errands, received};
use crate::articles::intake::Received;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, CiteEvidence};
use crate::db::{unit_of_work, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::evidence::copies::{self, Came, Link, Reading, Why, store};
use crate::evidence::sources::Access;
use crate::fetch::{Fetched, Request, Validators, Wanted};
use crate::id::SourceId;
use crate::jobs::{self, Job, Step, Trouble};
use crate::text::address::SafeUrl;

/// A source that came.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) received: Received,
    pub(super) reading: Reading,
    pub(super) validators: Validators,
}

/// How long fetching may have taken for what comes next to end within the lease, in seconds.
const SOON_S: i64 = 5;

impl Errands {
    /// Fetches a source that was cited, and keeps it.
    pub(super) async fn archive(&self, job: &Job, by: &Authorized<AddArticle>) -> Result<()> {
        let Some(cites) = may_cite(by)? else {
            return self.fail(job, None, Trouble::LostRight.into()).await;
        };
        let id = SourceId::from(job.subject);
        let wanted = store::wanted(&mut *self.pool.acquire().await?, job.desk, id).await?;
        if wanted.id != id {
            // It was merged meanwhile; the one that stands for it is kept by itself.
            return self.is_done(job).await;
        }
        let address = wanted.url.as_deref().and_then(|url| SafeUrl::parse(url).ok());
        let why = match (&address, wanted.access) {
            (_, Access::Confidential) => Some(Why::Confidential),
            (None, _) => Some(Why::NoAddress),
            _ => None,
        };
        let (Some(address), None) = (address, why) else {
            return self.fail(job, Some(by), why.unwrap_or(Why::NoAddress).into()).await;
        };
        let arrived = match self.fetch_source(job, &address, Validators::default()).await? {
            Ok(Some(arrived)) => arrived,
            Ok(None) => return self.fail(job, Some(by), Why::Interrupted.into()).await,
            Err(why) => return self.fail(job, Some(by), why.into()).await,
        };
        let job = job.clone();
        unit_of_work(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), OffsetDateTime::now_utc()).await?;
            keep(tx, &cites, id, &arrived, Link::Alive).await
        })
        .await
    }

    /// Fetches a source and reads it; `None` when it is as it was.
    pub(super) async fn fetch_source(
        &self,
        job: &Job,
        address: &SafeUrl,
        have: Validators,
    ) -> Result<Result<Option<Arrived>, Why>> {
        let begun = OffsetDateTime::now_utc();
        let asked = Request { address: address.as_str().to_owned(), wanted: Wanted::Source, have };
        let (head, bytes) = match self.fetcher.fetch(asked).await {
            Ok(Fetched::New(head, bytes)) => (head, bytes),
            Ok(Fetched::NotModified) => return Ok(Ok(None)),
            Err(reason) => return Ok(Err(reason.into())),
        };
        let (received, validators) = received(address, head, bytes);
        if (received.received_at - begun).whole_seconds() > SOON_S {
            self.at(job, Step::Reading).await?;
        }
        let reading = copies::read_apart(self.fetcher.isolated(), &received).await;
        Ok(match reading.wall {
            Some(why) => Err(why),
            None => Ok(Some(Arrived { received, reading, validators })),
        })
    }

    async fn is_done(&self, job: &Job) -> Result<()> {
        let job = job.clone();
        unit_of_work_quietly(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), OffsetDateTime::now_utc()).await
        })
        .await
    }
}

/// The proof that whoever a job is for may cite; nothing when they may not any more.
pub(super) fn may_cite(by: &Authorized<AddArticle>) -> Result<Option<Authorized<CiteEvidence>>> {
    match by.and() {
        Ok(by) => Ok(Some(by)),
        Err(Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps what came, and does what follows from it.
pub(super) async fn keep(
    tx: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    arrived: &Arrived,
    link: Link,
) -> Result<()> {
    let Arrived { received, reading, .. } = arrived;
    let (copy, is_new) = store::add(tx, by, source, received, reading, Some(link)).await?;
    if !is_new {
        return Ok(());
    }
    let came = Came {
        source,
        copy,
        media_type: reading.media_type.clone(),
        found: reading.found.clone(),
        final_address: received.final_address.clone(),
    };
    copies::came(tx, by, &came).await
}

/// Says with the source that it was not kept, or leaves it waiting for the next try.
pub(super) async fn failed(
    tx: &mut PgConnection,
    job: &Job,
    by: Option<&Authorized<AddArticle>>,
    code: &'static str,
    goes_on: bool,
) -> Result<()> {
    if goes_on {
        return Ok(());
    }
    let source = SourceId::from(job.subject);
    let why = Why::parse(code).unwrap_or(Why::Interrupted);
    let details = serde_json::json!({ "reason": why });
    let event = if let Some(by) = by {
        audit::record(tx, by, "source.miss", "source", source, &details).await?.event
    } else {
        let now = OffsetDateTime::now_utc();
        audit::record_by_server(tx, job.desk, now, "source.miss", "source", source, &details).await?
    };
    store::miss(tx, job.desk, event, source, why).await
}
