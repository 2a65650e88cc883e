//! What members are told: that somebody called or answered them, gave them a claim, or that something happened to a claim
//! they watch. The database tells them in the transaction of what happened; it is read here, and mailed by `mail`.

mod pages;
pub mod store;
mod watching;

use actix_web::web::ServiceConfig;
use time::OffsetDateTime;

pub use watching::Watching;

use crate::auth::Viewer;
use crate::claims;
use crate::codes::codes;
use crate::db::{Pool, unit_of_work_quietly};
use crate::discussion::{self, Piece};
use crate::error::Result;
use crate::id::{ClaimId, CommentId, EventId};

codes! {
    /// Why somebody is told.
    Kind {
        Mention = "mention", "Somebody calls me in a comment";
        Reply = "reply", "Somebody answers in a thread that I take part in";
        Comment = "comment", "Somebody comments on a claim that I watch";
        Assigned = "assigned", "Somebody gives me a claim, or a place to assess one";
        Verdict = "verdict", "A verdict that I watch is reviewed, returned, approved or published";
    }
}

/// One thing that a member is told.
#[derive(Clone, Debug)]
pub struct Notification {
    pub event: EventId,
    pub kind: Kind,
    /// What happened, as in `verdict.return`.
    pub action: String,
    /// Who did it; nobody for what the server did.
    pub who: Option<String>,
    pub at: OffsetDateTime,
    pub is_read: bool,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub comment: Option<CommentId>,
    /// What the comment says, as it is kept; nothing when it was removed.
    pub body: Option<String>,
}

/// How much of a comment is told, in characters.
const EXCERPT: usize = 280;

impl Notification {
    /// Where one looks at it.
    #[must_use]
    pub fn address(&self, desk: &str) -> String {
        match self.comment {
            Some(comment) => discussion::address(desk, self.claim, comment),
            None => claims::address(desk, self.claim),
        }
    }

    /// Who did it, for people.
    #[must_use]
    pub fn who(&self) -> &str {
        self.who.as_deref().unwrap_or("The server")
    }

    /// What was done, in words that go after a name.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match (self.kind, &*self.action) {
            (Kind::Mention, _) => "called you",
            (Kind::Reply, _) => "answered in a thread that you take part in",
            (Kind::Comment, _) => "commented on a claim that you watch",
            (Kind::Assigned, "place.assign") => "gave you a place to assess this claim",
            (Kind::Assigned, _) => "gave you this claim",
            (Kind::Verdict, "verdict.submit") => "asked for a review",
            (Kind::Verdict, "verdict.return") => "returned the draft",
            (Kind::Verdict, "verdict.approve") => "approved the draft",
            (Kind::Verdict, "verdict.publish") => "published the verdict",
            (Kind::Verdict, "verdict.correct") => "published a correction",
            (Kind::Verdict, "verdict.retract") => "retracted the verdict",
            (Kind::Verdict, _) => "changed where the verdict stands",
        }
    }

    /// The beginning of what was said, with names of now.
    #[must_use]
    pub fn excerpt(&self, people: &discussion::People) -> Option<String> {
        let text: String = discussion::pieces(self.body.as_deref()?, people)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link(text) => text,
                Piece::Person(person) => format!("@{}", person.handle),
            })
            .collect();
        let mut excerpt: String = text.chars().take(EXCERPT).collect();
        if excerpt.len() < text.len() {
            excerpt.push('…');
        }
        Some(excerpt)
    }
}

/// Notes that a member has read what they were told about a claim, and gives the viewer as they are then.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn seen(pool: &Pool, mut viewer: Viewer, claim: ClaimId) -> Result<Viewer> {
    let Some(person) = viewer.person.as_ref().filter(|_| viewer.waiting.unread > 0) else {
        return Ok(viewer);
    };
    let (desk, account, now) = (viewer.desk.id, person.account, viewer.now);
    let read =
        unit_of_work_quietly(pool, async move |tx| store::read_about(tx, desk, account, claim, now).await)
            .await?;
    viewer.waiting.unread = viewer.waiting.unread.saturating_sub(read);
    Ok(viewer)
}

/// The addresses of notifications.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
}
