//! The settings, from flags and the environment, parsed once. A bad value stops the start and is named.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Command, ValueEnum};
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::blobs::Place;
use crate::evidence::outside::Archives;
use crate::fetch::Allowed;
use crate::mail::Mail;

/// What an operator can set. Every field is a flag and an environment variable; `docs/settings.md` is made from this.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// Address and port to listen on.
    #[arg(
        long,
        env = "FACTDESK_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080",
        global = true
    )]
    pub listen: SocketAddr,

    /// Folder of the server's own PostgreSQL; not used when a database is given.
    #[arg(long, env = "FACTDESK_DATA", value_name = "FOLDER", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// Address under which browsers reach the server [default: http:// and where it listens]
    #[arg(long, env = "FACTDESK_BASE_URL", value_name = "URL", value_parser = parse_base_url, global = true)]
    base_url: Option<Url>,

    /// PostgreSQL 15 or newer to use, instead of a private one in the data folder.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    database_url: Option<String>,

    /// The same database without a pooler in between, as its owner, for migrations [default: the database's URL]
    #[arg(long, env = "DATABASE_DIRECT_URL", value_name = "URL", hide_env_values = true, global = true)]
    database_direct_url: Option<String>,

    /// What to log: error, warn, info, debug or trace; also by module, as in `info,sqlx=debug`.
    #[arg(long, env = "FACTDESK_LOG", value_name = "FILTER", default_value = "info,actix_server=warn", value_parser = parse_filter, global = true)]
    pub log: String,

    /// How to log: lines for people, or JSON for machines.
    #[arg(long, env = "FACTDESK_LOG_FORMAT", value_name = "FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,

    /// Networks to fetch from besides the public web, with commas: `10.2.0.0/16`, `10.2.3.4:8080`, `[fd00::/8]:8080`.
    #[arg(long, env = "FACTDESK_FETCH_ALLOW", value_name = "NETWORKS", default_value = "", global = true)]
    pub fetch_allow: Allowed,

    /// Where bytes of copies and files go: `database`, a folder as in `/srv/factdesk`, or `s3://bucket/prefix` with the usual `AWS_` variables.
    #[arg(long, env = "FACTDESK_BLOBS", value_name = "PLACE", default_value = "database", global = true)]
    pub blobs: Place,

    /// File with the Ed25519 key that signs the heads of the record, from `openssl genpkey -algorithm ed25519`.
    #[arg(long, env = "FACTDESK_RECORD_KEY", value_name = "FILE", global = true)]
    record_key: Option<PathBuf>,

    /// Mail server for notifications, as in `smtps://user:password@mail.example.org` or `smtp://host:587?tls=required`; without one, no mail is sent.
    #[arg(long, env = "FACTDESK_SMTP_URL", value_name = "URL", hide_env_values = true, global = true)]
    smtp_url: Option<String>,

    /// Sender of mail, as in `Facts <facts@example.org>` [default: factdesk@ the host of the base URL]
    #[arg(long, env = "FACTDESK_MAIL_FROM", value_name = "ADDRESS", global = true)]
    mail_from: Option<String>,

    /// Key of the Wayback Machine, `access:secret` from <https://archive.org/account/s3.php>; with one, desks can hand their sources to it.
    #[arg(long, env = "FACTDESK_WAYBACK_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    wayback_key: Option<String>,

    /// Where the Wayback Machine's interface is.
    #[arg(long, env = "FACTDESK_WAYBACK_URL", value_name = "URL", default_value = "https://web.archive.org/", value_parser = parse_base_url, global = true)]
    wayback_url: Url,

    /// Key of Perma.cc, from its settings; with one, desks can hand their sources to it.
    #[arg(long, env = "FACTDESK_PERMA_KEY", value_name = "KEY", hide_env_values = true, global = true)]
    perma_key: Option<String>,

    /// Where Perma.cc's interface is.
    #[arg(long, env = "FACTDESK_PERMA_URL", value_name = "URL", default_value = "https://api.perma.cc/", value_parser = parse_base_url, global = true)]
    perma_url: Url,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// One line for people an event.
    Text,
    /// One JSON object an event.
    Json,
}

impl Config {
    /// Under which address browsers reach the server; it has no path of its own.
    ///
    /// # Panics
    /// Never: a socket address makes a URL.
    #[must_use]
    pub fn base_url(&self) -> Url {
        self.base_url.clone().unwrap_or_else(|| {
            let url = if self.listen.ip().is_unspecified() {
                format!("http://localhost:{}", self.listen.port())
            } else {
                format!("http://{}", self.listen)
            };
            Url::parse(&url).expect("a socket address makes a URL")
        })
    }

    /// The file with the key that signs heads of the record. An empty value, as compose files leave it, is none.
    #[must_use]
    pub fn record_key(&self) -> Option<&Path> {
        self.record_key.as_deref().filter(|file| !file.as_os_str().is_empty())
    }

    /// The way to the mail server; none unless it is set. An empty value, as compose files leave it, is none.
    ///
    /// # Errors
    /// What cannot be read, in words.
    pub fn mail(&self) -> Result<Mail, String> {
        let Some(url) = self.smtp_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(Mail::default());
        };
        let base = self.base_url();
        let ours = || format!("Factdesk <factdesk@{}>", base.host_str().unwrap_or("localhost"));
        let from = self.mail_from.clone().filter(|from| !from.is_empty()).unwrap_or_else(ours);
        Mail::new(url, &from, &base)
    }

    /// The archives outside that sources may be handed to: those whose keys are set.
    #[must_use]
    pub fn archives(&self) -> Archives {
        Archives::new(
            (&self.wayback_url, self.wayback_key.as_deref()),
            (&self.perma_url, self.perma_key.as_deref()),
        )
    }

    /// The database to use instead of the private one. An empty value, as compose files leave it, is none.
    #[must_use]
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.is_empty())
    }

    /// Where migrations run; the same as [`Self::database_url`] unless set.
    #[must_use]
    pub fn database_direct_url(&self) -> Option<&str> {
        self.database_direct_url.as_deref().filter(|url| !url.is_empty()).or_else(|| self.database_url())
    }
}

/// The settings as a table in Markdown, for `docs/settings.md`.
#[must_use]
pub fn table(program: &Command) -> String {
    let mut table = "| variable | flag | default | what it is |\n| --- | --- | --- | --- |\n".to_owned();
    for argument in program.get_arguments() {
        let (Some(variable), Some(flag)) = (argument.get_env(), argument.get_long()) else {
            continue;
        };
        let default = argument
            .get_default_values()
            .first()
            .filter(|value| !value.is_empty())
            .map(|value| format!("`{}`", value.display()));
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let row = [
            format!("`{}`", variable.display()),
            format!("`--{flag}`"),
            default.unwrap_or_default(),
            help.replace('|', "\\|"),
        ];
        table.extend(["| ", &row.join(" | "), " |\n"]);
    }
    table
}

fn parse_base_url(value: &str) -> Result<Url, String> {
    let url = Url::parse(value).map_err(|error| error.to_string())?;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if is_origin {
        Ok(url)
    } else {
        Err("expected http:// or https://, a host and perhaps a port, without a path".to_owned())
    }
}

fn parse_filter(value: &str) -> Result<String, String> {
    EnvFilter::try_new(value).map_err(|error| error.to_string())?;
    Ok(value.to_owned())
}
