use proptest::prelude::*;

use super::*;
use crate::text::document::Document;
use crate::text::import::from_html;

fn document(html: &str) -> Document {
    from_html(html, None).unwrap().document
}

fn html(document: &Document, marks: &[Mark<'_>], sentences: bool) -> String {
    Article { document, marks, options: Options { sentences } }.to_html()
}

fn mark(number: u32, start: i32, end: i32) -> Mark<'static> {
    Mark { start, end, number, href: "#c", label: "Claim", class: "", appearance: "" }
}

#[test]
fn the_first_block_of_each_page_says_which() {
    let (text, mut shape) = document("<p>A<p>B<p>C").into_parts();
    for (block, page) in shape.blocks.iter_mut().zip([1, 1, 2]) {
        block.page = Some(page);
    }
    assert_eq!(
        html(&Document::new(text, shape).unwrap(), &[], false),
        "<p id=\"b0\" data-s=\"0\" data-page=\"1\">A</p>\n\n<p id=\"b1\" data-s=\"3\">B</p>\n\n<p id=\"b2\" data-s=\"6\" data-page=\"2\">C</p>"
    );
}

#[test]
fn blocks_have_ids_starts_and_their_elements() {
    let document = document(
        "<h1>A</h1><h6>B</h6><p>C<br>D<blockquote><p>E<ul><li>F</ul></blockquote><ol start=3><li>G<ul><li>H</ul>I<li>J</ol>\
         <table><tr><th>K<th>L<tr><td><td>M</table><pre> N\nO</pre><figure><img alt='P q' src=https://e.example/p.png>\
         <figcaption>R</figcaption></figure>",
    );
    let expected = "<h2 id=\"b0\" data-s=\"0\">A</h2>\n\n<h6 id=\"b1\" data-s=\"3\">B</h6>\n\n\
        <p id=\"b2\" data-s=\"6\">C<br>\nD</p>\n\n\
        <blockquote><p id=\"b3\" data-s=\"11\">E</p>\n\n<ul><li id=\"b4\" data-s=\"14\">F</li></ul></blockquote>\n\n\
        <ol start=\"3\"><li id=\"b5\" data-s=\"17\">G\n\n<ul><li id=\"b6\" data-s=\"20\">H</li></ul>\n\n\
        <p id=\"b7\" data-s=\"23\">I</p></li>\n\n<li id=\"b8\" data-s=\"26\">J</li></ol>\n\n\
        <table><tr><th scope=\"col\" id=\"b9\" data-s=\"29\">K</th>\n\n<th scope=\"col\" id=\"b10\" data-s=\"32\">L</th></tr>\n\n\
        <tr><td></td><td id=\"b11\" data-s=\"35\">M</td></tr></table>\n\n\
        <pre id=\"b12\" data-s=\"38\"> N\nO</pre>\n\n\
        <figure class=\"image\"><p id=\"b13\" data-s=\"44\">P q</p><a class=\"picture\" href=\"https://e.example/p.png\" \
        rel=\"nofollow noopener noreferrer\" aria-label=\"Open the picture\"></a></figure>\n\n\
        <p class=\"caption\" id=\"b14\" data-s=\"49\">R</p>";
    assert_eq!(html(&document, &[], false), expected);
}

#[test]
fn marks_are_cut_and_name_all_their_claims() {
    let document = document("<p>abcdef<p>g");
    let marks = [
        Mark {
            start: 0,
            end: 4,
            number: 1,
            href: "#c1",
            label: "Claim 1: \"False\"",
            class: "v-false",
            appearance: "x<",
        },
        Mark { start: 2, end: 9, number: 2, href: "#c2", label: "Claim 2", class: "", appearance: "" },
    ];
    assert_eq!(
        html(&document, &marks, false),
        "<p id=\"b0\" data-s=\"0\"><mark data-c=\"1\" class=\"n1 v-false\">ab</mark><mark data-c=\"1 2\" class=\"n2\">cd</mark>\
         <a class=\"ref v-false\" id=\"r1\" href=\"#c1\" aria-label=\"Claim 1: &quot;False&quot;\" data-a=\"x&lt;\">1</a>\
         <mark data-c=\"2\" class=\"n1\">ef</mark></p>\n\n\
         <p id=\"b1\" data-s=\"8\"><mark data-c=\"2\" class=\"n1\">g</mark>\
         <a class=\"ref\" id=\"r2\" href=\"#c2\" aria-label=\"Claim 2\">2</a></p>"
    );
    let many: Vec<_> = (1..=6).map(|number| mark(number, 0, 6)).collect();
    assert!(
        html(&document, &many, false).contains("<mark data-c=\"1 2 3 4 5 6\" class=\"n4\">abcdef</mark>")
    );
}

#[test]
fn sentences_wrap_styles_and_marks_and_references_stand_in_no_link() {
    let document =
        document("<p>One <b>two. Three</b> <a href='https://e.example/?a=1&b=\"'>fo<i>ur</i> five</a>.");
    let link = "<a href=\"https://e.example/?a=1&amp;b=%22\" rel=\"nofollow noopener noreferrer\">";
    assert_eq!(
        html(&document, &[mark(1, 4, 17)], true),
        format!(
            "<p id=\"b0\" data-s=\"0\"><span class=\"s\" data-s=\"0\" data-e=\"8\">One <strong><mark data-c=\"1\" class=\"n1\">two.\
             </mark></strong></span><strong><mark data-c=\"1\" class=\"n1\"> </mark></strong>\
             <span class=\"s\" data-s=\"9\" data-e=\"25\"><strong><mark data-c=\"1\" class=\"n1\">Three</mark></strong>\
             <mark data-c=\"1\" class=\"n1\"> </mark>{link}<mark data-c=\"1\" class=\"n1\">fo</mark></a>\
             <a class=\"ref\" id=\"r1\" href=\"#c\" aria-label=\"Claim\">1</a>{link}<em>ur</em> five</a>.</span></p>"
        )
    );
}

#[test]
fn a_block_that_runs_the_other_way_says_so() {
    let document = document("<p>שלום עולם, אמר השר<p>NATO said<p>12<p>עוד");
    let html = html(&document, &[], false);
    assert_eq!(html.matches("dir=\"auto\"").count(), 1);
    assert!(html.contains("data-s=\"20\" dir=\"auto\">NATO said"));
}

#[test]
fn markup_in_text_stays_text() {
    let document = document(
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;<pre>&lt;/pre&gt;&lt;img src=x onerror=y&gt;</pre>",
    );
    let html = html(&document, &[], true);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;"));
    assert!(html.contains("&lt;/pre&gt;&lt;img src=x onerror=y&gt;"));
}

#[test]
fn a_template_prints_it_as_it_is() {
    #[derive(askama::Template)]
    #[template(source = "<article>{{ article }}</article>", ext = "html")]
    struct Page<'a> {
        article: Article<'a>,
    }
    let document = document("<p>a &amp; b");
    let article = Article { document: &document, marks: &[], options: Options::default() };
    let page = askama::Template::render(&Page { article }).unwrap();
    assert_eq!(page, "<article><p id=\"b0\" data-s=\"0\">a &amp; b</p></article>");
    assert_eq!(article.to_string(), article.to_html());
}

#[test]
fn the_list_has_every_sentence() {
    let document = document("<h1>Title</h1><p>One. Two 🌍.");
    let list: Vec<_> =
        sentence_list(&document).iter().map(|item| (item.start, item.end, item.text)).collect();
    assert_eq!(list, [(0, 5, "Title"), (7, 11, "One."), (12, 18, "Two 🌍.")]);
}

/// What a browser makes of it: the text without references, and whether its elements are as they were written.
fn read_back(html: &str) -> String {
    let page = dom_query::Document::from(format!("<article>{html}</article>"));
    page.select("a.ref").remove();
    assert_eq!(page.select("mark mark, a a").length(), 0);
    page.select("article").text().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn the_text_of_the_page_is_the_text_of_the_document(
        parts in proptest::collection::vec((0_usize..16, "([a-zé🌍\u{301}א-ה<&>\"'. ]|&nbsp;|<b>|</b>|<a href=https://e.example/>|</a>|<i>|</i>|<br>|<sup>|</sup>){1,20}"), 1..8),
        marks in proptest::collection::vec((0_i32..150, 1_i32..60), 0..10),
        sentences: bool,
    ) {
        const WRAPS: [&str; 16] = [
            "<p>", "<h2>", "<ul><li>", "<ul><li><ul><li>", "</ul><li>", "<ol start=7><li>", "<blockquote>", "</blockquote>",
            "<table><tr><td>", "<tr><td>", "<td>", "<th>", "</table>", "<pre>", "<li><p>", "<figure><figcaption>",
        ];
        let source = parts.iter().flat_map(|(wrap, words)| [WRAPS[*wrap], words]).collect::<String>();
        if let Ok(imported) = from_html(&source, None) {
            let document = imported.document;
            let marks: Vec<_> = (1..).zip(&marks).map(|(n, (start, length))| mark(n, *start, start + length)).collect();
            let html = html(&document, &marks, sentences);
            prop_assert_eq!(read_back(&html), document.text(), "{}", html);
            let json = serde_json::to_string(&document).unwrap();
            prop_assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
        }
    }
}
