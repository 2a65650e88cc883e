//! The desk's inbox.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::codes::codes;
use crate::error::Result;
use crate::id::{AccountId, ClaimId, DeskId, ReportId};
use crate::reports::report::{Kind, State};
use crate::web::paging::{Page, limit};

codes! {
    /// Part of the inbox: what waits for what.
    Part {
        First = "first", "First look";
        Second = "second", "Second look";
        Answer = "answer", "To answer";
        Done = "done", "Answered or taken back";
    }
}

impl Part {
    /// The states that belong to it.
    #[must_use]
    pub fn states(self) -> Vec<String> {
        let states: &[State] = match self {
            Self::First => &[State::New],
            Self::Second => &[State::FirstLook],
            Self::Answer => &[State::SecondLook],
            Self::Done => &[State::Answered, State::Withdrawn],
        };
        states.iter().map(|state| state.as_str().to_owned()).collect()
    }

    /// What somebody reads when nothing is there.
    #[must_use]
    pub const fn empty(self) -> &'static str {
        match self {
            Self::First => "No report waits for a first look.",
            Self::Second => "No report waits for a second look.",
            Self::Answer => "No report waits for its answer.",
            Self::Done => "No report was answered yet.",
        }
    }
}

/// How many reports are in which part, and since when the oldest that is open waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub first: i64,
    pub second: i64,
    pub answer: i64,
    pub done: i64,
    pub oldest: Option<OffsetDateTime>,
}

impl Counts {
    /// How many are in one part.
    #[must_use]
    pub const fn of(&self, part: Part) -> i64 {
        match part {
            Part::First => self.first,
            Part::Second => self.second,
            Part::Answer => self.answer,
            Part::Done => self.done,
        }
    }

    /// How many wait for anything.
    #[must_use]
    pub const fn open(&self) -> i64 {
        self.first + self.second + self.answer
    }
}

/// Counts the reports of a desk.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn counts(conn: &mut PgConnection, desk: DeskId) -> Result<Counts> {
    Ok(sqlx::query_as!(
        Counts,
        r#"
        SELECT count(*) FILTER (WHERE state = 'new') AS "first!",
               count(*) FILTER (WHERE state = 'first_look') AS "second!",
               count(*) FILTER (WHERE state = 'second_look') AS "answer!",
               count(*) FILTER (WHERE state IN ('answered', 'withdrawn')) AS "done!",
               min(created_at) FILTER (WHERE state IN ('new', 'first_look', 'second_look')) AS oldest
        FROM reader_reports WHERE desk_id = $1
        "#,
        desk as _,
    )
    .fetch_one(conn)
    .await?)
}

/// A report in the inbox.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: ReportId,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub kind: Kind,
    pub state: State,
    /// How its words begin.
    pub begin: String,
    /// Who looked first.
    pub first: Option<(AccountId, String)>,
    pub created_at: OffsetDateTime,
}

/// A page of one part, after a report. What is done is listed newest first, all else oldest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    part: Part,
    kind: Option<Kind>,
    after: Option<ReportId>,
) -> Result<Page<Listed>> {
    let newest_first = part == Part::Done;
    let rows = sqlx::query!(
        r#"
        SELECT r.id AS "id: ReportId", r.claim_id AS "claim: ClaimId", c.claim_reviewed, r.kind AS "kind: Kind",
               r.state AS "state: State", left(r.words, 160) AS "begin!", r.created_at,
               l.account_id AS "first?: AccountId", a.display_name AS "first_name?"
        FROM reader_reports r
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        LEFT JOIN report_looks l ON l.desk_id = r.desk_id AND l.report_id = r.id AND l.number = 1
        LEFT JOIN accounts a ON a.id = l.account_id
        WHERE r.desk_id = $1 AND r.state = ANY($2) AND ($3::text IS NULL OR r.kind = $3)
          AND ($4::uuid IS NULL OR CASE WHEN $5 THEN r.id < $4 ELSE r.id > $4 END)
        ORDER BY CASE WHEN $5 THEN r.id END DESC, r.id
        LIMIT $6
        "#,
        desk as _,
        &part.states(),
        kind.map(Kind::as_str),
        after as _,
        newest_first,
        limit(),
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| Listed {
        id: row.id,
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        kind: row.kind,
        state: row.state,
        begin: row.begin,
        first: row.first.zip(row.first_name),
        created_at: row.created_at,
    });
    Ok(Page::of(rows.collect(), |report| report.id.uuid()))
}
