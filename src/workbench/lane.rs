//! The lanes of the queue.

use crate::codes::codes;

codes! {
    /// Why a claim waits for somebody, what is most urgent first.
    Lane {
        Returned = "returned", "Returned to you";
        Review = "review", "To review";
        Publish = "publish", "To publish";
        Changed = "changed", "Words changed after the verdict";
        Drafts = "drafts", "Your drafts";
        Assigned = "assigned", "With you";
        Unassigned = "unassigned", "With nobody";
        Corrections = "corrections", "Corrections under way";
    }
}

impl Lane {
    /// What somebody reads when nothing waits there.
    #[must_use]
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Returned => "Nothing was returned to you.",
            Self::Review => "No draft waits for your review.",
            Self::Publish => "No approved verdict waits for publication.",
            Self::Changed => "No words of a public claim changed.",
            Self::Drafts => "You are drafting nothing.",
            Self::Assigned => "No claim is with you.",
            Self::Unassigned => "Every marked claim is with somebody.",
            Self::Corrections => "Nothing public is being corrected.",
        }
    }
}
