use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::text::document::{Document, Kind, LINK_BYTES_MAX, SPANS_MAX, Style};
use crate::text::offsets::Extent;

/// Each block as `kind words`, quotations as `>` before it.
fn outline(html: &str) -> Vec<String> {
    let document = match from_html(html, None) {
        Ok(imported) => imported.document,
        Err(ImportError::Empty) => return Vec::new(),
        Err(other) => panic!("{other}"),
    };
    let offsets = document.offsets();
    let kind = |kind: &Kind| match kind {
        Kind::Paragraph => "p".to_owned(),
        Kind::Heading(level) => format!("h{level}"),
        Kind::ListItem(item) => {
            let number = item.number.map(|number| format!("#{number}")).unwrap_or_default();
            format!("li{}{number}{}", item.depth, if item.continues { "+" } else { "" })
        }
        Kind::Cell(cell) => {
            format!("{}{}:{},{}", if cell.header { "th" } else { "td" }, cell.table, cell.row, cell.column)
        }
        Kind::Preformatted => "pre".to_owned(),
        Kind::Caption => "caption".to_owned(),
        Kind::Image(source) => format!("img<{}>", source.as_ref().map(SafeUrl::as_str).unwrap_or_default()),
    };
    document
        .blocks()
        .iter()
        .map(|block| {
            let quote = ">".repeat(usize::from(block.quote));
            format!("{quote}{} {}", kind(&block.kind), offsets.slice(block.extent()).unwrap())
        })
        .collect()
}

/// Each span of the first block, as `order:words`.
fn spans(html: &str) -> Vec<String> {
    let document = from_html(html, None).unwrap().document;
    let offsets = document.offsets();
    document.blocks()[0]
        .spans
        .iter()
        .map(|span| {
            let words = offsets.slice(Extent::new(span.start, span.end)).unwrap();
            match &span.style {
                Style::Link(href) => format!("{}:{words}", href.as_str()),
                style => format!("{}:{words}", style.order()),
            }
        })
        .collect()
}

#[test]
fn spaces_collapse_as_in_a_browser() {
    assert_eq!(
        outline("<p>  a \n\t b <b> c </b> d&nbsp; e&#160;&#160;f </p>"),
        ["p a b c d\u{A0} e\u{A0}\u{A0}f"]
    );
    assert_eq!(
        outline("<p>a<br> b <br/>c</br>d<p>e<br><br>f<p>&nbsp;<p><br>g"),
        ["p a\nb\nc\nd", "p e", "p f", "p g"]
    );
    assert_eq!(outline("<pre>\n  a\r\n\tb  c\n\n d\n</pre>"), ["pre   a\n    b  c\n\n d"]);
    assert_eq!(outline("one<div>two</div>three<hr>four"), ["p one", "p two", "p three", "p four"]);
    assert_eq!(
        outline("so\u{AD}ft e&#x301; A&#x30a;&zwj;\u{200B}x"),
        ["p so\u{AD}ft e\u{301} \u{C5}\u{200D}\u{200B}x".replace("e\u{301}", "\u{E9}")]
    );
}

#[test]
fn headings_lists_quotes_and_tables_keep_their_shape() {
    assert_eq!(
        outline(
            "<h1>A<h3>B</h3><ul><li>c<ul><li>d<li>e</ul>f<li><p>g<p>h</ul><ol start=4><li>i<li value=9>j<li>k</ol>"
        ),
        [
            "h1 A", "h3 B", "li0 c", "li1 d", "li1 e", "li0+ f", "li0 g", "li0+ h", "li0#4 i", "li0#9 j",
            "li0#10 k"
        ]
    );
    assert_eq!(
        outline("<blockquote>a<blockquote><p>b</blockquote><ul><li>c</ul></blockquote>d"),
        [">p a", ">>p b", ">li0 c", "p d"]
    );
    assert_eq!(
        outline(
            "<table><caption>T</caption><tr><th>a<th>b<tr><td><td>c<p>d</table><table><tbody><tr><td>e<td>f</table>"
        ),
        ["caption T", "th0:0,0 a", "th0:0,1 b", "td0:1,1 c", "td0:1,1 d", "td1:0,0 e", "td1:0,1 f"]
    );
    assert_eq!(
        outline("<dl><dt>a<dd>b</dl><details><summary>c</summary>d</details>"),
        ["p a", "p b", "p c", "p d"]
    );
    assert_eq!(outline("<table><tr><td>layout<h2>h</h2>text</table>"), ["p layout", "h2 h", "p text"]);
    let wide = format!("<table><tr><td>a{}<td>z</table>", "<td>".repeat(150));
    assert_eq!(outline(&wide), ["p a", "p z"]);
}

#[test]
fn pictures_are_their_description() {
    assert_eq!(
        outline(
            "<figure><img src=https://e.example/a.jpg alt='A dog'><figcaption>Photo: Ana</figcaption></figure>\
             <p>Text <img alt='🙂' src=data:x> more <img src='javascript:x' alt='A cat'>end<img alt='' src=x>"
        ),
        ["img<https://e.example/a.jpg> A dog", "caption Photo: Ana", "p Text 🙂 more end", "img<> A cat"]
    );
}

#[test]
fn nothing_hidden_is_read() {
    for hidden in [
        "<script>var a = '<p>x</p>';</script>",
        "<style>p{}</style>",
        "<noscript><p>x</p></noscript>",
        "<template><p>x</template>",
        "<div hidden><p>x</div>",
        "<div style='color:red;Display : none'><p>x<div>x</div></div>",
        "<span style=visibility:hidden>x</span>",
        "<span class='a visually-hidden'>x</span>",
        "<svg><title>x</title><text>x</text><script>x</script></svg>",
        "<svg><style>x</svg>",
        "<select><option>x</select>",
        "<button>x</button>",
        "<textarea><p>x</textarea>",
        "<iframe><p>x</iframe>",
        "<object>x</object>",
        "<video>x</video>",
        "<dialog>x</dialog>",
        "<!-- <p>x -->",
        "<!-->",
        "<!--->",
        "<!-- a --!>",
        "<?php x ?>",
        "<!x>",
        "</ x>",
        "<![CDATA[x]]>",
        "<title>x</title>",
        "<input value=x>",
    ] {
        assert_eq!(outline(&format!("a{hidden} b")).join(" ").replace(" p ", " "), "p a b", "{hidden}");
    }
    assert_eq!(outline("<p hidden>x<p>shown"), ["p shown"]);
    assert_eq!(outline("<dialog open>shown</dialog>"), ["p shown"]);
    assert_eq!(outline("<svg><text>x<p>shown</svg>"), ["p shown"]);
    assert_eq!(
        outline("<xmp><b>x</b></xmp><plaintext><p>y</plaintext>"),
        ["pre <b>x</b>", "pre <p>y</plaintext>"]
    );
}

#[test]
fn styles_and_safe_links_become_spans() {
    assert_eq!(spans("<p>a <b>b <i>c</b> d</i> <sup>2</sup>"), ["1:b c", "2:c d", "4:2"]);
    assert_eq!(spans("<a href=https://e.example/?a&amp;b=&copy>x</a>"), ["https://e.example/?a&b=%C2%A9:x"]);
    assert_eq!(
        spans("<a href=javascript:x>a</a><a href=&#106;avascript:x>b</a><a href=/c>c</a><a name=d>d</a>"),
        [""; 0]
    );
    assert_eq!(
        spans("<a href=mailto:a@e.example>x <a href=http://e.example>y</a>"),
        ["mailto:a@e.example:x", "http://e.example/:y"]
    );
    assert_eq!(
        spans(
            "<b style='font-weight:normal'>a <span style='font-style: italic; font-weight:700'>b</span></b>"
        ),
        ["1:b", "2:b"]
    );
    assert_eq!(spans("<b>a<b>b</b>c</b>d"), ["1:abc"]);
    assert_eq!(spans("<b>a</b><b>b</b><i>c</i><b>d</b>"), ["1:ab", "2:c", "1:d"]);
    let document = from_html("<b>a<p>b</b>c<p>d", None).unwrap().document;
    let bold: Vec<_> =
        document.blocks().iter().flat_map(|block| &block.spans).map(|span| (span.start, span.end)).collect();
    assert_eq!(bold, [(0, 1), (3, 4)]);
    assert_eq!(outline("He said <q>no</q>."), ["p He said “no”."]);
    let page = SafeUrl::parse("https://e.example/news/").unwrap();
    let relative = from_html("<a href=1>x</a>", Some(&page)).unwrap().document;
    assert!(serde_json::to_string(&relative).unwrap().contains("https://e.example/news/1"));
    assert_eq!(spans("<base href=https://b.example/><a href=1>x</a>"), ["https://b.example/1:x"]);
}

#[test]
fn character_references_are_read() {
    let read = |html: &str| outline(html).first().map(|line| line[2..].to_owned()).unwrap_or_default();
    assert_eq!(read("&ldquo;x&rdquo; &lt;b&gt; &amp;amp; &copy &notit; &AElig;"), "“x” <b> &amp; © ¬it; Æ");
    assert_eq!(
        read("&#8220;&#x1F30D;&#128;&#0;&#xD800;&#99999999999; &# &#x &; &foo; &"),
        "“🌍€\u{FFFD}\u{FFFD}\u{FFFD} &# &#x &; &foo; &"
    );
    assert_eq!(read("&NotEqualTilde; &CounterClockwiseContourIntegral;"), "≂\u{338} ∳");
    assert_eq!(read("a\0b\u{1}c\u{7F}d &#11; e"), "abcd e");
    assert_eq!(read("5 < 6 <3 a<b> c</b>"), "5 < 6 <3 a c");
    assert_eq!(read("a <b"), "a");
    assert_eq!(read("<p title='>' class=\"</p>\" / data-x=1/>a</P>"), "a");
}

const PAGE: &str = r#"<!doctype html><html lang="en-GB"><head><title>We will – Post</title>
    <meta property="og:title" content="“We will,” she says"><meta name=author content="Ana B.">
    <meta property="article:published_time" content="2026-09-28T10:00:00+02:00">
    <meta property="og:site_name" content="The Post"><link rel=canonical href="/news/1?x=1">
    <script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":"Someone Else"}]}</script></head>
    <body><nav>Home</nav><header>Post</header><main><div>Ad</div><article><h1>We will</h1><p>Text of some length.</article>
    <article><p>Short.</article></main><footer>Imprint</footer>"#;

#[test]
fn what_a_page_says_about_itself_is_found() {
    let page = SafeUrl::parse("https://post.example/").unwrap();
    let found = from_html(PAGE, Some(&page)).unwrap().found;
    assert_eq!(found.title.as_deref(), Some("We will"));
    assert_eq!(found.author.as_deref(), Some("Ana B."));
    assert_eq!(found.site.as_deref(), Some("The Post"));
    assert_eq!(found.published.to_string(), "28 September 2026");
    assert_eq!(found.address.as_ref().map(SafeUrl::as_str), Some("https://post.example/news/1?x=1"));
    assert_eq!(found.language.as_deref(), Some("en-GB"));
    let title = |html: &str| from_html(html, None).unwrap().found.title;
    assert_eq!(
        title("<title>T – Site</title><h1>The <i>head</i>\nline</h1>x").as_deref(),
        Some("The head line")
    );
    assert_eq!(title("<title>T &amp; Site</title>x").as_deref(), Some("T & Site"));
    assert_eq!(title("x"), None);
    let site = "<meta property=og:site_name content='The Post'><meta property='og:title dc:title' content='We will | The Post'>x";
    assert_eq!(title(site).as_deref(), Some("We will"));
    let author = |html: &str| from_html(html, None).unwrap().found.author;
    assert_eq!(
        author("<p class='meta byline'>By <a rel=author href=/a>Ana  B.</a></p>x").as_deref(),
        Some("Ana B.")
    );
    assert_eq!(
        author("<meta name=DCTERMS.creator content=Ben><a rel=author>Ana</a>x").as_deref(),
        Some("Ben")
    );
    assert_eq!(author("<a rel=author></a>x"), None);
}

#[test]
fn everything_is_kept_and_what_surrounds_the_article_is_named() {
    let text = "She said on Monday that nobody would ever build a bridge across this river.";
    let page = PAGE.replace("Text of some length.", text);
    let imported = from_html(&page, None).unwrap();
    assert_eq!(
        imported.document.text(),
        format!("Home\n\nPost\n\nAd\n\nWe will\n\n{text}\n\nShort.\n\nImprint")
    );
    assert_eq!(imported.article().text(), text);
    let teaser = "<p>All that matters stands outside of it, and is long.<article>Teaser</article>";
    assert_eq!(outline(teaser).len(), 2);
    assert_eq!(outline("<main><p>a</main><p>b"), ["p a", "p b"]);
}

#[test]
fn limits_say_so() {
    let import = |html: String| from_html(&html, None).map(|_| ());
    assert_eq!(import(String::new()), Err(ImportError::Empty));
    assert_eq!(import("<p>a".repeat(20_001)), Err(ImportError::TooManyBlocks));
    assert_eq!(import("<p>a".repeat(20_000)), Ok(()));
    assert_eq!(import(format!("{}a", "<div>".repeat(201))), Err(ImportError::TooDeep));
    assert_eq!(import(format!("{}a", "<div>".repeat(199))), Ok(()));
    assert_eq!(import(format!("{}a", "<b>".repeat(100_000))), Ok(()));
    assert_eq!(import("word ".repeat(400_001)), Err(ImportError::TooLong));
    assert_eq!(import(" ".repeat(8_000_001)), Err(ImportError::TooMuchMarkup));
    assert_eq!(import(format!("<!--{}-->a", " ".repeat(7_000_000))), Ok(()));
}

#[test]
fn styles_and_addresses_do_not_outgrow_the_words() {
    let spans_of = |html: &str| {
        let document = from_html(html, None).unwrap().document;
        document.blocks().iter().map(|block| block.spans.len()).sum::<usize>()
    };
    assert_eq!(spans_of(&"<b>x</b>y".repeat(60_000)), SPANS_MAX);
    let base = format!("<base href=https://e.example/{}/>", "x".repeat(8_000));
    assert_eq!(spans_of(&format!("{base}{}", "<a href=?>x</a>y".repeat(1_000))), LINK_BYTES_MAX / 8_019);
}

#[test]
fn hostile_pages_take_no_longer_than_others() {
    let started = Instant::now();
    for piece in [
        "<b id=1>",
        "<a href=x>",
        "<p><b>",
        "</b>",
        "<a ",
        "<a b",
        "<a b='",
        "a=b ",
        "&",
        "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "&#",
        "<!--",
        "<!-- --",
        "</",
        "<",
        "<table>",
        "<table><b>",
        "<li>",
        "<ul><li>",
        "<td>",
        "<svg>",
        "<svg><p>",
        "<math><mi>",
        "<script>",
        "</script",
        "<title></titl",
        "<font><p>",
        "<form><div></form>",
        "<q>",
        "<blockquote>",
        "<h1>",
        "\u{301}",
        "<br>",
        "<img alt=ab>",
        "<ol start=4294967295><li>x</ol>",
        "<select><option>",
    ] {
        let html = piece.repeat(100_000 / piece.len());
        let _ = from_html(&html, None);
        let _ = from_html(&format!("<div>x{html}"), None);
    }
    assert!(started.elapsed().as_secs() < 60, "took {:?}", started.elapsed());
}

/// The words that html5ever's tree has outside hidden elements.
fn words_of_tree(html: &str) -> String {
    let tree = dom_query::Document::from(html);
    tree.select("script, style, title, template, textarea, svg, select, [hidden]").remove();
    tree.text().split_whitespace().collect()
}

fn document(html: &str) -> Option<Document> {
    from_html(html, None).ok().map(|imported| imported.document)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_words_are_those_of_a_real_parser(parts in proptest::collection::vec(0_usize..40, 1..30)) {
        // Text in tables outside cells is moved by browsers, so tables are complete here.
        const PARTS: [&str; 40] = [
            "a", "é ", " 🌍", "א", "&amp;", "&lt;p>", "&nbsp;", "\r\n", "<p>", "</p>", "<div class='x > y'>", "</div>", "<b>", "</b>",
            "<i>", "</i>", "<a href=\"https://e.example/\">", "</a>", "<ul><li>", "<li>", "</ul>", "<h2>", "</h2>", "<blockquote>",
            "</blockquote>", "<br/>", "<pre>", "</pre>", "<table><tr><td>c</td><th>d</table>", "<script>x<p></script>", "<style>y</style>",
            "<!-- z -->", "<span hidden>q</span>", "<svg><path d='M0'/></svg>", "<img src=x>", "<sup>2</sup>", "<template>t</template>",
            "<section>", "</section>", "<hr>",
        ];
        let html: String = parts.iter().map(|part| PARTS[*part]).collect();
        let ours: String = document(&html).map(|document| document.text().split_whitespace().collect()).unwrap_or_default();
        prop_assert_eq!(ours, words_of_tree(&html), "{}", html);
    }

    #[test]
    fn any_bytes_make_a_document_or_an_error(html in "([<>/!&;='\" a-c\n-]|<(p|/p|td|table|li|b|/b|q|/q|svg|script|title|pre|a href=x)>|\\PC){0,80}") {
        if let Some(document) = document(&html) {
            let (text, shape) = document.clone().into_parts();
            prop_assert_eq!(Document::new(text, shape), Ok(document));
        }
    }
}
