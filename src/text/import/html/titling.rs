//! Comparing titles, and taking the site's name off them.

use std::collections::BTreeSet;

/// What stands between a title and the site's name.
const SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " • "];

/// The title without the site's name at its end: "Title | The Post".
pub(super) fn without_site(title: &str, site: Option<&str>) -> String {
    let cut = site.and_then(|site| title.strip_suffix(site)).map(str::trim_end);
    let cut = cut.and_then(|cut| cut.strip_suffix(['|', '-', '–', '—', '·'])).map(str::trim_end);
    cut.filter(|cut| !cut.is_empty()).unwrap_or(title).to_owned()
}

/// A page's title as headline and site, if what stands behind its last separator is short and what stands before is the
/// headline.
pub(super) fn without_suffix(title: &str, headline: Option<&str>) -> (String, Option<String>) {
    let cut = SEPARATORS
        .iter()
        .filter_map(|separator| title.rsplit_once(separator))
        .max_by_key(|(before, _)| before.len());
    let Some((before, site)) = cut else { return (title.to_owned(), None) };
    let is_site = site.chars().count() <= 40 && headline.is_some_and(|headline| are_alike(before, headline));
    if is_site { (before.to_owned(), Some(site.to_owned())) } else { (title.to_owned(), None) }
}

/// Whether a title's letters stand in another's.
pub(super) fn contains(title: &str, part: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(title).contains(&letters(part))
}

/// Whether two titles have more than half of their words in common.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    one.intersection(&other).count() * 2 > one.len().min(other.len())
}
