//! The closed sets that describe evidence.

use crate::codes::codes;

codes! {
    /// What a passage does to the claim.
    Stance {
        Supports = "supports", "Supports";
        Refutes = "refutes", "Refutes";
        Mixed = "mixed", "Mixed";
        Context = "context", "Context";
    }

    /// Whether what a source says is its own finding. Where it is not known, it counts as if it were.
    Independence {
        Independent = "independent", "Independent";
        SameOrigin = "same_origin", "Repeats another source";
        Party = "party", "A party to the matter";
    }
}
