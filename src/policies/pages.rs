//! The page of a desk's policy.

use actix_web::http::StatusCode;
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get, post, put};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::form::PolicyForm;
use super::{ContactRule, Entry, Mode, Policy, RequiredField, Rules, store};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{ManageDesk, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::json::answer;
use crate::web::problems::Problems;
use crate::web::{Posted, Sent, Shell, page, see_other};

/// The addresses of policies.
pub fn routes(config: &mut ServiceConfig) {
    config.service(show).service(change).service(read).service(replace);
}

#[derive(Template)]
#[template(path = "policies/policy.html")]
struct PolicyPage {
    shell: Shell,
    form: PolicyForm,
    problems: Problems,
    /// What somebody else has made of it meanwhile.
    theirs: Option<Rules>,
    /// The policies that there were, newest first.
    entries: Vec<Entry>,
}

impl PolicyPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn is(&self, mode: &Mode) -> bool {
        self.form.mode == mode.as_str()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn is_required(&self, field: &RequiredField) -> bool {
        self.form.required_fields.iter().any(|code| code == field.as_str())
    }

    /// What each way of deciding means.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn meaning(mode: &Mode) -> &'static str {
        match mode {
            Mode::SecondPerson => "Whoever drafts a verdict cannot approve it, editors and admins included.",
            Mode::Single => {
                "For a desk of one. Every page and every export of such a verdict says that one person decided."
            }
            Mode::Blind => {
                "Nobody sees another’s rating before the last one is in. Where they differ, an adjudicator decides who gave none. Then the words are written, and approved by a second person."
            }
            Mode::Panel => {
                "They read the draft, and each gives a rating with a note. What most of them give carries; the others’ dissent stays on record."
            }
        }
    }

    async fn answer(
        pool: &Pool,
        status: StatusCode,
        by: &Authorized<ManageDesk>,
        form: PolicyForm,
        (problems, theirs): (Problems, Option<Rules>),
    ) -> Result<HttpResponse> {
        let entries = store::list(&mut *pool.acquire().await?, by.desk.id).await?;
        page(status, &Self { shell: Shell::new(&by.viewer()), form, problems, theirs, entries })
    }
}

#[get("/{desk}/settings/policy")]
async fn show(by: Authorized<ManageDesk>, pool: Pool) -> Result<HttpResponse> {
    let policy = store::find(&mut *pool.acquire().await?, by.desk.id).await?;
    let form = PolicyForm::of(policy.as_ref());
    PolicyPage::answer(&pool, StatusCode::OK, &by, form, (Problems::default(), None)).await
}

#[post("/{desk}/settings/policy")]
async fn change(posted: Posted<ManageDesk, PolicyForm>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let rules = match form.parse() {
        Ok(rules) => rules,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return PolicyPage::answer(&pool, status, &by, form, (problems, None)).await;
        }
    };
    let location = format!("/{}/settings/policy", by.desk.slug);
    let (writer, target, from) = (by.clone(), location.clone(), form.number);
    let changed = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        store::adopt(tx, &writer, from, &rules).await
    })
    .await;
    match changed {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(_)) => {
            let now = store::find(&mut *pool.acquire().await?, by.desk.id).await?;
            let form = PolicyForm { number: now.as_ref().map_or(0, |policy| policy.number), ..form };
            let theirs = now.map(|policy| policy.rules);
            PolicyPage::answer(&pool, StatusCode::CONFLICT, &by, form, (Problems::default(), theirs)).await
        }
        Err(error) => Err(error),
    }
}

/// A policy as JSON.
#[derive(Serialize)]
struct Document {
    number: i32,
    #[serde(flatten)]
    rules: Rules,
}

fn document(policy: Option<Policy>) -> HttpResponse {
    let (number, rules) =
        policy.map_or_else(|| (0, Rules::default()), |policy| (policy.number, policy.rules));
    answer(StatusCode::OK, &Document { number, rules })
}

#[get("/api/v1/desks/{desk}/policy")]
async fn read(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    Ok(document(store::find(&mut *pool.acquire().await?, member.desk.id).await?))
}

/// The next policy, and which one it was made from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    number: i32,
    mode: Mode,
    people: i16,
    #[serde(default)]
    majority: Option<i16>,
    #[serde(default)]
    min_sources: i16,
    #[serde(default)]
    need_archived: bool,
    #[serde(default)]
    contact_rule: Option<ContactRule>,
    #[serde(default)]
    required_fields: Vec<RequiredField>,
    #[serde(default)]
    authors_apart: Option<bool>,
    #[serde(default)]
    dissent_notes: bool,
}

impl Wanted {
    /// What the document says, by the same rules as the form.
    fn rules(&self) -> Result<Rules> {
        let people = self.people.to_string();
        let flag = |on: bool| on.then(|| "on".to_owned());
        let form = PolicyForm {
            number: self.number,
            mode: self.mode.as_str().to_owned(),
            approvals: people.clone(),
            assessors: people.clone(),
            voters: people,
            majority: self.majority.map(|majority| majority.to_string()).unwrap_or_default(),
            min_sources: self.min_sources.to_string(),
            need_archived: flag(self.need_archived),
            contact_rule: self.contact_rule.unwrap_or(ContactRule::Never).as_str().to_owned(),
            required_fields: self.required_fields.iter().map(|field| field.as_str().to_owned()).collect(),
            authors_apart: flag(self.authors_apart.unwrap_or(true)),
            dissent_notes: flag(self.dissent_notes),
        };
        form.parse().map_err(Into::into)
    }
}

#[put("/api/v1/desks/{desk}/policy")]
async fn replace(sent: Sent<ManageDesk, Wanted>, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let rules = body.rules()?;
    let (desk, location) = (by.desk.id, format!("/api/v1/desks/{}/policy", by.desk.slug));
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::adopt(tx, &by, body.number, &rules).await
    })
    .await?;
    Ok(document(store::find(&mut *pool.acquire().await?, desk).await?))
}
