//! What a correction changed: both texts, and the way from one to the other, word by word.

use crate::editing::diff::{Piece, words};
use crate::exchange::{Correction, Verdict};
use crate::reviews::long;

/// A part of a verdict that a correction changed.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) name: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) pieces: Vec<Piece>,
}

/// What differs between the verdict that a correction replaced and the one that it brought; nothing for a retraction, which
/// brought none.
pub(super) fn changed(verdicts: &[Verdict], correction: &Correction) -> Option<Vec<Changed>> {
    let verdict = |number: i32| verdicts.iter().find(|verdict| verdict.number == number);
    let (before, after) = (verdict(correction.from_verdict)?, verdict(correction.to_verdict?)?);
    let parts = |verdict: &Verdict| {
        [
            ("Rating", verdict.rating.label().unwrap_or_default().to_owned()),
            ("In one line", verdict.one_line.clone()),
            ("Why", verdict.rationale.clone()),
            ("Why nothing is cited", verdict.no_evidence_reason.clone().unwrap_or_default()),
            ("As of", long(&verdict.as_of)),
        ]
    };
    let both = parts(before).into_iter().zip(parts(after));
    let differing = both.filter(|((_, before), (_, after))| before != after);
    Some(
        differing
            .map(|((name, before), (_, after))| Changed {
                name,
                pieces: words(&before, &after),
                before,
                after,
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sample::record;
    use crate::reviews::CorrectionKind;

    #[test]
    fn only_what_differs_is_told_with_both_texts() {
        let mut verdicts = record().verdicts;
        let correction = record().corrections.remove(0);
        assert_eq!(correction.kind, CorrectionKind::Major);
        let last = verdicts.last_mut().unwrap();
        last.one_line = "They rose by 31 % in three years.".to_owned();
        let changed = changed(&verdicts, &correction).unwrap();
        let line = changed.iter().find(|part| part.name == "In one line").unwrap();
        assert_eq!(line.after, "They rose by 31 % in three years.");
        assert_ne!(line.before, line.after);
        assert!(changed.iter().all(|part| part.before != part.after));
        let retraction = Correction { to_verdict: None, ..correction };
        assert!(super::changed(&verdicts, &retraction).is_none());
    }
}
