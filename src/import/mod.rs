//! Taking in a folder or an archive of files at once: `factdesk import`.

mod archive;
mod files;
mod report;
mod store;
mod take;

pub use files::{ARCHIVE_BYTES_MAX, Entry, FILES_MAX, each};
pub use report::{Line, Outcome, Report};
pub use take::{Import, take};
