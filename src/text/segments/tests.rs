use proptest::prelude::*;

use super::*;
use crate::text::import::from_html;

fn document(html: &str) -> Document {
    from_html(html, None).unwrap().document
}

/// Each piece as `words[marks]`, with `!` after a mark that ends.
fn drawn(document: &Document, marks: &[(u32, u32)]) -> Vec<String> {
    let marks = marks.iter().map(|(start, end)| Extent::new(*start, *end));
    let mut pieces = Pieces::new(document, marks, false);
    let mut drawn = Vec::new();
    while let Some(piece) = pieces.advance() {
        let keys: Vec<String> = piece
            .marks
            .iter()
            .map(|mark| format!("{mark}{}", if piece.ends.contains(mark) { "!" } else { "" }))
            .collect();
        drawn.push(format!("{}[{}]", &document.text()[piece.bytes.clone()], keys.join(" ")));
    }
    drawn
}

#[test]
fn overlapping_nested_and_equal_marks_are_cut_at_every_edge() {
    let document = document("<p>abcdef<p>ghi");
    assert_eq!(drawn(&document, &[]), ["abcdef[]", "ghi[]"]);
    assert_eq!(drawn(&document, &[(0, 4), (2, 5)]), ["ab[0]", "cd[0! 1]", "e[1!]", "f[]", "ghi[]"]);
    assert_eq!(drawn(&document, &[(1, 3), (1, 3)]), ["a[]", "bc[0! 1!]", "def[]", "ghi[]"]);
    assert_eq!(drawn(&document, &[(4, 10)]), ["abcd[]", "ef[0]", "gh[0!]", "i[]"]);
}

#[test]
fn edges_between_blocks_and_outside_the_text_are_fitted() {
    let document = document("<p>abc<p>def");
    assert_eq!(drawn(&document, &[(1, 4), (4, 6)]), ["a[]", "bc[0!]", "d[1!]", "ef[]"]);
    assert_eq!(drawn(&document, &[(3, 5), (4, 4), (8, 8), (9, 20), (7, 2)]), ["abc[]", "def[]"]);
    assert_eq!(drawn(&document, &[(7, 99)]), ["abc[]", "de[]", "f[0!]"]);
}

#[test]
fn spans_and_sentences_cut_as_well() {
    let document = document("<p>One <b>two. Three</b> <a href=https://e.example/>fo<i>ur</i></a>.");
    let mut pieces = Pieces::new(&document, [], true);
    let mut seen = Vec::new();
    while let Some(piece) = pieces.advance() {
        let words = document.text()[piece.bytes.clone()].to_owned();
        seen.push((words, piece.styles, piece.link.is_some(), piece.sentence.map(|sentence| sentence.start)));
    }
    let expected = [
        ("One ", 0, false, Some(0)),
        ("two.", 0b10, false, Some(0)),
        (" ", 0b10, false, None),
        ("Three", 0b10, false, Some(9)),
        (" ", 0, false, Some(9)),
        ("fo", 0b1, true, Some(9)),
        ("ur", 0b101, true, Some(9)),
        (".", 0, false, Some(9)),
    ];
    assert_eq!(
        seen,
        expected.map(|(words, styles, link, sentence)| (words.to_owned(), styles, link, sentence))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn pieces_join_to_the_blocks_and_to_each_quote(
        shape in 0_usize..4,
        marks in proptest::collection::vec((0_u32..130, 0_u32..130), 0..12),
        by_sentence: bool,
    ) {
        thread_local! {
            static DOCUMENTS: [Document; 4] = [
                "<h1>T</h1><p>One two. <b>Thr<i>ee</i></b><i>!</i> Four 🌍 fi\u{301}ve.<p>Six <a href=https://e.example/>seven</a>.",
                "<ul><li>אחת שתיים. שלוש<li>b<sup>2</sup></ul><table><tr><td>c<td>d e</table><pre>f\n\n  g</pre>",
                "<blockquote>x<p>y z</blockquote>e\u{301}\u{327}🏳️‍🌈&nbsp;k<br>l",
                "<p>a",
            ].map(document);
        }
        DOCUMENTS.with(|documents| {
            let document = &documents[shape];
            let marks: Vec<Extent> = marks.into_iter().map(Extent::from).collect();
            let mut blocks = vec![String::new(); document.blocks().len()];
            let mut quotes = vec![String::new(); marks.len()];
            let mut ended = vec![0; marks.len()];
            let mut pieces = Pieces::new(document, marks.clone(), by_sentence);
            while let Some(piece) = pieces.advance() {
                let words = &document.text()[piece.bytes.clone()];
                prop_assert!(!words.is_empty());
                prop_assert_eq!(document.slice(piece.extent), Some(words));
                blocks[piece.block].push_str(words);
                prop_assert!(piece.marks.is_sorted());
                for mark in piece.marks {
                    prop_assert_eq!(ended[*mark as usize], 0);
                    quotes[*mark as usize].push_str(words);
                }
                for mark in piece.ends {
                    ended[*mark as usize] += 1;
                }
            }
            prop_assert_eq!(blocks.join("\n\n"), document.text());
            let offsets = document.offsets();
            for (index, mark) in marks.into_iter().enumerate() {
                // The quote without what stands between blocks.
                let quote: String = document
                    .blocks()
                    .iter()
                    .filter_map(|block| {
                        let end = mark.end.min(block.end);
                        offsets.slice(Extent::new(mark.start.max(block.start), end))
                    })
                    .collect();
                prop_assert_eq!(ended[index], i32::from(!quote.is_empty()));
                prop_assert_eq!(&quotes[index], &quote);
            }
            Ok(())
        })?;
    }
}
