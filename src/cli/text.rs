//! `factdesk text`: the pure functions on texts, as filters of JSON Lines.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

use crate::articles::intake::{self, FILE_BYTES_MAX, Said};
use crate::reviews::agreement;
use crate::text::address::SafeUrl;
use crate::text::filter;

/// What to do with each line.
#[derive(Clone, Debug, Subcommand)]
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

    /// Check whether the quotations in {"name"?, "text", "quote"} stand in their texts
    ///
    /// Answers {"name", "check", "place", "difference"}. "check" is stands, nearly or missing. "place" is null or has "exact",
    /// "prefix", "suffix", "start" and "end", in code points; "difference" says letter by letter what stands nearly so. Blanks,
    /// quotation marks, dashes and soft hyphens may differ; ellipses and square brackets are understood.
    Quote,

    /// Find what became of quotes in the next version of their text
    ///
    /// Takes {"pair"?, "old", "new", "anchors": [{"id", "exact", "prefix", "suffix", "start", "end"}, …]}, answers
    /// {"pair", "results": [{"id", "start", "end", "outcome", "score"}, …]}, in code points. "outcome" is exact, shifted,
    /// edited, changed, ambiguous or lost; "start" and "end" are null when the words are not there.
    Anchor,

    /// Read the articles in files: web pages, Markdown, plain text, whatever can be uploaded
    ///
    /// Prints a line for each FILE: `{"file", "title", "byline", "site_name", "published_at", "modified_at", "lang", "url",
    /// "lead_image", "text", "direction", "blocks"}`: what the page says about itself, and the article's text as it would be
    /// stored, without what surrounds it. Unknown is null; times are RFC 3339, or days where the page gives no time zone. A
    /// file that cannot be read gives {"file", "error"}, and exit status 1 at the end. `-` is standard input.
    ///
    /// Without FILE, each line of standard input is {"html", "markdown" or "plain": "…", "url"?, "id"?} and gives the same,
    /// or {"error"}.
    Extract {
        /// Where the files come from: for links in them that are relative
        #[arg(long, value_parser = SafeUrl::parse)]
        url: Option<SafeUrl>,
        files: Vec<PathBuf>,
    },

    /// Measure how far raters agree, in `{"name"?, "level"?, "category_order"?, "ratings": [[…], …]}`
    ///
    /// A row of "ratings" is a unit, a column a rater, null what was not rated; "level" is nominal, ordinal, interval or
    /// ratio. Answers `{"name", "values": {"krippendorff_alpha_nominal", "fleiss_kappa", "gwet_ac1", …}}`: α at the level
    /// and those below it; null is what is not defined, as Cohen's κ is for more than two raters.
    Agreement,

    /// Measure how far people mark the same words, in `{"name"?, "texts": [{"length", "observers": [[[start, end, "value"], …], …]}, …]}`
    ///
    /// "observers" has for each who went through the text what they marked: half-open, in code points. Answers `{"name",
    /// "values": {"krippendorff_u_alpha_nominal", "krippendorff_u_alpha_binary"}}`: uα, and |uα, which asks only whether the
    /// same words are marked.
    Unitizing,
}

/// Reads files, or lines from standard input until it ends.
///
/// # Errors
/// What reading or writing fails with; a closed output is none.
pub fn run(what: &Text) -> io::Result<()> {
    let (input, output) = (stdin().lock(), BufWriter::new(stdout().lock()));
    let done = match what {
        Text::Sentences => filter::sentences(input, output),
        Text::Locate => filter::locate(input, output),
        Text::Quote => filter::quotations(input, output),
        Text::Anchor => filter::anchor(input, output),
        Text::Extract { files, .. } if files.is_empty() => filter::extract(input, output),
        Text::Extract { url, files } => extract(url.as_ref(), files, input, output),
        Text::Agreement => filter::each_line(input, output, |table| agreement::filter::answer(&table)),
        Text::Unitizing => filter::each_line(input, output, |marked| agreement::filter::unitized(&marked)),
    };
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints the article of each file.
fn extract(
    url: Option<&SafeUrl>,
    files: &[PathBuf],
    mut input: impl Read,
    mut output: impl Write,
) -> io::Result<()> {
    let mut failed = 0;
    for file in files {
        let article = read(file, url, &mut input).map_err(|error| error.to_string());
        failed += usize::from(article.is_err());
        let mut line = article.unwrap_or_else(|error| json!({ "error": error }));
        line["file"] = json!(file.to_string_lossy());
        serde_json::to_writer(&mut output, &line)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    if failed > 0 {
        return Err(io::Error::other(format!("{failed} of {} files could not be read", files.len())));
    }
    Ok(())
}

fn read(
    file: &Path,
    url: Option<&SafeUrl>,
    input: &mut impl Read,
) -> Result<Value, Box<dyn std::error::Error>> {
    // One byte more than may be read, so that what is too large is told so without reading it all.
    let most = FILE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let is_input = file == Path::new("-");
    if is_input {
        input.take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    let name = file.file_name().filter(|_| !is_input).map(|name| name.to_string_lossy().into_owned());
    let said = Said { file_name: name, page: url.cloned(), ..Said::default() };
    Ok(filter::article(&intake::read_bytes(&said, &bytes)?.imported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_gives_a_line_and_a_bad_one_its_reason() {
        let folder = std::env::temp_dir().join(format!("factdesk-extract-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let at = |name: &str| folder.join(name);
        std::fs::write(
            at("page.html"),
            b"<title>Caf\xe9</title><meta charset=latin1><p><a href=/b>Good</a> morning.",
        )
        .unwrap();
        std::fs::write(
            at("program.html"),
            [&b"\x7fELF\x02\x01\x01\0\0\0"[..], &[0, 1, 2, 3, 255].repeat(99)].concat(),
        )
        .unwrap();
        let url = SafeUrl::parse("https://e.example/a/").unwrap();
        let files = [at("page.html"), at("program.html"), at("missing.html"), "-".into()];
        let mut output = Vec::new();
        let done = extract(Some(&url), &files, &b"<p>From a pipe.</p>"[..], &mut output);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(done.unwrap_err().to_string().starts_with("2 of 4 files"));
        let lines: Vec<Value> = output
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        assert_eq!((&lines[0]["title"], &lines[0]["text"]), (&json!("Café"), &json!("Good morning.")));
        assert_eq!(lines[0]["blocks"][0]["spans"][0]["style"], json!({"link": "https://e.example/b"}));
        assert_eq!(lines[0]["file"], json!(files[0].to_string_lossy()));
        assert!(lines[1]["error"].as_str().unwrap().contains("text"), "{}", lines[1]);
        assert!(lines[2]["error"].is_string());
        assert_eq!((&lines[3]["file"], &lines[3]["text"]), (&json!("-"), &json!("From a pipe.")));
    }
}
