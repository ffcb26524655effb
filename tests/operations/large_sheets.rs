//! The memory that a large sheet takes of a server.

use crate::PROGRAM;
use annotation_statistics_tests::{Envelope, Program, TestDatabase, record, task};
use std::fmt::Write;

const MIB: usize = 1 << 20;

/// So much a server needs for each sheet that is compared at the same time, as OPERATIONS.md says.
const FOR_A_SHEET: u64 = 128 << 20;

const SETTINGS: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'
server.body_timeout = '60s'\ndatabase.connect_timeout = '10s'\ndatabase.deadline = '60s'";

#[tokio::test]
async fn a_sheet_of_64_mib_takes_what_a_server_is_given_for_one() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let program = Program::new(PROGRAM, &format!("{SETTINGS}\ndatabase.url = {:?}", database.url()));
    let serving = program.serve(&[]);
    let (mut sheet, note) = (String::with_capacity(64 * MIB), "n".repeat(300));
    sheet.push_str("id,operationItem,count,note\n");
    for line in 0..200_000 {
        writeln!(sheet, "{},item-{},1,{note}", 1_146_703_288_430_000_001_u64 + line / 5, line % 5).unwrap();
    }
    assert!((62 * MIB..64 * MIB).contains(&sheet.len()), "{}", sheet.len());
    let before = serving.memory();
    let target = "/annotation-requests/a/reconciliations";
    let response = serving.connect().fetch_with("POST", target, "Content-Type: text/csv\r\n", &sheet);
    let grown = serving.peak_memory().saturating_sub(before);
    assert_eq!(Envelope::of(&response).data["extra"], 200_000, "{}", response.text());
    println!("{} MiB more", grown >> 20);
    assert!(grown < FOR_A_SHEET, "{grown} bytes more than before");
}
