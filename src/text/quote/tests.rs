use std::time::Instant;

use proptest::prelude::*;

use super::*;

const TEXT: &str = "The minister’s answer was “We will never — never! — raise the ‘fuel’ levy,” on Monday.\n\n\
    The port handled 3.1\u{A0}million tonnes of cargo in 2024, and −5 degrees were no hindrance. She said so. \
    Officials of the harbour refused to comment on the fi\u{AD}gures.\n\n\
    The ofﬁce walks home with 10,000 others. Café owners agreed; 港口处理了三百万吨货物。";

/// Code for the answer, and the text's words.
fn checked(quote: &str) -> (&'static str, String) {
    let checked = check(TEXT, quote, None);
    let found = checked.place.map_or_else(String::new, |place| {
        let passage = Passage::at(TEXT, place.start, place.end).unwrap();
        assert_eq!(passage.exact(), place.exact);
        place.exact
    });
    (checked.check.as_str(), found)
}

fn stands(quote: &str, found: &str) {
    assert_eq!(checked(quote), ("stands", found.to_owned()), "{quote}");
}

fn nearly(quote: &str, found: &str) {
    assert_eq!(checked(quote), ("nearly", found.to_owned()), "{quote}");
}

fn missing(quote: &str) {
    assert_eq!(checked(quote), ("missing", String::new()), "{quote}");
}

#[test]
fn typography_is_no_difference() {
    stands("She said so.", "She said so.");
    stands("  “She  said\r\nso.”", "She said so.");
    stands(
        "We will never--never!--raise the \"fuel\" levy",
        "We will never — never! — raise the ‘fuel’ levy",
    );
    stands("3.1 million tonnes", "3.1\u{A0}million tonnes");
    stands("the figures", "the fi\u{AD}gures");
    stands("The office walks", "The ofﬁce walks");
    stands("Cafe\u{301} owners", "Café owners");
    stands("on Monday. The port", "on Monday.\n\nThe port");
    stands("minister's answer", "minister’s answer");
    stands("三百万吨", "三百万吨");
}

#[test]
fn words_are_not_cut_and_numbers_neither() {
    nearly("he said so", "She said so");
    nearly("5", "−5");
    missing("3");
    missing("000 others");
    missing("handled 3");
    nearly("port handled 3", "port handled 3.1");
    stands("−5 degrees", "−5 degrees");
    stands("-5 degrees", "−5 degrees");
    nearly("million tonne of cargo", "million tonnes of cargo");
    missing("the fi");
}

#[test]
fn what_is_left_out_and_put_in_openly_is_understood() {
    let officials = "Officials of the harbour refused to comment on the fi\u{AD}gures";
    for quote in [
        "Officials … refused to comment on the figures",
        "Officials ... refused to comment on the figures",
        "Officials [...] refused to comment on the figures",
        "Officials (…) refused […] on the figures",
        "… Officials . . . refused to comment on the figures …",
        "[The] Officials of the harbour refused to comment on the figures [sic]",
        "[o]fficials of the harbour refused to comment on [all] the figures",
        "Officials of [it] refused to comment on the figures",
        "Officials of the harbour refus[ed] to comment on the figures",
        "Officials of the harb[or] refused to comment on the figures",
    ] {
        stands(quote, officials);
    }
    stands("[t]he port handled", "The port handled");
    stands("never … raise", "never! — raise");
    // In this order only, and not from anywhere.
    assert_ne!(checked("refused to comment … Officials of the harbour").0, "stands");
}

#[test]
fn brackets_that_the_text_has_itself_are_words() {
    let text = "He wrote [sic] that it was ... late (see [1]).";
    for quote in ["wrote [sic] that", "was ... late", "(see [1])", "He … late (see [1])"] {
        assert_eq!(check(text, quote, None).check, QuoteCheck::Stands, "{quote}");
    }
}

#[test]
fn what_is_much_like_it_is_nearly_so() {
    nearly(
        "The minister's reply was \"We will never, never raise the fuel levy\"",
        "The minister’s answer was “We will never — never! — raise the ‘fuel’ levy",
    );
    nearly(
        "The port handled 3.2 million tonnes of cargo",
        "The port handled 3.1\u{A0}million tonnes of cargo",
    );
    nearly("the port handled", "The port handled");
    nearly("A port handled 3.1 million tonnes", "The port handled 3.1\u{A0}million tonnes");
    nearly("Officals of the habour refused", "Officials of the harbour refused");
    missing("The president resigned over the affair");
    missing("We shall lower all taxes next year");
    missing("");
    missing("\u{AD} “”");
    assert_eq!(check("", "words", None), Checked::MISSING);
}

#[test]
fn of_several_places_the_one_that_is_meant_counts() {
    let text = "It rose. It fell. It rose. It fell.";
    let at = |near| check(text, "It fell", near).place.unwrap().start;
    assert_eq!([at(None), at(Some(20)), at(Some(28)), at(Some(999))], [9, 27, 27, 27]);
}

#[test]
fn too_much_cannot_be_left_out() {
    let text = format!("It begins here. {} It ends there.", "Other words follow. ".repeat(400));
    assert_ne!(check(&text, "It begins here … It ends there", None).check, QuoteCheck::Stands);
    let text = format!("It begins here. {} It ends there.", "Other words follow. ".repeat(100));
    assert_eq!(check(&text, "It begins here … It ends there", None).check, QuoteCheck::Stands);
}

fn shown(quote: &str, text: &str) -> String {
    difference(quote, text)
        .into_iter()
        .map(|piece| match piece.kind {
            DifferenceKind::Same => piece.words,
            DifferenceKind::Quotation => format!("-{}-", piece.words),
            DifferenceKind::Text => format!("+{}+", piece.words),
            DifferenceKind::Sign => format!("<{}>", piece.words),
            DifferenceKind::LeftOut => format!("({})", piece.words),
        })
        .collect()
}

#[test]
fn the_difference_is_shown_letter_by_letter() {
    assert_eq!(shown("3.2 million tonnes", "3.1\u{A0}million tonnes"), "3.-2-+1+ million tonnes");
    assert_eq!(shown("“Officals agreed”", "Officials agreed"), "Offic+i+als agreed");
    assert_eq!(shown("the port", "The port"), "-t-+T+he port");
    assert_eq!(shown("A port", "The port"), "-A-+The+ port");
    assert_eq!(shown("It \"is\" so", "It ‘is’ so"), "It \"is\" so");
    assert_eq!(shown("We … never rise", "We will never raise"), "We <…>(will) never r+a+ise");
    assert_eq!(
        shown("the [port] handled 2", "the harbour handled 3"),
        "the <[port]>(harbour) handled -2-+3+"
    );
    assert_eq!(shown("", "a"), "+a+");
}

proptest! {
    #[test]
    fn words_of_a_text_stand_in_it(text in "([a-zA-Zé’ .,א🌍“”—\u{AD}\u{301}\n-]){1,120}", start in 0_usize..100, words in 1_usize..8) {
        let (text, _) = compose(&text);
        let all: Vec<&str> = text.split_whitespace().collect();
        let Some(first) = all.get(start % all.len().max(1)) else { return Ok(()) };
        let from = first.as_ptr() as usize - text.as_ptr() as usize;
        let last = all[(start % all.len() + words).min(all.len() - 1)];
        let to = (last.as_ptr() as usize - text.as_ptr() as usize) + last.len();
        let quote = &text[from..to];
        prop_assume!(quote.chars().any(char::is_alphanumeric));
        // A direction mark or a soft hyphen can stand where white space cuts; then a word goes on.
        let checked = check(&text, quote, None);
        prop_assert_eq!(checked.check, QuoteCheck::Stands, "{:?} in {:?}", quote, text);
        let place = checked.place.unwrap();
        let folded = |words: &str| Folded::new(words, Folding::Quoted).text.trim_matches(|c: char| c == '\'' || c == ' ').to_owned();
        prop_assert_eq!(folded(&place.exact), folded(quote));
    }

    #[test]
    fn whatever_is_found_is_the_text(text in "([a-d’ .,…\\[\\]\n-]|🌍|é){0,80}", quote in "([a-d’ .,…\\[\\]()\n-]|é){0,30}") {
        let (text, _) = compose(&text);
        let checked = check(&text, &quote, None);
        prop_assert_eq!(checked.check == QuoteCheck::Missing, checked.place.is_none());
        if let Some(place) = checked.place {
            let passage = Passage::at(&text, place.start, place.end).unwrap();
            prop_assert_eq!(passage.exact(), place.exact);
        }
    }

    #[test]
    fn a_changed_digit_never_stands(whole in 1_u32..100_000, other in 1_u32..100_000) {
        prop_assume!(whole != other);
        let text = format!("The port handled {whole} tonnes.");
        prop_assert_ne!(check(&text, &format!("handled {other} tonnes"), None).check, QuoteCheck::Stands);
        prop_assert_ne!(check(&text, &format!("handled {other}"), None).check, QuoteCheck::Stands);
        prop_assert_ne!(check(&text, &format!("{other}"), None).check, QuoteCheck::Stands);
    }

    #[test]
    fn the_difference_holds_both_sides(quote in "([a-d “”,…\\[\\]-]){0,40}", text in "([a-d “”,-]){0,40}") {
        let pieces = difference(&quote, &text);
        let side = |kinds: &[DifferenceKind]| -> String {
            pieces.iter().filter(|piece| kinds.contains(&piece.kind)).map(|piece| piece.words.as_str()).collect()
        };
        let bare = quote.trim().trim_matches(is_quotation_mark).trim();
        prop_assert_eq!(side(&[DifferenceKind::Same, DifferenceKind::Quotation, DifferenceKind::Sign]), bare);
    }
}

#[test]
fn hostile_input_takes_bounded_time() {
    let long = |unit: &str| unit.repeat(2_000_000 / unit.len());
    for (text, quote) in [
        (long("a"), "a".repeat(5_000)),
        (long("a "), format!("{}b", "a ".repeat(2_499))),
        (long("a "), "a … ".repeat(1_250)),
        (long("ab "), "ab … ".repeat(60) + "c"),
        (long("["), "[".repeat(5_000)),
        (long("…"), "…a".repeat(2_500)),
        (long("-"), "- a".repeat(1_600)),
        (long("word other thing. "), "word thing other ".repeat(290)),
    ] {
        let started = Instant::now();
        let checked = check(&text, &quote, None);
        if let Some(place) = &checked.place {
            let _ = difference(&quote, &place.exact);
        }
        let took = started.elapsed();
        assert!(took.as_secs() < 20, "{:?} took {took:?}", &quote[..8]);
    }
}
