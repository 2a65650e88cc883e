//! What stands on every page again: running titles and page numbers.

use std::collections::HashMap;

use super::lines::Line;

/// How many lines at the top and at the bottom of a page can be such.
const ZONE: usize = 2;
/// On how many pages the same has to stand.
const PAGES_MIN: usize = 3;

/// For each page, which of its lines run through the document, by their numbers.
pub(super) fn running(pages: &[(u32, Vec<Line>)]) -> Vec<Vec<bool>> {
    let edges: Vec<Vec<(usize, bool)>> = pages.iter().map(|(_, lines)| edges(lines)).collect();
    let mut counts: HashMap<(String, bool), usize> = HashMap::new();
    for ((_, lines), edges) in pages.iter().zip(&edges) {
        for (number, top) in edges {
            *counts.entry((folded(&lines[*number].text), *top)).or_default() += 1;
        }
    }
    // Left and right pages often have titles of their own.
    let enough = PAGES_MIN.max(pages.len().div_ceil(3));
    let is_running = |line: &Line, top: bool| {
        counts.get(&(folded(&line.text), top)).is_some_and(|count| *count >= enough)
            || pages.len() > 1 && is_page_number(&line.text)
    };
    pages
        .iter()
        .zip(&edges)
        .map(|((_, lines), edges)| {
            let mut found = vec![false; lines.len()];
            for (number, top) in edges {
                found[*number] = is_running(&lines[*number], *top);
            }
            found
        })
        .collect()
}

/// The lines at the top and at the bottom of a page, and whether at the top.
fn edges(lines: &[Line]) -> Vec<(usize, bool)> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|a, b| lines[*a].down.total_cmp(&lines[*b].down));
    let top = order.iter().take(ZONE).map(|number| (*number, true));
    let bottom = order.iter().skip(ZONE.max(order.len().saturating_sub(ZONE))).map(|number| (*number, false));
    top.chain(bottom).collect()
}

/// A line in one spelling, whatever the page's number.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        if !character.is_numeric() {
            folded.extend(character.to_lowercase());
        } else if !folded.ends_with('#') {
            folded.push('#');
        }
    }
    folded
}

/// "7", "– 7 –", "Page 7 of 12", "7/12".
fn is_page_number(text: &str) -> bool {
    let folded = folded(text);
    matches!(
        folded.trim_matches(['-', '–', '—', '|', '[', ']', '.', '·']),
        "#" | "#/#"
            | "#of#"
            | "page#"
            | "page#of#"
            | "p.#"
            | "p#"
            | "seite#"
            | "seite#von#"
            | "страница#"
            | "página#"
            | "página#de#"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known_in_their_usual_dress() {
        for text in ["7", "– 7 –", "Page 7 of 12", "7 / 12", "Seite 3"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["In 2024", "7 ministers", "Table 2"] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
