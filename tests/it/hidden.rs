//! The whole matrix with things that are there: every address, as every role at two desks, as somebody signed in without a
//! desk, and as nobody. What is hidden answers as what is missing, and none of its words get out.

use std::collections::BTreeMap;

use factdesk::auth::Role;
use factdesk::demo;
use factdesk::id::AccountId;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::{ADDRESSES, Who, ask, fill_with};
use crate::claims::saved;
use crate::harness::{Browser, Page, Server};

/// What stands in every hidden text, and nowhere else.
const SECRET: &str = "zzyzx";

/// A desk full of content, another one, and things of the first that are not public.
struct World {
    server: Server,
    members: Vec<(Role, Browser)>,
    /// Nobody's, somebody's without a desk, and those of every role at the other desk.
    strangers: Vec<(String, Browser)>,
    /// An id for each name that stands in an address.
    things: BTreeMap<String, Uuid>,
}

async fn id(server: &Server, query: &str) -> Option<Uuid> {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_optional(server.owner_pool()).await.unwrap()
}

impl World {
    async fn new() -> Self {
        let server = Server::start_idle().await;
        demo::fill(server.app_pool(), OffsetDateTime::now_utc()).await.unwrap();
        let mut members = Vec::new();
        for role in Role::ALL {
            let account: AccountId = sqlx::query_scalar(
                "SELECT m.account_id FROM memberships m JOIN desks d ON d.id = m.desk_id
                 WHERE d.slug = 'demo' AND $1 = ANY (m.roles) ORDER BY 1 LIMIT 1",
            )
            .bind(role.as_str())
            .fetch_one(server.owner_pool())
            .await
            .unwrap();
            members.push((role, server.sign_in_as(account).await));
        }
        let mut strangers = vec![("nobody".to_owned(), server.visitor())];
        for role in Role::ALL {
            strangers.push((format!("{role} elsewhere"), server.sign_in_at("other", role).await));
        }
        let account = AccountId::new();
        sqlx::query("INSERT INTO accounts (id, handle, display_name, created_at) VALUES ($1, 'alone', 'Alone', now())")
            .bind(account)
            .execute(server.owner_pool())
            .await
            .unwrap();
        strangers.push(("somebody without a desk".to_owned(), server.sign_in_as(account).await));
        let things = hide(&server, &members).await;
        Self { server, members, strangers, things }
    }

    /// An address with the hidden things in it, or with such as are nowhere.
    fn filled(&self, path: &str, desk: &str, is_there: bool) -> String {
        fill_with(path, desk, |name| {
            let thing = self.things.get(name).copied().filter(|_| is_there);
            thing.unwrap_or_default().to_string()
        })
    }

    /// An answer without the ids that were asked for, and without what is another each time.
    fn bare(&self, page: &Page) -> String {
        let nowhere = Uuid::nil().to_string();
        // Each form has a key of its own.
        let mut text = String::new();
        for (at, part) in page.text.split("name=\"submission\" value=\"").enumerate() {
            text.push_str(if at == 0 { part } else { part.split_once('"').map_or("", |(_, rest)| rest) });
        }
        self.things.values().fold(text, |text, id| text.replace(&id.to_string(), &nowhere))
    }

    async fn changes(&self) -> i64 {
        self.server
            .count("SELECT count(*) FROM events e JOIN desks d ON d.id = e.desk_id WHERE d.slug = 'demo'")
            .await
    }
}

/// Makes a claim with a speaker, a source and a draft that nobody but members may know of, and names something of every
/// kind that addresses name.
async fn hide(server: &Server, members: &[(Role, Browser)]) -> BTreeMap<String, Uuid> {
    let of = |role: Role| &members.iter().find(|(other, _)| *other == role).unwrap().1;
    let checker = of(Role::FactChecker);
    let claim = [
        ("claim_reviewed", "The zzyzx tunnel was never dug."),
        ("url", "https://zzyzx.example/claim"),
        ("speakers", "Zzyzx Quorn"),
        ("topics", "zzyzx"),
    ];
    let page = checker.post_form("/demo/claims", &claim).await;
    saved(&page);
    let claim = page.location().to_owned();
    saved(&checker.post_form(&format!("{claim}/evidence"), &[("url", "https://zzyzx.example/source")]).await);
    let draft = [("base_one_line", ""), ("one_line", "There is no zzyzx tunnel.")];
    saved(&checker.post_form(&format!("{claim}/draft"), &draft).await);

    let claim: Uuid = claim.rsplit('/').next().unwrap().parse().unwrap();
    let mut things = BTreeMap::from([("claim".to_owned(), claim)]);
    let names: Vec<String> = ADDRESSES
        .iter()
        .flat_map(|(_, path, _)| path.split('{').skip(1))
        .map(|rest| rest.split(['}', ':']).next().unwrap().to_owned())
        .collect();
    for name in names {
        let query = match &*name {
            // The corrections of the demo are public.
            "desk" | "number" | "with" | "format" | "token" | "claim" | "digest" | "path" | "correction" => {
                continue;
            }
            "event" | "other" => {
                format!("SELECT id FROM events WHERE entity_id = '{claim}' ORDER BY id DESC LIMIT 1")
            }
            "account" => "SELECT account_id FROM memberships m JOIN desks d ON d.id = m.desk_id
                          WHERE d.slug = 'demo' ORDER BY 1 DESC LIMIT 1"
                .to_owned(),
            "agent" => "SELECT id FROM agents WHERE name ILIKE 'zzyzx%'".to_owned(),
            "appearance" | "evidence" => {
                let table = if name == "evidence" { "evidence" } else { "appearances" };
                format!("SELECT id FROM {table} WHERE claim_id = '{claim}'")
            }
            "source" => "SELECT id FROM sources WHERE url ILIKE '%zzyzx%'".to_owned(),
            other => {
                let table: Option<String> = sqlx::query_scalar(
                    "SELECT table_name::text FROM information_schema.columns
                     WHERE table_schema = 'public' AND column_name = 'id' AND table_name IN ($1 || 's', $1, 'claimant_' || $1 || 's')",
                )
                .bind(other)
                .fetch_optional(server.owner_pool())
                .await
                .unwrap();
                let Some(table) = table else { continue };
                format!(
                    "SELECT t.id FROM {table} t JOIN desks d ON d.id = t.desk_id WHERE d.slug = 'demo'
                     ORDER BY t.id DESC LIMIT 1"
                )
            }
        };
        if let Some(found) = id(server, &query).await {
            things.insert(name, found);
        }
    }
    for name in [
        "claim",
        "appearance",
        "evidence",
        "source",
        "agent",
        "article",
        "event",
        "scale",
        "snapshot",
        "account",
    ] {
        assert!(things.contains_key(name), "there is no {name} to hide");
    }
    things
}

#[actix_web::test]
async fn what_is_hidden_answers_as_what_is_missing_and_its_words_do_not_get_out() {
    let world = World::new().await;
    let before = world.changes().await;
    let mut faults = Vec::new();
    let addresses = ADDRESSES.iter().filter(|(_, path, _)| path.contains("{desk}"));
    for (method, path, who) in addresses {
        for (name, browser) in &world.strangers {
            // At the desk that the things are of, and at one's own.
            for desk in ["demo", "other"] {
                let [here, missing] = [true, false].map(|is_there| world.filled(path, desk, is_there));
                let there = ask(browser, method, &here).await;
                // Pages about nothing in particular have something of their own each time.
                let nowhere = if here == missing { None } else { Some(ask(browser, method, &missing).await) };
                let told = format!("{method} {path} at {desk} as {name}: {}", there.status);
                // Texts of articles are for everybody, as they were published.
                let is_public = *who == Who::Shown && path.contains("{article}") && desk == "demo";
                if let Some(nowhere) = nowhere.filter(|_| !is_public)
                    && (there.status != nowhere.status || world.bare(&there) != world.bare(&nowhere))
                {
                    faults.push(format!("{told} is not as {}", nowhere.status));
                }
                if there.text.to_lowercase().contains(SECRET) || there.status.is_server_error() {
                    faults.push(format!("{told} tells"));
                }
                let is_own = desk == "other" && name.ends_with("elsewhere");
                if matches!(who, Who::May(_)) && !is_own && !matches!(there.status.as_u16(), 401 | 404) {
                    faults.push(format!("{told} is open"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(world.changes().await, before, "somebody changed something");
}

#[actix_web::test]
async fn who_may_not_changes_nothing_of_what_is_there() {
    let world = World::new().await;
    let before = world.changes().await;
    let mut faults = Vec::new();
    for (method, path, who) in ADDRESSES {
        let Who::May(roles) = who else { continue };
        for (role, browser) in world.members.iter().filter(|(role, _)| !roles.contains(role)) {
            let page = ask(browser, method, &world.filled(path, "demo", true)).await;
            if page.status != 403 || page.text.to_lowercase().contains(SECRET) {
                faults.push(format!("{method} {path} as {role}: {}", page.status));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(world.changes().await, before, "somebody changed something");
}
