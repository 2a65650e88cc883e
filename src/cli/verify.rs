//! `factdesk verify`.

use std::{error::Error, fs, path::PathBuf, time::Duration};

use clap::Args;

use crate::{
    audit::{
        head::{Head, Pin},
        signing::PublicKey,
        verify::{Report, desks, verify},
    },
    config::Config,
    db::Db,
    id::DeskId,
};

/// What to check, and against what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this desk, by its name in addresses
    #[arg(long, value_name = "DESK")]
    desk: Option<String>,

    /// A head that was noted elsewhere, which the desk's record has to go on from; may be given several times
    #[arg(long, value_name = "BATCH:HASH", requires = "desk")]
    head: Vec<Pin>,

    /// A file with a head as /DESK/record/head gives it, which its record has to go on from; may be given several times
    #[arg(long, value_name = "FILE")]
    pin: Vec<PathBuf>,

    /// A file with the public key that has to have signed what --pin names; of several keys, one
    #[arg(long, value_name = "FILE", requires = "pin")]
    key: Vec<PathBuf>,
}

impl Arguments {
    /// The heads in the files, each signed by one of the keys if there are any.
    fn heads(&self) -> Result<Vec<Head>, Box<dyn Error>> {
        let mut keys = Vec::new();
        for file in &self.key {
            keys.push(PublicKey::load(file).map_err(|reason| format!("{}: {reason}", file.display()))?);
        }
        let mut heads = Vec::new();
        for file in &self.pin {
            let told = |reason: String| format!("{}: {reason}", file.display());
            let note = fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
            heads.push(Head::read(&note, &keys).map_err(told)?);
        }
        Ok(heads)
    }
}

/// Checks the record of one desk or of all. Fails when one is not what it was.
pub async fn run(config: &Config, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let heads = arguments.heads()?;
    let db = Db::open(config, Duration::ZERO).await?;
    let outcome = check(&db, arguments, &heads).await;
    db.close().await;
    outcome
}

async fn check(db: &Db, arguments: &Arguments, heads: &[Head]) -> Result<(), Box<dyn Error>> {
    let mut all = desks(db.pool()).await?;
    if let Some(only) = &arguments.desk {
        all.retain(|(_, slug)| slug == only);
        if all.is_empty() {
            return Err(format!("there is no desk {only}").into());
        }
    }
    if let Some(lost) = heads.iter().find(|head| !all.iter().any(|(desk, _)| *desk == head.desk)) {
        return Err(
            format!("the desk {} of the head {} is not among those checked", lost.desk, lost.pin).into()
        );
    }
    let mut faults = 0;
    for (desk, slug) in all {
        let report = verify(db.pool(), desk, &pins(desk, arguments, heads)).await?;
        println!("{slug}: {}", in_words(&report));
        faults += usize::from(!report.is_intact());
    }
    if faults > 0 {
        return Err(format!("the record of {faults} of the desks is not what it was").into());
    }
    Ok(())
}

fn pins(desk: DeskId, arguments: &Arguments, heads: &[Head]) -> Vec<Pin> {
    let noted = heads.iter().filter(|head| head.desk == desk).map(|head| head.pin);
    noted.chain(arguments.head.iter().copied()).collect()
}

fn in_words(report: &Report) -> String {
    let Pin { number, .. } = report.head;
    if !report.is_intact() {
        let named: Vec<_> = report.faults.iter().map(|fault| format!("\n  {fault}")).collect();
        return format!("NOT INTACT:{}", named.concat());
    }
    let waiting = match report.unsealed {
        0 => String::new(),
        count => format!(", {count} too new to be sealed"),
    };
    let pinned = match report.pinned {
        0 => String::new(),
        1 => ", goes on from the head that was noted".to_owned(),
        count => format!(", goes on from all {count} heads that were noted"),
    };
    format!("intact: {} events in {number} batches{waiting}{pinned}; head {}", report.sealed, report.head)
}
