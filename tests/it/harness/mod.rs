//! What every test stands on: a PostgreSQL that is thrown away, a database of its own, the real application on a port of
//! its own, and browsers that are signed in.
//!
//! ```ignore
//! #[actix_web::test]
//! async fn members_see_the_people_of_their_desk() {
//!     let server = Server::start().await;
//!     let annotator = server.sign_in(Role::Annotator).await;
//!
//!     let page = annotator.get("/demo/people").await;
//!
//!     assert_eq!(page.status, 200);
//!     assert!(page.has("h1"));
//! }
//! ```

mod browser;
mod bucket;
mod cluster;
mod desk;
mod page;
mod server;
mod smtp;
mod stranger;

pub use self::{
    browser::Browser,
    bucket::Bucket,
    desk::Fixture,
    page::Page,
    server::Server,
    smtp::Smtp,
    stranger::{Answer, Stranger},
};
