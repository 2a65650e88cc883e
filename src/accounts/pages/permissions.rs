//! Who may do what, from the one table that also decides it.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get};
use askama::Template;

use crate::auth::permission::{ReadDesk, Row, TABLE};
use crate::auth::{Authorized, Role};
use crate::error::Result;
use crate::web::{Shell, page};

/// What each role is for.
#[must_use]
pub fn purpose(role: Role) -> &'static str {
    match role {
        Role::Annotator => "adds articles and marks what is to be checked",
        Role::FactChecker => "finds sources and drafts verdicts",
        Role::Reviewer => "judges what others have drafted",
        Role::Editor => "publishes, corrects and retracts",
        Role::Admin => "looks after people and settings, without any say in verdicts",
        Role::Auditor => "sees everything, the record of changes included, and changes nothing",
    }
}

#[derive(Template)]
#[template(path = "accounts/permissions.html")]
struct PermissionsPage {
    shell: Shell,
    table: &'static [Row],
}

impl PermissionsPage {
    fn purpose(role: Role) -> &'static str {
        purpose(role)
    }
}

#[get("/{desk}/people/roles")]
pub async fn show(by: Authorized<ReadDesk>) -> Result<HttpResponse> {
    page(StatusCode::OK, &PermissionsPage { shell: Shell::new(&by.viewer()), table: TABLE })
}

/// The page of the documentation: `docs/permissions.md`.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# Who may do what\n\nThis page is made from the table in `src/auth/permission.rs`, which also decides it; \
         a test keeps the two the same.\nEverybody may read what is published. Whoever drafted a verdict never approves \
         it, whatever their roles, unless the\ndesk has set that one person decides alone.\n\n## Roles\n\n",
    );
    for role in Role::ALL {
        // Writing into a String does not fail.
        let _ = writeln!(text, "- **{role}** (`{}`) {}.", role.as_str(), purpose(role));
    }
    text.push_str("\n## Permissions\n\n| may |");
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text.push_str("\n| --- |");
    text.push_str(&" :-: |".repeat(Role::ALL.len()));
    text.push('\n');
    for row in TABLE {
        let _ = write!(text, "| {} |", row.to);
        for role in Role::ALL {
            text.push_str(if row.roles.contains(&role) { " yes |" } else { " |" });
        }
        text.push('\n');
    }
    text
}
