//! An archive under way: a copy at a time, as fast as it is taken and no faster.

use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::web::{self, Bytes};
use futures_util::StreamExt as _;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::store::{self, For, Of};
use super::{Form, Package, record};
use crate::articles::snapshots;
use crate::db::snapshot;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// How much is sent at once, and how many pieces may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;
/// Each archive holds a connection for as long as its reader takes, and a copy or two in memory, so there are only so many
/// at a time, and members do not wait for readers.
pub const AT_ONCE: usize = 2;
static OF_MEMBERS: Semaphore = Semaphore::const_new(AT_ONCE);
static OF_READERS: Semaphore = Semaphore::const_new(AT_ONCE);
/// Whoever wants one more waits so long.
const PATIENCE: Duration = Duration::from_secs(2);
/// A reader takes a piece within this time.
const STALL: Duration = Duration::from_secs(15);

/// The pieces of a file. One that breaks off ends with an error, never silently.
#[derive(Debug)]
pub struct Pieces(mpsc::Receiver<Result<Bytes>>);

impl Pieces {
    /// The next piece; none after the last one.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        self.0.poll_recv(context).map(|piece| match piece {
            // An empty piece is the end; without it, whoever wrote is gone.
            Some(Ok(piece)) if piece.is_empty() => None,
            None => Some(Err(Error::TooSlow)),
            some => some,
        })
    }
}

/// Begins an archive under a title, which proves that there is something for whoever asks ([`store::title`]).
///
/// # Errors
/// [`Error::Unavailable`] when too many are under way already.
///
/// # Panics
/// Outside of an actix runtime.
pub async fn start(
    pool: &PgPool,
    desk: DeskId,
    of: Of,
    whom: For,
    form: Form,
    title: String,
) -> Result<Pieces> {
    let places = match whom {
        For::Members => &OF_MEMBERS,
        For::Readers => &OF_READERS,
    };
    let Ok(Ok(place)) = timeout(PATIENCE, places.acquire()).await else { return Err(Error::Unavailable) };
    let (send, pieces) = mpsc::channel(WAITING);
    let pool = pool.clone();
    actix_web::rt::spawn(async move {
        let (failed, bytes) = (send.clone(), pool.clone());
        let work = async move |conn: &mut PgConnection| {
            let package = Package::begin(form, &title, OffsetDateTime::now_utc()).map_err(Error::internal)?;
            Box::pin(run(conn, &bytes, desk, of, whom, package, &send)).await
        };
        let outcome = snapshot(&pool, work).await;
        drop(place);
        if let Err(error) = outcome {
            // Without room, or without anybody who waits, the missing end tells.
            let _ = failed.try_send(Err(error));
        }
    });
    Ok(Pieces(pieces))
}

async fn run(
    conn: &mut PgConnection,
    pool: &PgPool,
    desk: DeskId,
    of: Of,
    whom: For,
    mut package: Package,
    send: &mpsc::Sender<Result<Bytes>>,
) -> Result<()> {
    let mut copies = pin!(store::copies(conn, desk, of, whom));
    while let Some(next) = copies.next().await {
        let (copy, id) = next?;
        let bytes = match &copy.same_as {
            // The same bytes stand in the file already.
            Some(_) => Bytes::new(),
            None => snapshots::get(pool, desk, id).await?.received.bytes,
        };
        // Twenty megabytes take half a second: not on the thread that answers others.
        let packed = web::block(move || record::write(&copy, &bytes).map(|written| (copy, written))).await;
        let (copy, written) = packed.map_err(Error::internal)?.map_err(Error::internal)?;
        package.add(&copy, &written).map_err(Error::internal)?;
        drop(written);
        forward(package.take(), send).await?;
    }
    forward(package.end().map_err(Error::internal)?, send).await?;
    // An empty piece is the end.
    put(Bytes::new(), send).await
}

async fn forward(bytes: Vec<u8>, send: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
    let mut rest = Bytes::from(bytes);
    while !rest.is_empty() {
        put(rest.split_to(rest.len().min(PIECE)), send).await?;
    }
    Ok(())
}

async fn put(piece: Bytes, send: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
    match timeout(STALL, send.send(Ok(piece))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Error::TooSlow),
    }
}
