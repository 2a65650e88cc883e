//! Who works on a claim, how urgent it is, and when it is due.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::saved;
use crate::audit::{self, Submission};
use crate::auth::permission::DraftVerdict;
use crate::auth::{Authorized, Permission as _, Role, Viewer};
use crate::claims::{Claim, PLAN, Plan, address, store};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Form, Pairs, Sent};
use crate::error::Result;
use crate::id::{AccountId, ClaimId};
use crate::web::{Posted, Shell, see_other};

/// The part of a claim's working page about the plan.
#[derive(Clone, Debug, Template)]
#[template(path = "claims/_plan.html")]
pub struct PlanSection {
    shell: Shell,
    claim: Claim,
    /// For those who may change it.
    form: Option<Form>,
    /// Whom it can be given to.
    members: Vec<(AccountId, String)>,
    me: Option<AccountId>,
}

impl HtmlSafe for PlanSection {}

impl PlanSection {
    /// Reads what it shows.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: &Claim,
    ) -> Result<Self> {
        let may_plan = can_plan(viewer, claim);
        let roles: Vec<_> = DraftVerdict::ROLES.iter().map(|role: &Role| role.as_str()).collect();
        Ok(Self {
            form: may_plan.then(|| form(shell, claim)),
            members: if may_plan {
                store::assignable(conn, viewer.desk.id, &roles).await?
            } else {
                Vec::new()
            },
            me: viewer.person.as_ref().map(|person| person.account),
            shell: shell.clone(),
            claim: claim.clone(),
        })
    }

    fn path(&self, what: &str) -> String {
        self.shell.path(&format!("/claims/{}/{what}", self.claim.id))
    }

    fn is_mine(&self) -> bool {
        self.me.is_some_and(|me| self.is_given_to(&me))
    }

    fn is_given_to(&self, account: &AccountId) -> bool {
        self.claim.assignee.as_ref().is_some_and(|(assignee, _)| assignee == account)
    }

    fn others(&self) -> impl Iterator<Item = &(AccountId, String)> {
        self.members.iter().filter(|(account, _)| Some(*account) != self.me)
    }
}

/// Whether the viewer may plan the work on a claim: until it is set aside or withdrawn.
#[must_use]
pub fn can_plan(viewer: &Viewer, claim: &Claim) -> bool {
    viewer.may::<DraftVerdict>() && !claim.stage.is_aside()
}

fn form(shell: &Shell, claim: &Claim) -> Form {
    let action = format!("{}/plan", address(shell.slug(), claim.id));
    Form::new(shell, "part-plan-fields", action, &PLAN, &["priority", "due_on"], &claim.plan.values())
        .autosaved()
}

/// Saves how urgent a claim is and when it is due.
#[post("/{desk}/claims/{claim}/plan")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<DraftVerdict, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::read(&PLAN, &form)?;
    apply(&request, &by, submission.as_ref(), path.1, &sent, &pool).await
}

/// Changes a claim's plan, or answers why not.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn apply(
    request: &HttpRequest,
    by: &Authorized<DraftVerdict>,
    submission: Option<&Submission>,
    id: ClaimId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let claim = store::get(&mut conn, by.desk.id, id).await?;
        let shell = Shell::new(&by.viewer());
        let back = address(&by.desk.slug, id);
        let theirs = claim.plan.values();
        let merge = editing::merge(&mut conn, by, id.uuid(), sent, &theirs).await?;
        if !merge.conflicts.is_empty() {
            let action = format!("{back}/plan");
            let conflict = Conflict::new(&shell, "part-plan-fields", &action, sent, &merge);
            return editing::conflict(request, shell, claim.claim_reviewed, back, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&back));
        }
        let plan = match Plan::parse(&merge.applied(&theirs)) {
            Ok(plan) => plan,
            Err(problems) => {
                let form = form(&shell, &claim).refused(sent, &problems);
                return editing::problems(request, shell, claim.claim_reviewed, back, form);
            }
        };
        drop(conn);
        let (details, to) = (merge.details(), saved(&by.desk.slug, id));
        let (by, submission, version) = (by.clone(), submission.cloned(), claim.row_version);
        let location = to.clone();
        let done = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            let change = audit::record(tx, &by, "claim.plan", "claim", id, &details).await?;
            store::plan(tx, &change, id, version, &plan).await
        })
        .await;
        if !editing::is_stale(&done) {
            return done.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}
