//! What happens at the demo's desk, one thing after the other, and when.

use time::{Date, Duration, OffsetDateTime, Time};

use super::content::{
    Account, Adjudication, Article, Assessed, At, Claim, Content, Correction, Dated, Draft, Evidence,
    EvidenceSet, Guidelines, Incoming, Publication, Question, Rating, Retraction, Returned, Revision, Stage,
    Training, Verdict,
};
use crate::claims::DeclineReason;

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    AddArticle(&'static Article),
    Revise(&'static Revision),
    TakeIn(&'static Incoming),
    WriteGuidelines(&'static Guidelines),
    AddTraining(&'static Training),
    /// Makes the claim, with the first of its appearances.
    Mark(&'static Claim),
    /// Adds the appearance with this index.
    AddAppearance(&'static Claim, usize),
    TakeUp(&'static Claim, Account),
    Cite(&'static Claim, Account, &'static Evidence),
    /// Asks the question and answers it.
    Ask(&'static Claim, Account, &'static Question),
    Group(&'static Claim, Account, &'static EvidenceSet),
    Draft(&'static Claim, &'static Draft),
    Submit(&'static Claim, Account),
    /// Gives a rating that the others do not see.
    Rate(&'static Claim, &'static Rating),
    Adjudicate(&'static Claim, &'static Adjudication),
    Approve(&'static Claim, Account),
    Return(&'static Claim, &'static Returned),
    Publish(&'static Claim, Account),
    BeginCorrection(&'static Claim, &'static Correction),
    BeginRetraction(&'static Claim, &'static Retraction),
    Decline(&'static Claim, Account, DeclineReason, &'static str),
    /// Finds that the claim says the same as the one with this key.
    Join(&'static Claim, Account, &'static str),
}

/// Who adds articles.
pub const ADDS_ARTICLES: Account = Account::Annotator;

/// Everything that happens, in its order, when it is before `now`: the sample content names days, and a clock that is
/// behind them moves all of it back.
#[must_use]
pub fn course(content: &'static Content, now: OffsetDateTime) -> Vec<(OffsetDateTime, Step)> {
    let mut steps: Vec<_> =
        content.articles.iter().map(|article| (added(article), Step::AddArticle(article))).collect();
    steps.extend(content.revisions.iter().map(|revision| (morning(revision.seen), Step::Revise(revision))));
    steps.extend(content.incoming.iter().map(|file| (morning(file.came), Step::TakeIn(file))));
    steps.extend(content.guidelines.iter().map(|text| (morning(text.written), Step::WriteGuidelines(text))));
    steps.extend(content.training.iter().map(|claim| (morning(claim.written), Step::AddTraining(claim))));
    for claim in &content.claims {
        let mut course = Course { steps: Vec::new(), at: seen(content, claim) };
        course.of(content, claim);
        steps.append(&mut course.steps);
    }
    steps.sort_by_key(|(at, _)| *at);
    let ahead = steps.last().map_or(Duration::ZERO, |(last, _)| *last - now + Duration::minutes(1));
    if ahead.is_positive() {
        for (at, _) in &mut steps {
            *at -= ahead;
        }
    }
    steps
}

/// What happens to one claim.
struct Course {
    steps: Vec<(OffsetDateTime, Step)>,
    /// When the last thing happened.
    at: OffsetDateTime,
}

impl Course {
    fn after(&mut self, pause: Duration, step: Step) {
        self.at += pause;
        self.steps.push((self.at, step));
    }

    fn not_before(&mut self, at: OffsetDateTime) {
        self.at = self.at.max(at);
    }

    fn of(&mut self, content: &Content, claim: &'static Claim) {
        self.after(Duration::ZERO, Step::Mark(claim));
        for (index, appearance) in claim.appearances.iter().enumerate().skip(1) {
            if let At::Passage(quote) = &appearance.at {
                self.not_before(added(article(content, &quote.article)));
            }
            self.after(Duration::minutes(25), Step::AddAppearance(claim, index));
        }
        match &claim.stage {
            Stage::Marked => {}
            Stage::Researching { by, returned } => {
                self.research(claim, *by, returned.as_ref().map(|returned| &returned.draft));
                if let Some(returned) = returned {
                    self.submit(claim, &returned.draft);
                    self.after(Duration::hours(20), Step::Return(claim, returned));
                }
            }
            Stage::InReview { draft } => {
                self.research(claim, draft.by, Some(draft));
                self.submit(claim, draft);
            }
            Stage::Assessed(assessed) => self.assessed(claim, assessed),
            Stage::Decided { draft, approved_by } => {
                self.research(claim, draft.by, Some(draft));
                self.submit(claim, draft);
                self.after(Duration::hours(4), Step::Approve(claim, *approved_by));
            }
            Stage::Published(publication) => self.publication(claim, publication),
            Stage::Declined { by, reason, note } => {
                self.after(Duration::hours(6), Step::Decline(claim, *by, *reason, note));
            }
            Stage::Duplicate { by, of } => self.after(Duration::hours(6), Step::Join(claim, *by, of)),
        }
    }

    fn research(&mut self, claim: &'static Claim, by: Account, draft: Option<&'static Draft>) {
        if let Some(draft) = draft {
            self.not_before(morning(draft.as_of));
        }
        self.after(Duration::minutes(30), Step::TakeUp(claim, by));
        for evidence in &claim.evidence {
            self.after(Duration::minutes(17), Step::Cite(claim, by, evidence));
        }
        for question in &claim.questions {
            self.after(Duration::minutes(6), Step::Ask(claim, by, question));
        }
        for set in &claim.sets {
            self.after(Duration::minutes(4), Step::Group(claim, by, set));
        }
    }

    fn submit(&mut self, claim: &'static Claim, draft: &'static Draft) {
        self.after(Duration::minutes(40), Step::Draft(claim, draft));
        self.after(Duration::minutes(10), Step::Submit(claim, draft.by));
    }

    fn assessed(&mut self, claim: &'static Claim, assessed: &'static Assessed) {
        self.research(claim, assessed.opened_by, None);
        self.after(Duration::minutes(5), Step::Submit(claim, assessed.opened_by));
        for rating in &assessed.ratings {
            self.after(Duration::minutes(95), Step::Rate(claim, rating));
        }
        if let Some(adjudication) = &assessed.adjudication {
            self.after(Duration::hours(21), Step::Adjudicate(claim, adjudication));
        }
        if let Some(verdict) = &assessed.verdict {
            self.not_before(morning(verdict.draft.as_of));
            self.verdict(claim, verdict);
        }
    }

    fn publication(&mut self, claim: &'static Claim, publication: &'static Publication) {
        self.research(claim, publication.verdict.draft.by, Some(&publication.verdict.draft));
        self.verdict(claim, &publication.verdict);
        if let Some(correction) = &publication.correction {
            let verdict = &correction.verdict;
            self.not_before(morning(verdict.draft.as_of));
            self.after(Duration::minutes(20), Step::BeginCorrection(claim, correction));
            for evidence in &correction.evidence {
                self.after(Duration::minutes(17), Step::Cite(claim, verdict.draft.by, evidence));
            }
            self.verdict(claim, verdict);
        }
        if let Some(retraction) = &publication.retraction {
            self.after(Duration::days(5), Step::BeginRetraction(claim, retraction));
            self.after(Duration::hours(1), Step::Approve(claim, retraction.approved_by));
            self.after(Duration::minutes(10), Step::Publish(claim, retraction.by));
        }
    }

    fn verdict(&mut self, claim: &'static Claim, verdict: &'static Verdict) {
        self.submit(claim, &verdict.draft);
        self.after(Duration::hours(3), Step::Approve(claim, verdict.approved_by));
        self.after(Duration::hours(1), Step::Publish(claim, verdict.published_by));
    }
}

/// When an article comes to the desk: the morning after it was published.
fn added(article: &Article) -> OffsetDateTime {
    morning(first_day(article.published)) + Duration::days(1)
}

/// When a claim is marked: with its article, one after the other; or two days after it was made elsewhere.
fn seen(content: &Content, claim: &Claim) -> OffsetDateTime {
    let first = &claim.appearances[0];
    match &first.at {
        At::Passage(quote) => {
            let before = content.claims.iter().take_while(|other| other.key != claim.key).count();
            let pause = Duration::minutes(20 + 4 * i64::try_from(before).unwrap_or(0));
            added(article(content, &quote.article)) + pause
        }
        At::Url(_) => morning(first_day(first.said)) + Duration::days(2),
    }
}

pub(super) fn article<'a>(content: &'a Content, key: &str) -> &'a Article {
    content.articles.iter().find(|article| article.key == key).expect("tests follow every key")
}

/// Nine o'clock UTC.
fn morning(day: Date) -> OffsetDateTime {
    day.with_time(Time::MIDNIGHT).assume_utc() + Duration::hours(9)
}

fn first_day(dated: Dated) -> Date {
    match dated {
        Dated::Day(day) | Dated::Range { from: day, .. } => day,
        Dated::Month { .. } | Dated::Year(_) | Dated::Unknown => {
            unreachable!("tests see that articles, and claims made elsewhere, have a day")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::demo::content::{CONTENT, Content, DATASET};

    fn key(step: Step) -> Option<&'static str> {
        match step {
            Step::AddArticle(_)
            | Step::Revise(_)
            | Step::TakeIn(_)
            | Step::WriteGuidelines(_)
            | Step::AddTraining(_) => None,
            Step::Mark(claim)
            | Step::AddAppearance(claim, _)
            | Step::TakeUp(claim, _)
            | Step::Cite(claim, ..)
            | Step::Ask(claim, ..)
            | Step::Group(claim, ..)
            | Step::Draft(claim, _)
            | Step::Submit(claim, _)
            | Step::Rate(claim, _)
            | Step::Adjudicate(claim, _)
            | Step::Approve(claim, _)
            | Step::Return(claim, _)
            | Step::Publish(claim, _)
            | Step::BeginCorrection(claim, _)
            | Step::BeginRetraction(claim, _)
            | Step::Decline(claim, ..)
            | Step::Join(claim, ..) => Some(&claim.key),
        }
    }

    #[test]
    fn nothing_happens_before_what_it_needs() {
        for content in [&*CONTENT, &*DATASET] {
            follow(content);
        }
    }

    fn follow(content: &'static Content) {
        let mut articles = Vec::new();
        let mut claims = BTreeMap::new();
        for (at, step) in course(content, OffsetDateTime::UNIX_EPOCH + Duration::days(40_000)) {
            match step {
                Step::AddArticle(article) => articles.push(article.key.as_str()),
                // Passages are found in the first text: none is marked in an article once there is another.
                Step::Revise(revision) => articles.retain(|article| article != &revision.article),
                Step::Mark(claim) => assert!(claims.insert(claim.key.as_str(), at).is_none()),
                Step::Join(_, _, of) => assert!(claims.contains_key(of)),
                _ => {}
            }
            let appearance = match step {
                Step::Mark(claim) => Some(&claim.appearances[0]),
                Step::AddAppearance(claim, index) => Some(&claim.appearances[index]),
                _ => None,
            };
            if let Some(At::Passage(quote)) = appearance.map(|appearance| &appearance.at) {
                assert!(articles.contains(&quote.article.as_str()));
            }
            if let Some(key) = key(step) {
                assert!(claims[key] <= at);
            }
            if let Step::Draft(_, draft) = step {
                assert!(draft.as_of <= at.date());
            }
        }
        assert_eq!(claims.len(), content.claims.len());
    }

    #[test]
    fn a_clock_that_is_behind_moves_everything_back() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let (last, _) = course(&CONTENT, now).pop().unwrap();
        assert_eq!(now - last, Duration::minutes(1));
    }
}
