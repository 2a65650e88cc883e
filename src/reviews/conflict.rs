//! A draft that two people changed: both texts side by side.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use askama::filters::HtmlSafe;

use super::judging::Judging;
use super::round::CorrectionKind;
use crate::auth::Viewer;
use crate::editing::{Merge, Sent, Three, is_fragment};
use crate::error::Result;
use crate::scales::Scale;
use crate::web::{Shell, page};

#[derive(Template)]
#[template(path = "reviews/_conflict.html")]
struct Conflict {
    shell: Shell,
    action: String,
    /// Who changed it meanwhile.
    who: String,
    scale: Scale,
    fields: Vec<Three>,
    /// What the form carries besides: the fields that are in no conflict.
    kept: Vec<(String, String)>,
}

impl HtmlSafe for Conflict {}

#[derive(Template)]
#[template(path = "reviews/conflict.html")]
struct ConflictPage {
    shell: Shell,
    claim_reviewed: String,
    back: String,
    conflict: Conflict,
}

/// Answers a draft that was made on texts that somebody changed since.
pub(super) fn conflict(
    request: &HttpRequest,
    viewer: &Viewer,
    judging: &Judging,
    sent: &Sent,
    merge: &Merge,
) -> Result<HttpResponse> {
    let back = format!("/{}/claims/{}", viewer.desk.slug, judging.claim);
    let in_conflict = |name: &str| merge.conflicts.iter().any(|three| three.field.name == name);
    let mine = sent.mine().into_iter().map(|(name, text)| (name.to_owned(), text, name));
    let base = sent.base().into_iter().map(|(name, text)| (format!("base_{name}"), text, name));
    let conflict = Conflict {
        shell: Shell::new(viewer),
        action: format!("{back}/draft"),
        who: merge.who.clone(),
        scale: judging.scale.clone(),
        fields: merge.conflicts.clone(),
        kept: mine
            .chain(base)
            .filter(|(_, _, field)| !in_conflict(field))
            .map(|(name, text, _)| (name, text))
            .collect(),
    };
    if is_fragment(request) {
        return page(StatusCode::CONFLICT, &conflict);
    }
    let claim_reviewed = judging.claim_reviewed.clone();
    page(StatusCode::CONFLICT, &ConflictPage { shell: Shell::new(viewer), claim_reviewed, back, conflict })
}

impl Conflict {
    fn is_choice(three: &Three) -> bool {
        matches!(three.field.name, "rating" | "correction_kind")
    }

    /// A text as people read it, also when it is empty.
    fn shown(&self, three: &Three, text: &str) -> String {
        let label = match three.field.name {
            "rating" => self.scale.value(text).map(|value| value.label.clone()),
            "correction_kind" => CorrectionKind::parse(text).map(|kind| kind.label().to_owned()),
            _ => None,
        };
        label.unwrap_or_else(|| if text.is_empty() { "(nothing)".to_owned() } else { text.to_owned() })
    }
}
