//! The pool of connections, each as the server's own role and with its limits.

use std::time::Duration;

use sqlx::{
    Connection, Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{sync::watch, time::Instant};

use super::APP_ROLE;

/// More do not make two cores faster, and a burst waits here better than in PostgreSQL. So many for each worker's
/// requests, and so many for what the server does besides.
const CONNECTIONS: u32 = 8;
/// A request that gets no connection within this time is answered with 503: better than the default, which turns a
/// restart of the database of 3 seconds into 10 seconds of silence.
const ACQUIRE_WITHIN: Duration = Duration::from_secs(2);
/// A connection that was not used for so long is asked whether it still works: one round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// What a session may take: a statement, a wait for a lock, a transaction that does nothing.
pub const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];

/// As whom the pool's connections arrive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Login {
    /// As the server's own role, whose limits come with the connection.
    App,
    /// As the server's own role through what may be a pooler, which takes no settings: PostgreSQL has the limits.
    AppWithLimits,
    /// As somebody else, who may become the server's own role.
    Other,
}

/// Makes the pool. It connects when the first connection is asked for.
///
/// `restarted` says when the database's process was started: what is older is dead.
///
/// A connection that comes back is not rolled back: that costs a round trip a request, and nothing can be open.
/// Transactions begin in `unit_of_work` only, whose task runs to its end whatever happens to the request, which is the
/// way sqlx 0.9.0 leaves one open (transact-rs/sqlx#4385); past that, `idle_in_transaction_session_timeout` ends it.
pub fn open(options: PgConnectOptions, login: Login, restarted: Option<watch::Receiver<Instant>>) -> PgPool {
    let options = options.application_name("factdesk");
    let options = match login {
        Login::App => options.options(LIMITS),
        Login::AppWithLimits | Login::Other => options,
    };
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_WITHIN)
        .test_before_acquire(false)
        .before_acquire(move |connection, history| {
            let is_dead = restarted.as_ref().is_some_and(|at| {
                Instant::now().checked_sub(history.age).is_none_or(|made| made < *at.borrow())
            });
            Box::pin(async move {
                if !is_dead && history.idle_for > TRUSTED_FOR {
                    connection.ping().await?;
                }
                Ok(!is_dead)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if login == Login::Other {
                    connection.execute(sqlx::AssertSqlSafe(become_app())).await?;
                }
                Ok(())
            })
        })
        .connect_lazy_with(options)
}

/// One simple query, and so one round trip.
fn become_app() -> String {
    use std::fmt::Write;

    let mut statements = format!("SET ROLE {APP_ROLE}");
    for (setting, value) in LIMITS {
        write!(statements, "; SET {setting} = '{value}'").expect("a String takes everything");
    }
    statements
}
