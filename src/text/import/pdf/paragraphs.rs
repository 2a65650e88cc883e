//! From lines to paragraphs and headings.

use std::collections::{HashMap, HashSet};

use super::lines::Line;

/// A paragraph of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// The page on which it begins.
    pub(super) page: u32,
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What a paragraph is, as far as its look says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Body,
    Heading(u8),
    Item,
    /// A running title or page number.
    Running,
}

/// A heading has at most so many characters.
const HEADING_MAX: usize = 250;
/// How much larger than the text a heading is, at least.
const HEADING_SCALE: f64 = 1.12;
/// Headings of at most so many sizes are told apart.
const LEVELS: usize = 4;

/// Joins lines to paragraphs, over columns and pages too.
pub(super) fn paragraphs(pages: &[(u32, Vec<Line>)], running: &[Vec<bool>]) -> Vec<Paragraph> {
    let flowing: Vec<&Line> = pages
        .iter()
        .zip(running)
        .flat_map(|((_, lines), running)| {
            lines.iter().zip(running).filter(|(_, runs)| !**runs).map(|(line, _)| line)
        })
        .collect();
    let body = body_size(&flowing);
    let levels = heading_sizes(&flowing, body);
    let leading = leading(pages, body);
    let words = words(&flowing);
    let mut writer = Writer { found: Vec::new(), open: None, words };
    for ((page, lines), running) in pages.iter().zip(running) {
        let rights = rights(lines);
        let mut before: Option<&Line> = None;
        let mut aside = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if running[number] {
                aside.push(Paragraph { page: *page, text: line.text.clone(), kind: Kind::Running });
                continue;
            }
            let next = lines.get(number + 1).filter(|_| !running[number + 1]);
            let begins = match before {
                Some(before) => begins(before, line, next, leading, rights[number]),
                None => !writer.goes_on_with(line),
            };
            let level = levels.iter().position(|size| (size - line.size).abs() < body * 0.04);
            writer.write(*page, line, level, begins);
            before = Some(line);
        }
        writer.found.append(&mut aside);
    }
    writer.end();
    writer.found
}

struct Writer {
    found: Vec<Paragraph>,
    /// The number of the paragraph that may go on, and its last line.
    open: Option<(usize, Line)>,
    /// All words of the document, to tell which hyphens belong to them.
    words: HashSet<String>,
}

impl Writer {
    fn write(&mut self, page: u32, line: &Line, level: Option<usize>, begins: bool) {
        let (is_item, text) = without_bullet(&line.text);
        if let Some((number, last)) = &mut self.open
            && !begins
            && !is_item
        {
            let open = &mut self.found[*number];
            join(&mut open.text, text, &self.words);
            *last = line.clone();
            return;
        }
        self.end();
        let kind = match level {
            Some(level) => Kind::Heading(u8::try_from(level + 1).unwrap_or(6)),
            None if is_item => Kind::Item,
            None => Kind::Body,
        };
        self.found.push(Paragraph { page, text: text.to_owned(), kind });
        self.open = Some((self.found.len() - 1, line.clone()));
    }

    /// Whether the first line of a page goes on with the last paragraph of the one before.
    fn goes_on_with(&self, line: &Line) -> bool {
        self.open.as_ref().is_some_and(|(_, last)| {
            (last.size - line.size).abs() < line.size * 0.05 && goes_on(&last.text, &line.text)
        })
    }

    /// Ends the paragraph; what is too long for a heading is none.
    fn end(&mut self) {
        if let Some((number, _)) = self.open.take() {
            let open = &mut self.found[number];
            if matches!(open.kind, Kind::Heading(_)) && open.text.chars().count() > HEADING_MAX {
                open.kind = Kind::Body;
            }
        }
    }
}

/// Whether a line begins a paragraph.
fn begins(before: &Line, line: &Line, next: Option<&Line>, leading: f64, right: f64) -> bool {
    let size = line.size.max(before.size);
    let turned = line.direction.0 * before.direction.0 + line.direction.1 * before.direction.1 < 0.99;
    if turned || (line.size - before.size).abs() > size * 0.08 {
        return true;
    }
    let step = line.down - before.down;
    if step < size * 0.3 {
        // Another column or frame.
        return !goes_on(&before.text, &line.text);
    }
    if step > (leading * line.size).max(size) * 1.4 {
        return true;
    }
    let indented = line.left - before.left > size * 0.8
        && next.is_none_or(|next| line.left - next.left > size * 0.8 || (next.size - line.size).abs() > 0.5);
    let short = before.right < right - (right - before.left).abs() * 0.12;
    indented || short && ends_a_sentence(&before.text)
}

/// Whether words go on in the middle of a sentence.
fn goes_on(before: &str, after: &str) -> bool {
    let starts_small = after.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
    !ends_a_sentence(before) && (starts_small || before.ends_with(['-', '\u{AD}', ',', ';']))
}

fn ends_a_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '"', '»', '’', ')', ']', '“'])
        .ends_with(['.', '!', '?', ':', '…', '。', '؟', '।'])
}

/// Adds a line to a paragraph. A hyphen at a line's end goes, unless the word is written with it elsewhere.
fn join(text: &mut String, line: &str, words: &HashSet<String>) {
    if text.ends_with('\u{AD}') {
        text.pop();
    } else if let Some(stem) = text.strip_suffix(['-', '\u{2010}'])
        && stem.ends_with(char::is_alphabetic)
    {
        let first = last_word(stem).to_lowercase();
        let second = first_word(line).to_lowercase();
        let starts_small = line.starts_with(char::is_lowercase);
        let with = words.contains(&format!("{first}-{second}"));
        let without = words.contains(&format!("{first}{second}"));
        if starts_small && (without || !with) {
            text.pop();
        }
    } else {
        text.push(' ');
    }
    text.push_str(line);
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default()
}

fn words(lines: &[&Line]) -> HashSet<String> {
    let mut words = HashSet::new();
    for line in lines {
        words.extend(line.text.split(|c: char| !c.is_alphanumeric() && c != '-').map(str::to_lowercase));
    }
    words
}

/// The size that most characters have.
fn body_size(lines: &[&Line]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = lines.iter().map(|line| (line.size, line.text.len())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, length)| length).sum::<usize>() / 2;
    let mut seen = 0;
    sizes
        .iter()
        .find(|(_, length)| {
            seen += length;
            seen > half
        })
        .map_or(10.0, |(size, _)| *size)
}

/// The sizes of headings, the largest first.
fn heading_sizes(lines: &[&Line], body: f64) -> Vec<f64> {
    let mut sizes: Vec<f64> =
        lines.iter().map(|line| line.size).filter(|size| *size > body * HEADING_SCALE).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup_by(|b, a| (*a - *b).abs() < body * 0.08);
    sizes.truncate(LEVELS);
    sizes
}

/// The usual distance of two lines of a paragraph, in sizes of their glyphs.
fn leading(pages: &[(u32, Vec<Line>)], body: f64) -> f64 {
    let mut steps: Vec<f64> = pages
        .iter()
        .flat_map(|(_, lines)| lines.windows(2))
        .filter(|pair| pair.iter().all(|line| (line.size - body).abs() < body * 0.05))
        .map(|pair| (pair[1].down - pair[0].down) / body)
        .filter(|step| (0.8..2.6).contains(step))
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.2)
}

/// For each line, how far lines that begin where it does reach to the right.
fn rights(lines: &[Line]) -> Vec<f64> {
    #[expect(clippy::cast_possible_truncation, reason = "it is between a million and minus a million")]
    let key = |line: &Line| (line.left / line.size.max(1.0) / 3.0).round().clamp(-1e6, 1e6) as i64;
    let mut furthest: HashMap<i64, f64> = HashMap::new();
    for line in lines {
        for near in [-1, 0, 1] {
            let right = furthest.entry(key(line) + near).or_insert(line.right);
            *right = right.max(line.right);
        }
    }
    lines.iter().map(|line| furthest.get(&key(line)).copied().unwrap_or(line.right)).collect()
}

/// Whether a line begins with a bullet, and the line without it.
fn without_bullet(line: &str) -> (bool, &str) {
    let words = line
        .strip_prefix(['•', '·', '‣', '◦', '▪', '●', '■', '–', '-', '\u{F0B7}', '\u{F0A7}'])
        .filter(|rest| rest.starts_with(' '))
        .map(str::trim_start);
    match words {
        Some(words) if !words.is_empty() => (true, words),
        _ => (false, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(before: &str, after: &str, words: &[&str]) -> String {
        let mut text = before.to_owned();
        join(&mut text, after, &words.iter().map(|word| (*word).to_owned()).collect());
        text
    }

    #[test]
    fn hyphens_of_line_breaks_go_and_those_of_words_stay() {
        assert_eq!(joined("The gov-", "ernment said", &[]), "The government said");
        assert_eq!(joined("A well-", "known plan", &["well-known"]), "A well-known plan");
        assert_eq!(joined("The Anglo-", "Saxon view", &[]), "The Anglo-Saxon view");
        assert_eq!(joined("One soft\u{AD}", "ware", &[]), "One software");
        assert_eq!(joined("two", "words", &[]), "two words");
        assert_eq!(joined("1990-", "2000", &[]), "1990- 2000");
    }
}
