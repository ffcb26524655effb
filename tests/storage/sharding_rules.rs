//! What a database that is sharded by the annotation request cannot run is in no statement of the storage crate.

use crate::statements::storage_statements;
use annotation_statistics_storage::{PAGE_BATCH_SQL, PAGE_OF_ONE_SQL, TABLES_OF_REQUESTS, TASK_ROWS_SQL};
use annotation_statistics_tests::migration_scripts;
use std::collections::BTreeSet;

type Rule = (&'static str, fn(&str) -> bool, &'static str);

/// A name, what a statement in lower case that breaks the rule looks like, and why it is a rule.
const RULES: [Rule; 15] = [
    ("LATERAL", |sql| has_word(sql, "lateral"), "is not pushed down to the shards"),
    ("MERGE", |sql| sql.contains("merge into"), "wants both sides in the same shard"),
    ("OFFSET", |sql| has_word(sql, "offset"), "costs what it skips"),
    ("count(*) OVER", |sql| sql.contains("count(*) over"), "gathers all rows in one place"),
    (
        "FOR UPDATE with ANY",
        |sql| sql.contains("for update") && sql.contains("any("),
        "locks in more than one shard are refused",
    ),
    (
        "the time in ON CONFLICT SET",
        |sql| sql.split_once("on conflict").is_some_and(|(_, update)| TIMES.iter().any(|time| update.contains(time))),
        "a function that is not immutable is refused there",
    ),
    (
        "a trigger",
        |sql| sql.contains("create trigger") || sql.contains("create or replace trigger"),
        "is refused on a sharded table",
    ),
    ("a SQL-language function", |sql| sql.contains("language sql"), "is inlined into what cannot be sharded then"),
    (
        "unnest joined without the ids",
        |sql| sql.contains("from unnest(") && sql.contains(" join ") && !sql.contains("= any($1)"),
        "is no join on the distribution column: only `= ANY` says which shards it is about",
    ),
    (STAGE_RULE, joins_stage, "does not say which shard it is about: `= $1` does, request by request"),
    ("a hidden id", |sql| sql.contains("id = (select $1"), "does not say which shard it is about, so all are read"),
    (
        "a column as seconds",
        |sql| {
            let mut seconds = sql.split("extract(epoch from ").skip(1);
            seconds.any(|of| !TIMES.iter().any(|time| of.starts_with(time)))
        },
        "is not immutable, and refused in RETURNING",
    ),
    (
        "the time zone of the session",
        |sql| sql.contains("timestamptz 'epoch'"),
        "is not immutable, and refused beside a column in UPDATE, and in CASE",
    ),
    (
        "a volatile time",
        |sql| sql.contains("clock_timestamp()") && !sql.trim_start().starts_with("select"),
        "is refused in UPDATE and DELETE",
    ),
    (
        "INSERT of what does not exist",
        |sql| sql.contains("insert into") && sql.contains("not exists"),
        "joins a table of the session to a sharded one, which is refused: it takes ON CONFLICT DO NOTHING",
    ),
];

const STAGE_RULE: &str = "a stage joined without the request";

/// There the stage is in temporary tables, for an import that may be about all shards.
const OF_IMPORTS: [&str; 5] = ["in_tables.rs", "cell_totals.rs", "conflicts.rs", "tasks.rs", "requests.rs"];

const TIMES: [&str; 5] =
    ["now()", "transaction_timestamp()", "statement_timestamp()", "clock_timestamp()", "current_timestamp"];

/// Only these tables stay whole, and these statements are sent only to a database that is.
const WHOLE_TABLES: [&str; 3] = ["access_keys", "access_key_nonces", "statement_keys"];
const OF_WHOLE_DATABASES: [&str; 3] = [PAGE_BATCH_SQL, PAGE_OF_ONE_SQL, TASK_ROWS_SQL];

/// The last migration before tables could be distributed: those up to there run on whole tables.
const LAST_OF_WHOLE_TABLES: &str = "2026-11-30-000000_keep_removed_positions";

fn has_word(sql: &str, word: &str) -> bool {
    sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|found| found == word)
}

/// What ends with `=` goes on elsewhere.
fn joins_stage(sql: &str) -> bool {
    let mut tables = TABLES_OF_REQUESTS.iter();
    let reads = |table: &str| ["from ", "join ", ", "].iter().any(|how| sql.contains(&format!("{how}{table} as ")));
    sql.contains("from staged_")
        && tables.any(|(table, _)| reads(table))
        && !sql.contains("annotation_request_id = $1")
        && !sql.trim_end().ends_with('=')
}

fn is_of_whole_tables(sql: &str) -> bool {
    OF_WHOLE_DATABASES.iter().any(|whole| whole.contains(sql)) || WHOLE_TABLES.iter().any(|table| has_word(sql, table))
}

/// Whether the script alters a table in several ways at once, of which one is a constraint.
fn adds_constraint_with_more(script: &str) -> bool {
    let mut statements = script.split(';').filter(|sql| sql.contains("alter table") && sql.contains("add constraint"));
    statements.any(|sql| {
        let ways = ["add ", "drop ", "alter column ", "validate ", "rename ", "set "];
        sql.split('\n').map(str::trim).filter(|line| ways.iter().any(|way| line.starts_with(way))).count() > 1
    })
}

#[test]
fn no_statement_is_one_that_cannot_be_sharded() {
    let migrations = migration_scripts().into_iter().map(|script| (script.name, script.up));
    let statements: Vec<(String, String)> = storage_statements().into_iter().chain(migrations).collect();
    for needed in ["FROM annotation_requests WHERE id = ANY($1)", "ON CONFLICT (id)", "CREATE TABLE statistics"] {
        let found = statements.iter().any(|(_, sql)| sql.contains(needed));
        assert!(found, "the statements are not read from where they stand: {needed}");
    }
    let mut broken = Vec::new();
    for (place, sql) in statements.into_iter().filter(|(_, sql)| !is_of_whole_tables(sql)) {
        let sql = sql.to_lowercase();
        let is_of_import = OF_IMPORTS.contains(&place.as_str());
        let rules =
            RULES.iter().filter(|(rule, is_broken, _)| is_broken(&sql) && !(is_of_import && *rule == STAGE_RULE));
        broken.extend(rules.map(|(rule, _, reason)| format!("{place}: {rule} {reason}: {sql}")));
    }
    assert_eq!(broken, [""; 0]);
}

#[test]
fn each_table_is_distributed_or_known_to_stay_whole() {
    let scripts = migration_scripts();
    let created = scripts.iter().flat_map(|script| script.up.split("CREATE TABLE ").skip(1));
    let created: BTreeSet<&str> = created.filter_map(|rest| rest.split_whitespace().next()).collect();
    let known: BTreeSet<&str> = TABLES_OF_REQUESTS.iter().map(|(table, _)| *table).chain(WHOLE_TABLES).collect();
    assert_eq!(created, known);
}

#[test]
fn later_migrations_add_a_constraint_by_a_statement_of_its_own() {
    let scripts = migration_scripts();
    let broken: Vec<&str> = scripts
        .iter()
        .filter(|script| adds_constraint_with_more(&script.up.to_lowercase()))
        .map(|script| script.name.as_str())
        .collect();
    let (old, new): (Vec<&str>, Vec<&str>) = broken.into_iter().partition(|name| *name <= LAST_OF_WHOLE_TABLES);
    assert!(old.contains(&LAST_OF_WHOLE_TABLES), "it is not noticed any more: {old:?}");
    assert_eq!(new, [""; 0], "Citus runs it on a distributed table only where it is alone");
}

/// A statement, and the rule that it breaks.
const BROKEN: [(&str, &str); 21] = [
    ("select * from a, lateral (select 1) as b", "LATERAL"),
    ("merge into a using b on true", "MERGE"),
    ("select 1 limit 1 offset 1", "OFFSET"),
    ("select count(*) over () from a", "count(*) OVER"),
    ("select 1 from a where id = any($1) for update", "FOR UPDATE with ANY"),
    ("insert into a values (1) on conflict (id) do update set at = now()", "the time in ON CONFLICT SET"),
    ("create trigger t before insert on a execute function f()", "a trigger"),
    ("create function f() returns int language sql as 'select 1'", "a SQL-language function"),
    (
        "select s.position from unnest($1, $2) as page (id, first) join statistics as s on s.annotation_request_id = page.id \
             where (select r.revision = $3 from annotation_requests as r where r.id = page.id)",
        "unnest joined without the ids",
    ),
    ("select 1 from annotation_requests as r where r.id = (select $1::text)", "a hidden id"),
    (
        "select s.place from staged_tasks as s join statistics as t on t.annotation_request_id = s.annotation_request_id \
             and t.source_name = s.source_name where s.task_id <> t.task_id order by s.place limit 1",
        STAGE_RULE,
    ),
    (
        "select s.place from staged_tasks as s, jsonb_each_text(s.item_kinds) as item, operation_items as o \
             where o.annotation_request_id = s.annotation_request_id and o.item_key = item.key",
        STAGE_RULE,
    ),
    ("select s.place from staged_tasks as s join statistics as t on t.annotation_request_id = $1", ""),
    (
        "insert into annotation_requests as r (id) values ($1) on conflict (id) do update set campaign_id = r.campaign_id \
             returning r.id, (extract(epoch from r.created_at) * 1000000)::bigint",
        "a column as seconds",
    ),
    (
        "update annotation_requests as r set revision = $2, created_at = case r.revision when 0 then timestamptz 'epoch' \
             + $2 * interval '1 microsecond' else r.created_at end where r.id = $1",
        "the time zone of the session",
    ),
    (
        "update annotation_requests set revision = (extract(epoch from clock_timestamp()) * 1000000)::bigint where id = $1",
        "a volatile time",
    ),
    (
        "insert into statistics_totals select c.annotation_request_id from changed_groups as c where not exists \
             (select from statistics_totals as t where t.annotation_request_id = c.annotation_request_id)",
        "INSERT of what does not exist",
    ),
    ("select (extract(epoch from statement_timestamp()) * 1000000)::bigint", ""),
    ("select 1 from unnest($1) as page (id) join a on a.id = page.id where a.id = any($1)", ""),
    ("insert into a values (now()) on conflict (id) do nothing", ""),
    ("select page_offset from a for update", ""),
];

#[test]
fn each_rule_notices_a_statement_that_breaks_it() {
    for (statement, broken) in BROKEN {
        let noticed: Vec<&str> =
            RULES.iter().filter(|(_, is_broken, _)| is_broken(statement)).map(|(rule, _, _)| *rule).collect();
        assert_eq!(noticed.join(", "), broken, "{statement}");
    }
}
