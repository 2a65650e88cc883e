//! The loop that takes jobs and has them done.

use std::rc::Rc;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::rt;
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::{AT_ONCE, Job, store};
use crate::db::unit_of_work_quietly;
use crate::error::Result;

/// How often to look for what became due, or was asked for at another server.
const LOOK: Duration = Duration::from_secs(2);
/// How long jobs may take to end when the server stops; then they are given back.
const FINISH_WITHIN: Duration = Duration::from_secs(5);

static ORDERS: LazyLock<watch::Sender<()>> = LazyLock::new(|| watch::Sender::new(()));

/// Has jobs looked for at once; call it after the transaction that ordered one.
pub fn wake() {
    ORDERS.send_replace(());
}

/// Who does the jobs.
pub trait Errand: 'static {
    /// Does a job, to its end in the queue as well.
    ///
    /// # Errors
    /// What should not happen: it is tried again.
    fn run(&self, job: &Job) -> impl Future<Output = Result<()>>;

    /// Does without a job that failed too often in a way that should not happen.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    fn give_up(&self, job: &Job) -> impl Future<Output = Result<()>>;
}

/// The running loop.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    looping: JoinHandle<()>,
}

impl Workers {
    /// Takes no more jobs, and waits for those that run.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // It ends by itself, and says in the log what failed.
        let _ = self.looping.await;
    }
}

/// Does jobs for as long as the server runs. Any number of servers may.
pub fn start(pool: PgPool, errand: impl Errand) -> Workers {
    let (stop, stopped) = watch::channel(false);
    Workers { stop, looping: rt::spawn(run(pool, Rc::new(errand), stopped)) }
}

async fn run<E: Errand>(pool: PgPool, errand: Rc<E>, mut stopped: watch::Receiver<bool>) {
    let mut orders = ORDERS.subscribe();
    let mut at_work = JoinSet::new();
    loop {
        while at_work.len() < AT_ONCE && !*stopped.borrow() {
            match next(&pool).await {
                Ok(Some(job)) => {
                    at_work.spawn_local(attend(pool.clone(), errand.clone(), job, stopped.clone()));
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "jobs cannot be looked for; it is tried again");
                    break;
                }
            }
        }
        if *stopped.borrow() {
            break;
        }
        tokio::select! {
            changed = stopped.changed() => {
                if changed.is_err() {
                    // Whoever would wait is gone: jobs at work are left to their leases.
                    return;
                }
            }
            _ = orders.changed(), if at_work.len() < AT_ONCE => {}
            Some(_) = at_work.join_next() => {}
            () = sleep(LOOK) => {}
        }
    }
    while at_work.join_next().await.is_some() {}
}

async fn next(pool: &PgPool) -> Result<Option<Job>> {
    let now = OffsetDateTime::now_utc();
    for desk in store::desks(pool, now).await? {
        let taken = unit_of_work_quietly(pool, async move |tx| store::take(tx, desk, now).await).await?;
        if taken.is_some() {
            return Ok(taken);
        }
    }
    Ok(None)
}

/// Does one job, and when the server stops, gives it back unless it ends soon.
async fn attend<E: Errand>(pool: PgPool, errand: Rc<E>, job: Job, mut stopped: watch::Receiver<bool>) {
    let work = run_one(&pool, &*errand, &job);
    tokio::pin!(work);
    tokio::select! {
        () = &mut work => return,
        // An error is that the sender is gone, which is the same.
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    if timeout(FINISH_WITHIN, &mut work).await.is_err() {
        let mine = job.clone();
        let given = unit_of_work_quietly(&pool, async move |tx| store::give_back(tx, &mine).await).await;
        if let Err(error) = given {
            tracing::warn!(%error, "a job could not be given back; another server takes it after its lease");
        }
    }
}

async fn run_one(pool: &PgPool, errand: &impl Errand, job: &Job) {
    // One that ended servers again and again is not given another.
    let too_often = job.attempts >= job.tries();
    let outcome = if too_often { errand.give_up(job).await } else { errand.run(job).await };
    let Err(error) = outcome else { return };
    tracing::warn!(error = &error as &dyn std::error::Error, job.kind = job.kind.as_str(), "a job failed");
    let mine = job.clone();
    let next = job.next_try(true).unwrap_or(time::Duration::MINUTE);
    let now = OffsetDateTime::now_utc();
    let failed = unit_of_work_quietly(pool, async move |tx| {
        store::fail(tx, &mine, super::Trouble::Interrupted.as_str(), Some(next), now).await
    });
    if let Err(error) = failed.await {
        tracing::warn!(%error, "a job could not be put back; it is taken again after its lease");
    }
}
