//! The desk's inbox of what readers wrote.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::auth::Authorized;
use crate::auth::permission::ReadReports;
use crate::db::Pool;
use crate::error::Result;
use crate::id::{AccountId, ReportId};
use crate::reports::report::Kind;
use crate::reports::store::{self, Counts, Listed, Part};
use crate::web::paging::Page;
use crate::web::{Shell, clock, page};

/// Readers are answered within two weeks, as those do who do it best (Full Fact's feedback, within 14 days).
const DUE: Duration = Duration::days(14);

/// Which part of the inbox.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    part: Option<Part>,
    kind: Option<Kind>,
    after: Option<ReportId>,
}

#[derive(Template)]
#[template(path = "reports/inbox.html")]
struct InboxPage {
    shell: Shell,
    me: AccountId,
    now: OffsetDateTime,
    counts: Counts,
    part: Part,
    kind: Option<Kind>,
    reports: Page<Listed>,
}

impl InboxPage {
    fn oldest(&self) -> Option<String> {
        self.counts.oldest.map(|oldest| clock::age(oldest, self.now))
    }

    fn is_due(&self, report: &Listed) -> bool {
        report.state.is_open() && self.now - report.created_at > DUE
    }

    fn is_mine(&self, report: &Listed) -> bool {
        report.first.as_ref().is_some_and(|(account, _)| *account == self.me)
    }

    fn query(&self, part: Part) -> String {
        let kind = self.kind.map_or_else(String::new, |kind| format!("&kind={}", kind.as_str()));
        format!("?part={}{kind}", part.as_str())
    }
}

/// What readers wrote: what waits, the oldest first; and what was answered.
#[get("/{desk}/reports")]
pub(super) async fn list(
    member: Authorized<ReadReports>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let counts = store::counts(conn, member.desk.id).await?;
    let waiting = Part::ALL.iter().copied().find(|part| counts.of(*part) > 0);
    let part = asked.part.or(waiting).unwrap_or(Part::First);
    let shown = InboxPage {
        shell: Shell::new(&member.viewer()),
        me: member.person.account,
        now: member.now,
        counts,
        part,
        kind: asked.kind,
        reports: store::list(conn, member.desk.id, part, asked.kind, asked.after).await?,
    };
    page(StatusCode::OK, &shown)
}
