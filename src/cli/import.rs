//! `factdesk import`.

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Config;
use crate::db::Db;
use crate::import::{self, Import, Outcome, Report};

/// What to take in, and for whom
#[derive(Debug, Args)]
pub struct Arguments {
    /// The desk, by its name in addresses
    #[arg(long, value_name = "DESK")]
    desk: String,

    /// For whom: the name that a member of the desk signs in with. What comes in is theirs, and they need to be allowed to
    /// add articles.
    #[arg(long = "as", value_name = "HANDLE")]
    account: String,

    /// Read everything and say what would become of it, but store nothing
    #[arg(long)]
    dry_run: bool,

    /// Add another text of an article that is here, by its address, as the article's next version
    #[arg(long)]
    update: bool,

    /// Write a table (CSV) of what became of each file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Files, folders, and archives (zip, tar, tar.gz)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Takes everything in, says what became of it, and fails when something was refused.
pub async fn run(config: &Config, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let db = Db::open(config, Duration::ZERO).await?;
    let outcome = take_in(&db, arguments).await;
    db.close().await;
    let report = outcome?;
    tell(&report, arguments)?;
    match report.count("refused") {
        0 => Ok(()),
        count => Err(format!("{count} of {} files were refused", report.lines.len()).into()),
    }
}

async fn take_in(db: &Db, arguments: &Arguments) -> Result<Report, Box<dyn Error>> {
    let Arguments { desk, account, dry_run, update, paths, .. } = arguments;
    let mut import = Import::begin(db.pool().clone(), desk, account, *dry_run, *update).await?;
    let bar = progress(paths).await?;
    let (send, mut entries) = tokio::sync::mpsc::channel(2);
    let walked = paths.clone();
    let walk = tokio::task::spawn_blocking(move || {
        import::each(&walked, &mut |entry| send.blocking_send(entry).is_ok())
    });
    let mut report = Report::default();
    while let Some(entry) = entries.recv().await {
        bar.set_message(entry.name.clone());
        report.lines.push(import::take(&mut import, entry).await);
        bar.inc(1);
    }
    bar.finish_and_clear();
    walk.await??;
    Ok(report)
}

/// A bar on the terminal; nothing where standard error is none. Counting goes through all files once.
async fn progress(paths: &[PathBuf]) -> Result<ProgressBar, Box<dyn Error>> {
    let bar = ProgressBar::new_spinner();
    if bar.is_hidden() {
        return Ok(bar);
    }
    let paths = paths.to_vec();
    let count = tokio::task::spawn_blocking(move || {
        let mut count = 0;
        import::each(&paths, &mut |_| {
            count += 1;
            true
        })
        .map(|()| count)
    })
    .await??;
    bar.set_length(count);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg} {eta}")?);
    Ok(bar)
}

fn tell(report: &Report, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    for line in report
        .lines
        .iter()
        .filter(|line| !matches!(line.outcome, Outcome::Added(_) | Outcome::NextVersion(_)))
    {
        eprintln!("{}: {}: {}", line.outcome.word(), line.name, line.outcome);
    }
    println!("{}", report.summary(arguments.dry_run));
    if let Some(path) = &arguments.report {
        report.write_csv(File::create(path).map_err(|error| format!("{}: {error}", path.display()))?)?;
    }
    Ok(())
}
