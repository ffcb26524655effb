//! Two servers that make the same statement at once.

use super::scene::{WAIT, begin_to_make, database, file, hold, in_the_middle, program, release, stored};
use annotation_statistics_tests::Envelope;
use serde_json::json;

/// How many they make.
const STATEMENTS: u32 = 8;

#[tokio::test]
async fn two_servers_that_make_a_statement_of_one_name_at_once_make_one_and_answer_with_the_same() {
    let database = database();
    in_the_middle(&database, WAIT);
    let programs = [program(&database.url()), program(&database.url())];
    let servers = programs.each_ref().map(|program| program.serve(&[]));
    for number in 1..=STATEMENTS {
        let name = format!("INV-{number}");
        let mut held = hold(&database);
        let mut making = servers.each_ref().map(|server| begin_to_make(server, &name));
        // Both are in the middle of it, or one of them waits for the other.
        database.wait_for_locks(2);
        release(&mut held);
        let made = making.each_mut().map(|connection| Envelope::of(&connection.response_to("PUT")));
        let mut statuses = made.each_ref().map(|made| made.status);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "{made:?}");
        assert_eq!((&made[0].data, &made[0].data["number"]), (&made[1].data, &json!(number)));
        for part in ["statement.json", "statement.sig", "rows.jsonl"] {
            assert!(file(&servers[0], &name, part) == file(&servers[1], &name, part), "{part} of {name}");
        }
    }
    assert_eq!(stored(&database), [STATEMENTS.to_string(), (40 * STATEMENTS).to_string()]);
}
