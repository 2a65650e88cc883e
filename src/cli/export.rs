//! `factdesk export`.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::base_url::BaseUrl;
use crate::config::Config;
use crate::db::Db;
use crate::evidence::AsOf;
use crate::exchange::{Export, Flavour, Format, Scope, Table, start, store};

/// What to export, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The desk, by its name in addresses
    #[arg(long, value_name = "DESK")]
    desk: String,

    /// In which form
    #[arg(long, value_name = "FORMAT")]
    format: Format,

    /// Whose claims
    #[arg(long, value_name = "SCOPE", default_value = "public")]
    scope: Scope,

    /// Which evidence: all of it now, or without what was published after its claim was made
    #[arg(long, value_name = "TIME", default_value = "now")]
    as_of: AsOf,

    /// What a row is about, for csv
    #[arg(long, value_name = "TABLE", default_value = "claims")]
    table: Table,

    /// For whom the table is, for csv
    #[arg(long, value_name = "FLAVOUR", default_value = "human")]
    flavour: Flavour,

    /// Where to write it; standard output if not given. The file appears once it is complete.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes an export. Addresses in it are those of the server that the settings describe.
pub async fn run(config: &Config, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let db = Db::open(config, Duration::ZERO).await?;
    let outcome = write(&db, &config.base_url(), arguments).await;
    db.close().await;
    outcome
}

async fn write(db: &Db, base: &url::Url, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let Arguments { desk, format, scope, as_of, table, flavour, output } = arguments;
    let site = {
        let mut conn = db.pool().acquire().await?;
        store::site(&mut conn, &BaseUrl::new(base), desk).await.map_err(|error| match error {
            crate::error::Error::NotFound(_) => format!("there is no desk {desk}").into(),
            other => Box::<dyn Error>::from(other),
        })?
    };
    let export = Export { format: *format, scope: *scope, as_of: *as_of, table: *table, flavour: *flavour };
    let mut running = start(db.pool(), site, export).await?;
    eprintln!("Head of the record of changes: {}", running.head.chain());
    let mut to = Destination::open(output.as_deref())?;
    while let Some(piece) = running.next().await {
        to.writer.write_all(&piece?)?;
    }
    to.finish()?;
    Ok(())
}

/// Where an export is written: standard output, or a file that gets its name once it is complete.
struct Destination {
    writer: Box<dyn Write>,
    rename: Option<(PathBuf, PathBuf)>,
}

impl Destination {
    fn open(file: Option<&Path>) -> io::Result<Self> {
        let Some(file) = file else {
            return Ok(Self { writer: Box::new(BufWriter::new(io::stdout())), rename: None });
        };
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = file.with_file_name(name);
        let writer = Box::new(BufWriter::new(File::create(&part)?));
        Ok(Self { writer, rename: Some((part, file.to_owned())) })
    }

    fn finish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        drop(self.writer);
        match self.rename {
            Some((part, file)) => fs::rename(part, file),
            None => Ok(()),
        }
    }
}
