//! One stream: looks at the record when woken or after a while, and says which blocks to print anew.

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::web::{Bytes, Data};
use serde::Serialize;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::store::{self, Touched};
use crate::articles::texts;
use crate::auth::Viewer;
use crate::auth::session::SessionToken;
use crate::db;
use crate::error::Result;
use crate::id::VersionId;
use crate::text::Document;
use crate::web::drain::Drain;

/// How often to look for what other servers committed.
const LOOK: Duration = Duration::from_millis(500);
/// How long commits gather: many marks within a moment are one message.
const GATHER: Duration = Duration::from_millis(40);
/// How often something is sent at least, so that nothing in between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is checked whether the person may still look.
const RECHECK: Duration = Duration::from_mins(1);

/// What the page is told.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Message {
    blocks: Vec<String>,
    count: usize,
    by: Option<String>,
}

/// Somebody's stream about one version.
pub struct Feed {
    pub pool: PgPool,
    pub slug: String,
    pub token: Option<SessionToken>,
    pub viewer: Viewer,
    pub version: VersionId,
    /// The first transaction that has not been looked at.
    pub next_xid: i64,
    pub drain: Data<Drain>,
    commits: watch::Receiver<()>,
    begun: bool,
    sent_at: Instant,
    checked_at: Instant,
}

impl Feed {
    /// A stream that begins after what the page knows.
    #[must_use]
    pub fn new(
        pool: PgPool,
        slug: String,
        token: Option<SessionToken>,
        viewer: Viewer,
        version: VersionId,
        next_xid: i64,
        drain: Data<Drain>,
    ) -> Self {
        let now = Instant::now();
        let commits = db::commits();
        Self {
            pool,
            slug,
            token,
            viewer,
            version,
            next_xid,
            drain,
            commits,
            begun: false,
            sent_at: now,
            checked_at: now,
        }
    }

    /// The next piece to send; nothing when the stream ends.
    pub async fn next(mut self) -> Option<(Result<Bytes>, Self)> {
        if !self.begun {
            self.begun = true;
            return Some((Ok(Bytes::from_static(b"retry: 1000\n\n")), self));
        }
        loop {
            if self.drain.has_begun() || !self.may_still_look().await {
                return None;
            }
            match self.look().await {
                Ok(Some(piece)) => {
                    self.sent_at = Instant::now();
                    return Some((Ok(piece), self));
                }
                Ok(None) if self.sent_at.elapsed() >= HEARTBEAT => {
                    self.sent_at = Instant::now();
                    return Some((Ok(Bytes::from_static(b":\n\n")), self));
                }
                Ok(None) => {}
                // The page connects again, and goes on where it was.
                Err(_) => return None,
            }
            let drain = self.drain.clone();
            tokio::select! {
                woken = timeout(LOOK, self.commits.changed()) => if woken.is_ok() { sleep(GATHER).await },
                () = drain.begun() => {}
            }
        }
    }

    async fn may_still_look(&mut self) -> bool {
        if self.checked_at.elapsed() < RECHECK {
            return true;
        }
        self.checked_at = Instant::now();
        match Viewer::of(&self.pool, &self.slug, self.token.clone()).await {
            Ok(viewer) => viewer.is_member() == self.viewer.is_member(),
            Err(_) => false,
        }
    }

    async fn look(&mut self) -> Result<Option<Bytes>> {
        let horizon = store::horizon(&self.pool).await?;
        if horizon <= self.next_xid {
            return Ok(None);
        }
        let (desk, from) = (self.viewer.desk.id, self.next_xid);
        self.next_xid = horizon;
        if !store::anything(&self.pool, desk, from, horizon).await? {
            return Ok(None);
        }
        let mut touched = store::touched(&self.pool, desk, self.version, from, horizon).await?;
        if !self.viewer.is_member() {
            touched.retain(|mark| matches!(mark.stage.as_str(), "published" | "retracted"));
            // Readers are told that something changed, not who works on it.
            for mark in &mut touched {
                mark.by = None;
            }
        }
        if touched.is_empty() {
            return Ok(None);
        }
        let document = texts::get(&self.pool, desk, self.version).await?;
        let message = message(&document, &touched);
        let data = serde_json::to_string(&message).map_err(crate::error::Error::internal)?;
        Ok(Some(Bytes::from(format!("event: marks\nid: {horizon}\ndata: {data}\n\n"))))
    }
}

fn message(document: &Document, touched: &[Touched]) -> Message {
    let blocks: BTreeSet<usize> = touched
        .iter()
        .flat_map(|mark| {
            let (start, end) = (mark.start.unsigned_abs(), mark.end.unsigned_abs());
            let all = document.blocks();
            let first = all.partition_point(|block| block.end <= start);
            (first..all.len()).take_while(move |index| all[*index].start < end)
        })
        .collect();
    let claims: BTreeSet<_> = touched.iter().map(|mark| mark.claim).collect();
    Message {
        blocks: blocks.into_iter().map(|index| format!("b{index}")).collect(),
        count: claims.len(),
        by: touched.last().and_then(|mark| mark.by.clone()),
    }
}
