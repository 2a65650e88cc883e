//! Pages that reviewers send from their own browsers, as they see them there, with the words that they selected.
//!
//! The bookmarklet and the extension only read the page they are pressed on and hand it to ours, `/capture`. That page shows
//! what came, and one press sends it as an ordinary form: so no other site can add anything by itself.

mod extension;
mod form;
mod page;
mod place;
mod receive;
mod store;
mod take;

use actix_web::web::ServiceConfig;

/// How long the selected words may be, in code points: more is no statement, and is not marked.
pub const SELECTED_MAX: usize = 5_000;
/// How much of the words around a selection is looked at, in code points.
pub const AROUND_MAX: usize = 1_000;

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config.service(page::show).service(page::show_at).service(receive::receive).service(extension::download);
}
