//! `factdesk verify`.

use std::time::Duration;

use crate::{
    audit::verify::{Report, desks, verify},
    config::Config,
    db::Db,
};

/// Checks the record of one desk or of all. Fails when one is not what it was.
pub async fn run(config: &Config, desk: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
    let db = Db::open(config, Duration::ZERO).await?;
    let outcome = check(&db, desk).await;
    db.close().await;
    outcome
}

async fn check(db: &Db, only: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
    let mut all = desks(db.pool()).await?;
    if let Some(only) = only {
        all.retain(|(_, slug)| slug == only);
        if all.is_empty() {
            return Err(format!("there is no desk {only}").into());
        }
    }
    let mut faults = 0;
    for (desk, slug) in all {
        let report = verify(db.pool(), desk).await?;
        println!("{slug}: {}", in_words(&report));
        faults += usize::from(report.fault.is_some());
    }
    if faults > 0 {
        return Err(format!("the record of {faults} of the desks is not what it was").into());
    }
    Ok(())
}

fn in_words(report: &Report) -> String {
    let (number, hash) = &report.head;
    let waiting = match report.unsealed {
        0 => String::new(),
        count => format!(", {count} too new to be sealed"),
    };
    match &report.fault {
        None => format!("intact: {} events in {number} batches{waiting}; head {hash}", report.sealed),
        Some(fault) => format!("NOT INTACT: {fault}"),
    }
}
