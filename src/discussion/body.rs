//! What a comment says: plain text in which members can be called by their names, as in `@nora`.
//!
//! A mention is kept as the account that is meant (`@{0192…}`) and printed as its name of now: so nobody's name stands in
//! the text or in the record of changes, and none is left there when an account is erased.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use crate::id::AccountId;
use crate::text::address::SafeUrl;

/// Characters of a comment, as typed.
pub const BODY_MAX: usize = 10_000;
/// Members that one comment calls.
pub const MENTIONS_MAX: usize = 30;

/// Somebody who can be called.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Person {
    #[serde(skip)]
    pub account: AccountId,
    pub handle: String,
    pub name: String,
}

/// Who may be meant by a name or an account.
#[derive(Clone, Debug, Default)]
pub struct People {
    by_handle: BTreeMap<String, AccountId>,
    by_account: BTreeMap<AccountId, Person>,
}

impl People {
    /// All of these.
    #[must_use]
    pub fn new(people: Vec<Person>) -> Self {
        Self {
            by_handle: people.iter().map(|person| (person.handle.clone(), person.account)).collect(),
            by_account: people.into_iter().map(|person| (person.account, person)).collect(),
        }
    }
}

/// What a comment says, as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body {
    text: String,
    mentions: Vec<AccountId>,
}

/// A part of a comment, for printing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    Text(String),
    /// A link that somebody typed.
    Link(String),
    Person(Person),
}

impl Body {
    /// What was typed, with the members among `people` that it calls.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(typed: &str, people: &People) -> Result<Self, String> {
        let typed: String = typed.replace("\r\n", "\n").nfc().collect();
        let typed = typed.trim();
        if typed.is_empty() {
            return Err("Write what you want to say.".to_owned());
        }
        if typed.chars().count() > BODY_MAX {
            return Err(format!("This is longer than {BODY_MAX} characters. Make two of it."));
        }
        let text = encode(typed, people);
        let mut mentions: Vec<_> =
            split(&text).into_iter().filter_map(|part| part.ok_account(people)).collect();
        mentions.sort_unstable();
        mentions.dedup();
        if mentions.len() > MENTIONS_MAX {
            return Err(format!("This calls more than {MENTIONS_MAX} people."));
        }
        Ok(Self { text, mentions })
    }

    /// The text as it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whom it calls.
    #[must_use]
    pub fn mentions(&self) -> &[AccountId] {
        &self.mentions
    }
}

/// A kept text cut at its mentions.
enum Part<'a> {
    Words(&'a str),
    Account(AccountId),
}

impl Part<'_> {
    fn ok_account(self, people: &People) -> Option<AccountId> {
        match self {
            Self::Account(account) if people.by_account.contains_key(&account) => Some(account),
            _ => None,
        }
    }
}

/// The text with each name of a member replaced by the account.
#[must_use]
pub fn encode(typed: &str, people: &People) -> String {
    let mut text = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        text.push_str(before);
        let begins = !text.ends_with(|before: char| before.is_alphanumeric() || "._-@".contains(before));
        let end = after
            .find(|name: char| !(name.is_ascii_alphanumeric() || "._-".contains(name)))
            .unwrap_or(after.len());
        // A full stop after a name ends the sentence, unless the name has one.
        let found = begins.then(|| meant(&after[..end], people)).flatten();
        if let Some((account, length)) = found {
            let _ = write!(text, "@{{{account}}}");
            rest = &after[length..];
        } else {
            text.push('@');
            rest = after;
        }
    }
    text + rest
}

fn meant(name: &str, people: &People) -> Option<(AccountId, usize)> {
    let mut name = name;
    loop {
        if let Some(account) = people.by_handle.get(&name.to_ascii_lowercase()) {
            return Some((*account, name.len()));
        }
        name = name.strip_suffix(['.', '_', '-'])?;
    }
}

fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find("@{").map(|at| from + at) {
        let account = rest[at + 2..]
            .split_once('}')
            .and_then(|(id, after)| Some((id.parse::<Uuid>().ok().filter(|_| id.len() == 36)?, after)));
        if let Some((account, after)) = account {
            parts.push(Part::Words(&rest[..at]));
            parts.push(Part::Account(account.into()));
            rest = after;
            from = 0;
        } else {
            from = at + 2;
        }
    }
    parts.push(Part::Words(rest));
    parts
}

/// The accounts that kept texts name.
#[must_use]
pub fn named<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<AccountId> {
    let mut named: Vec<_> = texts
        .flat_map(split)
        .filter_map(|part| match part {
            Part::Account(account) => Some(account),
            Part::Words(_) => None,
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// A kept text as it would be typed now.
#[must_use]
pub fn typed(text: &str, people: &People) -> String {
    split(text).into_iter().fold(String::new(), |typed, part| match part {
        Part::Words(words) => typed + words,
        Part::Account(account) => match people.by_account.get(&account) {
            Some(person) => typed + "@" + &person.handle,
            None => typed + "@somebody",
        },
    })
}

/// A kept text in pieces, for printing.
#[must_use]
pub fn pieces(text: &str, people: &People) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in split(text) {
        match part {
            Part::Words(words) => links(words, &mut pieces),
            Part::Account(account) => match people.by_account.get(&account) {
                Some(person) => pieces.push(Piece::Person(person.clone())),
                None => pieces.push(Piece::Text("@somebody".to_owned())),
            },
        }
    }
    pieces
}

fn links(words: &str, pieces: &mut Vec<Piece>) {
    let mut plain = String::new();
    for word in words.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let is_address =
            (bare.starts_with("https://") || bare.starts_with("http://")) && SafeUrl::parse(bare).is_ok();
        if is_address {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Link(bare.to_owned()));
            plain.push_str(&word[bare.len()..]);
        } else {
            plain.push_str(word);
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(handle: &str) -> Person {
        let account = AccountId::from(Uuid::from_u128(handle.bytes().map(u128::from).sum()));
        Person { account, handle: handle.to_owned(), name: handle.to_uppercase() }
    }

    fn people() -> People {
        People::new(["nora", "ed.k", "zoe-"].map(person).to_vec())
    }

    fn called(typed: &str) -> Vec<String> {
        let people = people();
        let body = Body::parse(typed, &people).unwrap();
        body.mentions().iter().map(|account| people.by_account[account].handle.clone()).collect()
    }

    #[test]
    fn members_are_called_by_their_names() {
        assert_eq!(called("@nora, and @NORA again"), ["nora"]);
        assert_eq!(called("Ask @ed.k."), ["ed.k"]);
        assert_eq!(called("Thanks @nora."), ["nora"]);
        assert_eq!(called("(@zoe-)"), ["zoe-"]);
    }

    #[test]
    fn addresses_and_strangers_call_nobody() {
        assert!(called("nora@nora, @noraa, @@nora, @stranger, a.@nora").is_empty());
    }

    #[test]
    fn no_name_stands_in_what_is_kept() {
        let body = Body::parse("Hello @nora.", &people()).unwrap();
        assert!(!body.as_str().contains("nora"), "{}", body.as_str());
        assert_eq!(typed(body.as_str(), &people()), "Hello @nora.");
        assert_eq!(typed(body.as_str(), &People::default()), "Hello @somebody.");
    }

    #[test]
    fn addresses_become_links_without_the_full_stop_after_them() {
        let found = pieces("See https://a.example/x. And javascript:alert(1)", &people());
        assert_eq!(
            found,
            [
                Piece::Text("See ".into()),
                Piece::Link("https://a.example/x".into()),
                Piece::Text(". And javascript:alert(1)".into())
            ]
        );
    }

    #[test]
    fn a_comment_says_something_and_is_not_endless() {
        assert!(Body::parse(" \r\n ", &people()).is_err());
        assert!(Body::parse(&"é".repeat(BODY_MAX), &people()).is_ok());
        assert!(Body::parse(&"é".repeat(BODY_MAX + 1), &people()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_kept_reads_as_it_was_typed(text in r"([a-z .@{}é\n-]|@nora|@ed\.k|@\{){0,40}") {
            prop_assume!(!text.trim().is_empty());
            let people = people();
            let body = Body::parse(&text, &people).unwrap();
            prop_assert_eq!(typed(body.as_str(), &people), text.trim());
            let printed: String = pieces(body.as_str(), &people)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                    Piece::Person(person) => format!("@{}", person.handle),
                })
                .collect();
            prop_assert_eq!(printed, text.trim());
        }
    }
}
