//! Makes sure that each query gets its own answer.

use futures_util::{StreamExt, TryStreamExt, stream};
use sqlx::{AssertSqlSafe, PgPool};

use super::{APP_ROLE, StartError};

/// How many questions are asked. Behind a pooler that mixes up answers a third of them gets a wrong one.
const QUESTIONS: i32 = 200;
/// How many are asked at once: more than the pool has connections, so that they are handed on.
const AT_ONCE: usize = 40;
/// How many different statements they are. Each connection counts its prepared statements from 1, so that a pooler
/// that gives one the other's server connection answers another statement of the same number.
const STATEMENTS: i32 = 8;

/// Asks for numbers and the current role over all connections of the pool, and compares the answers.
///
/// # Errors
/// [`StartError::MixedAnswers`] when one is not what was asked for.
pub async fn run(pool: &PgPool) -> Result<(), StartError> {
    stream::iter((0..QUESTIONS).map(|number| ask(pool, number))).buffer_unordered(AT_ONCE).try_collect().await
}

async fn ask(pool: &PgPool, number: i32) -> Result<(), StartError> {
    let tag = number % STATEMENTS;
    // Not a checked macro: the statements have to differ.
    let question = format!("SELECT $1::int4, {tag}::int4, current_user::text");
    let (echo, echoed_tag, role): (i32, i32, String) =
        sqlx::query_as(AssertSqlSafe(question)).bind(number).fetch_one(pool).await?;
    let problem = if (echo, echoed_tag) != (number, tag) {
        format!("a query for {number} and {tag} was answered with {echo} and {echoed_tag}")
    } else if role != APP_ROLE {
        format!("a query ran as {role} instead of {APP_ROLE}")
    } else {
        return Ok(());
    };
    Err(StartError::MixedAnswers { problem })
}
