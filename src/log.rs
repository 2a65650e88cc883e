//! Where log lines go: standard error, as text or as JSON.

use std::io::stderr;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Config, LogFormat};

/// Starts logging as the settings say. Must be called once.
///
/// # Panics
/// When logging has been started already.
pub fn start(config: &Config) {
    let lines = fmt().with_env_filter(EnvFilter::new(&config.log)).with_writer(stderr);
    match config.log_format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}

/// Says something to whoever started the program. A server goes on if nobody reads it any more.
pub fn announce(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{words}");
}
