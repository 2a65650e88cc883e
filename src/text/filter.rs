//! The pure functions as filters of JSON Lines, so that anybody can measure them: `factdesk text …`.
//!
//! Each line of input is a JSON object; each gives one line of output, in order, with the input's `id` if it has one. A line
//! that cannot be used gives `{"error": "…"}`; only reading and writing can fail.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::address::SafeUrl;
use super::anchor::{Outcome, Revision};
use super::dates::PartialDate;
use super::document::normal::compose;
use super::import::{self, Found, Imported};
use super::offsets::Extent;
use super::quote;
use super::selector::{self, LocateError, Selector};
use super::sentence;

/// `{"text", "language"?}` to `{"sentences": [[start, end], …]}`; sentences never cross a blank line.
///
/// # Errors
/// What reading or writing failed with.
pub fn sentences(input: impl BufRead, output: impl Write) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Text {
        text: String,
        language: Option<String>,
    }
    each_line(input, output, |line: Text| {
        let mut found = Vec::new();
        let mut start = 0;
        for paragraph in line.text.split_inclusive("\n\n") {
            let sentences = sentence::split(paragraph, line.language.as_deref());
            found.extend(sentences.into_iter().map(|one| Extent::new(start + one.start, start + one.end)));
            start += super::offsets::code_points(paragraph);
        }
        json!({ "sentences": found })
    })
}

/// `{"text", "quote"}` to the passage's selector `{"exact", "prefix", "suffix", "start", "end"}`, or to
/// `{"error": "blank" | "absent" | "ambiguous", "hits": [{"start", "end", "exact", "before", "after"}, …]}`.
///
/// # Errors
/// What reading or writing failed with.
pub fn locate(input: impl BufRead, output: impl Write) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Quote {
        text: String,
        quote: String,
    }
    each_line(input, output, |line: Quote| match selector::locate(&line.text, &line.quote) {
        Ok(passage) => json!(Selector::of(&line.text, &passage)),
        Err(LocateError::Blank) => json!({ "error": "blank" }),
        Err(LocateError::Absent) => json!({ "error": "absent" }),
        Err(LocateError::Ambiguous(hits)) => {
            let hits: Vec<Value> = hits
                .iter()
                .map(|hit| {
                    json!({
                        "start": hit.passage.start(),
                        "end": hit.passage.end(),
                        "exact": hit.passage.exact(),
                        "before": hit.before,
                        "after": hit.after,
                    })
                })
                .collect();
            json!({ "error": "ambiguous", "hits": hits })
        }
    })
}

/// `{"name"?, "text", "quote"}` to `{"name", "check": "stands" | "nearly" | "missing", "place": {"exact", "prefix", "suffix",
/// "start", "end"} | null, "difference": [{"kind", "words"}, …]}`: whether a quotation stands in the text that it is said to
/// come from. The difference is that of what stands nearly so, letter by letter; else it is empty.
///
/// # Errors
/// What reading or writing failed with.
pub fn quotations(input: impl BufRead, output: impl Write) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(default)]
        name: Value,
        text: String,
        quote: String,
    }
    each_line(input, output, |line: Line| {
        // As every stored text is.
        let (text, _) = compose(&line.text);
        let quote::Checked { check, place } = quote::check(&text, &line.quote, None);
        let difference = match &place {
            Some(place) if check == quote::QuoteCheck::Nearly => quote::difference(&line.quote, &place.exact),
            _ => Vec::new(),
        };
        json!({ "name": line.name, "check": check, "place": place, "difference": difference })
    })
}

/// `{"pair"?, "old", "new", "anchors": [{"id", "exact", "prefix", "suffix", "start", "end"}, …]}` to
/// `{"pair", "results": [{"id", "start", "end", "outcome", "score"}, …]}`: where the words of the old text are in the new
/// one; `start` and `end` are `null` when they are not there.
///
/// # Errors
/// What reading or writing failed with.
pub fn anchor(input: impl BufRead, output: impl Write) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(default)]
        pair: Value,
        old: String,
        new: String,
        anchors: Vec<Described>,
    }
    #[derive(Deserialize)]
    struct Described {
        id: Value,
        #[serde(flatten)]
        selector: Selector,
    }
    #[derive(Serialize)]
    struct Led {
        id: Value,
        start: Option<u32>,
        end: Option<u32>,
        outcome: Outcome,
        score: f32,
    }
    each_line(input, output, |line: Line| {
        let revision = Revision::new(&line.old, &line.new);
        let led = |Described { id, selector }| {
            let found = revision.locate(&selector);
            let (start, end) = found.place.map(|place| (place.start, place.end)).unzip();
            Led { id, start, end, outcome: found.outcome, score: found.score }
        };
        let results: Vec<Led> = line.anchors.into_iter().map(led).collect();
        json!({ "pair": line.pair, "results": results })
    })
}

/// `{"html" | "markdown" | "plain": "…", "url"?}` to the article in it as [`article`] describes it, or to
/// `{"error": "what a person would read"}`.
///
/// # Errors
/// What reading or writing failed with.
pub fn extract(input: impl BufRead, output: impl Write) -> io::Result<()> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Source {
        Html(String),
        Markdown(String),
        Plain(String),
    }
    #[derive(Deserialize)]
    struct Line {
        #[serde(flatten)]
        source: Source,
        url: Option<SafeUrl>,
    }
    each_line(input, output, |line: Line| {
        let imported = match &line.source {
            Source::Html(html) => import::from_html(html, line.url.as_ref()),
            Source::Markdown(markdown) => import::from_markdown(markdown),
            Source::Plain(plain) => import::from_plain(plain),
        };
        imported.map_or_else(|error| json!({ "error": error.to_string() }), |imported| article(&imported))
    })
}

/// `{"title", "byline", "site_name", "published_at", "modified_at", "lang", "url", "lead_image", "text", "direction",
/// "blocks"}` of an import without its surroundings. What is unknown is `null`; times are RFC 3339, or the date alone
/// where the source gives no time or no time zone.
#[must_use]
pub fn article(imported: &Imported) -> Value {
    let Found {
        title,
        author,
        site,
        published,
        published_at,
        modified,
        modified_at,
        address,
        language,
        lead_image,
        ..
    } = &imported.found;
    let when = |date: PartialDate, at: Option<OffsetDateTime>| {
        at.and_then(|at| at.format(&Rfc3339).ok()).or_else(|| date.to_iso())
    };
    let document = imported.article();
    json!({
        "title": title,
        "byline": author,
        "site_name": site,
        "published_at": when(*published, *published_at),
        "modified_at": when(*modified, *modified_at),
        "lang": document.language().or(language.as_deref()),
        "url": address,
        "lead_image": lead_image,
        "text": document.text(),
        "direction": document.direction(),
        "blocks": document.blocks(),
    })
}

/// Answers each line of JSON with a line of JSON.
///
/// # Errors
/// What reading or writing failed with.
pub fn each_line<T: for<'de> Deserialize<'de>>(
    input: impl BufRead,
    mut output: impl Write,
    answer: impl Fn(T) -> Value,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Answer {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Value>,
        #[serde(flatten)]
        answer: Value,
    }
    for line in input.split(b'\n') {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let parsed = serde_json::from_slice::<Value>(&line);
        let id = parsed.as_ref().ok().and_then(|line| line.get("id").cloned());
        let answer = match parsed.and_then(serde_json::from_value) {
            Ok(line) => answer(line),
            Err(error) => json!({ "error": format!("This line cannot be read: {error}.") }),
        };
        serde_json::to_writer(&mut output, &Answer { id, answer })?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(filter: impl Fn(&[u8], &mut Vec<u8>) -> io::Result<()>, input: &str) -> Vec<Value> {
        let mut output = Vec::new();
        filter(input.as_bytes(), &mut output).unwrap();
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn sentences_are_ranges_of_the_text() {
        let output = run(
            |i, o| sentences(i, o),
            "{\"id\":7,\"text\":\"🌍 is. It was.\\n\\nNo\"}\n\n{\"language\":\"de\",\"text\":\"\"}",
        );
        assert_eq!(
            output,
            [json!({"id": 7, "sentences": [[0, 5], [6, 13], [15, 17]]}), json!({"sentences": []})]
        );
    }

    #[test]
    fn quotes_are_located_or_the_reason_is_named() {
        let input = r#"{"text":"A “b” c, a b","quote":"\"b\" c"}
            {"text":"a b a","quote":"a"}
            {"id":"x","text":"a","quote":"z"}
            {"text":"a","quote":" "}
            {"text":1}
            nonsense"#;
        let output = run(|i, o| locate(i, o), input);
        assert_eq!(
            output[0],
            json!({"exact": "“b” c", "prefix": "A ", "suffix": ", a b", "start": 2, "end": 7})
        );
        assert_eq!(output[1]["error"], "ambiguous");
        assert_eq!(
            output[1]["hits"][1],
            json!({"start": 4, "end": 5, "exact": "a", "before": "a b ", "after": ""})
        );
        assert_eq!(output[2], json!({"id": "x", "error": "absent"}));
        assert_eq!(output[3], json!({"error": "blank"}));
        assert!(output[4]["error"].as_str().unwrap().starts_with("This line cannot be read"));
        assert_eq!(output.len(), 6);
    }

    #[test]
    fn quotations_are_checked() {
        let input = r#"{"name":"a","text":"He said: “We cut 3.1 %.”","quote":"\"We cut 3.1 %.\""}
            {"text":"He said: “We cut 3.1 %.”","quote":"We cut 3.2 %"}
            {"id":3,"text":"Cafe\u0301s","quote":"Cafés"}
            {"text":"a","quote":"z"}"#;
        let output = run(|i, o| quotations(i, o), input);
        let place =
            json!({"exact": "“We cut 3.1 %.”", "prefix": "He said: ", "suffix": "", "start": 9, "end": 24});
        assert_eq!(output[0], json!({"name": "a", "check": "stands", "place": place, "difference": []}));
        assert_eq!(output[1]["check"], "nearly");
        assert_eq!(
            output[1]["difference"],
            json!([
                {"kind": "same", "words": "We cut 3."},
                {"kind": "quotation", "words": "2"},
                {"kind": "text", "words": "1"},
                {"kind": "same", "words": " %"},
            ])
        );
        assert_eq!((&output[2]["check"], &output[2]["id"]), (&json!("stands"), &json!(3)));
        assert_eq!(output[3], json!({"name": null, "check": "missing", "place": null, "difference": []}));
    }

    #[test]
    fn selectors_are_led_to_the_next_version() {
        let input = r#"{"pair":"p","old":"🌍 is flat, and wide, too. He said so.","new":"Oh! 🌍 is flat, and wide, too.","anchors":[
            {"id":1,"exact":"flat","prefix":"🌍 is ","suffix":", and wide, too. He said so.","start":5,"end":9},
            {"id":"b","exact":"He said so.","prefix":"🌍 is flat, and wide, too. ","suffix":"","start":27,"end":38},
            {"id":"c","exact":"else","prefix":"","suffix":"","start":-1,"end":2000000000}]}
            {"old":"a","new":"a","anchors":[]}
            {"old":"a","new":"a","anchors":[{"id":1}]}
            {"old":"\ud800","new":"a","anchors":[]}"#;
        let output =
            run(|i, o| anchor(i, o), &input.replace(",\n            {\"id", ",{\"id").replace("[\n", "["));
        assert_eq!(output[0]["pair"], "p");
        let results = output[0]["results"].as_array().unwrap();
        assert_eq!((&results[0]["start"], &results[0]["end"]), (&json!(9), &json!(13)));
        assert_eq!(results[0]["outcome"], "shifted");
        for (result, id) in results[1..].iter().zip(["b", "c"]) {
            assert_eq!(
                (&result["id"], &result["start"], &result["end"]),
                (&json!(id), &Value::Null, &Value::Null)
            );
            assert_eq!(result["outcome"], "lost");
        }
        assert_eq!(output[1], json!({"pair": null, "results": []}));
        for unusable in &output[2..] {
            assert!(unusable["error"].as_str().unwrap().starts_with("This line cannot be read"));
        }
        assert_eq!(output.len(), 4);
    }

    #[test]
    fn articles_are_extracted() {
        let input = r#"{"html":"<title>T</title><p>a <b>b</b>","url":"https://e.example/"}
            {"markdown":"T\n="}
            {"plain":" "}"#;
        let output = run(|i, o| extract(i, o), input);
        assert_eq!((&output[0]["text"], &output[0]["title"]), (&json!("a b"), &json!("T")));
        assert_eq!(output[0]["blocks"][0]["spans"], json!([{"style": "strong", "start": 2, "end": 3}]));
        assert_eq!(output[1]["blocks"][0]["kind"], json!({"heading": 1}));
        assert!(output[2]["error"].as_str().unwrap().contains("no words"));
    }

    #[test]
    fn half_a_surrogate_pair_is_named() {
        for half in [r"\ud83c", r"\udf0d", r"\ud83cx\udf0d"] {
            let output = run(|i, o| extract(i, o), &format!(r#"{{"plain":"a {half} b"}}"#));
            assert!(output[0]["error"].as_str().unwrap().starts_with("This line cannot be read"), "{half}");
        }
        let whole = run(|i, o| extract(i, o), r#"{"plain":"a \ud83c\udf0d b\u0000"}"#);
        assert_eq!(whole[0]["text"], "a 🌍 b");
    }
}
