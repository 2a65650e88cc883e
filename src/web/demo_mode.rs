//! Whether this process is the throw-away server with sample content; then every page says so.

use std::sync::atomic::{AtomicBool, Ordering};

static ON: AtomicBool = AtomicBool::new(false);

/// The ready accounts of the demo, named after their role.
pub const ACCOUNTS: [&str; 6] = ["annotator", "checker", "reviewer", "editor", "admin", "auditor"];

/// From now on every page says that this is a demo, and offers to sign in with one click.
pub fn turn_on() {
    ON.store(true, Ordering::Relaxed);
}

/// Whether pages say so.
#[must_use]
pub fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}
