//! What a page says about being copied, and whether it asks to sign in.

use super::token::{Token, Tokens};

/// Signs on a page that its words do not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// What it tells programs, as in a header `X-Robots-Tag`.
    pub robots: Vec<String>,
    /// Whether it has a field for a password.
    pub asks_password: bool,
}

/// Reads the signs of a page.
#[must_use]
pub fn signs(html: &str) -> Signs {
    let mut signs = Signs::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        let Token::Start(tag) = token else { continue };
        match &*tag.name {
            "script" | "style" | "textarea" | "title" | "noscript" | "template" => {
                tokens.read_raw(tag.name.clone());
            }
            "meta" => {
                let name = tag.attribute("name").unwrap_or_default().trim().to_ascii_lowercase();
                if let ("robots" | "factdesk", Some(content)) = (&*name, tag.attribute("content"))
                    && signs.robots.len() < 10
                {
                    signs.robots.push(content.into_owned());
                }
            }
            "input" => {
                let kind = tag.attribute("type").unwrap_or_default();
                signs.asks_password |= kind.trim().eq_ignore_ascii_case("password");
            }
            _ => {}
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_asks_of_programs_is_heard_and_what_it_only_mentions_is_not() {
        let page = "<META NAME=Robots content='noindex, noarchive'><meta name=googlebot content=noarchive>\
            <script>'<meta name=robots content=none>'</script><p>x";
        assert_eq!(
            signs(page),
            Signs { robots: vec!["noindex, noarchive".to_owned()], asks_password: false }
        );
        assert!(signs("<form><input type='Password'></form>").asks_password);
        assert!(!signs("<input type=text name=password>").asks_password);
    }
}
