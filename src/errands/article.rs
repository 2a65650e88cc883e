//! Fetching an article again.

use time::OffsetDateTime;

use super::{Errands, choices};
use crate::articles::intake::read_apart;
use crate::articles::versions::{self, Bytes, NewVersion};
use crate::articles::{self, snapshots, texts, watches};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::claims::carry::{Added, add_version};
use crate::db::unit_of_work;
use crate::error::Result;
use crate::fetch::Validators;
use crate::id::{ArticleId, DeskId, VersionId};
use crate::jobs::{self, Job, Kind, Trouble};
use crate::text::document::leave_out;
use crate::text::import::Imported;

impl Errands {
    /// Makes what an article's address shows now its next version, if it is another text.
    pub(super) async fn fetch_again(&self, job: &Job, by: &Authorized<AddArticle>) -> Result<()> {
        let id = ArticleId::from(job.subject);
        let article = articles::store::get(&self.pool, job.desk, id).await?;
        let Some(address) = article.known.url else {
            return self.fail(job, Some(by), Trouble::NoAddress.into()).await;
        };
        let have = if job.kind == Kind::Watch { job.have.clone() } else { Validators::default() };
        let page = match self.fetch_and_read(job, &address, have.clone()).await? {
            Ok(Some(page)) => page,
            Ok(None) => return self.is_unchanged(job, have).await,
            Err(failure) => return self.fail(job, Some(by), failure).await,
        };
        let latest = versions::store::latest(&mut *self.pool.acquire().await?, job.desk, id).await?;
        let old = texts::get(&self.pool, job.desk, latest.id).await?;
        let before = self.page_of(job.desk, latest.id).await?;
        let imported = page.reading.imported;
        let out = choices::left_out(&old, before.as_ref(), &imported);
        let document = leave_out(imported.document.clone(), &out).unwrap_or_else(|| imported.article());
        if !choices::is_same_article(old.text(), document.text()) {
            return self.fail(job, Some(by), Trouble::AnotherText.into()).await;
        }
        let mut new = NewVersion::new(document, page.reading.format);
        new.charset = page.reading.charset;
        new.bytes = Some(Bytes::Received(page.received));
        let (job, by, validators) = (job.clone(), by.clone(), page.validators);
        unit_of_work(&self.pool, async move |tx| {
            let added = add_version(tx, &by, id, &new).await?;
            let again_s = again_s(&job, matches!(added, Added::Version { .. }));
            jobs::store::finish(tx, &job, again_s, &validators, OffsetDateTime::now_utc()).await
        })
        .await
    }

    async fn is_unchanged(&self, job: &Job, validators: Validators) -> Result<()> {
        let job = job.clone();
        crate::db::unit_of_work_quietly(&self.pool, async move |tx| {
            let again_s = again_s(&job, false);
            jobs::store::finish(tx, &job, again_s, &validators, OffsetDateTime::now_utc()).await
        })
        .await
    }

    /// The page that a version was read from, read once more; `None` when it was pasted, or cannot be read any more.
    async fn page_of(&self, desk: DeskId, version: VersionId) -> Result<Option<Imported>> {
        let Some(snapshot) = watches::store::snapshot(&self.pool, desk, version).await? else {
            return Ok(None);
        };
        let Some(kept) = snapshots::find(&self.pool, desk, snapshot).await? else { return Ok(None) };
        let reading = read_apart(self.fetcher.isolated(), &kept.received).await;
        Ok(reading.ok().map(|reading| reading.imported))
    }
}

fn again_s(job: &Job, has_changed: bool) -> Option<i32> {
    (job.kind == Kind::Watch).then(|| watches::next_look(job.every_s, has_changed))
}
