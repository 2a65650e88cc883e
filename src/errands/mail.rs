//! Letters to members, as jobs. What is sent twice because a server ended in between does no harm; what is not sent is lost,
//! so it is noted after it was handed over.

use time::{Duration, OffsetDateTime};

use super::{Errands, Failure};
use crate::auth::{Secret, Viewer, acting};
use crate::db::unit_of_work_quietly;
use crate::discussion;
use crate::error::{Error, Result};
use crate::fetch::Validators;
use crate::jobs::{self, Job, Trouble, store::Order};
use crate::mail::{self, Letter};
use crate::notifications;

/// How many letters' worth of things may still wait when one was sent: the next goes after this time.
const NEXT_AFTER: Duration = Duration::MINUTE;

impl Errands {
    /// Mails a member what they were told at a desk and have not read.
    pub(super) async fn mail_digest(&self, job: &Job) -> Result<()> {
        let Some(viewer) = self.recipient(job).await? else {
            return self.fail(job, None, Trouble::LostRight.into()).await;
        };
        let conn = &mut *self.pool.acquire().await?;
        let told = notifications::store::to_mail(conn, job.desk, job.account).await?;
        let address = mail::store::get(conn, job.account).await?.address;
        let (Some(address), false) = (address.filter(|_| self.mail.is_configured()), told.is_empty()) else {
            return self.end(job, Vec::new()).await;
        };
        let texts = told.iter().filter_map(|one| one.body.as_deref());
        let people = discussion::store::called_in(conn, &discussion::named(texts)).await?;
        let letter = mail::digest(self.mail.base(), (&viewer.desk.slug, &viewer.desk.name), &told, &people);
        self.hand_over(job, &address, &letter, told.iter().map(|one| one.event).collect()).await
    }

    /// Sends the letter that shows that an address is the person's.
    pub(super) async fn mail_confirmation(&self, job: &Job) -> Result<()> {
        let Some(viewer) = self.recipient(job).await? else {
            return self.fail(job, None, Trouble::LostRight.into()).await;
        };
        let secret = Secret::new()?;
        let (account, its) = (job.account, secret.clone());
        let address = unit_of_work_quietly(&self.pool, async move |tx| {
            mail::store::begin_confirmation(tx, account, &its).await
        })
        .await?;
        let (Some(address), Some(person)) = (address.filter(|_| self.mail.is_configured()), viewer.person)
        else {
            return self.end(job, Vec::new()).await;
        };
        let letter = mail::confirmation(self.mail.base(), &person.handle, secret.expose());
        self.hand_over(job, &address, &letter, Vec::new()).await
    }

    /// Whom a letter is for, if they still belong to the desk.
    async fn recipient(&self, job: &Job) -> Result<Option<Viewer>> {
        match acting(&self.pool, job.desk, job.account, OffsetDateTime::now_utc()).await {
            Ok(viewer) => Ok(Some(viewer).filter(Viewer::is_member)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn hand_over(
        &self,
        job: &Job,
        to: &str,
        letter: &Letter,
        told: Vec<crate::id::EventId>,
    ) -> Result<()> {
        match self.mail.send(to, letter).await {
            Ok(()) => self.end(job, told).await,
            Err(undelivered) => {
                tracing::warn!(cause = %undelivered, account.id = %job.account, "a letter was not taken");
                let trouble = if undelivered.passes { Trouble::NoMailServer } else { Trouble::MailRefused };
                self.fail(job, None, Failure { code: trouble.as_str(), passes: undelivered.passes }).await
            }
        }
    }

    /// Ends a job, notes what was mailed, and orders the next when there is more.
    async fn end(&self, job: &Job, told: Vec<crate::id::EventId>) -> Result<()> {
        let job = job.clone();
        unit_of_work_quietly(&self.pool, async move |tx| {
            let now = OffsetDateTime::now_utc();
            notifications::store::mailed(tx, job.desk, job.account, &told, now).await?;
            // The job's row is locked from here on: who is told of something now orders the next letter after us.
            jobs::store::finish(tx, &job, None, &Validators::default(), now).await?;
            let more = !told.is_empty()
                && !notifications::store::to_mail(tx, job.desk, job.account).await?.is_empty();
            if more {
                let order = Order {
                    desk: job.desk,
                    kind: job.kind,
                    subject: job.subject,
                    account: job.account,
                    every_s: None,
                };
                jobs::store::order(tx, order, now + NEXT_AFTER).await?;
            }
            Ok(())
        })
        .await
    }
}
