//! An export under way: read from one snapshot, written a piece at a time, as fast as it is taken and no faster.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::web::Bytes;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use super::store::{self, Head, Loader};
use super::{ClaimRecord, Flavour, Format, Scope, Site, Table, annotations, claimreview, csv, jsonl};
use crate::db::snapshot;
use crate::error::{Error, Result};
use crate::evidence::AsOf;

/// How much is sent at once, and how many pieces may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;
/// How many claims are written before it is looked whether a piece is full.
const GROUP: usize = 32;
/// Each export holds a connection for as long as its reader takes, so there are only so many at a time.
const AT_ONCE: usize = 4;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// Whoever wants one more waits so long.
const PATIENCE: Duration = Duration::from_secs(2);
/// A reader takes a piece within this time: at least 4 KB a second.
const STALL: Duration = Duration::from_secs(15);

/// What to export.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    pub format: Format,
    pub scope: Scope,
    /// Which evidence counts.
    pub as_of: AsOf,
    /// What a row of the table is about; for CSV.
    pub table: Table,
    /// For whom the table is; for CSV.
    pub flavour: Flavour,
}

/// An export under way.
#[derive(Debug)]
pub struct Running {
    /// The state of the desk that it shows.
    pub head: Head,
    pieces: mpsc::Receiver<Result<Bytes>>,
    is_over: bool,
}

impl Running {
    /// The next piece; none after the last one. An export that breaks off ends with an error, never silently.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The same, for a stream.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let piece = ready!(self.pieces.poll_recv(context));
        Poll::Ready(match piece {
            // An empty piece is the end.
            Some(Ok(piece)) if piece.is_empty() => {
                self.is_over = true;
                None
            }
            Some(Ok(piece)) => Some(Ok(piece)),
            broken => {
                self.is_over = true;
                Some(broken.unwrap_or(Err(Error::TooSlow)))
            }
        })
    }
}

/// Begins an export.
///
/// # Errors
/// [`Error::Unavailable`] when too many are under way already, or when PostgreSQL does not answer.
///
/// # Panics
/// Outside of an actix runtime.
pub async fn start(pool: &PgPool, site: Site, export: Export) -> Result<Running> {
    let Ok(Ok(place)) = timeout(PATIENCE, PLACES.acquire()).await else { return Err(Error::Unavailable) };
    let (tell, head) = oneshot::channel();
    let (send, mut pieces) = mpsc::channel(WAITING);
    let pool = pool.clone();
    actix_web::rt::spawn(async move {
        let failed = send.clone();
        let outcome = snapshot(&pool, async move |conn| run(conn, &site, export, tell, send).await).await;
        drop(place);
        if let Err(error) = outcome {
            // Without room, or without anybody who waits, the missing end tells.
            let _ = failed.try_send(Err(error));
        }
    });
    match head.await {
        Ok(head) => Ok(Running { head, pieces, is_over: false }),
        Err(_) => Err(pieces.recv().await.and_then(Result::err).unwrap_or(Error::Unavailable)),
    }
}

async fn run(
    conn: &mut PgConnection,
    site: &Site,
    export: Export,
    tell: oneshot::Sender<Head>,
    send: mpsc::Sender<Result<Bytes>>,
) -> Result<()> {
    store::allow_time(conn).await?;
    let head = store::head(conn, site.desk).await?;
    let site = &Site { head: head.chain(), ..site.clone() };
    let mut document = Document { site, export, total: 0, first: true };
    if export.format == Format::Annotations {
        document.total = store::totals(conn, site.desk, export.scope).await?.marks;
    }
    if tell.send(head).is_err() {
        return Ok(());
    }
    let mut out = Out { piece: Vec::with_capacity(PIECE + PIECE / 4), send };
    document.begin(&mut out.piece)?;
    let mut loader = Loader::all(site.desk, export.scope).as_of(export.as_of);
    loop {
        let batch = loader.batch(conn).await?;
        if batch.is_empty() {
            break;
        }
        for group in batch.chunks(GROUP) {
            document.write(group, &mut out.piece)?;
            if out.piece.len() >= PIECE {
                out.flush().await?;
            }
        }
    }
    document.end(&mut out.piece);
    out.flush().await?;
    // An empty piece is the end.
    out.flush().await
}

/// The pieces on their way.
struct Out {
    piece: Vec<u8>,
    send: mpsc::Sender<Result<Bytes>>,
}

impl Out {
    async fn flush(&mut self) -> Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE + PIECE / 4));
        match timeout(STALL, self.send.send(Ok(Bytes::from(piece)))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Error::TooSlow),
        }
    }
}

/// The document that is written.
struct Document<'a> {
    site: &'a Site,
    export: Export,
    /// How many annotations there will be.
    total: i64,
    /// Whether nothing stands in the list yet.
    first: bool,
}

impl Document<'_> {
    fn begin(&self, to: &mut Vec<u8>) -> Result<()> {
        match self.export.format {
            Format::ClaimReview => claimreview::begin(self.site, to).map_err(Error::internal),
            Format::Annotations => annotations::begin(self.site, self.total, to).map_err(Error::internal),
            Format::Csv => csv::begin(self.export.table, self.export.flavour, to),
            Format::Jsonl => Ok(()),
        }
    }

    fn write(&mut self, records: &[ClaimRecord], to: &mut Vec<u8>) -> Result<()> {
        let (site, first) = (self.site, &mut self.first);
        let mut each = |write: &mut dyn FnMut(&ClaimRecord, &mut Vec<u8>) -> serde_json::Result<()>| {
            records.iter().try_for_each(|record| write(record, to)).map_err(Error::internal)
        };
        match self.export.format {
            Format::ClaimReview => each(&mut |record, to| claimreview::write(site, record, first, to)),
            Format::Annotations => each(&mut |record, to| annotations::write(site, record, first, to)),
            Format::Jsonl => each(&mut |record, to| jsonl::write(site, record, to)),
            Format::Csv => csv::write(site, records, self.export.table, self.export.flavour, to),
        }
    }

    fn end(&self, to: &mut Vec<u8>) {
        match self.export.format {
            Format::ClaimReview => to.extend_from_slice(claimreview::END),
            Format::Annotations => to.extend_from_slice(annotations::END),
            Format::Csv | Format::Jsonl => return,
        }
        to.push(b'\n');
    }
}
