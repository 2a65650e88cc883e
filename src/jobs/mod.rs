//! Work for later and for any server: taken by one at a time, given back when it fails, given up when it fails too often.
//! The queue knows nothing of what the work is.

pub mod store;
mod worker;

pub use self::worker::{Errand, Workers, start, wake};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::codes::codes;
use crate::fetch::Validators;
use crate::id::{AccountId, DeskId};

/// How long a server has a job for itself without saying that it still works on it. What one step of a job may take
/// (`isolated::Limits`), twice.
pub const LEASE: Duration = Duration::seconds(70);
/// How often a job is tried that fails for a reason which may pass.
pub const TRIES: i32 = 3;
/// How often in a row work that is done again and again may fail, a day apart in the end.
pub const TRIES_OF_SCHEDULED: i32 = 10;
/// How often it is tried to keep a copy of a source, within three hours: a site may be down for a while.
pub const TRIES_OF_ARCHIVE: i32 = 10;
/// How often a letter is handed over, within an hour and a half: mail servers ask for patience.
pub const TRIES_OF_MAIL: i32 = 9;
/// How many jobs one server does at once.
pub const AT_ONCE: usize = 4;

codes! {
    /// What is to be done.
    Kind {
        Intake = "intake", "Fetch an address that somebody gave";
        Feed = "feed", "Look for new items of a feed";
        Article = "article", "Fetch an article again";
        Watch = "watch", "See whether an article has changed";
        Mail = "mail", "Mail what a member was told";
        MailConfirmation = "mail_confirmation", "Mail a link that confirms an address";
        Archive = "archive", "Keep a copy of a source";
        Link = "link", "See whether a source is still where it was";
        Outside = "outside", "Hand a source to an archive outside";
    }
    /// Where a job stands.
    State {
        Waiting = "waiting", "waiting for its turn";
        Running = "running", "at work";
        Done = "done", "done";
        Dead = "dead", "given up";
    }
    /// What is being done.
    Step {
        Fetching = "fetching", "Fetching the page";
        Reading = "reading", "Finding the article in it";
        Keeping = "keeping", "Keeping what was found";
    }
    /// Why a job failed besides the reasons why an address is not fetched or a file not read.
    Trouble {
        LostRight = "lost_right", "Whoever asked for this may not do it any more.";
        Interrupted = "interrupted", "Something went wrong on our side.";
        NoAddress = "no_address", "The article has no address to fetch it from.";
        AnotherText = "another_text", "What stands at the address now has little in common with the article. Look at it there, and paste the new text if it is one.";
        NoMailServer = "no_mail_server", "The mail server cannot be reached, or does not take letters now.";
        MailRefused = "mail_refused", "The mail server refuses letters to this address.";
        NoFeed = "no_feed", "There is no feed or sitemap at this address, and no page that names one.";
    }
}

impl Kind {
    /// Whether it sends a letter.
    #[must_use]
    pub const fn is_mail(self) -> bool {
        matches!(self, Self::Mail | Self::MailConfirmation)
    }
}

/// A job that this server has for itself.
#[derive(Clone, Debug)]
pub struct Job {
    pub desk: DeskId,
    pub id: Uuid,
    pub kind: Kind,
    pub subject: Uuid,
    pub account: AccountId,
    /// How often it failed since it last succeeded.
    pub attempts: i32,
    pub every_s: Option<i32>,
    pub have: Validators,
    /// Proves that it is still ours.
    pub lease: Uuid,
}

impl Job {
    /// How often in a row it may fail.
    #[must_use]
    pub fn tries(&self) -> i32 {
        match self.every_s {
            Some(_) => TRIES_OF_SCHEDULED,
            None if self.kind.is_mail() => TRIES_OF_MAIL,
            None if self.kind == Kind::Archive => TRIES_OF_ARCHIVE,
            None => TRIES,
        }
    }

    /// When to try it again after one more failure; `None` is never.
    #[must_use]
    pub fn next_try(&self, passes: bool) -> Option<Duration> {
        let tries = self.tries();
        let failed = self.attempts + 1;
        if failed >= tries || (!passes && self.every_s.is_none()) {
            return None;
        }
        let first = self.every_s.map_or(Duration::seconds(20), |every| Duration::seconds(every.into()));
        // Twice as long each time, up to a day.
        Some((first * 2_i32.pow(self.attempts.clamp(0, 12).unsigned_abs())).min(Duration::DAY))
    }
}

/// How far a job is, for those who wait for it.
#[derive(Clone, Debug)]
pub struct Progress {
    pub state: State,
    pub step: Option<Step>,
    pub attempts: i32,
    /// Why it failed the last time, as a code.
    pub reason: Option<String>,
    pub due_at: OffsetDateTime,
    /// When it last succeeded.
    pub checked_at: Option<OffsetDateTime>,
}

impl Progress {
    /// Whether something will happen without anybody's doing.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        matches!(self.state, State::Waiting | State::Running)
    }

    /// What is going on, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match (self.state, self.step) {
            (State::Running, Some(step)) => step.label(),
            (state, _) => state.label(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(attempts: i32, every_s: Option<i32>) -> Job {
        Job {
            desk: DeskId::new(),
            id: Uuid::now_v7(),
            kind: Kind::Feed,
            subject: Uuid::now_v7(),
            account: AccountId::new(),
            attempts,
            every_s,
            have: Validators::default(),
            lease: Uuid::new_v4(),
        }
    }

    #[test]
    fn what_is_done_once_is_tried_three_times_if_it_may_pass() {
        let waits: Vec<_> = (0..3).map(|attempts| job(attempts, None).next_try(true)).collect();
        assert_eq!(waits, [Some(Duration::seconds(20)), Some(Duration::seconds(40)), None]);
        assert_eq!(job(0, None).next_try(false), None);
    }

    #[test]
    fn a_letter_is_handed_over_nine_times_within_an_hour_and_a_half() {
        let letter = |attempts| Job { kind: Kind::Mail, ..job(attempts, None) };
        let waits: Vec<_> = (0..9).map_while(|attempts| letter(attempts).next_try(true)).collect();
        assert_eq!(waits.len(), 8);
        assert_eq!(waits.iter().sum::<Duration>(), Duration::minutes(85));
        assert_eq!(letter(0).next_try(false), None);
    }

    #[test]
    fn what_is_done_again_and_again_waits_longer_after_each_failure_up_to_a_day() {
        let waits: Vec<_> = (0..10).map(|attempts| job(attempts, Some(900)).next_try(false)).collect();
        assert_eq!(
            waits[..3],
            [Some(Duration::minutes(15)), Some(Duration::minutes(30)), Some(Duration::hours(1))]
        );
        assert_eq!(waits[8..], [Some(Duration::DAY), None]);
        assert_eq!(job(2, Some(2_592_000)).next_try(true), Some(Duration::DAY));
    }
}
