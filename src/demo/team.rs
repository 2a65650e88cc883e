//! The demo's desks and its accounts, each named after what it does.

use std::collections::HashMap;

use serde_json::json;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};

use super::content::{self, Account};
use crate::accounts::names::{Name, Slug};
use crate::accounts::newcomer::{Hashed, Newcomer};
use crate::accounts::store::{desks, desks::NewDesk, invitations, people};
use crate::audit;
use crate::auth::permission::ManageDesk;
use crate::auth::{Authorized, Desk, Permission, Person, Role, Secret, Viewer, Waiting};
use crate::db::unit_of_work;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId, InvitationId};
use crate::policies::{self, Mode, Rules};
use crate::scales;
use crate::web::problems::Problems;

/// The password of every account. There is nothing to protect, and nothing is left when the server stops.
pub const PASSWORD: &str = "demo-demo-demo-1";

impl Account {
    /// What the account is at the desk.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Annotator => Role::Annotator,
            Self::Checker => Role::FactChecker,
            Self::Reviewer | Self::FirstCoder | Self::SecondCoder | Self::ThirdCoder => Role::Reviewer,
            Self::Editor => Role::Editor,
            Self::Admin => Role::Admin,
            Self::Auditor => Role::Auditor,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::FirstCoder => "First coder",
            Self::SecondCoder => "Second coder",
            Self::ThirdCoder => "Third coder",
            _ => self.role().label(),
        }
    }
}

/// The people behind the accounts.
pub type People = HashMap<Account, Person>;

/// The desk, and who works there.
#[derive(Debug)]
pub struct Team {
    desk: Desk,
    people: People,
}

impl Team {
    /// Which desk it is.
    #[must_use]
    pub fn desk(&self) -> DeskId {
        self.desk.id
    }

    /// The proof that somebody may do something at some time.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when their role does not allow it.
    pub fn member<P: Permission>(&self, account: Account, now: OffsetDateTime) -> Result<Authorized<P>> {
        let viewer = Viewer {
            desk: self.desk.clone(),
            person: self.people.get(&account).cloned(),
            roles: vec![account.role()],
            waiting: Waiting::default(),
            now,
        };
        viewer.authorize()
    }
}

/// Makes every account.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn arrive(pool: &PgPool, at: OffsetDateTime) -> Result<People> {
    let newcomers = newcomers(at).await?;
    let people = newcomers.iter().map(|(account, _, person)| (*account, person.clone())).collect();
    unit_of_work(pool, async move |tx| {
        for (_, hashed, _) in &newcomers {
            hashed.insert(tx, at).await?;
        }
        Ok(())
    })
    .await?;
    Ok(people)
}

/// Makes a desk as its admin would, who invites the others; they accept.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn found(
    pool: &PgPool,
    desk: &'static content::Desk,
    people: &People,
    at: OffsetDateTime,
) -> Result<Team> {
    let new = NewDesk {
        id: DeskId::new(),
        slug: Slug::parse(&desk.slug).ok_or_else(|| Error::internal("the demo's desk has no address"))?,
        name: Name::parse(&desk.name).ok_or_else(|| Error::internal("the demo's desk has no name"))?,
        language: desk.language.clone(),
        alone: false,
    };
    let team = Team {
        desk: Desk {
            id: new.id,
            slug: desk.slug.clone(),
            name: desk.name.clone(),
            language: desk.language.clone(),
        },
        people: people.clone(),
    };
    let founder = team.member::<ManageDesk>(Account::Admin, at)?;
    let mut guests = Vec::new();
    for (minutes, account) in (10..).step_by(5).zip(&desk.team) {
        if *account != Account::Admin {
            let host = team.member::<ManageDesk>(Account::Admin, at + Duration::minutes(minutes))?;
            guests.push((host, account.role(), people[account].account));
        }
    }
    unit_of_work(pool, async move |tx| {
        begin(tx, &new, desk, &founder).await?;
        for (host, role, guest) in &guests {
            invite(tx, host, *role, *guest).await?;
        }
        Ok(())
    })
    .await?;
    Ok(team)
}

/// The accounts, before they are stored.
async fn newcomers(at: OffsetDateTime) -> Result<Vec<(Account, Hashed, Person)>> {
    let mut newcomers = Vec::new();
    for account in Account::ALL {
        let name = account.name();
        let newcomer = Newcomer::parse(account.handle(), name, PASSWORD, "", &mut Problems::default())
            .ok_or_else(|| Error::internal("an account of the demo is not taken"))?;
        let hashed = newcomer.hash().await?;
        let person = Person {
            account: hashed.id,
            handle: account.handle().to_owned(),
            name: name.to_owned(),
            csrf: String::new(),
            idle_until: at,
        };
        newcomers.push((account, hashed, person));
    }
    Ok(newcomers)
}

/// Makes the desk; who founds one can do everything there, and the demo's admin leaves the editing to others.
async fn begin(
    conn: &mut PgConnection,
    new: &NewDesk,
    desk: &content::Desk,
    founder: &Authorized<ManageDesk>,
) -> Result<()> {
    let account = founder.person.account;
    let actor = desks::insert(conn, new, account, founder.now).await?;
    let change = audit::record(conn, actor, "desk.create", "desk", new.id, &new.described()).await?;
    let policy = match desk.assessors {
        Some(people) => Rules { mode: Mode::Blind, people, ..new.rules() },
        None => new.rules(),
    };
    policies::install(conn, &change, &policy).await?;
    scales::install(conn, &change, &desk.scale).await?;
    let member = people::get(conn, founder, account).await?;
    let roles = [Role::Admin];
    let details = json!({"roles": {"before": member.roles, "after": roles}});
    let change = audit::record(conn, founder, "member.change_roles", "account", account, &details).await?;
    people::set_roles(conn, founder, &change, account, &roles, member.row_version).await
}

async fn invite(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    role: Role,
    guest: AccountId,
) -> Result<()> {
    let (id, secret) = (InvitationId::new(), Secret::new()?);
    let details = json!({"roles": [role], "note": ""});
    let change = audit::record(conn, by, "member.invite", "invitation", id, &details).await?;
    invitations::insert(conn, by, &change, id, &secret, &[role], "").await?;
    let slug = Slug::parse(&by.desk.slug).ok_or(Error::NotFound("desk"))?;
    let invitation = invitations::get(conn, &slug, &secret, by.now).await?;
    let joined = invitations::accept(conn, &invitation, guest, by.now).await?;
    let details = json!({"invitation": id, "roles": {"before": joined.before, "after": joined.after}});
    audit::record(conn, joined.actor, "member.join", "account", guest, &details).await?;
    Ok(())
}
