//! The next claim: the first one of a lane that nobody else has, given to whoever asks.

use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::super::lane::{Lane, Sort};
use super::super::{presence, store};
use crate::audit::Submission;
use crate::auth::Authorized;
use crate::auth::permission::{DraftVerdict, ReviewVerdict};
use crate::claims;
use crate::db::{Pool, unit_of_work, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::reviews::places;
use crate::web::{Posted, see_other};

/// From where the next one comes.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// Nothing: from whichever lane has one.
    lane: Option<Lane>,
    sort: Option<Sort>,
    /// The claim that is left.
    not: Option<ClaimId>,
}

/// The lanes that are looked through, in this order, when none is named.
const LANES: [Lane; 7] = [
    Lane::Returned,
    Lane::Review,
    Lane::Adjudicate,
    Lane::Assess,
    Lane::Publish,
    Lane::Assigned,
    Lane::Unassigned,
];

/// Gives the member the next claim, and leads to it.
#[post("/{desk}/queue/next")]
pub async fn give(posted: Posted<DraftVerdict, Wanted>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let lanes = form.lane.as_slice();
    for lane in if lanes.is_empty() { &LANES } else { lanes } {
        if let Some(address) = find(&by, submission.as_ref(), *lane, form, &pool).await? {
            return Ok(see_other(&address));
        }
    }
    let lane = form.lane.map_or(String::new(), |lane| format!("lane={}&", lane.as_str()));
    Ok(see_other(&format!("/{}/queue?{lane}none=1", by.desk.slug)))
}

/// Where the next claim of a lane is worked on, once it is the member's.
async fn find(
    by: &Authorized<DraftVerdict>,
    submission: Option<&Submission>,
    lane: Lane,
    wanted: Wanted,
    pool: &Pool,
) -> Result<Option<String>> {
    let (writer, submission) = (by.clone(), submission.cloned());
    let slug = &by.desk.slug;
    match lane {
        Lane::Assess => {
            let drawn = places::draw(pool, &by.and::<ReviewVerdict>()?, submission.as_ref(), None).await?;
            Ok(drawn
                .filter(|place| Some(place.claim) != wanted.not)
                .map(|place| places::address(slug, place.claim)))
        }
        Lane::Unassigned => {
            let taken =
                unit_of_work(pool, async move |tx| store::take_next(tx, &writer, submission.as_ref()).await)
                    .await;
            match taken {
                Ok(claim) => Ok(Some(claims::address(slug, claim))),
                Err(Error::NotFound(_)) => Ok(None),
                Err(error) => Err(error),
            }
        }
        _ => {
            let sort = wanted.sort.unwrap_or(Sort::Age);
            let found = unit_of_work_quietly(pool, async move |tx| {
                for claim in store::first(tx, &writer, lane, sort, wanted.not).await? {
                    if presence::claim(tx, &writer, claim).await? {
                        return Ok(Some(claim));
                    }
                }
                Ok(None)
            })
            .await?;
            Ok(found.map(|claim| claims::address(slug, claim)))
        }
    }
}
