//! The database: the private cluster or an external one, its migrations, the way to it, and the unit of work that every
//! change runs in.

pub mod cluster;
mod external;
mod handle;
mod migrations;
mod pool;
mod self_test;
mod snapshot;
mod start_error;
mod work;

use std::time::Duration;

use sqlx::{ConnectOptions, PgConnection, PgPool, postgres::PgConnectOptions};

use self::{
    cluster::{Cluster, Durability, Throwaway},
    pool::Login,
};
pub use self::{
    handle::{Handle, Pool, WorkerPool},
    snapshot::snapshot,
    start_error::StartError,
    work::{IfViolates, announce_commit, commits, unit_of_work, unit_of_work_quietly},
};
use crate::config::Config;

/// The oldest major version whose features the migrations use.
pub const OLDEST_POSTGRES: u32 = 15;
/// The role that every statement of a request runs as: no DDL, and no change of what is immutable.
pub const APP_ROLE: &str = "factdesk_app";
/// The private cluster's owner.
const OWNER_ROLE: &str = "factdesk_owner";
/// The private cluster's database.
const DATABASE: &str = "factdesk";

/// The migrated database, with a pool of connections to it.
#[derive(Debug)]
pub struct Db {
    pool: PgPool,
    owner: PgConnectOptions,
    running: Running,
}

/// What has to be stopped with the pool.
#[derive(Debug)]
enum Running {
    Elsewhere,
    Private(Cluster),
    Throwaway(Throwaway),
}

impl Db {
    /// Opens the database that the settings name, or the private one, and migrates it.
    ///
    /// An external database that does not answer yet is tried for as long as `patience`.
    ///
    /// # Errors
    /// [`StartError`], which says what to do.
    pub async fn open(config: &Config, patience: Duration) -> Result<Self, StartError> {
        if let (Some(url), Some(direct)) = (config.database_url(), config.database_direct_url()) {
            let (pool, owner) = external::open(url, direct, patience).await?;
            return Ok(Self { pool, owner, running: Running::Elsewhere });
        }
        let cluster = Cluster::start(&config.data, Durability::Full).await?;
        match Self::on(&cluster).await {
            Ok((pool, owner)) => Ok(Self { pool, owner, running: Running::Private(cluster) }),
            Err(error) => {
                cluster.stop().await;
                Err(error)
            }
        }
    }

    /// Opens an empty database that is removed when it is closed, or when this process ends.
    ///
    /// # Errors
    /// [`StartError`], which says what to do.
    pub async fn throwaway() -> Result<Self, StartError> {
        let throwaway = Throwaway::start().await?;
        match Self::on(&throwaway.cluster).await {
            Ok((pool, owner)) => Ok(Self { pool, owner, running: Running::Throwaway(throwaway) }),
            Err(error) => {
                throwaway.stop().await;
                Err(error)
            }
        }
    }

    async fn on(cluster: &Cluster) -> Result<(PgPool, PgConnectOptions), StartError> {
        let owner = cluster.owner();
        let mut connection = owner.connect().await?;
        migrations::run(&mut connection).await?;
        // The socket is our own, so no pooler can stand in between: no self-test.
        Ok((pool::open(cluster.app(), Login::App, Some(cluster.started())), owner))
    }

    /// Connections as the server's own role, for everything a request does.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A connection of the database's owner, for what the server's role may not do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn owner(&self) -> sqlx::Result<PgConnection> {
        self.owner.connect().await
    }

    /// Waits for the connections in use, then stops what this process runs of the database.
    pub async fn close(self) {
        self.pool.close().await;
        match self.running {
            Running::Elsewhere => {}
            Running::Private(cluster) => cluster.stop().await,
            Running::Throwaway(throwaway) => throwaway.stop().await,
        }
    }
}
