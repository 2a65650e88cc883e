//! Mail to members, by SMTP, when it is configured: what they are told of anyway, if they gave an address, showed that it is
//! theirs, and chose to have it mailed. The queue of jobs sends it (`errands`), and tries again when it fails.

mod letter;
mod pages;
mod sender;
pub mod store;

pub use letter::{Letter, confirmation, digest};
pub use pages::routes;
pub use sender::{Mail, Undelivered};
