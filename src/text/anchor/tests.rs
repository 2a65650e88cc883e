use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Found, Outcome, Revision};
use crate::text::offsets::{Extent, Offsets, code_points, integer};
use crate::text::selector::{Passage, Selector};

const OLD: &str = "The minister resigns\n\n\
    On Monday the minister said that she would resign before the end of the year. She gave no reasons.\n\n\
    “I have done what I could,” she told reporters in the old town hall of Bergen.\n\n\
    Her party will choose a successor in March, according to two people who know of its plans. Nobody else knows.\n\n\
    The opposition asked for elections at once. The minister of finance said no.";

fn selector(text: &str, quote: &str) -> Selector {
    let start = code_points(&text[..text.find(quote).unwrap()]);
    let passage = Passage::at(text, integer(start), integer(start + code_points(quote))).unwrap();
    Selector::of(text, &passage)
}

fn led<'a>(old: &str, new: &'a str, selector: &Selector) -> (Outcome, Option<&'a str>) {
    let Found { outcome, score, place, candidates } = Revision::new(old, new).locate(selector);
    assert!((0.0..=1.0).contains(&score));
    let offsets = Offsets::new(new);
    assert!(candidates.iter().all(|place| offsets.slice(*place).is_some()));
    assert!(place.is_none_or(|place| candidates.contains(&place)));
    assert!(place.is_some() || !outcome.carries_over());
    (outcome, place.map(|place| offsets.slice(place).unwrap()))
}

/// What becomes of a quote when the text is edited.
fn after<'a>(quote: &str, new: &'a str) -> (Outcome, Option<&'a str>) {
    led(OLD, new, &selector(OLD, quote))
}

#[test]
fn words_that_stayed_are_exact_or_shifted() {
    let new = OLD.replace("The minister resigns", "Minister to resign").replace("“I have", "\"I have");
    for quote in ["Monday", "She gave no reasons.", "The minister of finance said no.", "minister said"] {
        assert_eq!(after(quote, &new), (Outcome::Shifted, Some(quote)));
        assert_eq!(after(quote, &format!("{OLD} More.")), (Outcome::Exact, Some(quote)));
    }
    // Typography is no edit.
    assert_eq!(after("“I have done", &new), (Outcome::Shifted, Some("\"I have done")));
    assert_eq!(
        after("On Monday", &OLD.replace("On Monday", "On\n\nMonday")),
        (Outcome::Shifted, Some("On\n\nMonday"))
    );
}

#[test]
fn words_that_moved_are_found_with_what_is_around_them() {
    let paragraphs: Vec<&str> = OLD.split("\n\n").collect();
    let new = [paragraphs[0], paragraphs[3], paragraphs[4], paragraphs[1], paragraphs[2]].join("\n\n");
    for quote in ["March", "said", "She gave no reasons.", "old town hall"] {
        assert_eq!(after(quote, &new), (Outcome::Shifted, Some(quote)));
    }
    let new = new.replace("She gave no reasons", "She did not give any reasons");
    assert_eq!(after("She gave no reasons.", &new), (Outcome::Edited, Some("She did not give any reasons.")));
}

#[test]
fn edited_words_are_found_as_edited() {
    let new = OLD.replace(
        "choose a successor in March, according to two people",
        "elect a new leader in May, two people said",
    );
    let (outcome, words) = after(
        "Her party will choose a successor in March, according to two people who know of its plans.",
        &new,
    );
    assert_eq!(outcome, Outcome::Edited);
    assert_eq!(
        words,
        Some("Her party will elect a new leader in May, two people said who know of its plans.")
    );
    assert_eq!(
        after("gave no reasons", &OLD.replace("gave no reasons", "GAVE no reasons")).0,
        Outcome::Edited
    );
}

#[test]
fn a_few_words_that_were_replaced_have_a_place_but_carry_nothing_over() {
    let new = OLD.replace("in March", "in late May");
    assert_eq!(after("March", &new), (Outcome::Changed, Some("late May")));
    let new = OLD
        .replace("“I have done what I could,” she told reporters", "The mayor received the king of Norway");
    let (outcome, place) = after("“I have done what I could,” she told reporters", &new);
    assert_eq!((outcome, place), (Outcome::Changed, None));
    let found =
        Revision::new(OLD, &new).locate(&selector(OLD, "“I have done what I could,” she told reporters"));
    assert_eq!(Offsets::new(&new).slice(found.candidates[0]), Some("The mayor received the king of Norway"));
}

#[test]
fn deleted_words_are_lost_however_often_they_stand_elsewhere() {
    let new = OLD.replace(" The minister of finance said no.", "");
    for quote in ["finance", "minister of", "The minister of finance said no.", "said no"] {
        assert_eq!(after(quote, &new), (Outcome::Lost, None));
    }
    let new = OLD.replace("On Monday the minister said", "On Monday she said");
    assert_eq!(after("the minister", &new), (Outcome::Changed, Some("she")));
    let twice =
        format!("{OLD}\n\nHer party will choose a successor soon.\n\nHer party will choose a successor now.");
    assert_eq!(led(&twice, &twice[..OLD.len()], &selector(&twice, "soon")), (Outcome::Lost, None));
}

#[test]
fn two_equals_are_not_chosen_from() {
    let old = format!("{OLD}\n\nEverybody went home early that cold day.");
    let new = format!(
        "Everybody went home early that cold day. Yes.\n\n{OLD}\n\nNo. Everybody went home early that cold day! Well."
    );
    let new = new.replace("The opposition asked for elections at once. ", "");
    let found = Revision::new(&old, &new).locate(&selector(&old, "Everybody went home early that cold day"));
    assert!(found.candidates.len() == 2 && found.outcome == Outcome::Ambiguous || found.place.is_some());
    // Without offsets, only the surroundings say which is meant.
    let mut stale = selector("a said b", "said");
    (stale.prefix, stale.suffix) = (String::new(), String::new());
    assert_eq!(led(OLD, &OLD.replace("Monday", "Friday"), &stale).0, Outcome::Ambiguous);
}

#[test]
fn a_selector_without_right_offsets_is_found_by_its_words() {
    let new = OLD.replace("Monday", "Wednesday");
    let mut selector = selector(OLD, "said no");
    (selector.start, selector.end) = (-5, i32::MAX);
    assert_eq!(led(OLD, &new, &selector), (Outcome::Shifted, Some("said no")));
    selector.exact = "words that never stood there".to_owned();
    assert_eq!(led(OLD, &new, &selector), (Outcome::Lost, None));
    selector.exact.clear();
    assert_eq!(led(OLD, &new, &selector), (Outcome::Lost, None));
}

#[test]
fn scripts_without_spaces_or_from_right_to_left_are_followed() {
    let old = "部長は月曜日に辞任すると述べた。理由は言わなかった。党は三月に後任を選ぶ。";
    let new = "大臣は月曜日に辞任すると述べた。党は三月に後任を選ぶ。";
    assert_eq!(led(old, new, &selector(old, "三月")), (Outcome::Shifted, Some("三月")));
    assert_eq!(led(old, new, &selector(old, "理由は言わなかった。")), (Outcome::Lost, None));
    let old = "قال الوزير يوم الاثنين إنه سيستقيل قبل نهاية العام. ولم يذكر السبب.";
    let new = "أعلن الوزير يوم الاثنين أنه سيستقيل قبل نهاية هذا العام. ولم يذكر السبب.";
    assert_eq!(led(old, new, &selector(old, "ولم يذكر السبب.")), (Outcome::Shifted, Some("ولم يذكر السبب.")));
    assert_eq!(led(old, new, &selector(old, "نهاية العام")), (Outcome::Edited, Some("نهاية هذا العام")));
}

/// A revision of each hostile text, and 200 selectors of it.
#[test]
fn hostile_texts_take_no_longer_than_others() {
    let letters = "a".repeat(1_000_000);
    let words = "a ".repeat(100_000);
    let marks = "!?".repeat(50_000);
    let accents = format!("e{}", "\u{301}".repeat(200_000));
    let ideographs = "漢".repeat(100_000);
    let lines = "ab\n\n".repeat(50_000);
    for text in [letters, words, marks, accents, ideographs, lines] {
        let started = Instant::now();
        let length = code_points(&text);
        let offsets = Offsets::new(&text);
        let (quarter, most) = (offsets.byte(length / 4), offsets.byte(length - length / 7));
        let new = format!("b {}x{} b", &text[..quarter], &text[quarter..most]);
        let revision = Revision::new(&text, &new);
        for step in 0..200 {
            let start = (length - 40) / 200 * step;
            let extent = Extent::new(start, start + 1 + step % 40);
            let exact = offsets.slice(extent).unwrap().to_owned();
            let (start, end) = extent.as_integers();
            let selector = Selector { exact, prefix: String::new(), suffix: String::new(), start, end };
            std::hint::black_box(revision.locate(&selector));
        }
        assert!(started.elapsed() < Duration::from_mins(1), "took {:?}", started.elapsed());
    }
}

/// Letters, marks and signs of every general category, and what is made of several.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "([a-c]{1,3}[ .\n]{1,2}){1,30}",
        2 => "(\\p{Lu}|\\p{Ll}|\\p{Lt}|\\p{Lm}|\\p{Lo}|\\p{Mn}|\\p{Mc}|\\p{Me}|\\p{Nd}|\\p{Nl}|\\p{No}|\\p{Pc}|\\p{Pd}|\\p{Ps}|\\p{Pe}|\
            \\p{Pi}|\\p{Pf}|\\p{Po}|\\p{Sm}|\\p{Sc}|\\p{Sk}|\\p{So}|\\p{Zs}|\\p{Zl}|\\p{Zp}|\\p{Cc}|\\p{Cf}|\\p{Co}|\\p{Cn}){1,60}",
        1 => "(e\u{301}|👩\u{200D}🔬|🇳🇴|각|한|ﬁ|İ|ß|ا\u{64B}|ש\u{5B0}|า\u{E49}|[a-z]| |\u{AD}|\u{202E}){1,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn an_anchor_on_an_unchanged_text_is_exact(text in any_text(), start in 0_u32..60, length in 1_u32..60) {
        let count = code_points(&text);
        let start = start % count;
        let extent = Extent::new(start, (start + length).min(count));
        let exact = Offsets::new(&text).slice(extent).unwrap().to_owned();
        let (start, end) = extent.as_integers();
        let selector = Selector { exact, prefix: String::new(), suffix: String::new(), start, end };
        let found = Revision::new(&text, &text).locate(&selector);
        prop_assert_eq!((found.outcome, found.place), (Outcome::Exact, Some(extent)));
        // Nor does it change when something is written behind it, after a blank line.
        let longer = format!("{text}\n\nMore was written.");
        let found = Revision::new(&text, &longer).locate(&selector);
        if selector.exact.chars().any(char::is_alphanumeric) {
            prop_assert_eq!((found.outcome, found.place), (Outcome::Exact, Some(extent)));
        }
    }

    #[test]
    fn any_two_texts_and_any_selector_give_a_place_in_the_new_text(
        old in any_text(), new in any_text(), keeps in any::<bool>(),
        exact in ".{0,5}", start in -5_i32..80, end in -5_i32..80,
    ) {
        let new = if keeps { format!("{new}{old}{new}") } else { new };
        let slice = u32::try_from(start).ok().zip(u32::try_from(end).ok()).and_then(|(start, end)| Offsets::new(&old).slice(Extent::new(start, end)));
        let exact = slice.map_or(exact, str::to_owned);
        let found = Revision::new(&old, &new).locate(&Selector { exact: exact.clone(), prefix: "a".to_owned(), suffix: String::new(), start, end });
        let offsets = Offsets::new(&new);
        for place in found.candidates.iter().chain(&found.place) {
            prop_assert!(offsets.slice(*place).is_some());
        }
        if found.outcome == Outcome::Exact {
            prop_assert_eq!(offsets.slice(found.place.unwrap()), Some(exact.as_str()));
        }
    }
}
