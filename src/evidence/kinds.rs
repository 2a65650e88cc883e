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
}
