//! What jobs do: fetch what somebody gave the address of, look for what is new in a feed, see whether an article has
//! changed. Each acts for the person who asked for it, with the permissions that this person has when it runs.

mod archive;
mod article;
mod asking;
mod choices;
mod feed;
mod intake;
mod link;
mod mail;
mod outside;

pub use self::asking::{address, count_fetches};

use sqlx::PgPool;
use time::OffsetDateTime;

use crate::articles::intake::{How, Reading, Received, Refused, read_apart};
use crate::auth::permission::AddArticle;
use crate::auth::{Authorized, Viewer, acting};
use crate::db::{unit_of_work, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::evidence::copies::Why;
use crate::evidence::outside::{Archives, Why as OutsideWhy};
use crate::fetch::{Fetched, Fetcher, Head, Reason, Request, Validators, Wanted};
use crate::jobs::{self, Errand, Job, Kind, Step, Trouble};
use crate::mail::Mail;
use crate::text::address::SafeUrl;

/// Does the jobs of a server.
#[derive(Clone, Debug)]
pub struct Errands {
    pool: PgPool,
    fetcher: Fetcher,
    mail: Mail,
    archives: Archives,
}

/// Why a job failed, as a code, and whether that may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failure {
    code: &'static str,
    passes: bool,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self { code: reason.as_str(), passes: reason.passes() }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self { code: refused.as_str(), passes: false }
    }
}

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        Self { code: why.as_str(), passes: why.passes() }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { code: trouble.as_str(), passes: trouble == Trouble::Interrupted }
    }
}

/// Why a job failed, in words, by its code.
#[must_use]
pub fn words(code: &str) -> &'static str {
    let of_fetching = Reason::parse(code).map(Reason::label);
    of_fetching
        .or_else(|| Refused::parse(code).map(Refused::label))
        .or_else(|| Trouble::parse(code).map(Trouble::label))
        .or_else(|| Why::parse(code).map(Why::label))
        .or_else(|| OutsideWhy::parse(code).map(OutsideWhy::label))
        .unwrap_or(Trouble::Interrupted.label())
}

impl Errands {
    /// Those of a server with this database and this way to the web.
    #[must_use]
    pub fn new(pool: PgPool, fetcher: Fetcher) -> Self {
        Self { pool, fetcher, mail: Mail::default(), archives: Archives::default() }
    }

    /// The same with a way to a mail server.
    #[must_use]
    pub fn mailing(mut self, mail: Mail) -> Self {
        self.mail = mail;
        self
    }

    /// The same with archives outside that sources may be handed to.
    #[must_use]
    pub fn handing_to(mut self, archives: Archives) -> Self {
        self.archives = archives;
        self
    }

    /// The proof of what the person whom a job is for may do now; `None` when that is too little.
    async fn authorize(&self, job: &Job) -> Result<Option<Authorized<AddArticle>>> {
        let viewer = acting(&self.pool, job.desk, job.account, OffsetDateTime::now_utc()).await;
        match viewer.and_then(Viewer::authorize) {
            Ok(by) => Ok(Some(by)),
            Err(Error::NotFound(_) | Error::Forbidden(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn attempt(&self, job: &Job, by: &Authorized<AddArticle>) -> Result<()> {
        match job.kind {
            Kind::Intake => self.take_in(job, by).await,
            Kind::Feed => self.look_at_feed(job, by).await,
            Kind::Article | Kind::Watch => self.fetch_again(job, by).await,
            Kind::Archive => self.archive(job, by).await,
            Kind::Link => self.look_at_link(job, Some(by)).await,
            Kind::Outside => self.hand_on(job, by).await,
            Kind::Mail | Kind::MailConfirmation => self.post(job).await,
        }
    }

    /// Sends a letter: any member may get one.
    async fn post(&self, job: &Job) -> Result<()> {
        match job.kind {
            Kind::MailConfirmation => self.mail_confirmation(job).await,
            _ => self.mail_digest(job).await,
        }
    }

    /// Ends an attempt that failed, in the queue and with what it was about.
    async fn fail(&self, job: &Job, by: Option<&Authorized<AddArticle>>, failure: Failure) -> Result<()> {
        let next = job.next_try(failure.passes);
        let (job, by) = (job.clone(), by.cloned());
        let failed = async move |tx: &mut sqlx::PgConnection| {
            jobs::store::fail(tx, &job, failure.code, next, OffsetDateTime::now_utc()).await?;
            match (&by, job.kind) {
                (Some(by), Kind::Intake) => intake::failed(tx, &job, by, failure.code, next.is_some()).await,
                (by, Kind::Archive) => {
                    archive::failed(tx, &job, by.as_ref(), failure.code, next.is_some()).await
                }
                (_, Kind::Outside) => outside::failed(tx, &job, failure.code, next.is_some()).await,
                _ => Ok(()),
            }
        };
        unit_of_work(&self.pool, failed).await
    }

    /// Says what is being done.
    async fn at(&self, job: &Job, step: Step) -> Result<()> {
        let job = job.clone();
        unit_of_work_quietly(&self.pool, async move |tx| {
            jobs::store::at(tx, &job, step, OffsetDateTime::now_utc()).await
        })
        .await
    }

    /// Fetches an address and reads what comes; `None` when it is as it was.
    async fn fetch_and_read(
        &self,
        job: &Job,
        address: &SafeUrl,
        have: Validators,
    ) -> Result<Result<Option<Page>, Failure>> {
        self.at(job, Step::Fetching).await?;
        let asked = Request { address: address.as_str().to_owned(), wanted: Wanted::Article, have };
        let (head, bytes) = match self.fetcher.fetch(asked).await {
            Ok(Fetched::New(head, bytes)) => (head, bytes),
            Ok(Fetched::NotModified) => return Ok(Ok(None)),
            Err(reason) => return Ok(Err(reason.into())),
        };
        let (received, validators) = received(address, head, bytes);
        self.at(job, Step::Reading).await?;
        match read_apart(self.fetcher.isolated(), &received).await {
            Ok(reading) => {
                self.at(job, Step::Keeping).await?;
                Ok(Ok(Some(Page { received, reading, validators })))
            }
            Err(refused) => Ok(Err(refused.into())),
        }
    }
}

/// A page that was fetched and read.
#[derive(Debug)]
struct Page {
    received: Received,
    reading: Reading,
    validators: Validators,
}

fn received(address: &SafeUrl, head: Head, bytes: Vec<u8>) -> (Received, Validators) {
    let mut received = Received::new(How::Url, bytes, OffsetDateTime::now_utc());
    received.media_type = Some(head.media_type);
    received.charset = head.charset;
    received.address = Some(address.clone());
    received.final_address = Some(head.final_address);
    received.status = Some(head.status);
    received.headers = head.headers;
    (received, head.validators)
}

impl Errand for Errands {
    async fn run(&self, job: &Job) -> Result<()> {
        if job.kind.is_mail() {
            return self.post(job).await;
        }
        match self.authorize(job).await? {
            Some(by) => self.attempt(job, &by).await,
            // A desk's links are looked after whoever cited them.
            None if job.kind == Kind::Link => self.look_at_link(job, None).await,
            None => self.fail(job, None, Trouble::LostRight.into()).await,
        }
    }

    async fn give_up(&self, job: &Job) -> Result<()> {
        if job.kind.is_mail() {
            return self.fail(job, None, Trouble::Interrupted.into()).await;
        }
        let by = self.authorize(job).await?;
        self.fail(job, by.as_ref(), Trouble::Interrupted.into()).await
    }
}
