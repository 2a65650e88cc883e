//! Spans on their way from a written block to its place in the document.

use crate::text::document::normal::Moved;
use crate::text::document::{Span, Style};

/// Moves spans from the written block to the document, ordered and without overlaps of one style.
pub(super) fn place(spans: Vec<Span>, cut: u32, length: u32, moved: &Moved, block: u32) -> Vec<Span> {
    let mut placed: Vec<Span> = spans
        .into_iter()
        .map(|span| Span {
            style: span.style,
            start: block + moved.start(span.start.saturating_sub(cut).min(length)),
            end: block + moved.end(span.end.saturating_sub(cut).min(length)),
        })
        .collect();
    placed.sort_by_key(|span| (span.start, span.style.order()));
    let mut ends = [block; Style::COUNT];
    for span in &mut placed {
        let end = &mut ends[span.style.order()];
        span.start = span.start.max(*end);
        *end = span.end.max(*end);
    }
    placed.retain(|span| span.start < span.end);
    placed.sort_by_key(|span| (span.start, span.style.order()));
    join_neighbours(placed)
}

/// Makes one span of two with the same style that touch: `<b>no</b><b>body</b>`.
fn join_neighbours(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    let mut last: [Option<usize>; Style::COUNT] = [None; Style::COUNT];
    for span in spans {
        let last = &mut last[span.style.order()];
        match last.and_then(|last| joined.get_mut(last)) {
            Some(before) if before.end == span.start && before.style == span.style => before.end = span.end,
            _ => {
                *last = Some(joined.len());
                joined.push(span);
            }
        }
    }
    joined
}
