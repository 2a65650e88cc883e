//! Where the claims were made.

use std::collections::BTreeSet;

use crate::demo::content::{Appearance, At, CONTENT, Dated};

#[test]
fn a_claim_is_made_in_two_articles_and_on_the_radio_before_them() {
    let content = &*CONTENT;
    let claim = content.claims.iter().find(|claim| claim.quotes().count() == 2).unwrap();

    let articles: BTreeSet<&str> = claim.quotes().map(|quote| quote.article.as_str()).collect();
    assert_eq!(articles.len(), 2);
    let day = |appearance: &Appearance| match appearance.said {
        Dated::Day(day) => day,
        _ => panic!("{} says when to the day", claim.key),
    };
    let first = claim.appearances.iter().find(|appearance| appearance.first_known).unwrap();
    assert!(claim.appearances.iter().all(|appearance| day(first) <= day(appearance)));
    assert!(matches!(first.at, At::Url(_)));
}

#[test]
fn a_claim_is_first_known_at_one_place_at_most() {
    for claim in &CONTENT.claims {
        let first_known = claim.appearances.iter().filter(|appearance| appearance.first_known).count();
        assert!(first_known <= 1, "{}", claim.key);
    }
}

#[test]
fn a_claim_stands_in_no_article() {
    assert!(CONTENT.claims.iter().any(|claim| claim.quotes().next().is_none()));
}
