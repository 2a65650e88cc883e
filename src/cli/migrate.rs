//! `factdesk migrate`.

use std::time::Duration;

use crate::{
    config::Config,
    db::{Db, StartError},
};

/// How long the database may take to come up, as it does when both start together.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens the database, which migrates and checks it, and closes it again.
pub async fn run(config: &Config) -> Result<(), StartError> {
    let db = Db::open(config, PATIENCE).await?;
    db.close().await;
    println!("The database is up to date.");
    Ok(())
}
