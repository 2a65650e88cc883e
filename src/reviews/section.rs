//! The judging of a claim as a part of pages: its draft, what can be done with it, and what others said.

use actix_web::http::StatusCode;
use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::draft::iso;
use super::judging::{Judging, Missing};
use super::precedents::Precedent;
use super::round::{Assessment, CorrectionKind, Kind, Round, State};
use super::stage::{Act, Offer, Refusal, check, offers};
use super::store::{self, Remark, Verdict};
use crate::auth::Viewer;
use crate::auth::permission::ReadDrafts;
use crate::claims::Stage;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::scales::RatingValue;
use crate::web::Shell;
use crate::web::problems::Problems;

/// The judging section of a claim's working page, and, compact, of the panel beside an article. It consists of the
/// parts `part-draft` and `part-review` (`docs/design-system.md`, Parts).
#[derive(Clone, Debug, Template)]
#[template(path = "reviews/_section.html")]
pub struct Section {
    shell: Shell,
    judging: Judging,
    /// The verdict that is public now.
    current: Option<Verdict>,
    /// Whether there is little room.
    compact: bool,
    /// What stands in the fields of the draft.
    values: Values,
    /// Published claims on the same scale that say something like it.
    precedents: Vec<Precedent>,
    /// Why the rating is another one than theirs.
    departure: String,
    offers: Vec<Offer>,
    /// Why this person does not review the draft in review.
    not_you: Option<&'static str>,
    /// The names of those who wrote the draft.
    drafters: Vec<String>,
    /// What several people gave in the open round, as far as the viewer may read it.
    ratings: Vec<Assessment>,
    returned: Option<Remark>,
    recusals: Vec<Remark>,
    /// What is wrong with which field of the draft.
    problems: Problems,
    /// What went wrong with something else.
    refused: Option<String>,
    /// What was typed into the form that was refused.
    typed: String,
    /// What was typed into a draft that cannot be changed any more.
    unsaved: Vec<(&'static str, String)>,
}

impl HtmlSafe for Section {}

impl Section {
    /// The reasons that a policy can ask for: field, label, hint.
    const REASONS: [(&str, &str, &str); 2] = [
        (
            "sole_source_reason",
            "Why so few publishers are cited",
            "Only if there is no other: why these are enough here. Readers do not see it.",
        ),
        (
            "unarchived_reason",
            "Why an address has no kept copy",
            "Only if a cited address could not be kept: what was tried. Readers do not see it.",
        ),
    ];

    /// The section for a member who may read drafts; nothing for others.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the desk has no such claim.
    pub async fn load(conn: &mut PgConnection, viewer: &Viewer, claim: ClaimId) -> Result<Option<Self>> {
        if !viewer.may::<ReadDrafts>() {
            return Ok(None);
        }
        let account = viewer.person.as_ref().map(|person| person.account);
        let judging = store::judging(conn, viewer.desk.id, claim, account).await?;
        let current = match judging.current_verdict {
            Some(number) => Some(store::verdict(conn, viewer.desk.id, claim, number).await?),
            None => None,
        };
        let ratings = match &judging.round {
            Some(round) if round.mode.is_rated_by_several() => {
                store::ratings(conn, viewer.desk.id, round.id, account).await?
            }
            _ => Vec::new(),
        };
        let drafters = match &judging.round {
            Some(round) => store::who_drafted(conn, viewer.desk.id, round.id).await?,
            None => Vec::new(),
        };
        let mut values = judging.draft().values();
        let begins = judging.state().is_none_or(|state| state == State::Drafting);
        if begins && !judging.is_wordless() && values["as_of"].is_empty() {
            values.insert("as_of", iso(&viewer.now.date()));
        }
        let to = (claim, judging.claim_reviewed.as_str());
        let precedents = if begins && !judging.is_wordless() && judging.kind() != Kind::Retraction {
            store::precedents(conn, viewer.desk.id, to, judging.scale.id).await?
        } else {
            Vec::new()
        };
        let departure = match &judging.round {
            Some(round) => store::drafted_departure(conn, viewer.desk.id, round).await?.unwrap_or_default(),
            None => String::new(),
        };
        let not_you = [Act::Approve, Act::Assess, Act::Adjudicate].into_iter().find_map(|act| {
            match check(&viewer.roles, &judging, act) {
                Err(Refusal::Person(words)) => Some(words),
                _ => None,
            }
        });
        Ok(Some(Self {
            shell: Shell::new(viewer),
            current,
            compact: false,
            values,
            precedents,
            departure,
            offers: offers(&viewer.roles, &judging),
            not_you,
            drafters,
            ratings,
            returned: store::last_return(conn, viewer.desk.id, claim).await?,
            recusals: store::recusals(conn, viewer.desk.id, claim).await?,
            problems: Problems::default(),
            refused: None,
            typed: String::new(),
            unsaved: Vec::new(),
            judging,
        }))
    }

    /// The section with the sentence about precedents as it was typed.
    pub(super) fn with_departure(mut self, typed: String) -> Self {
        if !typed.is_empty() {
            self.departure = typed;
        }
        self
    }

    /// Whether one of the precedents says nearly the same, so that a rating could depart from it.
    fn asks_why(&self) -> bool {
        self.precedents.iter().any(|precedent| precedent.is_close)
    }

    /// The section where there is little room.
    #[must_use]
    pub fn compact(mut self) -> Self {
        self.compact = true;
        self
    }

    /// Where the judging stands.
    #[must_use]
    pub fn judging(&self) -> &Judging {
        &self.judging
    }

    /// The section with the draft as it was typed, and what is wrong with it.
    pub(super) fn with_draft(mut self, mine: Values, problems: Problems) -> Self {
        if self.may(Act::Draft) {
            self.values.extend(mine);
            self.problems = problems;
        } else {
            let theirs = self.judging.draft().values();
            let differs = |(name, text): &(&'static str, String)| theirs.get(name) != Some(text);
            self.unsaved = mine.into_iter().filter(differs).collect();
        }
        self
    }

    /// The section after something was refused, with what was typed.
    pub(super) fn refused(mut self, words: String, typed: String) -> Self {
        self.refused = Some(words);
        self.typed = typed;
        self
    }

    /// The section with what a draft needs before it is reviewed, as problems of its fields.
    pub(super) fn incomplete(mut self) -> Self {
        for need in self.judging.missing() {
            self.problems.add(need.field, need.words.into_owned());
        }
        self
    }

    fn has_problem(&self) -> bool {
        !self.problems.is_empty() || self.refused.is_some()
    }

    fn round(&self) -> Option<&Round> {
        self.judging.round.as_ref()
    }

    fn offer(&self, act: Act) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.act == act)
    }

    fn may(&self, act: Act) -> bool {
        self.offer(act).is_some()
    }

    /// What a draft needs before it can go on.
    fn missing(&self) -> Vec<Missing> {
        match self.judging.state() {
            Some(State::Drafting) => self.judging.missing(),
            _ => self.offer(Act::Publish).map(|offer| offer.missing.clone()).unwrap_or_default(),
        }
    }

    /// The address of something of the claim.
    fn path(&self, rest: &str) -> String {
        format!("/{}/claims/{}{rest}", self.shell.slug(), self.judging.claim)
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn base(&self, name: &str) -> String {
        self.judging.draft().values().remove(name).unwrap_or_default()
    }

    fn problem(&self, name: &str) -> Option<&str> {
        self.problems.of(name)
    }

    fn rating(&self) -> Option<&RatingValue> {
        self.judging.scale.value(self.judging.draft().rating.as_deref()?)
    }

    /// The value of the round's scale with that code.
    fn rated(&self, code: &str) -> Option<&RatingValue> {
        self.judging.scale.value(code)
    }

    /// The rating that the viewer has given in the open round.
    fn own(&self) -> Option<&Assessment> {
        let account = self.judging.standing.account?;
        self.ratings.iter().find(|given| given.reviewer == account)
    }

    /// How many people the policy of the open round asks for.
    fn people(&self) -> i16 {
        self.judging.policy.rules.people
    }

    /// How many have to approve the draft.
    fn approvals(&self) -> i64 {
        self.round().map_or(1, Round::approvals)
    }

    /// Whether the rating is not for the drafter to choose.
    fn is_fixed(&self) -> bool {
        self.round().is_some_and(Round::is_rating_fixed)
    }

    fn is_decided(round: &Round) -> bool {
        round.outcome.is_some()
    }

    /// Whether the form asks for this reason: the policy wants it, or there is one.
    fn asks(&self, field: &str) -> bool {
        !self.value(field).is_empty() || self.judging.missing().iter().any(|need| need.field == field)
    }

    fn is_retraction(&self) -> bool {
        self.judging.kind() == Kind::Retraction
    }

    fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
        text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}

/// The section on a page of its own: where a refused form comes back to.
#[derive(Debug, Template)]
#[template(path = "reviews/judging.html")]
pub(super) struct JudgingPage {
    shell: Shell,
    claim_reviewed: String,
    claim: ClaimId,
    failed: bool,
    section: Section,
}

impl JudgingPage {
    pub(super) fn new(section: Section) -> Self {
        Self {
            shell: section.shell.clone(),
            claim_reviewed: section.judging.claim_reviewed.clone(),
            claim: section.judging.claim,
            failed: section.has_problem(),
            section,
        }
    }
}

/// The status that a refusal is answered with, when it can be shown beside what was typed.
pub(super) fn status_of(error: &Error) -> Option<StatusCode> {
    match error {
        Error::Invalid(_) => Some(StatusCode::UNPROCESSABLE_ENTITY),
        Error::Conflict(_) => Some(StatusCode::CONFLICT),
        Error::Barred(_) => Some(StatusCode::FORBIDDEN),
        _ => None,
    }
}
