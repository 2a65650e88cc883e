//! Which of the titles that a page gives itself is its article's.

use std::collections::BTreeSet;

/// What stands between a title and the site's name.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " • "];

/// The titles of a page, by where they stand.
#[derive(Debug, Default)]
pub(super) struct Titles<'a> {
    /// The headings of level 1 that readers see.
    pub(super) headlines: &'a [String],
    /// What is meant for other sites to show (`og:title`).
    pub(super) shared: Option<&'a str>,
    /// The headline of JSON-LD.
    pub(super) linked: Option<&'a str>,
    /// Those of other `meta` elements.
    pub(super) others: Vec<&'a str>,
    /// The `title` element.
    pub(super) page: Option<&'a str>,
    /// The site's name and the host of its address.
    pub(super) site: Option<&'a str>,
    pub(super) host: Option<&'a str>,
}

/// How much a title counts for each place where it stands. What readers see outweighs each other place, but not two that
/// agree.
const SEEN: u32 = 20;
const LINKED: u32 = 18;
const SHARED: u32 = 12;
const PAGE: u32 = 6;
const OTHER: u32 = 4;

/// How many bytes of letters a headline has to have to be known in a longer title.
const PART_MIN: usize = 12;

/// A title with what speaks for it.
struct Vote {
    letters: String,
    weight: u32,
    title: String,
}

impl Titles<'_> {
    /// The title on which most places agree.
    pub(super) fn best(&self) -> Option<String> {
        let mut votes: Vec<Vote> = Vec::new();
        for (weight, title) in self.claims() {
            let title = self.without_site(title);
            let letters = letters(&title);
            if letters.is_empty() || self.names_site(&title) {
                continue;
            }
            // A title with more words around it speaks for the headline in it.
            let is_in = |vote: &&mut Vote| {
                vote.letters == letters
                    || weight <= PAGE && vote.letters.len() >= PART_MIN && letters.contains(&vote.letters)
            };
            match votes.iter_mut().filter(is_in).max_by_key(|vote| vote.letters.len()) {
                Some(vote) => {
                    vote.weight += weight;
                    if vote.letters == letters && is_better_set(&title, &vote.title) {
                        vote.title = title;
                    }
                }
                None => votes.push(Vote { letters, weight, title }),
            }
        }
        let best = votes.into_iter().rev().max_by_key(|vote| vote.weight).map(|vote| vote.title);
        let best = best
            .or_else(|| self.headlines.iter().find(|headline| !headline.is_empty()).cloned())
            .or_else(|| self.page.or(self.shared).map(str::to_owned))?;
        Some(self.without_kicker(best))
    }

    /// Each title with its weight, what readers see first.
    fn claims(&self) -> impl Iterator<Item = (u32, &str)> {
        let seen = [SEEN, SEEN - 4, SEEN - 8].into_iter().zip(self.headlines.iter().map(String::as_str));
        let told = [(LINKED, self.linked), (SHARED, self.shared), (PAGE, self.page)];
        let told = told.into_iter().filter_map(|(weight, title)| Some((weight, title?)));
        let others = self.others.first().map(|title| (OTHER, *title));
        seen.chain(told).chain(others)
    }

    /// A headline without the words above it, where the title for other sites goes without them.
    fn without_kicker(&self, title: String) -> String {
        let Some(shared) = self.shared.map(|shared| self.without_site(shared)) else { return title };
        let is_whole = shared.split_whitespace().count() > 2;
        let kicker = title.strip_suffix(&*shared).map(str::trim_end);
        match kicker {
            Some(kicker) if is_whole && kicker.ends_with([':', '-', '–', '—', '|', '/', '.']) => shared,
            _ => title,
        }
    }

    /// The title without the site's name at its end or beginning: "Title | The Post". What stands behind the last mark is
    /// that name as well if the rest is the title in another place.
    pub(super) fn without_site(&self, title: &str) -> String {
        let mut title = title.trim();
        for _ in 0..2 {
            let end = SEPARATORS.iter().find_map(|mark| {
                let (rest, site) = title.rsplit_once(mark)?;
                (self.names_site(site) || self.stands_elsewhere(rest, title)).then_some(rest)
            });
            let beginning = || {
                SEPARATORS.iter().chain(&[": "]).find_map(|mark| {
                    let (site, rest) = title.split_once(mark)?;
                    self.names_site(site).then_some(rest)
                })
            };
            let Some(rest) = end.or_else(beginning).map(str::trim).filter(|rest| !rest.is_empty()) else {
                break;
            };
            title = rest;
        }
        title.to_owned()
    }

    fn stands_elsewhere(&self, words: &str, title: &str) -> bool {
        let all = self.headlines.iter().map(String::as_str).chain(self.shared).chain(self.linked);
        let all = all.chain(self.others.iter().copied());
        let own = letters(words);
        !own.is_empty() && all.filter(|other| *other != title).any(|other| letters(other) == own)
    }

    /// Whether words are the site's name, as it or its address has it.
    fn names_site(&self, words: &str) -> bool {
        let own = letters(words);
        self.site.is_some_and(|site| letters(site) == own)
            || own.len() > 3 && self.host.is_some_and(|host| letters(host).contains(&own))
    }

    /// The site's name behind the page's title, if it is short and what stands before it is the title.
    pub(super) fn suffix(&self) -> Option<String> {
        let page = self.page?;
        let (before, site) = SEPARATORS
            .iter()
            .filter_map(|separator| page.rsplit_once(separator))
            .max_by_key(|(before, _)| before.len())?;
        let mut others = self.headlines.first().map(String::as_str).into_iter().chain(self.shared);
        let is_site = site.chars().count() <= 40 && others.any(|title| are_alike(before, title));
        is_site.then(|| site.trim().to_owned())
    }
}

/// Whether the same words are set with more spaces between them, or no longer in capitals: headlines are often made of
/// pieces.
fn is_better_set(title: &str, known: &str) -> bool {
    let words = |title: &str| title.split_whitespace().count();
    let is_shouted = |title: &str| !title.chars().any(char::is_lowercase);
    words(title) > words(known) || is_shouted(known) && title.chars().any(char::is_lowercase)
}

/// A text's letters and digits in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two titles have more than half of their words in common.
fn are_alike(one: &str, other: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    one.intersection(&other).count() * 2 > one.len().min(other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(title: &str) -> Option<&str> {
        Some(title).filter(|title| !title.is_empty())
    }

    fn best(headlines: &[&str], shared: &str, linked: &str, page: &str) -> String {
        let headlines: Vec<String> = headlines.iter().map(|headline| (*headline).to_owned()).collect();
        let titles = Titles {
            headlines: &headlines,
            shared: given(shared),
            linked: given(linked),
            page: given(page),
            site: Some("The Post"),
            host: Some("post.example"),
            ..Titles::default()
        };
        titles.best().unwrap_or_default()
    }

    #[test]
    fn the_title_is_the_one_on_which_most_places_agree() {
        for (headlines, shared, linked, page, wanted) in [
            // What readers see goes before what is written for other sites.
            (
                &["A storm is coming"][..],
                "Storm: all you need",
                "",
                "Storm today | The Post",
                "A storm is coming",
            ),
            // Two that agree go before it.
            (&["Live"], "A storm is coming", "A storm is coming", "", "A storm is coming"),
            // The site's name is no title.
            (&["The Post", "A storm is coming"], "", "", "The Post", "A storm is coming"),
            (&["The Post"], "A storm is coming | The Post", "", "", "A storm is coming"),
            (&[], "", "", "The Post: A storm is coming", "A storm is coming"),
            (&["The Post"], "", "", "", "The Post"),
            // Kickers, capitals, and pieces without a space between.
            (&["Weather: A storm is coming"], "A storm is coming", "", "", "A storm is coming"),
            (&["A STORM IS COMING"], "A storm is coming", "", "", "A storm is coming"),
            (
                &["WeatherA storm is coming"],
                "Weather: A storm is coming",
                "",
                "",
                "Weather: A storm is coming",
            ),
            (&[], "", "", "", ""),
        ] {
            assert_eq!(
                best(headlines, shared, linked, page),
                wanted,
                "{headlines:?} {shared} {linked} {page}"
            );
        }
    }
}
