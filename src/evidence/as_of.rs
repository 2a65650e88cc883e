//! Evidence as of the day on which a claim was made: without what was published later.

use clap::ValueEnum;
use serde::Deserialize;

/// Which evidence counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum AsOf {
    /// All of it.
    #[default]
    Now,
    /// Without what was certainly published after the claim was made.
    Claim,
}

impl AsOf {
    /// The word for it in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Claim => "claim",
        }
    }
}
