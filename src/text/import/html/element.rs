//! What an element's name means for the text.

use crate::text::document::Style;

/// How an element takes part in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of a line; changes nothing by itself.
    Inline,
    /// Part of a line in another style (its order, see [`Style::order`]).
    Styled(usize),
    Link,
    /// Begins and ends a block.
    Block,
    Paragraph,
    Heading(u8),
    Quote,
    List {
        ordered: bool,
    },
    Item,
    Table,
    Row,
    Cell {
        header: bool,
    },
    Caption,
    Preformatted,
    /// The quotation marks that a browser puts around it are part of the text.
    InlineQuote,
    /// Not shown, or nothing to read: forms' controls, players, drawings.
    Hidden,
    /// Hidden, and its content is no markup.
    HiddenRaw,
    Break,
    Rule,
    Image,
    Meta,
    Title,
    /// A paragraph in a list of terms.
    Term,
    Html,
    Base,
    LinkElement,
    Time,
    Script,
    /// Shown, but its content is no markup.
    RawPreformatted,
}

const STRONG: usize = Style::Strong.order();
const EMPHASIS: usize = Style::Emphasis.order();
const STRUCK: usize = Style::Struck.order();
const SUPERSCRIPT: usize = Style::Superscript.order();
const SUBSCRIPT: usize = Style::Subscript.order();
const CODE: usize = Style::Code.order();

impl Role {
    /// The role of an element, by its name in lower case.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "p" => Self::Paragraph,
            "a" => Self::Link,
            "b" | "strong" => Self::Styled(STRONG),
            "i" | "em" | "cite" | "dfn" | "var" => Self::Styled(EMPHASIS),
            "s" | "del" | "strike" => Self::Styled(STRUCK),
            "sup" => Self::Styled(SUPERSCRIPT),
            "sub" => Self::Styled(SUBSCRIPT),
            "code" | "kbd" | "samp" | "tt" => Self::Styled(CODE),
            "q" => Self::InlineQuote,
            "br" => Self::Break,
            "hr" => Self::Rule,
            "img" => Self::Image,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "blockquote" => Self::Quote,
            "ul" | "menu" | "dir" => Self::List { ordered: false },
            "ol" => Self::List { ordered: true },
            "li" => Self::Item,
            "dt" | "dd" => Self::Term,
            "table" => Self::Table,
            "tr" => Self::Row,
            "td" => Self::Cell { header: false },
            "th" => Self::Cell { header: true },
            "caption" | "figcaption" => Self::Caption,
            "pre" | "listing" => Self::Preformatted,
            "xmp" | "plaintext" => Self::RawPreformatted,
            "meta" => Self::Meta,
            "title" => Self::Title,
            "html" => Self::Html,
            "base" => Self::Base,
            "link" => Self::LinkElement,
            "time" => Self::Time,
            "script" => Self::Script,
            "style" | "noscript" | "iframe" | "noembed" | "noframes" | "textarea" => Self::HiddenRaw,
            "template" | "svg" | "object" | "audio" | "video" | "canvas" | "select" | "datalist"
            | "button" | "dialog" | "annotation" | "annotation-xml" | "frameset" | "progress" | "meter" => {
                Self::Hidden
            }
            "address" | "article" | "aside" | "body" | "center" | "details" | "div" | "dl" | "fieldset"
            | "figure" | "footer" | "form" | "head" | "header" | "hgroup" | "legend" | "main" | "nav"
            | "option" | "optgroup" | "search" | "section" | "summary" | "tbody" | "tfoot" | "thead" => {
                Self::Block
            }
            _ => Self::Inline,
        }
    }

    /// Whether the element begins a new block of the page.
    pub(super) const fn is_block(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::Paragraph
                | Self::Heading(_)
                | Self::Quote
                | Self::List { .. }
                | Self::Item
                | Self::Table
                | Self::Row
                | Self::Cell { .. }
                | Self::Caption
                | Self::Preformatted
                | Self::RawPreformatted
                | Self::Rule
                | Self::Term
                | Self::Html
        )
    }
}

/// Elements that have no content and no end tag
/// (<https://html.spec.whatwg.org/multipage/syntax.html#void-elements>).
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "command"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "image"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Which open elements a start tag ends, when no other element of `until` stands between
/// (<https://html.spec.whatwg.org/multipage/syntax.html#optional-tags>).
pub(super) fn ended_by(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
        "tr" => (&["tr"], &["table"]),
        "td" | "th" => (&["td", "th"], &["table"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption", "colgroup"], &["table"]),
        "option" => (&["option"], &["select", "datalist"]),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (
            &["h1", "h2", "h3", "h4", "h5", "h6"],
            &["div", "section", "article", "td", "th", "li", "blockquote"],
        ),
        "a" => (&["a"], &["table", "td", "th"]),
        "button" => (&["button"], &["table", "td", "th"]),
        _ => return None,
    })
}

/// Elements that the end tag of something outside them does not close.
pub(super) fn is_scope(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption" | "html" | "template" | "svg" | "object")
}
