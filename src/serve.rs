//! `factdesk serve`, from the first moment to the last.

use std::{io, net::SocketAddr, num::NonZero, thread::available_parallelism, time::Duration};

use actix_web::{
    HttpServer,
    dev::ServerHandle,
    http::KeepAlive,
    rt::{self, task::JoinHandle, time::sleep},
};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::info;

use crate::{
    app::{State, app},
    audit::{self, signing::SigningKey},
    config::Config,
    db::{Db, StartError},
    errands::Errands,
    evidence::outside::Archives,
    fetch::Fetcher,
    isolated::Isolated,
    jobs,
    mail::Mail,
};

/// More workers than this cost memory and gain nothing: the database is what takes the time.
const MOST_WORKERS: usize = 4;
/// How long an external database may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a browser's connection is kept for its next request.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long balancers get to notice that this server goes, and clients to be told with their next answer.
const DRAIN_FOR: Duration = Duration::from_secs(2);
/// How long requests that have begun may take then, in seconds.
const FINISH_WITHIN_S: u64 = 10;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("Cannot listen on {address} (FACTDESK_LISTEN): {source}.")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The key for heads of the record cannot be used.
    #[error("Cannot use the key {file} (FACTDESK_RECORD_KEY): {reason}.")]
    RecordKey {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no database.
    #[error(transparent)]
    Database(#[from] StartError),
    /// Mail cannot be sent as the settings say.
    #[error("Mail cannot be sent (FACTDESK_SMTP_URL): {0}.")]
    Mail(String),
    /// The system does not tell us to stop.
    #[error("Cannot wait for signals: {0}.")]
    Signals(#[source] io::Error),
}

/// Where the server's database comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Source {
    /// What the settings say.
    Settings,
    /// One that is gone afterwards.
    Throwaway,
}

/// Serves until told to stop. It listens before it has a database, so that `/live` and `/ready` answer at once.
///
/// `begin` runs once the database is there and before the first request gets it.
///
/// # Errors
/// [`ServeError`], which says what to do.
pub async fn serve<E: From<ServeError>>(
    config: &Config,
    source: Source,
    begin: impl AsyncFnOnce(&Db) -> Result<(), E>,
) -> Result<(), E> {
    let mut signals = Signals::listen().map_err(ServeError::Signals)?;
    let mut state = State::with(&config.base_url(), Isolated::default(), config.fetch_allow.clone())
        .mailing(config.mail().map_err(ServeError::Mail)?)
        .handing_to(config.archives());
    if let Some(file) = config.record_key() {
        let key = SigningKey::load(file, config.base_url().authority())
            .map_err(|reason| ServeError::RecordKey { file: file.display().to_string(), reason })?;
        state.sign_heads(key);
    }
    let (server, http) = listen(config, &state)?;

    let opened = tokio::select! {
        opened = open(config, source, begin) => opened,
        _ = signals.next() => {
            server.stop(false).await;
            return Ok(());
        }
    };
    let db = match opened {
        Ok(db) => db,
        Err(error) => {
            server.stop(false).await;
            return Err(error);
        }
    };
    state.db.set(db.pool().clone());
    let errands = Errands::new(db.pool().clone(), Fetcher::clone(&state.fetcher))
        .mailing(Mail::clone(&state.mail))
        .handing_to(Archives::clone(&state.archives));
    let workers = jobs::start(db.pool().clone(), errands);
    let sealer = rt::spawn(audit::seal::run(db.pool().clone()));
    info!("Factdesk is at {}", state.base.as_str());

    let signal = signals.next().await;
    stop(&state, &server, &mut signals, signal).await;
    // Ends when the workers have.
    let _ = http.await;
    workers.stop().await;
    // What it has not sealed yet is sealed at the next start, or by another server.
    sealer.abort();
    db.close().await;
    Ok(())
}

async fn open<E: From<ServeError>>(
    config: &Config,
    source: Source,
    begin: impl AsyncFnOnce(&Db) -> Result<(), E>,
) -> Result<Db, E> {
    let opened = match source {
        Source::Settings => Db::open(config, PATIENCE).await,
        Source::Throwaway => Db::throwaway().await,
    };
    let db = opened.map_err(ServeError::Database)?;
    match begin(&db).await {
        Ok(()) => Ok(db),
        Err(error) => {
            db.close().await;
            Err(error)
        }
    }
}

fn listen(config: &Config, state: &State) -> Result<(ServerHandle, JoinHandle<io::Result<()>>), ServeError> {
    let workers = available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
    let state = state.clone();
    let server = HttpServer::new(move || app(&state))
        .workers(workers)
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .shutdown_timeout(FINISH_WITHIN_S)
        .disable_signals()
        .bind(config.listen)
        .map_err(|source| ServeError::Listen { address: config.listen, source })?
        .run();
    let handle = server.handle();
    Ok((handle, rt::spawn(server)))
}

/// Stops taking requests, in an order in which nobody's request breaks. A second signal cuts it short.
async fn stop(state: &State, server: &ServerHandle, signals: &mut Signals, signal: Stop) {
    info!("stopping");
    state.drain.begin();
    let finish = async {
        if signal == Stop::BySystem {
            sleep(DRAIN_FOR).await;
        }
        server.stop(true).await;
    };
    tokio::select! {
        () = finish => {}
        _ = signals.next() => server.stop(false).await,
    }
}

/// Who wants the server to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stop {
    /// Somebody at a terminal, who does not want to wait.
    ByHand,
    /// Whatever runs this server among others.
    BySystem,
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::ByHand,
            _ = self.terminate.recv() => Stop::BySystem,
        }
    }
}
