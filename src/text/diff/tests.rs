use std::time::Instant;

use proptest::prelude::*;

use super::{Change, Comparison, PieceKind, compare};
use crate::text::direction::Direction;
use crate::text::document::normal::compose;
use crate::text::document::{BLOCK_SEPARATOR, Block, Document, Kind, Shape};
use crate::text::offsets::{Extent, Offsets, code_points};

fn document(text: &str) -> Document {
    let (text, _) = compose(text);
    let mut blocks = Vec::new();
    let mut at = 0;
    for paragraph in text.split(BLOCK_SEPARATOR) {
        let end = at + code_points(paragraph);
        blocks.push(Block::new(Kind::Paragraph, Extent::new(at, end)));
        at = end + 2;
    }
    Document::new(text, Shape { language: None, direction: Direction::Ltr, blocks }).unwrap()
}

fn words<'a>(offsets: &Offsets<'a>, extent: Extent) -> &'a str {
    offsets.slice(extent).unwrap_or_default()
}

/// One line a row: what became of it, and its words with [-removed-] and {+added+} ones.
fn drawn(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (document(old), document(new));
    let comparison = compare(&old, &new);
    check(&old, &new, &comparison);
    let (old, new) = (old.offsets(), new.offsets());
    let row = |row: &super::Row| {
        let pieces = row.pieces.iter().map(|piece| match piece.kind {
            PieceKind::Same => words(&new, piece.new).to_owned(),
            PieceKind::Removed => format!("[-{}-]", words(&old, piece.old)),
            PieceKind::Added => format!("{{+{}+}}", words(&new, piece.new)),
        });
        let other = row.other.map_or_else(String::new, |other| format!(" {other}"));
        format!("{:?}{other}: {}", row.change, pieces.collect::<String>())
    };
    comparison.rows.iter().map(row).collect()
}

/// That the rows show every block once, in order, and the pieces every word.
fn check(old: &Document, new: &Document, comparison: &Comparison) {
    let (mut old_block, mut new_block) = (0, 0);
    let (old_words, new_words) = (old.offsets(), new.offsets());
    for (index, row) in comparison.rows.iter().enumerate() {
        assert_eq!((row.old.start, row.new.start), (old_block, new_block));
        (old_block, new_block) = (row.old.end, row.new.end);
        let other = row.other.map(|other| &comparison.rows[other]);
        assert_eq!(other.is_some(), matches!(row.change, Change::MovedAway | Change::MovedHere));
        assert!(other.is_none_or(|other| other.other == Some(index)));
        if row.change == Change::MovedAway {
            assert!(row.pieces.is_empty());
            continue;
        }
        let old_blocks =
            if row.change == Change::MovedHere { other.unwrap().old.clone() } else { row.old.clone() };
        let joined = |blocks: &[Block]| match blocks {
            [] => Extent::new(0, 0),
            [first, ..] => Extent::new(first.start, blocks[blocks.len() - 1].end),
        };
        let (mut removed, mut added) = (String::new(), String::new());
        for piece in &row.pieces {
            assert!(!piece.old.is_empty() || !piece.new.is_empty());
            removed.push_str(words(&old_words, piece.old));
            added.push_str(words(&new_words, piece.new));
            assert_eq!(piece.old.is_empty(), piece.kind == PieceKind::Added);
            assert_eq!(piece.new.is_empty(), piece.kind == PieceKind::Removed);
            assert_eq!(
                piece.kind == PieceKind::Same,
                words(&old_words, piece.old) == words(&new_words, piece.new)
            );
        }
        assert_eq!(removed, words(&old_words, joined(&old.blocks()[old_blocks])));
        assert_eq!(added, words(&new_words, joined(&new.blocks()[row.new.clone()])));
    }
    assert_eq!((old_block, new_block), (old.blocks().len(), new.blocks().len()));
}

const ARTICLE: &str = "The minister resigns\n\n\
    On Monday the minister said that she would resign before the end of the year.\n\n\
    “I have done what I could,” she told reporters in the old town hall of Bergen.\n\n\
    Her party will choose a successor in March, according to two people who know of its plans.\n\n\
    The opposition asked for elections at once.";

#[test]
fn equal_documents_are_the_same_throughout() {
    let rows = drawn(ARTICLE, ARTICLE);
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row.starts_with("Same: ")), "{rows:?}");
}

#[test]
fn words_and_paragraphs_are_told_apart() {
    let new = ARTICLE
        .replace("On Monday the", "The")
        .replace("in March", "in May")
        .replace("“I have", "\"I have")
        .replace("The opposition asked for elections at once.", "Nobody else wanted to comment today.");
    assert_eq!(
        drawn(ARTICLE, &new),
        [
            "Same: The minister resigns",
            "Edited: [-On Monday the-]{+The+} minister said that she would resign before the end of the year.",
            "Edited: [-“-]{+\"+}I have done what I could,” she told reporters in the old town hall of Bergen.",
            "Edited: Her party will choose a successor in [-March-]{+May+}, according to two people who know of its plans.",
            "Removed: [-The opposition asked for elections at once.-]",
            "Added: {+Nobody else wanted to comment today.+}",
        ]
    );
}

#[test]
fn a_paragraph_that_moved_and_was_edited_is_one() {
    let paragraphs: Vec<&str> = ARTICLE.split(BLOCK_SEPARATOR).collect();
    let quote = paragraphs[2].replace("old town hall", "town hall");
    let new = [paragraphs[0], paragraphs[1], paragraphs[3], paragraphs[4], &quote].join(BLOCK_SEPARATOR);
    let rows = drawn(ARTICLE, &new);
    assert_eq!(rows[2], "MovedAway 5: ");
    assert_eq!(
        rows[5],
        "MovedHere 2: “I have done what I could,” she told reporters in the [-old -]town hall of Bergen."
    );
}

#[test]
fn a_paragraph_that_was_split_or_joined_stands_beside_its_parts() {
    let new = ARTICLE.replace("what I could,” she", "what I could,”\n\nshe");
    let rows = drawn(ARTICLE, &new);
    assert_eq!(
        rows[2],
        "Edited: “I have done what I could,”[- -]{+\n\n+}she told reporters in the old town hall of Bergen."
    );
    assert_eq!(rows.len(), 5);
    assert_eq!(drawn(&new, ARTICLE).len(), 5);
}

#[test]
fn the_sentence_that_was_left_out_is_the_whole_one() {
    let old = "The first man said no. The second man said yes. The third man said nothing at all.";
    let new = "The first man said no. The third man said nothing at all.";
    assert_eq!(
        drawn(old, new),
        ["Edited: The first man said no. [-The second man said yes. -]The third man said nothing at all."]
    );
}

#[test]
fn long_documents_are_compared_at_once() {
    let mut random = 7_u32;
    let mut text = |seed: u32| {
        random = seed;
        let mut text = String::new();
        while text.len() < 400_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(["ab", "ba", "the", "of", "minister", "a", "in", "said"][(random >> 29) as usize]);
            text.push_str(if random.is_multiple_of(101) { ".\n\n" } else { " " });
        }
        document(text.trim_end())
    };
    let (one, other) = (text(7), text(8));
    let started = Instant::now();
    check(&one, &other, &compare(&one, &other));
    let letters = document(&"a ".repeat(200_000));
    let fewer = document(&format!("b {}c", "a ".repeat(199_000)));
    check(&letters, &fewer, &compare(&letters, &fewer));
    assert!(started.elapsed().as_secs() < 60, "took {:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn any_two_documents_are_shown_whole(
        old in proptest::collection::vec("([a-cA-C.,’“é漢ا\u{301}👩 -]){0,12}", 1..40),
        cuts in proptest::collection::vec((0_usize..40, 0_usize..40, 0_usize..5), 0..6),
    ) {
        let mut new = old.clone();
        for (one, other, how) in cuts {
            let (one, other) = (one % new.len(), other % new.len());
            match how {
                0 => new.swap(one, other),
                1 => { new.remove(one); }
                2 => { let piece = new[one].clone(); new.insert(other, piece); }
                3 => new[one] = new[one].to_uppercase(),
                _ => new[one].push('\n'),
            }
            if new.is_empty() {
                new.push("x".to_owned());
            }
        }
        let text = |pieces: &[String]| {
            let mut text = String::new();
            for (index, piece) in pieces.iter().enumerate() {
                text.push_str(piece.trim());
                text.push_str(if index % 3 == 2 { "\n\n" } else { " " });
            }
            let blocks: Vec<&str> = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).collect();
            if blocks.is_empty() { "x".to_owned() } else { blocks.join("\n\n") }
        };
        let (old, new) = (document(&text(&old)), document(&text(&new)));
        check(&old, &new, &compare(&old, &new));
    }
}
