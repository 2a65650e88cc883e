//! What members say about a claim or a piece of its evidence: threads that can be resolved, with mentions. Nobody else
//! sees any of it. What was said is edited and removed as a state: its history stays.
//!
//! While a claim is assessed blind, its discussion pauses, so that nobody learns there what others think.

mod api;
mod body;
mod pages;
mod section;
pub mod store;
mod thread;

use actix_web::web::ServiceConfig;

pub use body::{BODY_MAX, MENTIONS_MAX, People, Person, Piece, named, pieces};
pub use section::Section;
pub use store::take_back;
pub use thread::{Comment, Thread};

use crate::auth::Viewer;
use crate::auth::permission::{Discuss, MarkClaim};
use crate::claims;
use crate::editing::{Entry, Field, Widget};
use crate::id::{ClaimId, CommentId};

/// The one field of a comment that changes.
pub static COMMENT: [Field; 1] = [Field { name: "body", label: "Comment", hint: "", widget: Widget::Text }];

/// The address of a comment on its claim's page.
#[must_use]
pub fn address(desk: &str, claim: ClaimId, comment: CommentId) -> String {
    format!("{}#comment-{comment}", claims::address(desk, claim))
}

/// Whether the viewer can take this change back: it is their own, and nobody changed the comment since is found out
/// when it is tried.
#[must_use]
pub fn can_undo(viewer: &Viewer, entry: &Entry) -> bool {
    let mine = viewer.person.as_ref().is_some_and(|person| entry.account == Some(person.account));
    entry.entity == "comment"
        && viewer.may::<Discuss>()
        && viewer.may::<MarkClaim>()
        && match &*entry.action {
            "comment.add" | "comment.edit" | "comment.remove" | "comment.restore" => mine,
            "comment.resolve" | "comment.reopen" => true,
            _ => false,
        }
}

/// The addresses of discussions.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
