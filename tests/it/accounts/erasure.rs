//! Erasing an account: nothing is left that says who it was, and the record of changes is whole.

use std::time::Duration;

use factdesk::accounts::admin;
use factdesk::audit::{seal, verify::verify};
use factdesk::auth::Role;
use factdesk::error::Error;
use factdesk::id::{AccountId, DeskId};
use sqlx::{AssertSqlSafe, Row as _};

use super::PASSWORD;
use crate::claims::{add_words, path, saved};
use crate::harness::Server;

/// Waits until everything is sealed, and checks it.
async fn is_intact(server: &Server, desk: DeskId) -> bool {
    for _ in 0..400 {
        seal::pass(server.app_pool()).await.unwrap();
        let report = verify(server.app_pool(), desk, &[]).await.unwrap();
        if report.unsealed == 0 {
            return report.is_intact() && report.sealed > 0;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("other transactions do not end");
}

/// The tables and columns of the whole database in which a text stands.
async fn places(server: &Server, text: &str) -> Vec<String> {
    let columns = sqlx::query(
        "SELECT table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb', 'ARRAY')
         ORDER BY 1, 2",
    )
    .fetch_all(server.owner_pool())
    .await
    .unwrap();
    let mut found = Vec::new();
    for column in columns {
        let (table, column): (String, String) = (column.get(0), column.get(1));
        let query =
            format!("SELECT EXISTS (SELECT FROM {table} WHERE {column}::text ILIKE '%' || $1 || '%')");
        let is_there: bool =
            sqlx::query_scalar(AssertSqlSafe(query)).bind(text).fetch_one(server.owner_pool()).await.unwrap();
        if is_there {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

#[actix_web::test]
async fn an_erased_account_leaves_a_pseudonym_and_a_record_that_is_whole() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let checker = desk.member(Role::FactChecker);
    server.set_password(checker, PASSWORD).await;
    let browser = server.sign_in(Role::FactChecker).await;
    let elsewhere = server.sign_in(Role::FactChecker).await;
    browser.post_form("/account/name", &[("display_name", "Zdenka Quillfeather")]).await;
    let claim = add_words(&browser, "The bridge is new.").await;
    saved(&browser.post_form(&path(claim, "/assignee"), &[("to", "me")]).await);
    let history = browser.get(&path(claim, "/history")).await;
    assert!(
        history.select(".diff").iter().any(|line| line.ends_with("Zdenka Quillfeather")),
        "{}",
        history.text
    );

    sqlx::query(
        "INSERT INTO mail_addresses (account_id, address) VALUES ($1, 'zdenka@quillfeather.example')",
    )
    .bind(checker)
    .execute(server.owner_pool())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO drafts (desk_id, account_id, form, page, title, fields, saved_at)
         VALUES ($1, $2, '/demo/claims', '/demo/claims/new', 'Quillfeather', '[]', now())",
    )
    .bind(desk.id)
    .bind(checker)
    .execute(server.owner_pool())
    .await
    .unwrap();

    let sure = [("password", "not the password"), ("sure", "true")];
    let wrong = browser.post_form("/account/erasure", &sure).await;
    assert!(wrong.status == 422 && wrong.has("#password-error"), "{}", wrong.text);
    let unsure = browser.post_form("/account/erasure", &[("password", PASSWORD)]).await;
    assert!(unsure.status == 422 && unsure.has("#sure-error"), "{}", unsure.text);

    let gone = browser.post_form("/account/erasure", &[("password", PASSWORD), ("sure", "true")]).await;

    assert_eq!(gone.location(), "/");
    assert_eq!(elsewhere.get("/account").await.status, 401);
    let fields = [("handle", "fact_checker.demo"), ("password", PASSWORD)];
    assert_eq!(server.visitor().post_bare("/sign-in", &fields).await.status, 422);
    assert_eq!(places(&server, "Quillfeather").await, [""; 0]);
    assert_eq!(places(&server, "fact_checker.demo").await, [""; 0]);
    assert!(is_intact(&server, desk.id).await);

    let history = server.sign_in(Role::Editor).await.get(&path(claim, "/history")).await;
    let id = checker.uuid().simple().to_string();
    let pseudonym = format!("Former member {}", &id[20..]);
    assert!(history.select(".who").contains(&pseudonym), "{}", history.text);
    let people = server.sign_in(Role::Editor).await.get("/demo/people").await;
    assert!(people.text.contains(&pseudonym) && people.text.contains("has left"));
    let record = server.sign_in(Role::Auditor).await.get("/demo/record").await;
    assert!(record.select(".chip").contains(&"account.erase".to_owned()), "{}", record.text);
}

#[actix_web::test]
async fn the_only_admin_of_others_stays_until_there_is_another() {
    let server = Server::start().await;
    let admin = server.desk("demo").await.member(Role::Admin);
    server.set_password(admin, PASSWORD).await;
    let browser = server.sign_in(Role::Admin).await;
    let sure = [("password", PASSWORD), ("sure", "true")];
    let refused = browser.post_form("/account/erasure", &sure).await;
    assert!(refused.status == 409 && refused.one("#sure-error").contains("only admin"), "{}", refused.text);

    sqlx::query("UPDATE memberships SET roles = '{admin}' WHERE account_id <> $1")
        .bind(admin)
        .execute(server.owner_pool())
        .await
        .unwrap();
    assert_eq!(browser.post_form("/account/erasure", &sure).await.location(), "/");
}

#[actix_web::test]
async fn whoever_runs_the_server_erases_an_account_for_ever() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let browser = server.sign_in(Role::Editor).await;
    add_words(&browser, "The bridge is new.").await;

    let name = admin::erase(server.app_pool(), "editor.demo").await.unwrap();

    assert_eq!(browser.get("/account").await.status, 401);
    let told: (String, Option<AccountId>) =
        sqlx::query_as("SELECT actor_kind, actor_id FROM events WHERE action = 'account.erase'")
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
    assert_eq!(told, ("system".to_owned(), None));
    assert!(matches!(admin::erase(server.app_pool(), "editor.demo").await, Err(Error::NotFound(_))));
    let handle = name.replace("Former member ", "erased-");
    assert!(matches!(admin::enable(server.app_pool(), &handle).await, Err(Error::Conflict(_))));
    assert!(is_intact(&server, desk.id).await);
}

#[actix_web::test]
async fn the_server_cannot_give_an_erased_account_a_name_again() {
    let server = Server::start().await;
    let editor = server.desk("demo").await.member(Role::Editor);
    let broken = async |query: &'static str| {
        let done = sqlx::query(query).bind(editor).execute(server.app_pool()).await;
        let error = done.unwrap_err();
        error.as_database_error().and_then(|error| error.constraint()).unwrap_or_default().to_owned()
    };
    let half = broken("UPDATE accounts SET erased_at = now() WHERE id = $1").await;
    assert_eq!(half, "accounts_erased_is_out");
    admin::erase(server.app_pool(), "editor.demo").await.unwrap();
    for query in [
        "UPDATE accounts SET display_name = 'Ana' WHERE id = $1",
        "UPDATE accounts SET erased_at = NULL WHERE id = $1",
        "UPDATE accounts SET disabled_at = NULL WHERE id = $1",
    ] {
        assert_eq!(broken(query).await, "accounts_erased_stay", "{query}");
    }
}
