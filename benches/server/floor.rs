//! What the same PostgreSQL does by itself.

use std::process::Command;
use std::time::{Duration, Instant};

use factdesk::db::cluster::binaries::Binaries;
use factdesk::id::DeskId;
use sqlx::PgPool;

use crate::fixture::Fixture;
use crate::process::{Cpu, Process};

/// A table like that of marks, without what makes a mark true.
pub async fn prepare(pool: &PgPool) {
    // The server's role may not make tables; a temporary one would not be durable.
    let mut owner = owner(pool).await;
    sqlx::raw_sql(
        "DROP TABLE IF EXISTS floor_marks;
         CREATE TABLE floor_marks (desk_id uuid, id uuid, start_at integer, end_at integer, exact text,
                                   claim_reviewed text, created_at timestamptz, PRIMARY KEY (desk_id, id));
         GRANT INSERT ON floor_marks TO factdesk_app",
    )
    .execute(&mut owner)
    .await
    .expect("a table");
}

async fn owner(pool: &PgPool) -> sqlx::PgConnection {
    use sqlx::ConnectOptions as _;
    let options = (*pool.connect_options()).clone().username("factdesk_owner");
    options.connect().await.expect("the owner of a private cluster needs no password")
}

/// How many plain inserts of one row a second eight connections get done, each durable.
pub async fn inserts(pool: &PgPool, long: Duration) -> f64 {
    eight_at_once(pool, long, async |connection, n| {
        sqlx::query("INSERT INTO floor_marks VALUES ($1, $2, $3, $4, $5, $6, now())")
            .bind(uuid::Uuid::nil())
            .bind(uuid::Uuid::now_v7())
            .bind(n)
            .bind(n + 60)
            .bind("“The 7th reservoir holds 52 million litres …,” councillor Ana Ferro said.")
            .bind("A reservoir holds that much water")
            .execute(connection)
            .await
            .expect("a row");
    })
    .await
}

/// How many times a second eight connections get the rows of a mark with its claim stored, in one statement.
pub async fn same_rows(fixture: &Fixture, long: Duration) -> f64 {
    let statement = statement(fixture.desk);
    eight_at_once(fixture.pool(), long, async |connection, _| {
        sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(connection).await.expect("rows");
    })
    .await
}

async fn eight_at_once(
    pool: &PgPool,
    long: Duration,
    act: impl AsyncFn(&mut sqlx::PgConnection, i32),
) -> f64 {
    use sqlx::ConnectOptions as _;
    let begun = Instant::now();
    let one = async || {
        let mut connection = pool.connect_options().connect().await.expect("the database");
        let mut done = 0;
        while begun.elapsed() < long {
            act(&mut connection, done).await;
            done += 1;
        }
        done
    };
    let done: Vec<i32> = futures_util::future::join_all((0..8).map(|_| one())).await;
    f64::from(done.into_iter().sum::<i32>()) / begun.elapsed().as_secs_f64()
}

/// PostgreSQL's CPU time for the rows of one mark with its claim, written by pgbench in one statement.
pub fn pgbench(fixture: &Fixture, server: &Process, count: usize) -> Vec<Cpu> {
    let script = std::env::temp_dir().join(format!("factdesk-floor-{}.sql", std::process::id()));
    std::fs::write(&script, statement(fixture.desk)).expect("a script");
    let options = fixture.pool().connect_options();
    let programs = Binaries::newest().expect("PostgreSQL");
    let runs = (0..crate::RUNS)
        .map(|_| {
            let before = server.cpu();
            let output = Command::new(programs.program("pgbench"))
                .arg("--host")
                .arg(options.get_socket().expect("the private cluster has a socket"))
                .args(["--username", "factdesk_app", "--no-vacuum", "--protocol", "prepared"])
                .args(["--transactions", &count.to_string(), "--file"])
                .arg(&script)
                .arg(options.get_database().expect("a database"))
                .output()
                .expect("pgbench");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Cpu { server: 0.0, postgres: server.cpu().since(before).postgres / count as f64 }
        })
        .collect();
    std::fs::remove_file(script).expect("the script is ours");
    runs
}

/// The rows of one mark with its claim, as the server stores them, without checking anything first.
fn statement(desk: DeskId) -> String {
    format!(
            "WITH at AS (SELECT version_id, start_at, end_at, exact, article_id, created_by FROM appearances
                        WHERE desk_id = '{desk}' LIMIT 1),
             new AS (SELECT gen_random_uuid() AS event, gen_random_uuid() AS claim, gen_random_uuid() AS appearance),
             e AS (INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
                   SELECT '{desk}', event, now(), 'person', created_by, 'claim.mark', 'claim', claim, '{{}}' FROM new, at),
             c AS (INSERT INTO claims (desk_id, id, claim_reviewed, language, search, created_by, created_at, event_id)
                   SELECT '{desk}', claim, 'A reservoir holds that much water', 'en',
                          to_tsvector('simple', 'A reservoir holds that much water'), created_by, now(), event FROM new, at),
             a AS (INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix,
                                            start_at, end_at, created_by, created_at, event_id)
                   SELECT '{desk}', appearance, claim, article_id, version_id, exact, '', '', start_at, end_at,
                          created_by, now(), event FROM new, at)
             INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed)
             SELECT '{desk}', version_id, start_at, end_at, appearance, claim, exact,
                    'A reservoir holds that much water' FROM new, at;"
    )
}

/// Fills the desk up to `count` published claims, each with an appearance, evidence and a verdict.
pub async fn claims(pool: &PgPool, desk: DeskId, count: i32) {
    let mut owner = owner(pool).await;
    // Straight into the tables: what is measured is reading them. Triggers would take minutes for nothing.
    sqlx::raw_sql(include_str!("claims.sql")).execute(&mut owner).await.expect("a function");
    sqlx::query("SELECT bench_claims($1, $2)")
        .bind(desk)
        .bind(count)
        .execute(&mut owner)
        .await
        .expect("claims");
    sqlx::raw_sql("DROP FUNCTION bench_claims").execute(&mut owner).await.expect("the function is ours");
    // By itself: it cannot run in a transaction, which several statements at once are.
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await.expect("statistics");
}

/// Runs statements straight on the tables, as their owner.
pub async fn fill(pool: &PgPool, statements: &str) {
    let mut owner = owner(pool).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned())).execute(&mut owner).await.expect("rows");
}

/// CPU time of copying the claims and their verdicts out, without making any format of them.
pub async fn copy(fixture: &Fixture, server: &Process) -> Vec<Cpu> {
    use futures_util::TryStreamExt as _;
    let mut conn = fixture.pool().acquire().await.expect("a connection");
    let desk = fixture.desk;
    let statement = format!(
        "COPY (SELECT * FROM claims c JOIN verdicts v ON v.desk_id = c.desk_id AND v.claim_id = c.id
               JOIN appearances a ON a.desk_id = c.desk_id AND a.claim_id = c.id
               JOIN evidence e ON e.desk_id = c.desk_id AND e.claim_id = c.id
               JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
               WHERE c.desk_id = '{desk}' AND c.stage = 'published' ORDER BY c.id) TO STDOUT"
    );
    let mut runs = Vec::new();
    for _ in 0..crate::RUNS {
        let before = server.cpu();
        let rows = conn.copy_out_raw(&statement).await.expect("a copy");
        let bytes: usize =
            rows.map_ok(|chunk| chunk.len()).try_fold(0, async |sum, len| Ok(sum + len)).await.expect("rows");
        assert!(bytes > 1_000_000, "{bytes}");
        runs.push(server.cpu().since(before));
    }
    runs
}
