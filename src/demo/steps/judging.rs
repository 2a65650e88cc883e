//! The steps from research to a published verdict, and what follows it.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Book, wrong};
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, DraftVerdict, ReviewVerdict};
use crate::demo::content::{self, Account, Draft, Rating};
use crate::demo::copies;
use crate::demo::course::Step;
use crate::editing::Sent;
use crate::error::{Error, Result};
use crate::evidence::store::Cite;
use crate::evidence::{self, EvidenceFields, SourceFields};
use crate::id::{ClaimId, SourceId};
use crate::reviews::store::NewRating;
use crate::reviews::{self, CorrectionKind, store};
use crate::text::address::SafeUrl;
use crate::{agents, claims, guidelines};

impl Book {
    /// Takes a step of research and judgement.
    ///
    /// # Errors
    /// What the step fails with.
    pub(super) async fn judge(&self, conn: &mut PgConnection, at: OffsetDateTime, step: Step) -> Result<()> {
        let id = |key: &str| self.claims[key];
        match step {
            Step::TakeUp(claim, by) => self.take_up(conn, at, id(&claim.key), by).await,
            Step::Cite(claim, by, evidence) => {
                let by = self.team.member(by, at)?;
                self.cite(conn, &by, id(&claim.key), evidence).await
            }
            Step::Ask(claim, by, asked) => {
                let by = self.team.member(by, at)?;
                self.ask(conn, &by, id(&claim.key), asked).await
            }
            Step::Group(claim, by, set) => {
                let by = self.team.member(by, at)?;
                self.group(conn, &by, id(&claim.key), set).await
            }
            Step::Draft(claim, draft) => self.draft(conn, at, id(&claim.key), draft).await,
            Step::Submit(claim, by) => store::submit(conn, &self.team.member(by, at)?, id(&claim.key)).await,
            Step::Rate(claim, rating) => self.rate(conn, at, id(&claim.key), rating).await,
            Step::Adjudicate(claim, decided) => {
                let by = self.team.member::<ReviewVerdict>(decided.by, at)?;
                store::adjudicate(conn, &by, id(&claim.key), &decided.rating, &decided.reason).await
            }
            Step::Approve(claim, by) => {
                let by = self.team.member::<ReviewVerdict>(by, at)?;
                let version = self.draft_version(conn, id(&claim.key)).await?;
                store::approve(conn, &by, id(&claim.key), version, "").await
            }
            Step::Return(claim, returned) => {
                let by = self.team.member::<ReviewVerdict>(returned.by, at)?;
                let version = self.draft_version(conn, id(&claim.key)).await?;
                store::send_back(conn, &by, id(&claim.key), version, &returned.reason).await
            }
            Step::Publish(claim, by) => {
                store::publish(conn, &self.team.member(by, at)?, id(&claim.key)).await
            }
            Step::BeginCorrection(claim, correction) => {
                let by = self.team.member(correction.verdict.published_by, at)?;
                let kind = CorrectionKind::parse(&correction.kind)
                    .ok_or_else(|| Error::internal("there is no such kind of correction"))?;
                store::correct(conn, &by, id(&claim.key), kind, &correction.public_note).await.map(drop)
            }
            Step::BeginRetraction(claim, retraction) => {
                let by = self.team.member(retraction.by, at)?;
                store::retract(conn, &by, id(&claim.key), &retraction.public_note).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Takes the claim on, and opens a draft that is empty as yet.
    async fn take_up(
        &self,
        conn: &mut PgConnection,
        at: OffsetDateTime,
        claim: ClaimId,
        by: Account,
    ) -> Result<()> {
        let by = self.team.member::<DraftVerdict>(by, at)?;
        claims::store::give(conn, &by, claim, Some(by.person.account)).await?;
        store::draft(conn, &by, claim, &Sent::default()).await
    }

    async fn cite(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<CiteEvidence>,
        claim: ClaimId,
        evidence: &'static content::Evidence,
    ) -> Result<()> {
        let source = self.source(conn, by, &evidence.source).await?;
        let fields = EvidenceFields::parse(&evidence.typed()).map_err(|problems| wrong(&problems))?;
        evidence::store::add(conn, by, claim, &Cite::Known(source), &fields).await.map(drop)
    }

    /// The source with that key, which comes to the desk when it is cited first.
    async fn source(
        &self,
        conn: &mut PgConnection,
        by: &Authorized<CiteEvidence>,
        key: &str,
    ) -> Result<SourceId> {
        let id = self.sources[key];
        match evidence::sources::store::source(conn, by.desk.id, id).await {
            Ok(known) => return Ok(known.id),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        let source = self.content.source(key);
        if let Some(publisher) = &source.publisher {
            let (name, kind) = self.content.named(publisher)?;
            agents::store::find_or_create(conn, by, &name, kind).await?;
        }
        let fields = SourceFields::parse(&source.typed(self.content)).map_err(|problems| wrong(&problems))?;
        let id = evidence::sources::store::create(conn, by, id, &fields).await?;
        copies::archive(conn, by, id, source).await?;
        if let Some(archived) = &source.archived {
            let archived = SafeUrl::parse(archived).map_err(Error::internal)?;
            evidence::outside::store::name(conn, by, id, &archived).await?;
        }
        Ok(id)
    }

    async fn draft(
        &self,
        conn: &mut PgConnection,
        at: OffsetDateTime,
        claim: ClaimId,
        draft: &Draft,
    ) -> Result<()> {
        let by = self.team.member::<DraftVerdict>(draft.by, at)?;
        let judging = store::judging(conn, by.desk.id, claim, Some(by.person.account)).await?;
        let before = judging.draft().values();
        let as_of = reviews::iso(&draft.as_of);
        let mut sent = Sent::default();
        for field in &reviews::FIELDS {
            let typed = match field.name {
                "rating" => &draft.rating,
                "one_line" => &draft.one_line,
                "rationale" => &draft.rationale,
                "as_of" => &as_of,
                _ => continue,
            };
            sent.push(field, before.get(field.name).map_or("", String::as_str), typed);
        }
        store::draft(conn, &by, claim, &sent).await
    }

    /// Rates a claim by the guidelines and all the evidence that there is.
    async fn rate(
        &self,
        conn: &mut PgConnection,
        at: OffsetDateTime,
        claim: ClaimId,
        rating: &Rating,
    ) -> Result<()> {
        let by = self.team.member::<ReviewVerdict>(rating.by, at)?;
        let evidence = evidence::store::of_claim(conn, by.desk.id, claim).await?;
        let new = NewRating {
            draft_version: self.draft_version(conn, claim).await?,
            rating: rating.rating.clone(),
            rationale: rating.rationale.clone(),
            confidence: rating.confidence,
            guideline: guidelines::current_number(conn, by.desk.id).await?,
            evidence: evidence.iter().map(|evidence| evidence.id).collect(),
            opened_at: None,
            seconds_active: None,
            departure: String::new(),
        };
        store::assess(conn, &by, claim, &new).await.map(drop)
    }

    /// Which state of the draft a reviewer has read.
    async fn draft_version(&self, conn: &mut PgConnection, claim: ClaimId) -> Result<i32> {
        let judging = store::judging(conn, self.team.desk(), claim, None).await?;
        let round = judging.round.ok_or_else(|| Error::internal("there is nothing to review"))?;
        Ok(round.draft_version)
    }
}
