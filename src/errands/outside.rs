//! Handing a source to an archive outside, and asking how far it is there.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::archive::may_cite;
use super::{Errands, Failure};
use crate::db::unit_of_work;
use crate::error::Result;
use crate::evidence::outside::store::{self, Came};
use crate::evidence::outside::{self, OutsideCopy, Service, State, Step, Why};
use crate::fetch::Validators;
use crate::id::OutsideCopyId;
use crate::jobs::{self, Job, Trouble};

/// How long an archive may take.
const PATIENCE: Duration = Duration::HOUR;

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        Self { code: why.as_str(), passes: why.passes() }
    }
}

impl Errands {
    /// Hands on what is to be handed on; asks how far it is, when that has happened.
    pub(super) async fn hand_on(&self, job: &Job, by: &super::Authorized<super::AddArticle>) -> Result<()> {
        let id = OutsideCopyId::from(job.subject);
        let mut conn = self.pool.acquire().await?;
        let copy = store::get(&mut conn, job.desk, id).await?;
        let what = store::what(&mut conn, job.desk, copy.source).await?;
        drop(conn);
        if may_cite(by)?.is_none() {
            return self.fail(job, None, Trouble::LostRight.into()).await;
        }
        if copy.state != State::Pending || copy.removed_at.is_some() {
            return self.settle(job, id, None).await;
        }
        let Some((address, title)) = what else {
            return self.settle(job, id, Some(Came::Failed(Why::Withheld))).await;
        };
        let Some(service) = self.archives.get(copy.provider) else {
            return self.settle(job, id, Some(Came::Failed(Why::NoKey))).await;
        };
        match &copy.receipt {
            None => match self.deliver(service, &address, title.as_deref()).await {
                Ok(receipt) => self.go_on(job, &copy, Some(receipt)).await,
                Err(why) => self.fail(job, Some(by), why.into()).await,
            },
            Some(receipt) => match self.ask_after(service, receipt).await {
                Step::Wait if is_too_old(&copy) => {
                    self.settle(job, id, Some(Came::Failed(Why::TookTooLong))).await
                }
                Step::Wait => self.go_on(job, &copy, None).await,
                Step::Kept(address) => self.settle(job, id, Some(Came::Kept(address))).await,
                Step::Failed(why @ (Why::NotReached | Why::LimitReached)) => {
                    self.fail(job, Some(by), why.into()).await
                }
                Step::Failed(why) => self.settle(job, id, Some(Came::Failed(why))).await,
            },
        }
    }

    async fn deliver(
        &self,
        service: &Service,
        address: &str,
        title: Option<&str>,
    ) -> std::result::Result<String, Why> {
        let answer = self.fetcher.call(service.hand_on(address, title)).await.map_err(|_| Why::NotReached)?;
        outside::receipt(service.provider, &answer)
    }

    async fn ask_after(&self, service: &Service, receipt: &str) -> Step {
        match self.fetcher.call(service.look(receipt)).await {
            Ok(answer) => outside::outcome(service.provider, receipt, &answer),
            Err(_) => Step::Failed(Why::NotReached),
        }
    }

    /// Asks again in a while: soon at first, once a minute in the end.
    async fn go_on(&self, job: &Job, copy: &OutsideCopy, receipt: Option<String>) -> Result<()> {
        let now = OffsetDateTime::now_utc();
        let age: Duration = now - copy.created_at;
        let quarter: Duration = age / 4_i32;
        let wait = quarter.clamp(Duration::seconds(2), Duration::MINUTE);
        let (job, id, came) = (job.clone(), copy.id, receipt.map(Came::Receipt));
        unit_of_work(&self.pool, async move |tx| {
            jobs::store::put_off(tx, &job, wait, now).await?;
            match &came {
                Some(came) => store::came(tx, job.desk, id, came, now).await,
                None => Ok(()),
            }
        })
        .await
    }

    async fn settle(&self, job: &Job, id: OutsideCopyId, came: Option<Came>) -> Result<()> {
        let now = OffsetDateTime::now_utc();
        let job = job.clone();
        unit_of_work(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), now).await?;
            match &came {
                Some(came) => store::came(tx, job.desk, id, came, now).await,
                None => Ok(()),
            }
        })
        .await
    }
}

fn is_too_old(copy: &OutsideCopy) -> bool {
    OffsetDateTime::now_utc() - copy.created_at > PATIENCE
}

/// Says with the copy that it did not come about, unless it is tried again.
pub(super) async fn failed(tx: &mut PgConnection, job: &Job, code: &str, goes_on: bool) -> Result<()> {
    if goes_on {
        return Ok(());
    }
    let why = Why::parse(code).unwrap_or(Why::NoRight);
    store::came(tx, job.desk, job.subject.into(), &Came::Failed(why), OffsetDateTime::now_utc()).await
}
