//! What an element's name, classes and microdata say its words are.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::token::Tag;

/// A set of hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hints(u32);

impl Hints {
    /// The article's own words (<https://schema.org/articleBody> and the class names most sites use).
    pub(super) const BODY: Self = Self(1);
    pub(super) const MENU: Self = Self(1 << 1);
    /// What stands on every page of a site: its head and foot.
    pub(super) const SITE: Self = Self(1 << 2);
    pub(super) const ASIDE: Self = Self(1 << 3);
    pub(super) const COMMENTS: Self = Self(1 << 4);
    pub(super) const SHARE: Self = Self(1 << 5);
    /// Other articles.
    pub(super) const RELATED: Self = Self(1 << 6);
    /// Newsletters, subscriptions, signing in.
    pub(super) const JOIN: Self = Self(1 << 7);
    /// Cookie notices and other windows above the page.
    pub(super) const NOTICE: Self = Self(1 << 8);
    pub(super) const ADVERT: Self = Self(1 << 9);
    /// Who wrote it and when.
    pub(super) const BYLINE: Self = Self(1 << 10);
    pub(super) const TAGS: Self = Self(1 << 11);
    /// Words under a picture.
    pub(super) const CAPTION: Self = Self(1 << 12);
    pub(super) const TITLE: Self = Self(1 << 13);
    /// `article` and `main`.
    pub(super) const ARTICLE: Self = Self(1 << 14);
    pub(super) const MAIN: Self = Self(1 << 15);
    pub(super) const HEADER: Self = Self(1 << 16);
    pub(super) const FORM: Self = Self(1 << 17);
    pub(super) const CONTENTS: Self = Self(1 << 18);
    /// `footer`.
    pub(super) const FOOTER: Self = Self(1 << 19);

    /// Everything that is no part of an article.
    pub(super) const SURROUNDINGS: Self = Self::MENU
        .with(Self::SITE)
        .with(Self::ASIDE)
        .with(Self::COMMENTS)
        .with(Self::SHARE)
        .with(Self::RELATED)
        .with(Self::JOIN)
        .with(Self::NOTICE)
        .with(Self::ADVERT)
        .with(Self::BYLINE)
        .with(Self::TAGS)
        .with(Self::CAPTION)
        .with(Self::FORM)
        .with(Self::CONTENTS)
        .with(Self::FOOTER);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Its hints one by one.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        (0..u32::BITS).map(move |bit| Self(self.0 & 1 << bit)).filter(|hint| hint.0 != 0)
    }

    pub(super) const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Reads an element's start tag; gives also a number that is alike for the same name and classes.
    pub(super) fn of(tag: &Tag<'_>) -> (Self, u64) {
        let mut hints = Self::of_element(&tag.name);
        let mut likeness = DefaultHasher::new();
        tag.name.hash(&mut likeness);
        tag.each_attribute(|name, value| {
            if name.eq_ignore_ascii_case("class") {
                value.hash(&mut likeness);
            }
            hints = hints.with(match name {
                name if name.eq_ignore_ascii_case("class") || name.eq_ignore_ascii_case("id") => {
                    Self::of_names(value)
                }
                name if name.eq_ignore_ascii_case("role") => Self::of_role(value),
                name if name.eq_ignore_ascii_case("itemprop") => Self::of_property(value),
                _ => Self::default(),
            });
        });
        (hints, likeness.finish())
    }

    fn of_element(name: &str) -> Self {
        match name {
            "nav" => Self::MENU,
            "aside" => Self::ASIDE,
            "footer" => Self::FOOTER,
            "header" => Self::HEADER,
            "form" => Self::FORM,
            "article" => Self::ARTICLE,
            "main" => Self::MAIN,
            "figure" | "figcaption" => Self::CAPTION,
            _ => Self::default(),
        }
    }

    /// <https://www.w3.org/TR/wai-aria/#landmark_roles>
    fn of_role(value: &str) -> Self {
        match value.trim() {
            "navigation" | "menu" | "menubar" | "search" | "tablist" | "toolbar" => Self::MENU,
            "complementary" => Self::ASIDE,
            "banner" => Self::SITE,
            "contentinfo" => Self::FOOTER,
            "dialog" | "alertdialog" | "alert" => Self::NOTICE,
            "article" => Self::ARTICLE,
            "main" => Self::MAIN,
            _ => Self::default(),
        }
    }

    fn of_property(value: &str) -> Self {
        match value.trim() {
            "articleBody" | "reviewBody" => Self::BODY,
            "headline" => Self::TITLE,
            "author" | "datePublished" | "dateModified" | "publisher" => Self::BYLINE,
            "caption" => Self::CAPTION,
            "comment" => Self::COMMENTS,
            _ => Self::default(),
        }
    }

    /// Reads classes and ids: their words, and for bodies two words that follow each other.
    fn of_names(value: &str) -> Self {
        let mut hints = Self::default();
        for name in value.split_ascii_whitespace() {
            let mut before = String::new();
            each_word(name, |word| {
                hints = hints.with(of_word(word)).with(of_pair(&before, word));
                word.clone_into(&mut before);
            });
        }
        hints
    }
}

/// How long a class name is read; what generators write can be kilobytes.
const NAME_BYTES_MAX: usize = 120;

/// Calls for each word of `post-content`, `post_content` and `postContent`, in lower case.
fn each_word(name: &str, mut call: impl FnMut(&str)) {
    let mut word = String::new();
    let mut was_lower = false;
    for character in name.chars().take(NAME_BYTES_MAX) {
        let starts = was_lower && character.is_ascii_uppercase();
        if !word.is_empty() && (starts || !character.is_ascii_alphabetic()) {
            call(&word);
            word.clear();
        }
        was_lower = character.is_ascii_lowercase();
        if character.is_ascii_alphabetic() {
            word.push(character.to_ascii_lowercase());
        }
    }
    if !word.is_empty() {
        call(&word);
    }
}

fn of_word(word: &str) -> Hints {
    match word {
        "articlebody" | "articlecontent" | "articletext" | "entrycontent" | "postcontent" | "postbody"
        | "storybody" | "storycontent" | "storytext" | "bodytext" | "articulo" => Hints::BODY,
        "nav" | "navi" | "navbar" | "navigation" | "menu" | "submenu" | "breadcrumb" | "breadcrumbs"
        | "crumbs" | "pagination" | "pager" | "pagenav" | "toolbar" | "topbar" | "skiplink" | "sitenav"
        | "subnav" | "mainmenu" | "dropdown" | "paging" => Hints::MENU,
        "footer" | "masthead" | "colophon" | "copyright" | "legal" | "imprint" | "disclaimer"
        | "siteheader" => Hints::SITE,
        "sidebar" | "rail" | "sidenav" | "complementary" | "infobox" | "factbox" => Hints::ASIDE,
        "comment" | "comments" | "commentlist" | "disqus" | "respond" | "replies" | "commenting"
        | "commentary" | "kommentare" | "comentarios" | "commentaires" | "discussion" | "guestbook" => {
            Hints::COMMENTS
        }
        "share" | "sharing" | "shares" | "sharebar" | "sharedaddy" | "social" | "socials" | "addthis"
        | "addtoany" | "sociable" | "follow" | "bookmark" | "sharethis" | "teilen" | "socialmedia" => {
            Hints::SHARE
        }
        "related" | "recommended" | "recommendation" | "recommendations" | "recommend" | "recirc"
        | "recirculation" | "outbrain" | "taboola" | "popular" | "trending" | "mostread" | "readmore"
        | "teaser" | "teasers" | "suggested" | "suggestions" | "upnext" | "readnext" | "relatedposts"
        | "relacionadas" | "relacionados" | "similar" | "morefrom" | "zergnet" | "playlist" | "verwandte"
        | "crosslinks" | "latest" => Hints::RELATED,
        "newsletter" | "newsletters" | "subscribe" | "subscription" | "subscriptions" | "signup"
        | "optin" | "login" | "signin" | "register" | "registration" | "cta" | "mailchimp" | "donate"
        | "donation" | "membership" | "abo" => Hints::JOIN,
        "cookie" | "cookies" | "consent" | "gdpr" | "modal" | "popup" | "overlay" | "lightbox"
        | "onetrust" | "cookiebar" | "tooltip" | "toast" | "dialog" => Hints::NOTICE,
        "ad" | "ads" | "advert" | "adverts" | "advertisement" | "advertising" | "advertorial" | "adsense"
        | "sponsor" | "sponsored" | "sponsors" | "promo" | "promos" | "promotion" | "promoted" | "banner"
        | "dfp" | "anzeige" | "werbung" | "publicidad" => Hints::ADVERT,
        "byline" | "bylines" | "author" | "authors" | "authorbox" | "dateline" | "timestamp" | "pubdate"
        | "posted" | "meta" | "metadata" | "postmeta" | "bio" | "contributor" | "contributors" | "autor"
        | "auteur" | "published" | "datetime" | "date" => Hints::BYLINE,
        "tag" | "tags" | "taglist" | "keywords" | "topics" | "hashtags" | "categories" | "tagcloud" => {
            Hints::TAGS
        }
        "caption" | "captions" | "credit" | "credits" | "figcaption" | "photocredit" | "gallery"
        | "slideshow" | "carousel" | "slider" | "legend" | "bildunterschrift" => Hints::CAPTION,
        "toc" | "tableofcontents" => Hints::CONTENTS,
        "headline" | "title" | "kicker" | "heading" => Hints::TITLE,
        _ => Hints::default(),
    }
}

fn of_pair(before: &str, word: &str) -> Hints {
    let is_article = matches!(
        before,
        "article"
            | "entry"
            | "post"
            | "story"
            | "blog"
            | "news"
            | "content"
            | "main"
            | "page"
            | "text"
            | "artikel"
            | "articulo"
            | "body"
            | "single"
            | "rich"
    );
    if is_article && matches!(word, "body" | "content" | "contents" | "text" | "copy") {
        return Hints::BODY;
    }
    match (before, word) {
        ("table" | "of", "contents") => Hints::CONTENTS,
        ("read", "more" | "next" | "also")
        | ("more", "stories" | "articles" | "news" | "from" | "posts" | "on")
        | ("most", "read" | "viewed" | "popular")
        | ("see", "also")
        | ("you", "may")
        | ("up", "next")
        | ("next", "article" | "post") => Hints::RELATED,
        ("sign", "up") | ("sign" | "log" | "opt", "in") => Hints::JOIN,
        ("about", "author") => Hints::BYLINE,
        ("widget", "area") => Hints::ASIDE,
        ("photo", "by") => Hints::CAPTION,
        _ => Hints::default(),
    }
}
