//! Why a source was not kept, in words for members: plain, and without anything of what the site said.

use super::State;
use crate::codes::codes;
use crate::fetch::Reason;
use crate::jobs::Trouble;

codes! {
    /// Why a source was not kept, or why its link is dead.
    Why {
        NotAllowed = "not_allowed", "The address, or one it leads to, is not on the public web, and only that is fetched.";
        Unreachable = "unreachable", "No site answers at this address.";
        TooSlow = "too_slow", "The site took longer than 30 seconds.";
        Denied = "denied", "The site does not let us in: the page is behind a paywall, or not for programs.";
        Missing = "missing", "The site says that there is no such page.";
        Failing = "failing", "The site answers with a fault.";
        TooLarge = "too_large", "It is larger than 20 MB.";
        Endless = "endless", "What the site sends does not come to an end: 20 MB came, and still more.";
        Circles = "circles", "The address leads around in circles, or on and on.";
        Insecure = "insecure", "The connection cannot be trusted: the site has no valid certificate.";
        Busy = "busy", "The site asks us to come back later.";
        SignIn = "sign_in", "The site wants people to sign in first.";
        Robots = "robots", "The site asks programs not to fetch this (robots.txt).";
        NoArchive = "no_archive", "The site asks that no copy of this is kept (noarchive).";
        Unsuitable = "unsuitable", "What is at this address is no page, text, table, picture, PDF or Word document.";
        FrontPage = "front_page", "The address leads to the site’s front page now.";
        Confidential = "confidential", "It is confidential, so nothing of it is fetched.";
        NoAddress = "no_address", "It has no address to fetch it from.";
        LostRight = "lost_right", "Whoever cited it may not cite any more, and nobody else has asked for a copy.";
        Interrupted = "interrupted", "Something went wrong on our side.";
    }
}

impl Why {
    /// Whether it may be otherwise in a while.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::Unreachable | Self::TooSlow | Self::Failing | Self::Busy | Self::Interrupted)
    }

    /// The state of a source that was not kept for this reason.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Missing | Self::FrontPage => State::Gone,
            Self::Denied
            | Self::SignIn
            | Self::Robots
            | Self::NoArchive
            | Self::NotAllowed
            | Self::Confidential => State::Refused,
            _ => State::Failed,
        }
    }

    /// Whether a link is dead for this reason, once it stays so. A site that does not let programs in may let readers in.
    #[must_use]
    pub fn kills(self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::FrontPage
                | Self::Unreachable
                | Self::Failing
                | Self::TooSlow
                | Self::Circles
                | Self::Insecure
        )
    }
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NotAllowed => Self::NotAllowed,
            Reason::Unreachable => Self::Unreachable,
            Reason::TooSlow => Self::TooSlow,
            Reason::Denied => Self::Denied,
            Reason::Missing => Self::Missing,
            Reason::Failing => Self::Failing,
            Reason::TooLarge => Self::TooLarge,
            Reason::Unsuitable => Self::Unsuitable,
            Reason::Endless => Self::Endless,
            Reason::Circles => Self::Circles,
            Reason::Insecure => Self::Insecure,
            Reason::Busy => Self::Busy,
            Reason::SignIn => Self::SignIn,
            Reason::Robots => Self::Robots,
            Reason::NoArchive => Self::NoArchive,
        }
    }
}

impl From<Trouble> for Why {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::LostRight => Self::LostRight,
            Trouble::NoAddress => Self::NoAddress,
            _ => Self::Interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fetcher_says_keeps_its_code() {
        for reason in Reason::ALL {
            assert_eq!(Why::from(*reason).as_str(), reason.as_str());
        }
    }
}
