//! Who may do what: the page, and the documentation.

use std::fs;

use factdesk::{
    accounts::permissions::document,
    auth::{Role, permission::TABLE},
};

use crate::harness::Server;

#[test]
fn the_documentation_has_the_table_that_decides() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
    let current = document();
    if fs::read_to_string(path).unwrap_or_default() != current {
        fs::write(path, current).unwrap();
        panic!("docs/permissions.md was out of date; it has been written anew");
    }
}

#[actix_web::test]
async fn members_read_it_on_a_page() {
    let server = Server::start().await;
    let page = server.sign_in(Role::Annotator).await.get("/demo/people/roles").await;
    let rows = page.select("tbody th");
    assert_eq!(rows, TABLE.iter().map(|row| row.to).collect::<Vec<_>>());
    let allowed: usize = TABLE.iter().map(|row| row.roles.len()).sum();
    assert_eq!(page.select("tbody td").iter().filter(|cell| *cell == "yes").count(), allowed);
}
