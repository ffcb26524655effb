//! `verify` over a database verifies its statements, too.

use super::{normalised, program_on, recorded, run};
use annotation_statistics_tests::{TestDatabase, record, task};

/// Damage that only who is above all rights can do, and what is printed of it.
const DAMAGES: [(&str, &str); 9] = [
    (
        "UPDATE statements SET body = set_byte(body, octet_length(body) - 1, 32) WHERE number = 2",
        "`a`: statement `2026-11`: the signature is not that of this document by the key HEX16: one of the two was changed \
         after signing, or they are of two statements\n\
         `a`: statement `2026-12`: it does not follow the previous statement: ",
    ),
    (
        "UPDATE statements SET signature = set_byte(signature, 0, get_byte(signature, 0) # 1) WHERE number = 2",
        "`a`: statement `2026-11`: the signature is not that of this document by the key HEX16: ",
    ),
    (
        "UPDATE statements SET rows_sha256 = set_byte(rows_sha256, 0, get_byte(rows_sha256, 0) # 1) WHERE number = 3",
        "`a`: statement `2026-12`: rows_sha256 is not as in the document\n",
    ),
    (
        "UPDATE statements SET task_count = 7 WHERE number = 1",
        "`a`: statement `2026-10`: task_count is not as in the document\n",
    ),
    (
        "UPDATE statements SET name = 'other' WHERE number = 3",
        "`a`: statement `other`: name is not as in the document\n",
    ),
    ("DELETE FROM statements WHERE number = 2", "`a`: statement `2026-12`: number 2 is missing before number 3\n"),
    (
        "UPDATE statement_chunks SET zstd = set_byte(zstd, octet_length(zstd) - 1, 255 - get_byte(zstd, octet_length(zstd) - 1)) \
         WHERE number = 3 AND chunk = 1",
        "`a`: statement `2026-12`: the rows cannot be read behind line 256: ",
    ),
    (
        "DELETE FROM statement_chunks WHERE number = 3 AND chunk = 0",
        "`a`: statement `2026-12`: the rows cannot be read behind line 0: frame 0 is missing\n",
    ),
    ("DELETE FROM statement_chunks WHERE number = 3 AND chunk = 1", "`a`: statement `2026-12`: the rows: "),
];

const RESTORE: &str = "\
TRUNCATE statements, statement_chunks; INSERT INTO statements SELECT * FROM whole_statements; \
INSERT INTO statement_chunks SELECT * FROM whole_chunks";

async fn stated() -> (TestDatabase, annotation_statistics_tests::Program) {
    let database = recorded().await;
    let program = program_on(&database);
    for name in ["2026-10", "2026-11"] {
        assert_eq!(run(&program, &["create", name]).code, Some(0));
    }
    record(&database, (1..=400).map(|number| task("a", number))).await;
    assert_eq!(run(&program, &["create", "2026-12"]).code, Some(0));
    (database, program)
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_are_as_they_were_signed_are_counted() {
    let (_database, program) = stated().await;
    let people = program.run(&["verify"]);
    let reported = "1 annotation requests with 401 tasks: all stored sums are correct\n\
                    3 statements: all are as they were signed\n";
    assert_eq!((people.code, people.out.as_str(), people.err.as_str()), (Some(0), reported, ""));
    let scripts = program.run(&["verify", "--json"]);
    let reported = "{\"drifts\":0,\"requests\":1,\"statements\":3,\"tasks\":401,\"untrue\":0}\n";
    assert_eq!((scripts.code, scripts.out.as_str()), (Some(0), reported));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_damage_to_a_statement_is_found_and_named() {
    let (database, program) = stated().await;
    database.execute(
        "CREATE TABLE whole_statements AS TABLE statements; CREATE TABLE whole_chunks AS TABLE statement_chunks",
    );
    for (damage, expected) in DAMAGES {
        database.execute(damage);
        let found = program.run(&["verify"]);
        assert_eq!(found.code, Some(1), "{damage}: {found:?}");
        let out = normalised(&found.out);
        assert!(out.contains(expected), "{damage}: {found:?}");
        assert!(found.err.contains("restore these from a backup, as they are never repaired"), "{damage}: {found:?}");
        database.execute(RESTORE);
    }
    assert_eq!(program.run(&["verify"]).code, Some(0));
}
