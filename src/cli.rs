//! The commands of `factdesk`.

use std::process::ExitCode;

use actix_web::rt::System;
use clap::{Parser, Subcommand};

use crate::{
    accounts::setup,
    base_url::BaseUrl,
    blobs::Storage,
    config::Config,
    db::Db,
    isolated::{self, Work},
    log,
    serve::{Source, serve},
};

mod account;
mod export;
mod healthcheck;
mod import;
mod migrate;
mod text;
mod usage;
mod verify;

/// A server for fact-checking what articles say.
///
/// Reviewers mark statements in articles, say who said them, attach sources, judge, agree and publish; anybody can read
/// the reviewed claims or take them away. Without a command, the server is started.
#[derive(Debug, Parser)]
#[command(name = "factdesk", version, after_long_help = EXAMPLES)]
pub struct Cli {
    /// The settings, which every command takes.
    #[command(flatten)]
    pub config: Config,

    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  factdesk                                  Serve on http://127.0.0.1:8080 with a private database in ./data
  factdesk demo                             Look around: a desk full of sample content, gone when it stops
  factdesk --listen 0.0.0.0:80 --base-url https://facts.example.org
  DATABASE_URL=postgres://factdesk@db/factdesk factdesk serve
  factdesk export --desk demo --format jsonl --output demo.jsonl
  factdesk import --desk demo --as nora --dry-run articles.zip";

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (what happens without a command)
    ///
    /// Listens at once, opens the database, migrates it, and serves until it gets SIGTERM or Ctrl-C. Then it finishes
    /// what has begun, and stops its private PostgreSQL; a second signal ends it without waiting.
    Serve,

    /// Serve a desk full of sample content, which holds nothing after it stops
    ///
    /// Three articles, two dozen claims in every stage with sources and verdicts, and an account for each role to sign in as
    /// with one click. It uses a database of its own, which is gone with it, whatever the settings say.
    Demo,

    /// Bring the database to the state this version needs, and check it
    ///
    /// The server does so by itself when it starts. Run this before, where several servers share a database or the
    /// owner's password is not to be on the server: it uses `DATABASE_DIRECT_URL` where that is set.
    Migrate,

    /// Check the record of changes against its hash chain, and name every bad row
    ///
    /// Every change at a desk is an event, and events are chained by hash. This reads the whole chain, in one snapshot,
    /// and fails when an event or a batch was changed, removed, added or swapped. It prints the head of each chain:
    /// noted elsewhere and given here again, it also shows a record that was rewritten from the start.
    Verify(verify::Arguments),

    /// Look after accounts, also while the server runs
    #[command(subcommand)]
    Account(account::Account),

    /// Write everything that a desk has published, or has, in one format
    ///
    /// The formats are those of the page "Take it away": ClaimReview for search engines, W3C annotations, tables, and
    /// JSON Lines with everything. It is from one moment, in constant memory, and the same as what the server gives.
    /// With `--scope desk` it also holds what is not public: drafts, and what comes from confidential sources.
    Export(export::Arguments),

    /// Take in a folder or an archive of articles: web pages, text, Markdown, PDF, Word, e-mail
    ///
    /// Each file is an article of its own, stored by itself, with what the file says about itself: title, author, date.
    /// What surrounds the article on a web page is left out. An article that is here already, by its text or its address,
    /// is not doubled. What was refused is named with the reason, and then the command fails; all else is stored.
    Import(import::Arguments),

    /// Measure the pure functions on texts: JSON Lines in, JSON Lines out
    ///
    /// Each line of standard input is an object and gives one line of output, in the same order, with its "id" if it
    /// has one. A line that cannot be used gives {"error": "…"}. No database is needed.
    #[command(subcommand)]
    Text(text::Text),

    /// Ask the running server whether it is ready, for container engines: fails when it is not
    ///
    /// Asks /ready at the address it listens on, and gives up after five seconds.
    Healthcheck,

    /// Do one piece of work for the server, in a process that has no password and little else
    #[command(hide = true)]
    Isolated {
        /// What to do with standard input.
        work: Work,
    },
}

/// Runs the command that the arguments name. What fails is said on standard error, once, for people.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error),
    };
    if let Some(Command::Isolated { work }) = cli.command {
        return isolated::child::main(work);
    }
    log::start(&cli.config);
    match System::new().block_on(run(&cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("factdesk: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<(), Box<dyn std::error::Error>> {
    let config = &cli.config;
    if let Some(storage) = Storage::at(&config.blobs, std::env::vars())? {
        storage.install();
    }
    match cli.command.as_ref().unwrap_or(&Command::Serve) {
        Command::Serve => {
            serve(config, Source::Settings, async |db| welcome(config, db).await).await?;
        }
        Command::Demo => crate::demo::run(config).await?,
        Command::Migrate => migrate::run(config).await?,
        Command::Account(what) => account::run(config, what).await?,
        Command::Verify(arguments) => verify::run(config, arguments).await?,
        Command::Export(arguments) => export::run(config, arguments).await?,
        Command::Import(arguments) => import::run(config, arguments).await?,
        Command::Text(what) => text::run(what)?,
        Command::Healthcheck => healthcheck::run(config.listen)?,
        Command::Isolated { .. } => unreachable!("it was done before"),
    }
    Ok(())
}

/// Tells who started a server without accounts how to make the first one.
async fn welcome(config: &Config, db: &Db) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(link) = setup::link(db.pool(), &BaseUrl::new(&config.base_url())).await? {
        log::announce(&format!(
            "There is no account yet. Within 24 hours, this link makes the first one and its desk, once:\n\n  {link}\n"
        ));
    }
    Ok(())
}
