//! Who asks: read from the session once a request, and the proof of what they may do.

use std::{future::Future, marker::PhantomData, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use sqlx::PgPool;
use time::OffsetDateTime;

use super::permission::{Permission, ReadDesk, Role, allows};
use super::session::{self, SessionToken};
use crate::audit::Actor;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// A desk, as every page of it needs it.
#[derive(Clone, Debug)]
pub struct Desk {
    pub id: DeskId,
    pub slug: String,
    pub name: String,
    /// BCP 47.
    pub language: String,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: AccountId,
    pub handle: String,
    pub name: String,
    /// What a form of this session carries to prove that it is from here.
    pub csrf: String,
    /// When the session ends if nothing is done.
    pub idle_until: OffsetDateTime,
}

/// Whoever looks at a desk: a reader, or somebody signed in, with or without a role there.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub desk: Desk,
    pub person: Option<Person>,
    pub roles: Vec<Role>,
    /// What the person has at this desk that waits for them.
    pub waiting: Waiting,
    /// When the request came.
    pub now: OffsetDateTime,
}

/// What waits for somebody at a desk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Waiting {
    /// Notifications that were not read, up to 100.
    pub unread: i64,
    /// Forms that were typed into and not sent.
    pub drafts: i64,
}

/// A row of the SQL function `viewer`, which any statement can join to check a session on its way.
#[derive(Debug, sqlx::FromRow)]
pub struct ViewerRow {
    pub desk_id: DeskId,
    pub desk_name: String,
    pub desk_language: String,
    pub account_id: Option<AccountId>,
    pub handle: Option<String>,
    pub display_name: Option<String>,
    pub roles: Vec<String>,
    pub idle_until: Option<OffsetDateTime>,
    pub unread: i64,
    pub drafts: i64,
}

impl Viewer {
    /// The viewer that a row of `viewer` describes.
    #[must_use]
    pub fn from_row(row: ViewerRow, slug: String, token: Option<&SessionToken>, now: OffsetDateTime) -> Self {
        let person = match (row.account_id, row.handle, row.display_name, row.idle_until, token) {
            (Some(account), Some(handle), Some(name), Some(idle_until), Some(token)) => {
                Some(Person { account, handle, name, csrf: token.csrf(), idle_until })
            }
            _ => None,
        };
        Self {
            desk: Desk { id: row.desk_id, slug, name: row.desk_name, language: row.desk_language },
            person,
            roles: row.roles.iter().filter_map(|role| Role::parse(role)).collect(),
            waiting: Waiting { unread: row.unread, drafts: row.drafts },
            now,
        }
    }

    /// Whether the viewer's roles allow it, for pages that offer only what can be done.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        self.person.is_some() && allows::<P>(&self.roles)
    }

    /// Whether the viewer belongs to the desk.
    #[must_use]
    pub fn is_member(&self) -> bool {
        self.may::<ReadDesk>()
    }

    /// The proof of a permission.
    ///
    /// # Errors
    /// [`Error::SignIn`] when nobody is signed in, [`Error::NotFound`] when the person has nothing to do with the
    /// desk, [`Error::Forbidden`] when their roles do not suffice.
    pub fn authorize<P: Permission>(self) -> Result<Authorized<P>> {
        let Some(person) = self.person else {
            return Err(Error::SignIn);
        };
        if self.roles.is_empty() {
            return Err(Error::NotFound("desk"));
        }
        if !allows::<P>(&self.roles) {
            return Err(Error::Forbidden(P::TO));
        }
        let member =
            Member { desk: self.desk, person, roles: self.roles, waiting: self.waiting, now: self.now };
        Ok(Authorized { member, permission: PhantomData })
    }

    /// Notes that the session is in use; for those who read the viewer in a statement of their own.
    pub fn keep_alive(&self, pool: &PgPool, token: Option<&SessionToken>) {
        if let (Some(token), Some(person)) = (token, &self.person) {
            session::keep_alive(pool, token, person.idle_until, self.now);
        }
    }

    /// Reads who asks about the desk in the request's path.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such desk.
    pub async fn of(pool: &PgPool, slug: &str, token: Option<SessionToken>) -> Result<Self> {
        let now = OffsetDateTime::now_utc();
        let row = sqlx::query_as!(
            ViewerRow,
            r#"
            SELECT desk_id AS "desk_id!: DeskId", desk_name AS "desk_name!", desk_language AS "desk_language!",
                   account_id AS "account_id: AccountId", handle, display_name,
                   roles AS "roles!", idle_until, unread AS "unread!", drafts AS "drafts!"
            FROM viewer($1, $2, $3)
            "#,
            token.as_ref().map(SessionToken::hash) as _,
            slug,
            now,
        )
        .fetch_optional(pool)
        .await?
        .ok_or(Error::NotFound("desk"))?;
        let viewer = Self::from_row(row, slug.to_owned(), token.as_ref(), now);
        viewer.keep_alive(pool, token.as_ref());
        Ok(viewer)
    }
}

/// Whoever a job acts for: their roles are those of now, and there is no session.
///
/// # Errors
/// [`Error::NotFound`] when the account is none of the desk's or was disabled.
pub async fn acting(pool: &PgPool, desk: DeskId, account: AccountId, now: OffsetDateTime) -> Result<Viewer> {
    let row = sqlx::query!(
        r#"
        SELECT d.slug, d.name, d.language, a.handle, a.display_name, m.roles
        FROM desks d
        JOIN memberships m ON m.desk_id = d.id
        JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
        WHERE d.id = $1 AND m.account_id = $2
        "#,
        desk as _,
        account as _,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("desk"))?;
    let person =
        Person { account, handle: row.handle, name: row.display_name, csrf: String::new(), idle_until: now };
    Ok(Viewer {
        desk: Desk { id: desk, slug: row.slug, name: row.name, language: row.language },
        person: Some(person),
        roles: row.roles.iter().filter_map(|role| Role::parse(role)).collect(),
        waiting: Waiting::default(),
        now,
    })
}

/// A member of a desk, at the time of a request.
#[derive(Clone, Debug)]
pub struct Member {
    pub desk: Desk,
    pub person: Person,
    pub roles: Vec<Role>,
    pub waiting: Waiting,
    /// When the request came.
    pub now: OffsetDateTime,
}

impl Member {
    /// Whether the member's roles allow it.
    #[must_use]
    pub fn may<P: Permission>(&self) -> bool {
        allows::<P>(&self.roles)
    }
}

impl From<&Member> for Actor {
    fn from(member: &Member) -> Self {
        Self { desk: member.desk.id, account: member.person.account, at: member.now }
    }
}

impl<P: Permission> From<&Authorized<P>> for Actor {
    fn from(authorized: &Authorized<P>) -> Self {
        (&authorized.member).into()
    }
}

/// The proof that a member may do `P`. Only checking makes one, and what changes the database asks for it.
#[derive(Clone, Debug)]
pub struct Authorized<P: Permission> {
    member: Member,
    permission: PhantomData<P>,
}

impl<P: Permission> Authorized<P> {
    /// The same member as a viewer, for drawing a page.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer {
            desk: self.desk.clone(),
            person: Some(self.person.clone()),
            roles: self.roles.clone(),
            waiting: self.waiting,
            now: self.now,
        }
    }

    /// The proof of another permission that the same member has.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when their roles do not suffice.
    pub fn and<Q: Permission>(&self) -> Result<Authorized<Q>> {
        self.viewer().authorize()
    }
}

impl<P: Permission> Deref for Authorized<P> {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.member
    }
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let slug = request.match_info().get("desk").unwrap_or_default().to_owned();
        let token = SessionToken::of(request);
        let pool = Pool::of(request);
        Box::pin(async move {
            let pool = pool?;
            Self::of(&pool, &slug, token).await
        })
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let viewer = Viewer::from_request(request, payload);
        Box::pin(async move { viewer.await?.authorize() })
    }
}
