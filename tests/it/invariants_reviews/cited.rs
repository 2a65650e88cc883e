//! The rules of what is cited: sources that are described and merged, their copies, and
//! quotations. Those of sets and questions are in `invariants_groups`.

use std::collections::{BTreeMap, BTreeSet};

use factdesk::auth::Role;
use factdesk::blobs;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::{fill, refusal};
use crate::reviews::{World, claim, event, evidence};

/// The tables that these rules are about, besides sources and evidence.
const TABLES: [&str; 7] = [
    "source_addresses",
    "source_doubles",
    "warned_domains",
    "source_settings",
    "source_copies",
    "source_archives",
    "outside_copies",
];

const WORDS: &str = "Nine ships came.";

type Row = &'static [(&'static str, &'static str)];

/// A row of each table that the server could write.
const ROWS: &[(&str, Row)] = &[
    (
        "source_addresses",
        &[
            ("desk_id", "{desk}"),
            ("url_key", "'https://moved.example/'"),
            ("source_id", "{source}"),
            ("url", "'https://moved.example/'"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "source_doubles",
        &[
            ("desk_id", "{desk}"),
            ("one_id", "{source}"),
            ("other_id", "{other}"),
            ("why", "'canonical'"),
            ("decision", "'apart'"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "warned_domains",
        &[
            ("desk_id", "{desk}"),
            ("domain", "'rumours.example'"),
            ("reason", "'It makes its numbers up.'"),
            ("created_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "source_settings",
        &[
            ("desk_id", "{desk}"),
            ("copies_public", "true"),
            ("hand_to", "ARRAY['wayback']"),
            ("reference_style", "'own'"),
            ("own_style", "'<style/>'"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "source_copies",
        &[
            ("desk_id", "{desk}"),
            ("id", "gen_random_uuid()"),
            ("source_id", "{source}"),
            ("number", "7"),
            ("snapshot_id", "{snapshot}"),
            ("media_type", "'text/plain'"),
            ("body", "'Words'"),
            ("body_length", "5"),
            ("body_sha256", "sha256('Words')"),
            ("blocks", "json_build_object()"),
            ("no_text", "NULL"),
            ("reader", "'factdesk 0.1'"),
            ("created_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "source_archives",
        &[
            ("desk_id", "{desk}"),
            ("source_id", "{source}"),
            ("state", "'kept'"),
            ("reason", "NULL"),
            ("copy_id", "{copy}"),
            ("link", "'dead'"),
            ("link_reason", "'missing'"),
            ("link_since", "now()"),
            ("looked_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "outside_copies",
        &[
            ("desk_id", "{desk}"),
            ("id", "gen_random_uuid()"),
            ("source_id", "{source}"),
            ("provider", "'wayback'"),
            ("state", "'kept'"),
            ("receipt", "'spn2-1'"),
            ("address", "'https://archive.example/1'"),
            ("reason", "NULL"),
            ("created_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "sources",
        &[
            ("desk_id", "{desk}"),
            ("id", "gen_random_uuid()"),
            ("title", "'A title'"),
            ("modified_from", "'2026-01-01'"),
            ("modified_to", "'2026-01-01'"),
            ("modified_precision", "'day'"),
            ("language", "'pt-BR'"),
            ("doi", "'10.1000/182'"),
            ("isbn", "'9780306406157'"),
            ("canonical_url", "'https://own.example/'"),
            ("independence", "''"),
            ("interest", "''"),
            ("origins", "jsonb_build_object()"),
            ("found", "jsonb_build_object()"),
            ("merged_into", "NULL"),
            ("created_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
    (
        "evidence",
        &[
            ("desk_id", "{desk}"),
            ("id", "gen_random_uuid()"),
            ("claim_id", "{claim}"),
            ("source_id", "{source}"),
            ("stance", "'refutes'"),
            ("exact", "'ships came'"),
            ("copy_id", "{copy}"),
            ("quote_check", "'nearly'"),
            ("start_at", "5"),
            ("end_at", "15"),
            ("found", "'ships came'"),
            ("prefix", "'Nine '"),
            ("suffix", "'.'"),
            ("quote_reason", "'An old spelling.'"),
            ("quote_reason_by", "{editor}"),
            ("page", "3"),
            ("time_from_ms", "1000"),
            ("time_to_ms", "2000"),
            ("cell_table", "1"),
            ("cell_row", "2"),
            ("cell_column", "3"),
            ("independence", "'party'"),
            ("created_by", "{editor}"),
            ("created_at", "now()"),
            ("event_id", "{new}"),
        ],
    ),
];

/// The rule, the table, and what is wrong in a row of it.
const WRONG: &[(&str, &str, Row)] = &[
    ("sources_modified_whole", "sources", &[("modified_to", "'2026-01-02'")]),
    ("sources_modified_whole", "sources", &[("modified_precision", "'unknown'")]),
    ("sources_language_form", "sources", &[("language", "'English please'")]),
    ("sources_doi_form", "sources", &[("doi", "'10.1000/ABC'")]),
    ("sources_doi_form", "sources", &[("doi", "'doi:10.1000/182'")]),
    ("sources_isbn_form", "sources", &[("isbn", "'0306406152'")]),
    ("sources_canonical_url_form", "sources", &[("canonical_url", "'javascript:alert(1)'")]),
    ("sources_independence_length", "sources", &[("independence", "repeat('x', 2001)")]),
    ("sources_interest_length", "sources", &[("interest", "repeat('x', 2001)")]),
    ("sources_origins_object", "sources", &[("origins", "'[]'")]),
    ("sources_found_object", "sources", &[("found", "'[]'")]),
    ("sources_merged_into", "sources", &[("merged_into", "{nobody}")]),
    ("source_addresses_event", "source_addresses", &[("event_id", "{nobody}")]),
    ("source_addresses_source", "source_addresses", &[("source_id", "{nobody}")]),
    ("source_addresses_url_form", "source_addresses", &[("url", "'ftp://moved.example/'")]),
    ("source_doubles_event", "source_doubles", &[("event_id", "{nobody}")]),
    ("source_doubles_one", "source_doubles", &[("one_id", "{least}")]),
    ("source_doubles_other", "source_doubles", &[("other_id", "{most}")]),
    ("source_doubles_once", "source_doubles", &[("one_id", "{other}"), ("other_id", "{source}")]),
    ("source_doubles_once", "source_doubles", &[("other_id", "{source}")]),
    ("source_doubles_why_known", "source_doubles", &[("why", "'a feeling'")]),
    ("source_doubles_decision_known", "source_doubles", &[("decision", "'later'")]),
    ("warned_domains_event", "warned_domains", &[("event_id", "{nobody}")]),
    ("warned_domains_creator", "warned_domains", &[("created_by", "{nobody}")]),
    ("warned_domains_domain_form", "warned_domains", &[("domain", "'Rumours.example'")]),
    ("warned_domains_domain_form", "warned_domains", &[("domain", "'https://rumours.example'")]),
    ("warned_domains_domain_form", "warned_domains", &[("domain", "'rumours'")]),
    ("warned_domains_reason_length", "warned_domains", &[("reason", "' '")]),
    ("source_settings_event", "source_settings", &[("event_id", "{nobody}")]),
    ("source_settings_hand_to_known", "source_settings", &[("hand_to", "ARRAY['attic']")]),
    ("source_settings_style_known", "source_settings", &[("reference_style", "'baroque'")]),
    ("source_settings_own_style_there", "source_settings", &[("own_style", "NULL")]),
    ("source_settings_own_style_length", "source_settings", &[("own_style", "repeat('x', 200001)")]),
    ("source_copies_event", "source_copies", &[("event_id", "{nobody}")]),
    ("source_copies_creator", "source_copies", &[("created_by", "{nobody}")]),
    ("source_copies_source", "source_copies", &[("source_id", "{nobody}")]),
    ("source_copies_snapshot", "source_copies", &[("snapshot_id", "{nobody}")]),
    ("source_copies_number_unique", "source_copies", &[("number", "1")]),
    ("source_copies_number_counts", "source_copies", &[("number", "0")]),
    ("source_copies_media_type_length", "source_copies", &[("media_type", "''")]),
    ("source_copies_text_whole", "source_copies", &[("blocks", "NULL")]),
    ("source_copies_text_whole", "source_copies", &[("no_text", "'blank'")]),
    (
        "source_copies_no_text_known",
        "source_copies",
        &[
            ("body", "NULL"),
            ("body_length", "NULL"),
            ("body_sha256", "NULL"),
            ("blocks", "NULL"),
            ("no_text", "'lazy'"),
        ],
    ),
    ("source_copies_length", "source_copies", &[("body_length", "4")]),
    ("source_copies_hash", "source_copies", &[("body_sha256", "sha256('words')")]),
    (
        "source_copies_size",
        "source_copies",
        &[
            ("body", "repeat('x', 2000001)"),
            ("body_length", "2000001"),
            ("body_sha256", "sha256(convert_to(repeat('x', 2000001), 'UTF8'))"),
        ],
    ),
    (
        "source_copies_nfc",
        "source_copies",
        &[
            ("body", r"E'e\u0301'"),
            ("body_length", "2"),
            ("body_sha256", r"sha256(convert_to(E'e\u0301', 'UTF8'))"),
        ],
    ),
    (
        "source_copies_lf",
        "source_copies",
        &[
            ("body", r"E'a\r\n'"),
            ("body_length", "3"),
            ("body_sha256", r"sha256(convert_to(E'a\r\n', 'UTF8'))"),
        ],
    ),
    ("source_copies_reader_length", "source_copies", &[("reader", "''")]),
    ("source_archives_event", "source_archives", &[("event_id", "{nobody}")]),
    (
        "source_archives_source",
        "source_archives",
        &[("source_id", "{nobody}"), ("copy_id", "NULL"), ("state", "'pending'")],
    ),
    ("source_archives_copy", "source_archives", &[("source_id", "{other}")]),
    ("source_archives_state_known", "source_archives", &[("state", "'lost'")]),
    ("source_archives_kept_has_copy", "source_archives", &[("copy_id", "NULL")]),
    ("source_archives_says_why", "source_archives", &[("state", "'failed'")]),
    ("source_archives_says_why", "source_archives", &[("reason", "'missing'")]),
    (
        "source_archives_reason_form",
        "source_archives",
        &[("state", "'failed'"), ("reason", "'Server said: 500'")],
    ),
    ("source_archives_link_known", "source_archives", &[("link", "'odd'"), ("link_reason", "NULL")]),
    ("source_archives_link_dated", "source_archives", &[("link_since", "NULL")]),
    ("source_archives_link_reason_form", "source_archives", &[("link_reason", "NULL")]),
    ("source_archives_link_reason_form", "source_archives", &[("link", "'alive'")]),
    ("outside_copies_event", "outside_copies", &[("event_id", "{nobody}")]),
    ("outside_copies_creator", "outside_copies", &[("created_by", "{nobody}")]),
    ("outside_copies_source", "outside_copies", &[("source_id", "{nobody}")]),
    ("outside_copies_provider_known", "outside_copies", &[("provider", "'attic'")]),
    ("outside_copies_state_known", "outside_copies", &[("state", "'odd'"), ("address", "NULL")]),
    ("outside_copies_kept_somewhere", "outside_copies", &[("address", "NULL")]),
    ("outside_copies_failed_says_why", "outside_copies", &[("state", "'failed'"), ("address", "NULL")]),
    (
        "outside_copies_reason_form",
        "outside_copies",
        &[("state", "'failed'"), ("address", "NULL"), ("reason", "'Said 500'")],
    ),
    ("outside_copies_receipt_length", "outside_copies", &[("receipt", "''")]),
    ("outside_copies_address_form", "outside_copies", &[("address", "'ftp://archive.example/'")]),
    ("evidence_copy_of_its_source", "evidence", &[("source_id", "{other}")]),
    ("evidence_copy_of_its_source", "evidence", &[("copy_id", "{nobody}")]),
    ("evidence_checked_in_a_text", "evidence", &[("copy_id", "{picture}")]),
    ("evidence_found_is_the_text", "evidence", &[("found", "'boats came'")]),
    (
        "evidence_quote_check_known",
        "evidence",
        &[
            ("quote_check", "'maybe'"),
            ("start_at", "NULL"),
            ("end_at", "NULL"),
            ("found", "NULL"),
            ("prefix", "NULL"),
            ("suffix", "NULL"),
        ],
    ),
    ("evidence_checked_in_a_copy", "evidence", &[("exact", "NULL")]),
    ("evidence_place_whole", "evidence", &[("suffix", "NULL")]),
    ("evidence_place_whole", "evidence", &[("quote_check", "'missing'")]),
    ("evidence_place_in_order", "evidence", &[("end_at", "99"), ("found", "'ships came.'")]),
    ("evidence_context_length", "evidence", &[("prefix", "repeat('x', 65)")]),
    ("evidence_quote_reason_needed", "evidence", &[("quote_reason_by", "NULL")]),
    ("evidence_quote_reason_needed", "evidence", &[("quote_check", "'stands'")]),
    ("evidence_quote_reason_length", "evidence", &[("quote_reason", "' '")]),
    ("evidence_quote_reason_by", "evidence", &[("quote_reason_by", "{nobody}")]),
    ("evidence_page_counts", "evidence", &[("page", "0")]),
    ("evidence_time_in_order", "evidence", &[("time_to_ms", "999")]),
    ("evidence_time_in_order", "evidence", &[("time_from_ms", "NULL")]),
    ("evidence_cell_whole", "evidence", &[("cell_row", "NULL")]),
    ("evidence_independence_known", "evidence", &[("independence", "'very'")]),
];

/// The rule, and statements of which the last breaks it.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "sources_not_merged_into_itself",
        "UPDATE sources SET merged_into = id, event_id = {new} WHERE id = {source}",
    ),
    (
        "sources_merged_once",
        "UPDATE sources SET merged_into = {other}, event_id = {new} WHERE id = {source};;UPDATE sources SET merged_into = {source}, event_id = {new} WHERE id = {other}",
    ),
    (
        "evidence_found_length",
        "UPDATE evidence SET copy_id = {long}, exact = 'x', quote_check = 'stands', start_at = 0, end_at = 20001, found = repeat('x', 20001), prefix = '', suffix = '', event_id = {new} WHERE id = {evidence}",
    ),
];

/// What nobody may do, neither the server nor its owner.
const FORBIDDEN: &[(&str, &str)] = &[
    ("warned_domains_stay", "DELETE FROM warned_domains"),
    ("source_settings_stay", "DELETE FROM source_settings"),
    ("source_copies_are_immutable", "UPDATE source_copies SET number = number"),
    ("source_copies_are_immutable", "DELETE FROM source_copies"),
    ("source_copies_are_immutable", "TRUNCATE source_copies CASCADE"),
    ("source_archives_stay", "DELETE FROM source_archives"),
    ("outside_copies_stay", "DELETE FROM outside_copies"),
];

/// Keys that another one of the same columns makes superfluous to break, and one that the table's own key implies.
const IMPLIED: [&str; 2] = ["source_copies_of_source", "source_settings_desk"];

/// A rule that a trigger speaks before, tried without that trigger.
const BENEATH: (&str, &str, Row) = ("evidence_copy", "evidence", &[("copy_id", "{nobody}")]);

/// The rules that are tried here, also those of sources and evidence.
pub fn tried() -> impl Iterator<Item = &'static str> {
    let statements = STATEMENTS.iter().chain(FORBIDDEN).map(|(rule, _)| *rule);
    WRONG.iter().map(|(rule, ..)| *rule).chain(statements).chain([BENEATH.0])
}

struct Cited {
    world: World,
    names: BTreeMap<&'static str, String>,
}

impl Cited {
    /// Two claims with evidence; of one source a text, a picture and a long text are kept.
    async fn new() -> Self {
        let world = World::new().await;
        let owner = world.server.owner_pool().clone();
        let (desk, one) = (world.desk.clone(), world.claim);
        let cited = evidence(&owner, &desk, one).await;
        let elsewhere = evidence(&owner, &desk, claim(&owner, &desk).await).await;
        let mut names = BTreeMap::from([
            ("desk", desk.id.to_string()),
            ("editor", desk.member(Role::Editor).to_string()),
            ("claim", one.to_string()),
            ("evidence", cited.to_string()),
            ("elsewhere", elsewhere.to_string()),
            ("nobody", Uuid::now_v7().to_string()),
            ("least", Uuid::nil().to_string()),
            ("most", Uuid::max().to_string()),
        ]);
        for (name, of) in [("source", cited), ("other", elsewhere)] {
            names.insert(name, source(&owner, of.uuid()).await.to_string());
        }
        for name in ["snapshot", "copy", "picture", "long"] {
            names.insert(name, Uuid::now_v7().to_string());
        }
        let (bytes, packed) = (WORDS.as_bytes(), blobs::pack(WORDS.as_bytes()).unwrap());
        let hash = blobs::hash(bytes);
        let cited = Self { world, names };
        sqlx::query(
            "INSERT INTO blobs (desk_id, sha256, size, packed, event_id) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(desk.id)
        .bind(&hash)
        .bind(i32::try_from(bytes.len()).unwrap())
        .bind(packed)
        .bind(event(&owner, &desk).await)
        .execute(cited.world.server.app_pool())
        .await
        .unwrap();
        let text = |name: &str, number: &str, text: &str| {
            insertion(
                "source_copies",
                &[
                    ("id", name),
                    ("number", number),
                    ("body", text),
                    ("body_length", &format!("char_length({text})")),
                    ("body_sha256", &format!("sha256(convert_to({text}, 'UTF8'))")),
                ],
            )
        };
        for statement in [
            "INSERT INTO snapshots (desk_id, id, sha256, how, received_at, created_by, event_id)
             SELECT {desk}, {snapshot}, sha256, 'file', now(), {editor}, {new} FROM blobs"
                .to_owned(),
            text("{copy}", "1", &format!("'{WORDS}'")),
            text("{long}", "2", "repeat('x', 20002)"),
            insertion(
                "source_copies",
                &[
                    ("id", "{picture}"),
                    ("number", "3"),
                    ("body", "NULL"),
                    ("body_length", "NULL"),
                    ("body_sha256", "NULL"),
                    ("blocks", "NULL"),
                    ("no_text", "'picture'"),
                ],
            ),
        ] {
            let statement = cited.filled(&statement).await;
            sqlx::query(AssertSqlSafe(statement.clone()))
                .execute(cited.world.server.app_pool())
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        cited
    }

    /// Fills in names and gives every statement an event of its own.
    async fn filled(&self, statements: &str) -> String {
        let mut filled = Vec::new();
        for statement in statements.split(";;") {
            let mut names = self.names.clone();
            names.insert("new", event(self.world.server.owner_pool(), &self.world.desk).await.to_string());
            filled.push(fill(statement, &names));
        }
        filled.join(";;")
    }

    /// The rule that refuses the statements.
    async fn refusal(&self, statements: &str) -> Option<String> {
        refusal(&self.world, &self.filled(statements).await).await
    }
}

async fn source(owner: &PgPool, evidence: Uuid) -> Uuid {
    sqlx::query_scalar("SELECT source_id FROM evidence WHERE id = $1")
        .bind(evidence)
        .fetch_one(owner)
        .await
        .unwrap()
}

/// The insertion of a row as it should be, but for some columns.
fn insertion(table: &str, changes: &[(&str, &str)]) -> String {
    let (_, row) = ROWS.iter().find(|(name, _)| *name == table).unwrap();
    assert!(
        changes.iter().all(|(column, _)| row.iter().any(|(known, _)| known == column)),
        "{table} {changes:?}"
    );
    let value = |(column, value): &(&str, &'static str)| {
        changes
            .iter()
            .find(|(changed, _)| changed == column)
            .map_or((*value).to_owned(), |(_, value)| (*value).to_owned())
    };
    let columns: Vec<&str> = row.iter().map(|(column, _)| *column).collect();
    let values: Vec<String> = row.iter().map(value).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "))
}

#[actix_web::test]
async fn every_rule_of_what_is_cited_refuses_what_breaks_it() {
    let cited = Cited::new().await;
    for (table, _) in ROWS {
        let sound = insertion(table, &[]);
        assert_eq!(cited.refusal(&sound).await, None, "{sound}");
    }
    let rows = WRONG.iter().map(|(rule, table, changes)| (*rule, insertion(table, changes)));
    let statements = STATEMENTS.iter().map(|(rule, statement)| (*rule, (*statement).to_owned()));
    let mut wrong = Vec::new();
    for (rule, attempt) in rows.chain(statements) {
        let refused = cited.refusal(&attempt).await;
        if refused.as_deref() != Some(rule) {
            wrong.push(format!("{rule}: {refused:?} of {attempt}"));
        }
    }
    let (rule, table, changes) = BENEATH;
    let attempt = format!("ALTER TABLE {table} DISABLE TRIGGER USER;;{}", insertion(table, changes));
    let refused = super::refusal_as(cited.world.server.owner_pool(), &cited.filled(&attempt).await).await;
    assert_eq!(refused.as_deref(), Some(rule));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[actix_web::test]
async fn no_rule_of_what_is_cited_is_left_untried() {
    let cited = Cited::new().await;
    let constraints: Vec<String> = sqlx::query_scalar(
        "SELECT k.conname::text FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
         WHERE t.relname = ANY($1) AND k.contype IN ('c', 'f', 'u')
         UNION
         SELECT convert_from(substring(t.tgargs FROM 1 FOR octet_length(t.tgargs) - 1), 'UTF8')
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.relname = ANY($1) AND t.tgnargs = 1
         UNION
         SELECT m[1] FROM pg_proc p, regexp_matches(p.prosrc, $$CONSTRAINT = '([a-z_]+)'$$, 'g') AS m
         WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(sources|source|evidence_check_place)_'",
    )
    .bind(TABLES.map(str::to_owned).to_vec())
    .fetch_all(cited.world.server.owner_pool())
    .await
    .unwrap();
    assert!(constraints.len() > 50, "{}", constraints.len());
    let tried: BTreeSet<&str> = tried().chain(IMPLIED).collect();
    let untried: Vec<_> = constraints.iter().filter(|name| !tried.contains(name.as_str())).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[actix_web::test]
async fn what_is_cited_stays_on_record() {
    let cited = Cited::new().await;
    for row in ["warned_domains", "source_settings", "source_archives", "outside_copies"] {
        let statement = cited.filled(&insertion(row, &[])).await;
        sqlx::query(AssertSqlSafe(statement)).execute(cited.world.server.app_pool()).await.unwrap();
    }
    for (rule, statement) in FORBIDDEN {
        let refused = refusal(&cited.world, statement).await.unwrap_or_default();
        assert!(refused.starts_with("42501"), "{statement}: {refused}");
        let refused = super::refusal_as(cited.world.server.owner_pool(), statement).await;
        assert_eq!(refused.as_deref(), Some(*rule), "{statement}");
    }
}
