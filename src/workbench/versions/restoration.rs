//! Making a claim what it was: a new version, with the words of an old one.

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Being, Kind, Part, differences, load};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, DraftVerdict, MarkClaim};
use crate::claims::{self, Claim};
use crate::db::{Pool, unit_of_work};
use crate::editing::Sent;
use crate::error::{Error, Result};
use crate::evidence::{self, groups};
use crate::id::{AppearanceId, ClaimId, EventId, EvidenceId, RoundId};
use crate::reviews;
use crate::web::{Posted, see_other};

/// What is to become what it was.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Restoration {
    /// The last change that the person saw.
    seen: EventId,
    /// The parts: the claim, places, evidence, the draft.
    #[serde(default)]
    parts: Vec<Uuid>,
}

/// Makes the chosen parts of a claim what they were at a version.
#[post("/{desk}/claims/{claim}/history/{event}/restoration")]
pub async fn restore(
    posted: Posted<MarkClaim, Restoration>,
    path: Path<(String, ClaimId, EventId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, id, version) = path.into_inner();
    let to = claims::pages::saved(&by.desk.slug, id);
    let location = to.clone();
    let restored = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let viewer = by.viewer();
        let claim = claims::store::get(tx, by.desk.id, id).await?;
        load::version(tx, &viewer, &claim, version).await?;
        if load::latest(tx, &viewer, &claim).await? != form.seen {
            return Err(Error::conflict(
                "Somebody changed this claim meanwhile. Open the version again to see what differs now.",
            ));
        }
        let now = load::now(tx, &viewer, &claim).await?;
        let then = load::then(tx, &viewer, &claim, &now, version).await?;
        let chosen: Vec<Uuid> = differences(&then, &now)
            .into_iter()
            .map(|difference| difference.id)
            .filter(|id| form.parts.contains(id))
            .collect();
        if chosen.is_empty() {
            return Err(Error::invalid("Choose what is to become what it was."));
        }
        for (is, was) in now.iter().zip(&then).filter(|(is, _)| chosen.contains(&is.id)) {
            bring_back(tx, &by, &claim, (is, was), version).await?;
        }
        Ok(())
    })
    .await;
    groups::store::refused(restored).map(|()| see_other(&location))
}

async fn bring_back(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    claim: &Claim,
    (is, was): (&Part, &Part),
    version: EventId,
) -> Result<()> {
    let there = was.being == Being::There;
    match is.kind {
        Kind::Claim => claims::store::restore(conn, by, claim, &sent(is, was), version).await,
        Kind::Place => {
            let id = AppearanceId::from(is.id);
            let sent = there.then(|| sent(is, was));
            claims::store::restore_appearance(conn, by, claim, id, sent.as_ref(), version).await
        }
        Kind::Evidence => {
            let by = by.and::<CiteEvidence>()?;
            let id = EvidenceId::from(is.id);
            let sent = there.then(|| sent(is, was));
            evidence::store::bring_back(conn, &by, claim.id, id, sent.as_ref(), version).await
        }
        Kind::Set | Kind::Question | Kind::Answer => {
            let by = by.and::<CiteEvidence>()?;
            let kind = match is.kind {
                Kind::Set => groups::Kind::Set,
                Kind::Question => groups::Kind::Question,
                _ => groups::Kind::Answer,
            };
            let sent = there.then(|| sent(is, was));
            groups::store::bring_back(conn, &by, claim.id, (kind, is.id), sent.as_ref(), version).await
        }
        Kind::Draft if there => {
            let by = by.and::<DraftVerdict>()?;
            let open = reviews::store::judging(conn, by.desk.id, claim.id, None).await?.round;
            if open.map(|round| round.id) != Some(RoundId::from(is.id)) {
                return Err(Error::conflict("That draft is not open any more, so it stays as it is."));
            }
            reviews::store::draft(conn, &by, claim.id, &sent(is, was)).await
        }
        Kind::Draft => Err(Error::conflict("A draft that was begun stays. Empty its fields instead.")),
    }
}

/// The wish that each field should be what it was.
fn sent(is: &Part, was: &Part) -> Sent {
    let mut sent = Sent::default();
    for field in is.fields {
        let text = |part: &Part| part.values.get(field.name).cloned().unwrap_or_default();
        if text(is) != text(was) {
            sent.push(field, &text(is), &text(was));
        }
    }
    sent
}
