//! Looking for the words of marks in a new text. It takes time, so it runs beside the threads that answer.

use actix_web::web;

use crate::error::{Error, Result};
use crate::id::{AppearanceId, ClaimId, VersionId};
use crate::text::Extent;
use crate::text::anchor::{Outcome, Revision};
use crate::text::offsets::{Offsets, integer};
use crate::text::selector::{Passage, Selector};

/// A mark, and the last place where its words are known to stand.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub appearance: AppearanceId,
    pub claim: ClaimId,
    pub removed: bool,
    /// The version of that place.
    pub version: VersionId,
    pub start: i32,
    pub end: i32,
    pub exact: String,
    /// The words around, when it is the place where it was marked.
    pub around: Option<(String, String)>,
}

impl Standing {
    /// How to find it again.
    fn selector(&self, text: &str) -> Result<Selector> {
        if let Some((prefix, suffix)) = &self.around {
            return Ok(Selector {
                exact: self.exact.clone(),
                prefix: prefix.clone(),
                suffix: suffix.clone(),
                start: self.start,
                end: self.end,
            });
        }
        let passage = Passage::at(text, self.start, self.end).map_err(Error::internal)?;
        Ok(Selector::of(text, &passage))
    }
}

/// What was found of a mark in the new text.
#[derive(Debug)]
pub(super) struct Finding {
    pub mark: Standing,
    pub outcome: Outcome,
    pub score: f32,
    /// The likeliest place.
    pub place: Option<Extent>,
    pub candidates: Vec<Extent>,
    /// The words there, when they are the same, so that the mark goes over by itself.
    pub exact: Option<String>,
}

impl Finding {
    /// Whether somebody has to look.
    pub(super) fn waits(&self) -> bool {
        self.exact.is_none() && !self.mark.removed
    }

    /// The candidates as they are stored.
    pub(super) fn candidates(&self) -> String {
        let places: Vec<[u32; 2]> = self.candidates.iter().map(|place| [place.start, place.end]).collect();
        serde_json::to_string(&places).unwrap_or_default()
    }

    /// The likeliest place in the columns of the database.
    pub(super) fn columns(&self) -> (Option<i32>, Option<i32>) {
        (self.place.map(|place| integer(place.start)), self.place.map(|place| integer(place.end)))
    }
}

/// The versions in which marks were last known to stand.
pub(super) fn versions(marks: &[Standing]) -> Vec<VersionId> {
    let mut versions: Vec<VersionId> = marks.iter().map(|mark| mark.version).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// Looks for all marks in the new text.
///
/// # Errors
/// [`Error::Internal`] when a mark has no text.
pub(super) async fn all(
    texts: Vec<(VersionId, String)>,
    new: String,
    mut marks: Vec<Standing>,
) -> Result<Vec<Finding>> {
    marks.sort_by_key(|mark| (mark.version, mark.start, mark.appearance));
    web::block(move || {
        let mut findings = Vec::with_capacity(marks.len());
        let offsets = Offsets::new(&new);
        let mut marks = marks.into_iter().peekable();
        for (version, old) in &texts {
            // One comparison of two texts serves all marks of the older one.
            let revision = Revision::new(old, &new);
            while let Some(mark) = marks.next_if(|mark| mark.version == *version) {
                findings.push(one(&revision, old, &offsets, mark)?);
            }
        }
        match marks.next() {
            Some(mark) => Err(Error::internal(format!("there is no version {}", mark.version))),
            None => Ok(findings),
        }
    })
    .await
    .map_err(Error::internal)?
}

fn one(revision: &Revision<'_>, old: &str, new: &Offsets<'_>, mark: Standing) -> Result<Finding> {
    let found = revision.locate(&mark.selector(old)?);
    let exact = found.place.filter(|_| found.outcome.carries_over()).and_then(|place| new.slice(place));
    if found.outcome.carries_over() && exact.is_none() {
        return Err(Error::internal(format!("{} was found nowhere", mark.appearance)));
    }
    Ok(Finding {
        exact: exact.map(str::to_owned),
        outcome: found.outcome,
        score: found.score.clamp(0.0, 1.0),
        place: found.place,
        candidates: found.candidates,
        mark,
    })
}
