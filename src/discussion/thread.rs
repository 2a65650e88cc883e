//! Comments as they are read.

use time::OffsetDateTime;

use super::body::{People, Piece, pieces, typed};
use crate::auth::Viewer;
use crate::auth::permission::{Discuss, ManageDesk};
use crate::id::{AccountId, ClaimId, CommentId, EvidenceId};

/// One thing that somebody said.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: CommentId,
    pub claim: ClaimId,
    /// The comment that began the thread; nothing when this one did.
    pub thread: Option<CommentId>,
    /// As it is kept.
    pub body: String,
    pub author: AccountId,
    pub author_name: String,
    pub created_at: OffsetDateTime,
    pub edited_at: Option<OffsetDateTime>,
    pub removed: Option<Removed>,
    pub row_version: i32,
}

/// By whom and when something was removed.
#[derive(Clone, Debug)]
pub struct Removed {
    pub by: AccountId,
    pub name: String,
    pub at: OffsetDateTime,
}

/// What began with one comment.
#[derive(Clone, Debug)]
pub struct Thread {
    pub first: Comment,
    /// The evidence that it is about, and what its source is called.
    pub about: Option<(EvidenceId, String)>,
    /// By whom and when it was resolved.
    pub resolved: Option<(String, OffsetDateTime)>,
    /// In the order in which they came.
    pub answers: Vec<Comment>,
}

impl Comment {
    /// The text in pieces.
    #[must_use]
    pub fn pieces(&self, people: &People) -> Vec<Piece> {
        pieces(&self.body, people)
    }

    /// The text as it would be typed now.
    #[must_use]
    pub fn typed(&self, people: &People) -> String {
        typed(&self.body, people)
    }

    /// Whether the viewer may change it: whoever said it, as long as it stands.
    #[must_use]
    pub fn may_edit(&self, viewer: &Viewer) -> bool {
        viewer.may::<Discuss>() && self.removed.is_none() && is(viewer, self.author)
    }

    /// Whether the viewer may remove it: whoever said it, and the desk's admins.
    #[must_use]
    pub fn may_remove(&self, viewer: &Viewer) -> bool {
        viewer.may::<Discuss>()
            && self.removed.is_none()
            && (is(viewer, self.author) || viewer.may::<ManageDesk>())
    }

    /// Whether the viewer may bring it back: whoever removed it, and the desk's admins.
    #[must_use]
    pub fn may_restore(&self, viewer: &Viewer) -> bool {
        viewer.may::<Discuss>()
            && self
                .removed
                .as_ref()
                .is_some_and(|removed| is(viewer, removed.by) || viewer.may::<ManageDesk>())
    }
}

fn is(viewer: &Viewer, account: AccountId) -> bool {
    viewer.person.as_ref().is_some_and(|person| person.account == account)
}
