//! Reading the parts of a claim as they are, and as they were.

use sqlx::PgConnection;

use super::{Being, Kind, Part, take_back};
use crate::auth::Viewer;
use crate::auth::permission::ReadDrafts;
use crate::claims::{self, Appearance, CLAIM, Claim, appearance};
use crate::editing::{Entry, history};
use crate::error::{Error, Result};
use crate::evidence::{self, EVIDENCE, groups};
use crate::id::EventId;
use crate::reviews;

/// The parts of a claim as they are, as far as the viewer may read them.
pub async fn now(conn: &mut PgConnection, viewer: &Viewer, claim: &Claim) -> Result<Vec<Part>> {
    let desk = viewer.desk.id;
    let mut parts = vec![Part {
        kind: Kind::Claim,
        id: claim.id.uuid(),
        name: String::new(),
        fields: &CLAIM,
        values: claim.values(),
        being: Being::There,
    }];
    let being = |is_removed: bool| if is_removed { Being::Removed } else { Being::There };
    for place in claims::store::appearances(conn, desk, claim.id).await? {
        parts.push(Part {
            kind: Kind::Place,
            id: place.id.uuid(),
            name: name(&place),
            fields: &appearance::FIELDS,
            values: place.values(),
            being: being(place.removed_at.is_some()),
        });
    }
    for item in evidence::store::of_claim(conn, desk, claim.id).await? {
        parts.push(Part {
            kind: Kind::Evidence,
            id: item.id.uuid(),
            name: item.source.name().to_owned(),
            fields: &EVIDENCE,
            values: item.values(),
            being: being(item.removed_at.is_some()),
        });
    }
    for piece in groups::store::of_claim(conn, desk, claim.id).await? {
        parts.push(Part {
            kind: match piece.kind() {
                groups::Kind::Set => Kind::Set,
                groups::Kind::Question => Kind::Question,
                groups::Kind::Answer => Kind::Answer,
            },
            id: piece.id,
            name: piece.fields.name().to_owned(),
            fields: piece.kind().fields(),
            values: piece.fields.values(),
            being: being(piece.removed_at.is_some()),
        });
    }
    if viewer.may::<ReadDrafts>()
        && let Some(round) = reviews::store::judging(conn, desk, claim.id, None).await?.round
    {
        parts.push(Part {
            kind: Kind::Draft,
            id: round.id.uuid(),
            name: String::new(),
            fields: &reviews::FIELDS,
            values: round.draft.values(),
            being: Being::There,
        });
    }
    // In one order, whatever is removed.
    parts.sort_by_key(|part| (part.kind as u8, part.id));
    Ok(parts)
}

fn name(place: &Appearance) -> String {
    let words = place.mark.as_ref().map(|mark| format!("“{}”", mark.exact));
    words.or_else(|| place.url.clone()).unwrap_or_default()
}

/// Puts names in place of the ids of evidence.
pub async fn name_evidence(
    conn: &mut PgConnection,
    viewer: &Viewer,
    claim: &Claim,
    parts: &mut [&mut Vec<Part>],
) -> Result<()> {
    let is_group = |part: &&mut Part| matches!(part.kind, Kind::Set | Kind::Answer);
    let mut grouped: Vec<_> = parts.iter_mut().flat_map(|parts| parts.iter_mut()).filter(is_group).collect();
    if grouped.is_empty() {
        return Ok(());
    }
    let names = groups::store::names(conn, viewer.desk.id, claim.id).await?;
    for part in &mut grouped {
        if let Some(ids) = part.values.get_mut("evidence") {
            *ids = groups::store::named(&names, ids);
        }
    }
    Ok(())
}

/// The change that makes a version of the claim.
///
/// # Errors
/// [`Error::NotFound`] when it is no change of this claim.
pub async fn version(conn: &mut PgConnection, viewer: &Viewer, claim: &Claim, id: EventId) -> Result<Entry> {
    let entry = history::get(conn, viewer.desk.id, id).await?;
    let belongs = claims::store::records(conn, viewer.desk.id, claim.id).await?.contains(&entry.entity_id);
    if belongs { Ok(entry) } else { Err(Error::NotFound("version")) }
}

/// The parts as they were at a version, from what they are now.
pub async fn then(
    conn: &mut PgConnection,
    viewer: &Viewer,
    claim: &Claim,
    now: &[Part],
    version: EventId,
) -> Result<Vec<Part>> {
    let records = claims::store::records(conn, viewer.desk.id, claim.id).await?;
    let later = history::since(conn, viewer.desk.id, &records, version).await?;
    let mut parts = now.to_vec();
    take_back(&mut parts, version, &later);
    Ok(parts)
}

/// The last change of a claim and all that belongs to it.
pub async fn latest(conn: &mut PgConnection, viewer: &Viewer, claim: &Claim) -> Result<EventId> {
    let records = claims::store::records(conn, viewer.desk.id, claim.id).await?;
    let latest = history::of(conn, viewer.desk.id, &records, None, 1).await?;
    latest.first().map(|entry| entry.id).ok_or(Error::NotFound("version"))
}
