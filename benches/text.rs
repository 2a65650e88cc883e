//! What must stay fast of the pure functions: reading an article, finding a quote, following marks into the next version,
//! drawing them, measuring agreement.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use factdesk::reviews::agreement::bootstrap::{self, Random};
use factdesk::reviews::agreement::{Cell, Coefficient, Level, Ratings, measure};
use factdesk::text::Document;
use factdesk::text::anchor::Revision;
use factdesk::text::diff::compare;
use factdesk::text::document::Shape;
use factdesk::text::import::{decode, from_html, from_markdown, from_plain};
use factdesk::text::offsets::{Extent, Offsets};
use factdesk::text::render::{Article, Mark, Options};
use factdesk::text::selector::{Passage, Selector, locate};

/// Words of an article, with the typography of one.
const WORDS: [&str; 16] = [
    "the",
    "minister",
    "said",
    "on",
    "Monday",
    "that",
    "“we",
    "will",
    "never”",
    "recognise",
    "it,",
    "according",
    "to",
    "Reuters —",
    "naïve",
    "observers’",
];

/// An article of 10,000 words in 120 paragraphs, with a link and emphasis in each.
fn page() -> String {
    let mut html = "<!doctype html><html lang=en><title>T</title><article><h1>Title of it</h1>".to_owned();
    let mut random = 7_u32;
    for paragraph in 0..120 {
        html.push_str("<p>");
        for word in 0..83 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let text = WORDS[(random >> 28) as usize];
            match word {
                20 => write!(html, "<a href=\"https://example.org/{paragraph}\">{text}</a> "),
                40 => write!(html, "<em>{text}</em> "),
                _ if word % 17 == 16 => write!(html, "{text}. "),
                _ => write!(html, "{text} "),
            }
            .expect("a string takes everything");
        }
    }
    html.push_str("A place that stands once.");
    html
}

/// Marks of 1 to 30 words all over a text of this length, in order.
fn marks(count: u32, length: u32) -> Vec<Mark<'static>> {
    let mut random = 99_u32;
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % below
    };
    let mut extents: Vec<(u32, u32)> = (0..count).map(|_| (next(length - 200), 6 + next(180))).collect();
    extents.sort_unstable();
    (1..)
        .zip(extents)
        .map(|(number, (start, length))| Mark {
            start: i32::try_from(start).expect("small"),
            end: i32::try_from(start + length).expect("small"),
            number,
            href: "/demo/claims/0190a1b2-c3d4-7000-8000-000000000000",
            label: "Claim: False, 2 sources",
            class: "verdict-false",
            appearance: "0190a1b2-c3d4-7000-8000-000000000001",
        })
        .collect()
}

fn import(criterion: &mut Criterion) {
    let html = page();
    let document = from_html(&html, None).expect("an article").document;
    let mut group = criterion.benchmark_group("import of 10,000 words");
    group.throughput(Throughput::Bytes(html.len() as u64));
    group.bench_function("html", |bencher| bencher.iter(|| from_html(black_box(&html), None)));
    group.bench_function("plain", |bencher| bencher.iter(|| from_plain(black_box(document.text()))));
    group.bench_function("markdown", |bencher| bencher.iter(|| from_markdown(black_box(document.text()))));
    group.finish();
    let json = serde_json::to_string(document.shape()).expect("serialises");
    criterion.bench_function("read a stored document of 10,000 words", |bencher| {
        bencher.iter(|| {
            let shape: Shape = serde_json::from_str(black_box(&json)).expect("was written so");
            Document::stored(document.text().to_owned(), shape).expect("was a document")
        });
    });
}

/// Pages as sites make them, with everything around the article.
fn extraction(criterion: &mut Criterion) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages");
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .expect("the pages are there")
        .map(|entry| entry.expect("is readable").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "html"))
        .map(|path| std::fs::read(path).expect("is readable"))
        .collect();
    // A page of a large site: a megabyte, most of it scripts and menus.
    let mut large = pages[0].clone();
    large.extend("<nav><ul>".bytes());
    for number in 0..8_000 {
        large.extend(
            format!("<li class=\"menu-item\"><a href=\"/section/{number}\">Section {number}</a></li>")
                .bytes(),
        );
    }
    large.extend(format!("</ul></nav><script>{}</script>", "var a = 1;".repeat(40_000)).bytes());
    pages.push(large);
    let mut group = criterion.benchmark_group("extraction");
    group.throughput(Throughput::Elements(pages.len() as u64));
    group.bench_function("pages", |bencher| {
        bencher.iter(|| {
            for page in &pages {
                let (html, _) = decode(black_box(page), None);
                let imported = from_html(&html, None).expect("an article");
                black_box(imported.article());
            }
        });
    });
    group.finish();
}

fn finding(criterion: &mut Criterion) {
    let document = from_html(&page(), None).expect("an article").document;
    let text = document.text();
    let mut group = criterion.benchmark_group("locate in 10,000 words");
    for (name, quote) in [
        ("exact", "A place that stands once."),
        ("evened", "A  place\u{A0}that stands once."),
        ("caseless", "a PLACE that stands once."),
        ("absent", "Words that stand nowhere"),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| locate(black_box(text), black_box(quote))));
    }
    group.bench_function("passage and selector at offsets", |bencher| {
        bencher.iter(|| {
            Passage::at(black_box(text), 30_000, 30_200).map(|passage| Selector::of(text, &passage))
        });
    });
    group.finish();
}

/// A text of this many words, each paragraph with words of its own; in its next version one paragraph in eight is gone,
/// one word in twenty is another, and a third of it has moved to the top.
fn versions(words: usize) -> (String, String) {
    let mut random = 3_u32;
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % below
    };
    let (mut old, mut kept) = (Vec::new(), Vec::new());
    for paragraph in 0..words.div_ceil(80) {
        let (mut one, mut other) = (String::new(), String::new());
        for word in 0..80 {
            let text = match next(3) {
                0 => format!("word{}", next(5_000)),
                _ => WORDS[next(16) as usize].to_owned(),
            };
            let end = if word % 16 == 15 { ". " } else { " " };
            write!(one, "{text}{end}").expect("a string takes everything");
            let text = if next(20) == 0 { "edited" } else { &text };
            write!(other, "{text}{end}").expect("a string takes everything");
        }
        old.push(one);
        if paragraph % 8 != 5 {
            kept.push(other);
        }
    }
    let third = kept.len() / 3;
    kept.rotate_left(third);
    (old.join("\n\n"), kept.join("\n\n"))
}

/// Selectors of 1 to 40 words all over a text.
fn selectors(text: &str, count: usize) -> Vec<Selector> {
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .collect();
    let offsets = Offsets::new(text);
    let mut random = 5_usize;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xFFFF_FFFF;
        (random >> 8) % below
    };
    (0..count)
        .map(|_| {
            let (first, length) = (next(words.len() - 41), 1 + next(40));
            let (start, (last, word)) = (words[first].0, words[first + length - 1]);
            let (start, end) = (offsets.code_point(start), offsets.code_point(last + word.len()));
            let (start, end) = Extent::new(start, end).as_integers();
            let passage = Passage::at(text, start, end).expect("words");
            Selector::of(text, &passage)
        })
        .collect()
}

fn following(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compare two versions for following marks");
    for words in [2_500, 10_000, 40_000, 160_000] {
        let (old, new) = versions(words);
        group.throughput(Throughput::Bytes(old.len() as u64));
        group.bench_function(format!("{words} words"), |bencher| {
            bencher.iter(|| Revision::new(black_box(&old), black_box(&new)));
        });
    }
    let letter = ("a".repeat(1_000_000), format!("{}b", "a".repeat(999_999)));
    let letters = ("a ".repeat(500_000), format!("b {}c", "a ".repeat(499_000)));
    for (name, (old, new)) in [("a megabyte of one letter", letter), ("a megabyte of one word", letters)] {
        group.throughput(Throughput::Bytes(old.len() as u64));
        group
            .bench_function(name, |bencher| bencher.iter(|| Revision::new(black_box(&old), black_box(&new))));
    }
    group.finish();
    let mut group = criterion.benchmark_group("follow a mark");
    group.throughput(Throughput::Elements(1_000));
    for words in [2_500, 10_000, 40_000, 160_000] {
        let (old, new) = versions(words);
        let (revision, selectors) = (Revision::new(&old, &new), selectors(&old, 1_000));
        group.bench_function(format!("1,000 in {words} words"), |bencher| {
            bencher.iter(|| {
                selectors.iter().map(|selector| revision.locate(black_box(selector))).collect::<Vec<_>>()
            });
        });
    }
    group.finish();
    let (old, new) = versions(10_000);
    let mut group = criterion.benchmark_group("compare two versions of 10,000 words and follow");
    for count in [1, 100, 1_000, 10_000] {
        let selectors = selectors(&old, count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{count} marks"), |bencher| {
            bencher.iter(|| {
                let revision = Revision::new(black_box(&old), black_box(&new));
                selectors.iter().map(|selector| revision.locate(selector)).collect::<Vec<_>>()
            });
        });
    }
    group.finish();
}

fn comparing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set two versions side by side");
    for words in [10_000, 160_000] {
        let (old, new) = versions(words);
        let [old, new] = [old, new].map(|text| from_plain(&text).expect("an article").document);
        group.throughput(Throughput::Bytes(old.text().len() as u64));
        group.bench_function(format!("{words} words"), |bencher| {
            bencher.iter(|| compare(black_box(&old), black_box(&new)));
        });
    }
    group.finish();
}

fn render(criterion: &mut Criterion) {
    let document = from_html(&page(), None).expect("an article").document;
    let mut group = criterion.benchmark_group("render 10,000 words");
    for count in [0, 200, 5_000] {
        let marks = marks(count, document.length());
        for sentences in [false, true] {
            let article = Article { document: &document, marks: &marks, options: Options { sentences } };
            let name = format!("{count} marks{}", if sentences { " and sentences" } else { "" });
            group.bench_function(name, |bencher| bencher.iter(|| black_box(&article).to_html()));
        }
    }
    group.finish();
}

/// A table of a million ratings: each unit by three of so many raters, on six values.
fn ratings(raters: u32) -> Ratings {
    let mut random = Random::new(1);
    let mut ratings = Ratings::empty(Level::Ratio, raters as usize, 6, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    for _ in 0..333_334 {
        let (first, truth) = (random.below(raters as usize), random.below(6));
        ratings.push(
            (0..3).map(|number| Cell {
                rater: u32::try_from((first + number) % raters as usize).expect("few raters"),
                code: u16::try_from(if random.below(2) == 0 { truth } else { random.below(6) })
                    .expect("six values"),
            }),
        );
    }
    ratings
}

fn measuring(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("measure the agreement of a million ratings");
    group.sample_size(10);
    for raters in [3, 50] {
        let table = ratings(raters);
        group.bench_function(format!("{raters} raters"), |bencher| {
            bencher.iter(|| measure(black_box(&table)))
        });
        let draws = bootstrap::resamples(table.given());
        group.bench_function(format!("{raters} raters, with intervals"), |bencher| {
            bencher.iter(|| bootstrap::estimate(black_box(&table), &Coefficient::ALL, draws));
        });
    }
    group.finish();
}

criterion_group!(benches, import, extraction, finding, following, comparing, render, measuring);
criterion_main!(benches);
