//! Brings the database's schema to the state this program knows.

use std::{borrow::Cow, time::Duration};

use sqlx::{
    PgConnection,
    migrate::{MigrateError, Migrator},
};
use tokio::time::{Instant, sleep};
use tracing::info;

use super::StartError;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Any number that nobody else locks: "factdesk" in ASCII.
const LOCK: i64 = i64::from_be_bytes(*b"factdesk");

/// How long another process may migrate.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Applies the migrations that are missing, as the owner of the database. Says how many there were.
///
/// Only one process does at a time. The others ask again and again instead of waiting in `pg_advisory_lock`, for a
/// waiting statement keeps `CREATE INDEX CONCURRENTLY` from ever finishing
/// (element-hq/matrix-authentication-service#5297).
///
/// # Errors
/// [`StartError::SchemaNewer`], [`StartError::MigrationBusy`], or what went wrong.
pub async fn run(owner: &mut PgConnection) -> Result<usize, StartError> {
    // On every start but the first after an upgrade this is all.
    if missing(owner).await? == 0 {
        return Ok(0);
    }
    let begun = Instant::now();
    while !sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "locked!""#, LOCK)
        .fetch_one(&mut *owner)
        .await?
    {
        if begun.elapsed() > LONGEST_WAIT {
            return Err(StartError::MigrationBusy { waited_s: begun.elapsed().as_secs() });
        }
        sleep(Duration::from_millis(50)).await;
    }
    let outcome = apply(owner).await;
    // Ends with the connection, too, should this fail.
    sqlx::query_scalar!(r#"SELECT pg_advisory_unlock($1) AS "unlocked!""#, LOCK).fetch_one(owner).await?;
    outcome
}

async fn apply(owner: &mut PgConnection) -> Result<usize, StartError> {
    let missing = missing(owner).await?;
    if missing > 0 {
        info!(missing, "migrating the database");
        let migrator = Migrator {
            migrations: Cow::Borrowed(&MIGRATIONS.migrations),
            table_name: MIGRATIONS.table_name.clone(),
            create_schemas: MIGRATIONS.create_schemas.clone(),
            // The lock is ours.
            locking: false,
            ..Migrator::DEFAULT
        };
        migrator.run_direct(None, owner, false).await?;
    }
    Ok(missing)
}

/// How many migrations of this program the database does not have.
///
/// # Errors
/// [`StartError`] when it has others.
pub async fn missing(owner: &mut PgConnection) -> Result<usize, StartError> {
    let exists = sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "exists!""#)
        .fetch_one(&mut *owner)
        .await?;
    if !exists {
        return Ok(MIGRATIONS.iter().count());
    }
    let applied = sqlx::query!("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")
        .fetch_all(owner)
        .await?;
    let known = MIGRATIONS.iter().last().map_or(0, |newest| newest.version);
    for migration in &applied {
        let version = migration.version;
        if !migration.success {
            return Err(MigrateError::Dirty(version).into());
        }
        match MIGRATIONS.iter().find(|known| known.version == version) {
            Some(known) if *known.checksum == *migration.checksum => {}
            Some(_) => return Err(MigrateError::VersionMismatch(version).into()),
            None if version > known => return Err(StartError::SchemaNewer { found: version, known }),
            None => return Err(MigrateError::VersionMissing(version).into()),
        }
    }
    Ok(MIGRATIONS.iter().count() - applied.len())
}
