//! Signing in with one click, which only a demo offers.

use std::{env, process::Command};

use factdesk::web::demo_mode;

use crate::harness::{Page, Server};

#[actix_web::test]
async fn a_server_that_is_no_demo_has_no_such_page() {
    let server = Server::start().await;
    assert_eq!(server.visitor().post_bare("/demo-sign-in", &[("as", "editor")]).await.status, 404);
}

/// Being a demo is a matter of the whole process: so this runs in one of its own.
#[actix_web::test]
async fn a_demo_lets_everybody_in_as_any_of_its_accounts() {
    const INSIDE: &str = "FACTDESK_TEST_DEMO";
    if env::var_os(INSIDE).is_none() {
        let name = "accounts::demo::a_demo_lets_everybody_in_as_any_of_its_accounts";
        let run = Command::new(env::current_exe().unwrap())
            .args([name, "--exact"])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
        return;
    }
    demo_mode::turn_on();
    let server = Server::start().await;
    server.desk("demo").await;
    sqlx::query("UPDATE accounts SET handle = 'editor' WHERE handle = 'editor.demo'")
        .execute(server.owner_pool())
        .await
        .unwrap();
    let browser = server.visitor();
    assert!(browser.get("/").await.has(".demo-banner button[value=editor]"));

    let form =
        browser.form("/demo-sign-in", &[("as", "editor")]).header("referer", server.url("/demo/people"));
    let answer = Page::of(form).await;

    assert_eq!(answer.location(), "/demo/people");
    assert_eq!(browser.follow(&answer).await.status, 200);
    let elsewhere =
        browser.form("/demo-sign-in", &[("as", "editor")]).header("referer", "https://evil.example//x");
    assert_eq!(Page::of(elsewhere).await.location(), "/demo");
    for nobody in ["root", "reviewer"] {
        assert_eq!(server.visitor().post_bare("/demo-sign-in", &[("as", nobody)]).await.status, 404);
    }
}
