//! Forms over the fields of a record, and the answers when one could not be taken: 422 with what is wrong, 409 with
//! both texts. Nothing that was typed is lost.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use askama::filters::HtmlSafe;
use uuid::Uuid;

use super::field::{Field, Values, Widget};
use super::merge::{Merge, Three};
use super::sent::Sent;
use crate::error::Result;
use crate::web::problems::Problems;
use crate::web::{Shell, page};

/// A field in a form.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub field: &'static Field,
    /// What stands in it.
    pub value: String,
    /// What the record holds.
    pub base: String,
    pub problem: Option<String>,
    /// The id of the `datalist` with suggestions.
    pub list: Option<&'static str>,
    /// What can be ticked, where that is not the same for every record: id and name.
    pub offers: Vec<(String, String)>,
}

/// A form over some fields of a record.
#[derive(Clone, Debug, Template)]
#[template(path = "editing/_form.html")]
pub struct Form {
    /// The element's id, by which a script puts a newer one in its place.
    pub id: String,
    pub action: String,
    pub csrf: String,
    pub fields: Vec<Drawn>,
    pub button: &'static str,
    /// Whether a script saves each change at once.
    pub autosave: bool,
}

impl HtmlSafe for Form {}

impl Drawn {
    fn is_long(&self) -> bool {
        matches!(self.field.widget, Widget::Text)
    }

    fn is_day(&self) -> bool {
        matches!(self.field.widget, Widget::Day)
    }
}

impl Form {
    /// The form over those of `fields` that `names` lists, as the record holds them.
    #[must_use]
    pub fn new(
        shell: &Shell,
        id: impl Into<String>,
        action: impl Into<String>,
        fields: &'static [Field],
        names: &[&str],
        values: &Values,
    ) -> Self {
        let fields = names
            .iter()
            .filter_map(|name| fields.iter().find(|field| field.name == *name))
            .map(|field| {
                let value = values.get(field.name).cloned().unwrap_or_default();
                Drawn { field, base: value.clone(), value, problem: None, list: None, offers: Vec::new() }
            })
            .collect();
        Self {
            id: id.into(),
            action: action.into(),
            csrf: shell.csrf().to_owned(),
            fields,
            button: "Save",
            autosave: false,
        }
    }

    /// The form saved on each change.
    #[must_use]
    pub fn autosaved(mut self) -> Self {
        self.autosave = true;
        self
    }

    /// The form with other words on its button.
    #[must_use]
    pub fn button(mut self, words: &'static str) -> Self {
        self.button = words;
        self
    }

    /// The form with suggestions for a field, from the `datalist` with that id.
    #[must_use]
    pub fn suggest(mut self, name: &str, list: &'static str) -> Self {
        if let Some(drawn) = self.fields.iter_mut().find(|drawn| drawn.field.name == name) {
            drawn.list = Some(list);
        }
        self
    }

    /// The form with what can be ticked in a field: id and name of each.
    #[must_use]
    pub fn offer(mut self, name: &str, offers: Vec<(String, String)>) -> Self {
        if let Some(drawn) = self.fields.iter_mut().find(|drawn| drawn.field.name == name) {
            drawn.offers = offers;
        }
        self
    }

    /// The form as it was sent, with what is wrong.
    #[must_use]
    pub fn refused(mut self, sent: &Sent, problems: &Problems) -> Self {
        let (mine, base) = (sent.mine(), sent.base());
        self.fields.retain(|drawn| mine.contains_key(drawn.field.name));
        for drawn in &mut self.fields {
            let name = drawn.field.name;
            drawn.value = mine.get(name).cloned().unwrap_or_default();
            drawn.base = base.get(name).cloned().unwrap_or_default();
            drawn.problem = problems.of(name).map(str::to_owned);
        }
        self
    }

    /// A new key, which tells a repeated sending from a new one.
    #[must_use]
    pub fn submission() -> Uuid {
        Uuid::now_v7()
    }

    /// The codes to choose one of, and the words for none of them.
    fn choices(drawn: &Drawn) -> Option<(&'static [(&'static str, &'static str)], &'static str)> {
        match drawn.field.widget {
            Widget::Pick(choices) => Some((choices, "choose one")),
            Widget::Choice(choices) => Some((choices, "not known")),
            _ => None,
        }
    }

    fn ticked(drawn: &Drawn, code: &str) -> bool {
        drawn.value.split(", ").any(|ticked| ticked == code)
    }
}

/// Whether a script asked for a part of the page instead of the whole.
#[must_use]
pub fn is_fragment(request: &HttpRequest) -> bool {
    request.headers().contains_key("x-fragment")
}

/// Whether it is for the panel beside an article, where there is little room.
#[must_use]
pub fn is_panel(request: &HttpRequest) -> bool {
    request.headers().get("x-fragment").is_some_and(|kind| kind == "panel")
}

#[derive(Template)]
#[template(path = "editing/problems.html")]
struct ProblemsPage {
    shell: Shell,
    title: String,
    back: String,
    form: Form,
}

/// Answers a form that breaks a rule: filled in as it was sent, with what is wrong at each field (422).
///
/// # Errors
/// When the template fails.
pub fn problems(
    request: &HttpRequest,
    shell: Shell,
    title: impl Into<String>,
    back: impl Into<String>,
    form: Form,
) -> Result<HttpResponse> {
    if is_fragment(request) {
        return page(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    let page_of_form = ProblemsPage { shell, title: title.into(), back: back.into(), form };
    page(StatusCode::UNPROCESSABLE_ENTITY, &page_of_form)
}

/// Texts that two people changed, each in another way, side by side.
#[derive(Clone, Debug, Template)]
#[template(path = "editing/_conflict.html")]
pub struct Conflict {
    pub id: String,
    pub action: String,
    pub csrf: String,
    /// Who changed it meanwhile.
    pub who: String,
    pub fields: Vec<Three>,
    /// What the form carries besides: fields that are in no conflict, with what they were made on.
    pub kept: Vec<(String, String)>,
    /// Of what can be ticked: its name, by its id.
    pub names: HashMap<String, String>,
}

impl HtmlSafe for Conflict {}

impl Conflict {
    /// What somebody has to decide about. `id` and `action` are the refused form's.
    #[must_use]
    pub fn new(shell: &Shell, id: &str, action: &str, sent: &Sent, merge: &Merge) -> Self {
        let in_conflict = |name: &str| merge.conflicts.iter().any(|three| three.field.name == name);
        let pairs = |values: Values, prefix: &'static str| {
            values
                .into_iter()
                .filter(move |(name, _)| !in_conflict(name))
                .map(move |(name, text)| (format!("{prefix}{name}"), text))
        };
        Self {
            id: id.to_owned(),
            action: action.to_owned(),
            csrf: shell.csrf().to_owned(),
            who: merge.who.clone(),
            fields: merge.conflicts.clone(),
            kept: pairs(sent.mine(), "").chain(pairs(sent.base(), "base_")).collect(),
            names: HashMap::new(),
        }
    }

    /// The same with its texts in words for people, where they are kept in others.
    #[must_use]
    pub fn with_words(mut self, words: impl Fn(&str) -> String) -> Self {
        for three in &mut self.fields {
            three.mine = words(&three.mine);
            three.theirs = words(&three.theirs);
        }
        self
    }

    /// The same with the names of what can be ticked, by their ids.
    #[must_use]
    pub fn with_names(mut self, names: HashMap<String, String>) -> Self {
        self.names = names;
        self
    }

    fn is_text(field: &Field) -> bool {
        matches!(field.widget, Widget::Line | Widget::Day | Widget::Text)
    }

    /// A value in words, also when it is empty.
    fn shown(&self, field: &Field, value: &str) -> String {
        let name = |id: &str| self.names.get(id).cloned().unwrap_or_else(|| id.to_owned());
        match field.widget {
            _ if value.is_empty() => "(nothing)".to_owned(),
            Widget::Offered => value.split(", ").map(name).collect::<Vec<_>>().join("; "),
            _ => field.words(value),
        }
    }
}

#[derive(Template)]
#[template(path = "editing/conflict.html")]
struct ConflictPage {
    shell: Shell,
    title: String,
    back: String,
    conflict: Conflict,
}

/// Answers a form that was made on texts that somebody changed since (409).
///
/// # Errors
/// When the template fails.
pub fn conflict(
    request: &HttpRequest,
    shell: Shell,
    title: impl Into<String>,
    back: impl Into<String>,
    conflict: Conflict,
) -> Result<HttpResponse> {
    if is_fragment(request) {
        return page(StatusCode::CONFLICT, &conflict);
    }
    page(StatusCode::CONFLICT, &ConflictPage { shell, title: title.into(), back: back.into(), conflict })
}
