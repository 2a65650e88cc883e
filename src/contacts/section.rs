//! The log as a part of pages.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;
use time::Date;

use super::contact::{CONTACT, Contact, Outcome};
use super::store;
use crate::auth::Viewer;
use crate::auth::permission::LogContact;
use crate::editing::{Form, Values};
use crate::error::Result;
use crate::id::ClaimId;
use crate::web::Shell;

/// The names of the fields, in the order of the form.
pub(super) const NAMES: [&str; 8] =
    ["whom", "outcome", "channel", "asked_on", "deadline", "answer", "reason", "note"];

/// Who was asked for comment, on a claim's working page: the part `part-contacts` (`docs/design-system.md`, Parts). It is
/// for members; the public page has a list of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "contacts/_section.html")]
pub struct Section {
    shell: Shell,
    today: Date,
    /// Each with its form, for those who may edit.
    contacts: Vec<(Contact, Option<Form>)>,
    removed: Vec<Contact>,
    new: Option<Form>,
    /// Names to choose from: who said it.
    speakers: Vec<String>,
}

impl HtmlSafe for Section {}

impl Section {
    /// The section for a member of the desk. `speakers` are suggested as whom to ask.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: ClaimId,
        speakers: Vec<String>,
    ) -> Result<Self> {
        let may = viewer.may::<LogContact>();
        let all = store::of_claim(conn, viewer.desk.id, claim).await?;
        let (there, removed): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|contact| contact.removed_at.is_none());
        let contacts = there
            .into_iter()
            .map(|contact| {
                let form = may.then(|| form(shell, &contact));
                (contact, form)
            })
            .collect();
        Ok(Self {
            today: viewer.now.date(),
            contacts,
            removed,
            new: may.then(|| new_form(shell, claim)),
            speakers,
            shell: shell.clone(),
        })
    }

    fn path(&self, contact: &Contact, what: &str) -> String {
        format!("{}/{what}", address(&self.shell, contact))
    }
}

/// The address that an entry is saved at.
pub(super) fn address(shell: &Shell, contact: &Contact) -> String {
    shell.path(&format!("/claims/{}/contacts/{}", contact.claim, contact.id))
}

/// The form over an entry.
pub(super) fn form(shell: &Shell, contact: &Contact) -> Form {
    let id = format!("contact-{}", contact.id);
    Form::new(shell, id, address(shell, contact), &CONTACT, &NAMES, &contact.fields.values())
}

/// The form that adds an entry.
pub(super) fn new_form(shell: &Shell, claim: ClaimId) -> Form {
    let action = shell.path(&format!("/claims/{claim}/contacts"));
    let values: Values = [("outcome", Outcome::Waiting.as_str().to_owned())].into();
    Form::new(shell, "new-contact", action, &CONTACT, &NAMES, &values)
        .button("Add to the log")
        .suggest("whom", "contact-names")
}
