//! Places among those who assess a claim blindly, or vote on it: drawn from the queue, taken or assigned, and kept for a while.

mod api;
mod pages;
mod section;
mod store;

use actix_web::web::ServiceConfig;
use time::{Duration, OffsetDateTime};

use crate::audit::Submission;
use crate::auth::Authorized;
use crate::auth::permission::ReviewVerdict;
use crate::codes::codes;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{ClaimId, RoundId};

pub use pages::address;
pub use section::PlacesSection;
pub use store::{assign, draw_one, release, renew, renew_in, take};

/// How long a place is kept that somebody drew or took. An open page renews it.
pub const KEPT: Duration = Duration::hours(1);

/// How long a place is kept that was assigned to somebody.
pub const ASSIGNED: Duration = Duration::days(3);

/// How often drawing begins anew when others draw at the same moment.
const TRIES: usize = 64;

codes! {
    /// How somebody came to a place.
    How {
        Assigned = "assigned", "assigned";
        Drawn = "drawn", "drawn from the queue";
        Taken = "taken", "taken";
    }
}

/// Somebody's place in a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub round: RoundId,
    pub claim: ClaimId,
    /// How long it is kept.
    pub until: OffsetDateTime,
}

/// What drawing came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Draw {
    Place(Place),
    /// Nothing waits for this person.
    Nothing,
    /// Others took what waited at the same moment.
    Again,
}

/// Gives the member a place in the most urgent round that needs somebody: their own one, if they still have one to use.
/// However many draw at the same time, nobody gets a place that another one has. `skip` gives the own one back first.
///
/// # Errors
/// [`Error::Repeated`] when this was sent before.
pub async fn draw(
    pool: &Pool,
    by: &Authorized<ReviewVerdict>,
    submission: Option<&Submission>,
    skip: Option<RoundId>,
) -> Result<Option<Place>> {
    for _ in 0..TRIES {
        let (by, submission) = (by.clone(), submission.cloned());
        let drawn =
            unit_of_work(pool, async move |tx| draw_one(tx, &by, submission.as_ref(), skip).await).await?;
        match drawn {
            Draw::Place(place) => return Ok(Some(place)),
            Draw::Nothing => return Ok(None),
            Draw::Again => {}
        }
    }
    Err(Error::conflict("Many people are drawing at this moment. Please try again."))
}

/// The addresses of places.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::draw)
        .service(pages::give)
        .service(pages::release)
        .service(api::draw)
        .service(api::take)
        .service(api::release);
}
