//! Desks with a member for each role.

use factdesk::{
    audit::{self, Actor},
    auth::Role,
    id::{AccountId, DeskId},
    policies::{self, Rules},
    scales,
};
use sqlx::PgPool;
use time::OffsetDateTime;

/// A desk that was made by the owner of the database.
#[derive(Clone, Debug)]
pub struct Fixture {
    pub id: DeskId,
    members: Vec<(Role, AccountId)>,
}

impl Fixture {
    pub async fn get_or_make(owner: &PgPool, slug: &str) -> Self {
        let id: Option<DeskId> = sqlx::query_scalar("SELECT id FROM desks WHERE slug = $1")
            .bind(slug)
            .fetch_optional(owner)
            .await
            .unwrap();
        match id {
            Some(id) => Self { id, members: members(owner, id, slug).await },
            None => Self::make(owner, slug).await,
        }
    }

    async fn make(owner: &PgPool, slug: &str) -> Self {
        let now = OffsetDateTime::now_utc();
        let id = DeskId::new();
        sqlx::query("INSERT INTO desks (id, slug, name, created_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(slug)
            .bind(format!("The {slug} desk"))
            .bind(now)
            .execute(owner)
            .await
            .unwrap();
        let mut members = Vec::new();
        for role in Role::ALL {
            let account = AccountId::new();
            sqlx::query(
                "INSERT INTO accounts (id, handle, display_name, created_at) VALUES ($1, $2, $3, $4)",
            )
            .bind(account)
            .bind(handle(role, slug))
            .bind(format!("{} of {slug}", role.label()))
            .bind(now)
            .execute(owner)
            .await
            .unwrap();
            sqlx::query(
                "INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, $3, $4)",
            )
            .bind(id)
            .bind(account)
            .bind(vec![role.as_str()])
            .bind(now)
            .execute(owner)
            .await
            .unwrap();
            members.push((role, account));
        }
        Self { id, members }
    }

    /// Gives it the rating scales and the policy that a desk begins with when people make one.
    pub async fn install_scales(&self, owner: &PgPool) {
        let mut tx = owner.begin().await.unwrap();
        let actor = self.actor(Role::Admin);
        let change = audit::record(&mut tx, actor, "desk.create", "desk", self.id, &()).await.unwrap();
        scales::install_presets(&mut tx, &change).await.unwrap();
        policies::install(&mut tx, &change, &Rules::default()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Lets it decide by these rules from now on.
    pub async fn adopt(&self, owner: &PgPool, rules: &Rules) {
        let mut tx = owner.begin().await.unwrap();
        let actor = self.actor(Role::Admin);
        let change = audit::record(&mut tx, actor, "policy.adopt", "policy", self.id, rules).await.unwrap();
        policies::install(&mut tx, &change, rules).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The member that has this role, as somebody who changes something now.
    pub fn actor(&self, role: Role) -> Actor {
        Actor { desk: self.id, account: self.member(role), at: OffsetDateTime::now_utc() }
    }

    /// The member that has this role, and no other.
    pub fn member(&self, role: Role) -> AccountId {
        self.members.iter().find(|(has, _)| *has == role).expect("a desk has a member for each role").1
    }
}

/// The account's name, as in `fact_checker.demo`.
pub fn handle(role: Role, slug: &str) -> String {
    format!("{}.{slug}", role.as_str())
}

async fn members(owner: &PgPool, desk: DeskId, slug: &str) -> Vec<(Role, AccountId)> {
    let accounts: Vec<(String, AccountId)> = sqlx::query_as(
        "SELECT a.handle, a.id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.desk_id = $1",
    )
    .bind(desk)
    .fetch_all(owner)
    .await
    .unwrap();
    Role::ALL
        .into_iter()
        .filter_map(|role| {
            let (_, account) = accounts.iter().find(|(name, _)| *name == handle(role, slug))?;
            Some((role, *account))
        })
        .collect()
}
