//! What a database that is sharded by the annotation request cannot run is in no statement of the storage crate.

use crate::statements::storage_statements;
use annotation_statistics_tests::migration_scripts;

type Rule = (&'static str, fn(&str) -> bool, &'static str);

/// A name, what a statement in lower case that breaks the rule looks like, and why it is a rule.
const RULES: [Rule; 8] = [
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
];

const TIMES: [&str; 5] =
    ["now()", "transaction_timestamp()", "statement_timestamp()", "clock_timestamp()", "current_timestamp"];

fn has_word(sql: &str, word: &str) -> bool {
    sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|found| found == word)
}

#[test]
fn no_statement_is_one_that_cannot_be_sharded() {
    let migrations = migration_scripts().into_iter().map(|script| (script.name, script.up));
    let statements: Vec<(String, String)> = storage_statements().into_iter().chain(migrations).collect();
    for needed in ["FROM annotation_requests WHERE id = ANY($1)", "ON CONFLICT (id)", "CREATE TABLE statistics"] {
        let found = statements.iter().any(|(_, sql)| sql.contains(needed));
        assert!(found, "the statements are not read from where they stand: {needed}");
    }
    for (place, sql) in statements {
        let sql = sql.to_lowercase();
        for (rule, is_broken, reason) in RULES {
            assert!(!is_broken(&sql), "{place}: {rule} {reason}: {sql}");
        }
    }
}

#[test]
fn each_rule_notices_a_statement_that_breaks_it() {
    for (statement, broken) in [
        ("select * from a, lateral (select 1) as b", "LATERAL"),
        ("merge into a using b on true", "MERGE"),
        ("select 1 limit 1 offset 1", "OFFSET"),
        ("select count(*) over () from a", "count(*) OVER"),
        ("select 1 from a where id = any($1) for update", "FOR UPDATE with ANY"),
        ("insert into a values (1) on conflict (id) do update set at = now()", "the time in ON CONFLICT SET"),
        ("create trigger t before insert on a execute function f()", "a trigger"),
        ("create function f() returns int language sql as 'select 1'", "a SQL-language function"),
        ("insert into a values (now()) on conflict (id) do nothing", ""),
        ("select page_offset from a for update", ""),
    ] {
        let noticed: Vec<&str> =
            RULES.iter().filter(|(_, is_broken, _)| is_broken(statement)).map(|(rule, _, _)| *rule).collect();
        assert_eq!(noticed.join(", "), broken, "{statement}");
    }
}
