//! HTML as tags and text: one pass, no tree, nothing copied, time linear in the input whatever stands in it.
//!
//! Follows <https://html.spec.whatwg.org/multipage/parsing.html#tokenization>. A tree builder is not used on purpose:
//! nesting, attribute floods and misnested formatting make those slow or large, and blocks need no tree.

use std::borrow::Cow;

use super::references::decode_references;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(Cow<'a, str>),
    Start(Tag<'a>),
    /// An end tag's name in lower case.
    End(Cow<'a, str>),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: Cow<'a, str>,
    attributes: &'a str,
    pub(super) closes_itself: bool,
}

impl<'a> Tag<'a> {
    /// The value of an attribute, by its name in lower case; the first one counts.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut scan = AttributeScan { source: self.attributes, at: 0 };
        while let Some(attribute) = scan.next_attribute() {
            if attribute.name.eq_ignore_ascii_case(name) {
                return Some(decode_references(attribute.value, true));
            }
        }
        None
    }

    /// Calls for each attribute, with its name and value as written.
    pub(super) fn each_attribute(&self, mut call: impl FnMut(&str, &str)) {
        let mut scan = AttributeScan { source: self.attributes, at: 0 };
        while let Some(attribute) = scan.next_attribute() {
            call(attribute.name, attribute.value);
        }
    }

    pub(super) const fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }
}

/// Reads tokens.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    raw: Option<Raw<'a>>,
}

/// An element whose content is no markup.
#[derive(Debug)]
struct Raw<'a> {
    name: Cow<'a, str>,
    has_references: bool,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(html: &'a str) -> Self {
        Self { html, at: 0, raw: None }
    }

    /// Says that the element just started has text only, up to its end tag.
    pub(super) fn read_raw(&mut self, name: Cow<'a, str>) {
        let has_references = matches!(&*name, "title" | "textarea");
        self.raw = Some(Raw { name, has_references });
    }

    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    fn raw_text(&mut self, raw: &Raw<'a>) -> Option<Token<'a>> {
        let rest = self.rest();
        let end = rest
            .match_indices("</")
            .map(|(at, _)| at)
            .find(|at| {
                let after = &rest.as_bytes()[at + 2..];
                raw.name != "plaintext"
                    && after.len() > raw.name.len()
                    && after[..raw.name.len()].eq_ignore_ascii_case(raw.name.as_bytes())
                    && matches!(after[raw.name.len()], b'\t' | b'\n' | b'\r' | b'\x0C' | b' ' | b'/' | b'>')
            })
            .unwrap_or(rest.len());
        self.at += end;
        let text = &rest[..end];
        (!text.is_empty()).then(|| {
            Token::Text(if raw.has_references { decode_references(text, false) } else { Cow::Borrowed(text) })
        })
    }

    /// Reads the tag, comment or declaration at a `<`; `None` when it says nothing.
    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        match rest.as_bytes().get(1) {
            Some(byte) if byte.is_ascii_alphabetic() => self.tag(1, |name, attributes, closes_itself| {
                Token::Start(Tag { name, attributes, closes_itself })
            }),
            Some(b'/') => match rest.as_bytes().get(2) {
                Some(byte) if byte.is_ascii_alphabetic() => self.tag(2, |name, _, _| Token::End(name)),
                Some(b'>') => self.skip(3),
                Some(_) => self.skip_to_angle(),
                None => Some(self.literal(2)),
            },
            Some(b'!') if rest.starts_with("<!--") => self.comment(),
            Some(b'!' | b'?') => self.skip_to_angle(),
            _ => Some(self.literal(1)),
        }
    }

    fn literal(&mut self, length: usize) -> Token<'a> {
        let text = &self.rest()[..length];
        self.at += length;
        Token::Text(Cow::Borrowed(text))
    }

    fn skip(&mut self, length: usize) -> Option<Token<'a>> {
        self.at += length;
        None
    }

    fn skip_to_angle(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        self.skip(rest.find('>').map_or(rest.len(), |at| at + 1))
    }

    fn comment(&mut self) -> Option<Token<'a>> {
        let content = &self.rest()[4..];
        if content.starts_with('>') {
            return self.skip(5);
        }
        if content.starts_with("->") {
            return self.skip(6);
        }
        let bytes = content.as_bytes();
        let end = (0..bytes.len().saturating_sub(2)).find_map(|at| {
            let dashes = &bytes[at..];
            if dashes.starts_with(b"-->") {
                Some(at + 3)
            } else if dashes.starts_with(b"--!>") {
                Some(at + 4)
            } else {
                None
            }
        });
        self.skip(4 + end.unwrap_or(content.len()))
    }

    fn tag(
        &mut self,
        name_at: usize,
        token: impl FnOnce(Cow<'a, str>, &'a str, bool) -> Token<'a>,
    ) -> Option<Token<'a>> {
        let rest = self.rest();
        let name_length = rest[name_at..]
            .find(|character: char| character.is_ascii_whitespace() || matches!(character, '/' | '>'))
            .unwrap_or(rest.len() - name_at);
        let name = &rest[name_at..name_at + name_length];
        let source = &rest[name_at + name_length..];
        let mut scan = AttributeScan { source, at: 0 };
        while scan.next_attribute().is_some() {}
        let end = scan.at;
        if end >= source.len() {
            // The tag never ends: the rest of the file is lost in it, as in a browser.
            return self.skip(rest.len());
        }
        self.at += name_at + name_length + end + 1;
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        Some(token(name, source[..end].trim_ascii(), source[..end].ends_with('/')))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(raw) = self.raw.take()
                && let Some(text) = self.raw_text(&raw)
            {
                return Some(text);
            }
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                let end = rest.find('<').unwrap_or(rest.len());
                self.at += end;
                return Some(Token::Text(decode_references(&rest[..end], false)));
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
    }
}

struct Attribute<'a> {
    name: &'a str,
    /// As written, with its character references.
    value: &'a str,
}

/// Goes from attribute to attribute; `at` ends on the `>` of the tag or behind the source.
struct AttributeScan<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> AttributeScan<'a> {
    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let bytes = self.source.as_bytes();
        while self.at < bytes.len() && keep(bytes[self.at]) {
            self.at += 1;
        }
    }

    /// Reads up to an ASCII character that is not to be kept.
    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        self.skip_while(keep);
        &self.source[start..self.at]
    }

    fn next_attribute(&mut self) -> Option<Attribute<'a>> {
        let bytes = self.source.as_bytes();
        self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if self.at >= bytes.len() || bytes[self.at] == b'>' {
            return None;
        }
        let start = self.at;
        self.at += 1;
        self.skip_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='));
        let name = &self.source[start..self.at];
        let after_name = self.at;
        self.skip_while(|byte| byte.is_ascii_whitespace());
        if bytes.get(self.at) != Some(&b'=') {
            self.at = after_name;
            return Some(Attribute { name, value: "" });
        }
        self.at += 1;
        self.skip_while(|byte| byte.is_ascii_whitespace());
        let value = match bytes.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.take_while(|byte| byte != quote);
                self.at = (self.at + 1).min(bytes.len());
                value
            }
            _ => self.take_while(|byte| !byte.is_ascii_whitespace() && byte != b'>'),
        };
        Some(Attribute { name, value })
    }
}
