//! Who may do what: the whole table, on one screen. The documentation's page is made from it.

use std::fmt;

/// What a member is at a desk. One person can be several.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Annotator,
    FactChecker,
    Reviewer,
    Editor,
    Admin,
    Auditor,
}

use Role::{Admin, Annotator, Auditor, Editor, FactChecker, Reviewer};

impl Role {
    /// Every role, in the order in which pages list them.
    pub const ALL: [Self; 6] = [Annotator, FactChecker, Reviewer, Editor, Admin, Auditor];

    /// The name in the database, in forms and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Annotator => "annotator",
            FactChecker => "fact_checker",
            Reviewer => "reviewer",
            Editor => "editor",
            Admin => "admin",
            Auditor => "auditor",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Annotator => "Annotator",
            FactChecker => "Fact-checker",
            Reviewer => "Reviewer",
            Editor => "Editor",
            Admin => "Admin",
            Auditor => "Auditor",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Something that takes a role to be allowed. Each is a type, so that a function can ask for the proof of it.
pub trait Permission: 'static {
    /// Completes "Your role does not allow you to …".
    const TO: &'static str;
    /// Who may.
    const ROLES: &'static [Role];
}

/// One row of the table, for those who print it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The type's name.
    pub name: &'static str,
    /// What it allows.
    pub to: &'static str,
    /// Who may.
    pub roles: &'static [Role],
}

macro_rules! permissions {
    ($($name:ident: $to:literal => [$($role:ident),+];)+) => {
        $(
            #[doc = concat!("Permission to ", $to, ".")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Permission for $name {
                const TO: &'static str = $to;
                const ROLES: &'static [Role] = &[$($role),+];
            }
        )+
        /// Every permission there is.
        pub const TABLE: &[Row] = &[
            $(Row { name: stringify!($name), to: $to, roles: &[$($role),+] },)+
        ];
    };
}

permissions! {
    ReadDesk: "read the desk's work that is not public yet" => [Annotator, FactChecker, Reviewer, Editor, Admin, Auditor];
    ReadDrafts: "read drafts of verdicts and what reviewers said of them" => [FactChecker, Reviewer, Editor, Admin, Auditor];
    ReadRecord: "read the record of changes and check its chain" => [FactChecker, Reviewer, Editor, Admin, Auditor];
    Discuss: "take part in discussions of claims" => [Annotator, FactChecker, Reviewer, Editor, Admin];
    AddArticle: "add an article" => [Annotator, FactChecker, Reviewer, Editor];
    MarkClaim: "mark statements and describe claims" => [Annotator, FactChecker, Reviewer, Editor];
    SortClaim: "decline claims, join duplicates and merge speakers" => [FactChecker, Reviewer, Editor];
    CiteEvidence: "add sources and evidence" => [FactChecker, Reviewer, Editor];
    LogContact: "log who was asked for comment" => [FactChecker, Reviewer, Editor];
    DraftVerdict: "draft a verdict" => [FactChecker, Reviewer, Editor];
    ReviewVerdict: "review a verdict that somebody else drafted" => [FactChecker, Reviewer, Editor];
    ReadReports: "read what readers wrote to the desk" => [FactChecker, Reviewer, Editor, Auditor];
    LookAtReports: "look at what readers wrote, and say what is to become of it" => [FactChecker, Reviewer, Editor];
    Publish: "publish, correct and retract, and answer readers" => [Editor];
    WriteGuidelines: "write the desk's guidelines and training claims" => [Editor];
    Train: "answer training claims" => [Annotator, FactChecker, Reviewer, Editor];
    ManageScales: "change the desk's rating scales" => [Editor, Admin];
    ManageDesk: "change the desk's settings and members" => [Admin];
}

/// Whether any of these roles is among those that may.
#[must_use]
pub fn allows<P: Permission>(roles: &[Role]) -> bool {
    roles.iter().any(|role| P::ROLES.contains(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDITORIAL: [&str; 11] = [
        "AddArticle",
        "MarkClaim",
        "SortClaim",
        "CiteEvidence",
        "LogContact",
        "DraftVerdict",
        "ReviewVerdict",
        "LookAtReports",
        "Publish",
        "WriteGuidelines",
        "Train",
    ];

    #[test]
    fn admins_and_auditors_have_no_editorial_power() {
        for row in TABLE.iter().filter(|row| EDITORIAL.contains(&row.name)) {
            assert!(!row.roles.contains(&Admin), "{}", row.name);
            assert!(!row.roles.contains(&Auditor), "{}", row.name);
        }
    }

    #[test]
    fn only_editors_publish() {
        assert_eq!(Publish::ROLES, [Editor]);
    }

    #[test]
    fn role_names_can_be_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
