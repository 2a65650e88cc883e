//! The lanes of the queue.

use crate::codes::codes;

codes! {
    /// Why a claim waits for somebody, what is most urgent first.
    Lane {
        Returned = "returned", "Returned to you";
        Review = "review", "To review";
        Adjudicate = "adjudicate", "To decide between";
        Assess = "assess", "To assess";
        Publish = "publish", "To publish";
        Changed = "changed", "Words changed after the verdict";
        Drafts = "drafts", "Your drafts";
        Assigned = "assigned", "With you";
        Unassigned = "unassigned", "With nobody";
        Corrections = "corrections", "Corrections under way";
    }
}

codes! {
    /// In which order a lane is read.
    Sort {
        Age = "age", "what waits longest";
        Priority = "priority", "what is most urgent";
        Due = "due", "what is due first";
        Disagreement = "disagreement", "what people disagree on most";
    }
}

impl Sort {
    /// The words on its link.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Age => "Age",
            Self::Priority => "Priority",
            Self::Due => "Due",
            Self::Disagreement => "Disagreement",
        }
    }
}

impl Lane {
    /// What somebody reads when nothing waits there.
    #[must_use]
    pub const fn empty(self) -> &'static str {
        match self {
            Self::Returned => "Nothing was returned to you.",
            Self::Review => "No draft waits for your review.",
            Self::Adjudicate => "No differing assessments wait for you.",
            Self::Assess => "No claim waits for your assessment.",
            Self::Publish => "No approved verdict waits for publication.",
            Self::Changed => "No words of a public claim changed.",
            Self::Drafts => "You are drafting nothing.",
            Self::Assigned => "No claim is with you.",
            Self::Unassigned => "Every marked claim is with somebody.",
            Self::Corrections => "Nothing public is being corrected.",
        }
    }
}
