//! `factdesk text`: the pure functions on texts, as filters of JSON Lines.

use std::io::{self, BufWriter, stdin, stdout};

use clap::Subcommand;

use crate::reviews::agreement;
use crate::text::filter;

/// What to do with each line.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Text {
    /// Find the sentences of {"text", "language"?}
    ///
    /// Answers {"sentences": [[start, end], …]}, in code points. Sentences never cross a blank line.
    Sentences,

    /// Find where the words of {"text", "quote"} stand
    ///
    /// Answers {"exact", "prefix", "suffix", "start", "end"}, in code points; or {"error": "blank", "absent" or
    /// "ambiguous"}, the last with all the places ("hits"). Quotation marks, dashes and blanks may differ.
    Locate,

    /// Find what became of quotes in the next version of their text
    ///
    /// Takes {"pair"?, "old", "new", "anchors": [{"id", "exact", "prefix", "suffix", "start", "end"}, …]}, answers
    /// {"pair", "results": [{"id", "start", "end", "outcome", "score"}, …]}, in code points. "outcome" is exact, shifted,
    /// edited, changed, ambiguous or lost; "start" and "end" are null when the words are not there.
    Anchor,

    /// Read an article from {"html", "markdown" or "plain": "…", "url"?}
    ///
    /// Answers {"title", "byline", "site_name", "published_at", …, "text", "blocks"}: what the page says about itself, and
    /// the article's text as it would be stored, without what surrounds it.
    Extract,

    /// Measure how far raters agree, in {"name"?, "level"?, "category_order"?, "ratings": [[…], …]}
    ///
    /// A row of "ratings" is a unit, a column a rater, null what was not rated; "level" is nominal, ordinal, interval or
    /// ratio. Answers {"name", "values": {"krippendorff_alpha_nominal", "fleiss_kappa", "gwet_ac1", …}}: α at the level
    /// and those below it; null is what is not defined, as Cohen's κ is for more than two raters.
    Agreement,
}

/// Reads lines from standard input until it ends.
///
/// # Errors
/// What reading or writing fails with; a closed output is none.
pub fn run(what: Text) -> io::Result<()> {
    let (input, output) = (stdin().lock(), BufWriter::new(stdout().lock()));
    let done = match what {
        Text::Sentences => filter::sentences(input, output),
        Text::Locate => filter::locate(input, output),
        Text::Anchor => filter::anchor(input, output),
        Text::Extract => filter::extract(input, output),
        Text::Agreement => filter::each_line(input, output, |table| agreement::filter::answer(&table)),
    };
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
