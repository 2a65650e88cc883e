//! The list of claims.

use factdesk::auth::Role;
use reqwest::StatusCode;

use super::{add, add_words, change, path, saved};
use crate::harness::Server;
use crate::reviews::World;

#[actix_web::test]
async fn the_list_is_narrowed_by_what_is_asked_for() {
    let world = World::new().await;
    world.publish().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let fields = [
        ("claim_reviewed", "Water bills in Pellcombe doubled"),
        ("url", "https://a.example/"),
        ("speakers", "Dana Whitcombe"),
        ("topics", "water, prices"),
    ];
    let bills = add(&annotator, &fields).await;
    let fares = add_words(&checker, "Bus fares fell").await;
    saved(&checker.post_form(&path(fares, "/declination"), &[("reason", "opinion"), ("note", "")]).await);
    saved(&checker.post_form(&path(bills, "/assignee"), &[("to", "me")]).await);
    let harbour = "The harbour handled 3.1 million tonnes";

    for (query, found) in [
        ("", &["Bus fares fell", "Water bills in Pellcombe doubled", harbour][..]),
        ("stage=declined", &["Bus fares fell"]),
        ("stage=published", &[harbour]),
        ("rating=false", &[harbour]),
        ("rating=true", &[]),
        ("speaker=dana+whitcombe", &["Water bills in Pellcombe doubled"]),
        ("speaker=nobody", &[]),
        ("topic=Water", &["Water bills in Pellcombe doubled"]),
        ("q=pellcombe+-bus", &["Water bills in Pellcombe doubled"]),
        ("q=%22fares+fell%22", &["Bus fares fell"]),
        ("q=prices", &["Water bills in Pellcombe doubled"]),
        ("mine=yes", &["Bus fares fell", "Water bills in Pellcombe doubled", harbour]),
        ("mine=yes&stage=marked&rating=&q=", &["Water bills in Pellcombe doubled"]),
        ("article=00000000-0000-0000-0000-000000000000", &[]),
    ] {
        let page = checker.get(&format!("/demo/claims?{query}")).await;
        assert_eq!(page.select("main .rows .title"), found, "{query}");
        assert_eq!(page.has(".empty"), found.is_empty(), "{query}");
    }
    for broken in ["stage=lost", "colour=red", "before=1"] {
        assert_eq!(
            checker.get(&format!("/demo/claims?{broken}")).await.status,
            StatusCode::BAD_REQUEST,
            "{broken}"
        );
    }
    let counts = checker.get("/demo/claims").await.select(".tabs a");
    assert_eq!(counts, ["All 3", "Marked 1", "Published 1", "Declined 1"]);
}

#[actix_web::test]
async fn readers_see_what_is_public_only() {
    let world = World::new().await;
    world.publish().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let secret = add_words(&annotator, "Secret").await;
    saved(&change(&annotator, secret, "topics", "", "whispers").await);

    for query in ["", "?mine=yes", "?q=secret", "?stage=marked"] {
        let page = world.server.visitor().get(&format!("/demo/claims{query}")).await;
        assert!(!page.text.contains("Secret") && !page.text.contains("whispers"), "{query}");
        let json = world.server.visitor().get(&format!("/api/v1/desks/demo/claims{query}")).await;
        assert!(!json.text.contains("Secret"), "{query}");
    }
    let page = world.server.visitor().get("/demo/claims").await;
    assert_eq!(page.select(".tabs a"), ["All 1", "Published 1"]);
    assert!(page.has(".badge.v-false"));
}

#[actix_web::test]
async fn a_long_list_has_pages_and_each_claim_stands_on_one() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    for number in 0..60 {
        add(
            &annotator,
            &[
                ("claim_reviewed", &format!("Claim {number}")),
                ("url", "https://a.example/"),
                ("topics", "many"),
            ],
        )
        .await;
    }
    let first = annotator.get("/demo/claims?topic=many").await;
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = annotator.get(&format!("/demo/claims{next}")).await;
    let mut all = first.select("main .rows .title");
    all.extend(second.select("main .rows .title"));
    let expected: Vec<_> = (0..60).rev().map(|number| format!("Claim {number}")).collect();
    assert_eq!(all, expected);
    assert!(!second.has("a[rel=next]"));
}
