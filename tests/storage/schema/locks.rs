//! A database is migrated while others use it.

use annotation_statistics_storage::{ConnectionSettings, MigrationError, MigrationPatience, migrate};
use annotation_statistics_tests::{SqlSession, TestDatabase, migration_scripts};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// Generous, for machines that have other things to do too; real, for what would hang waits for a minute.
const SOON: Duration = Duration::from_secs(20);

/// What these migrations need for themselves is this table.
const READ: &str = "SELECT count(*)::text FROM statistics";

/// A database in which two migrations are still to be run, and the session of somebody who has read in it and not come to
/// an end.
fn held() -> (TestDatabase, SqlSession, String) {
    let database = TestDatabase::new();
    let mut session = database.session();
    for script in migration_scripts().iter().rev() {
        if ("2026-11-29-000000".."2026-11-29-030000").contains(&script.name.as_str()) {
            session.execute(&script.down);
        }
    }
    session.execute("DELETE FROM __diesel_schema_migrations WHERE version IN ('20261129000000', '20261129020000')");
    let mut holder = database.session();
    holder.execute("SET application_name = 'a report'; BEGIN; SELECT count(*) FROM statistics");
    let pid = holder.query("SELECT pg_backend_pid()::text").concat();
    (database, holder, pid)
}

fn session(database: &TestDatabase) -> ConnectionSettings {
    ConnectionSettings { lock_timeout: Duration::from_millis(100), ..database.session_settings() }
}

#[test]
fn a_migration_that_waits_for_somebody_tells_for_whom_and_no_read_waits_for_it() {
    let (database, mut holder, pid) = held();
    let (sender, receiver) = channel();
    let patience = MigrationPatience { pause: Duration::from_millis(20), total: Duration::from_secs(60) };
    let ran = thread::scope(|scope| {
        let migrating = scope.spawn(|| migrate(&session(&database), patience, &mut |line| sender.send(line).unwrap()));
        let line = receiver.recv_timeout(SOON).unwrap();
        let (whom, rest) = line.split_once(", in a transaction for ").unwrap();
        assert_eq!(whom, format!("the migration waits for pid {pid} (a report, idle in transaction"));
        assert!(rest.ends_with(" s), and is tried again"), "{line}");
        let mut reader = database.session();
        reader.execute("SET lock_timeout = '5s'");
        for _ in 0..20 {
            assert_eq!(reader.query(READ), ["0"]);
        }
        assert!(!migrating.is_finished());
        holder.execute("COMMIT");
        migrating.join().unwrap().unwrap()
    });
    assert_eq!(ran, ["20261129000000", "20261129020000"]);
}

#[test]
fn a_migration_that_runs_out_of_patience_says_for_whom_it_waited_and_changes_nothing() {
    let (database, mut holder, pid) = held();
    let patience = MigrationPatience { pause: Duration::from_millis(20), total: Duration::ZERO };
    let given_up = migrate(&session(&database), patience, &mut drop).unwrap_err();
    assert!(matches!(given_up, MigrationError::Locked { .. }), "{given_up:?}");
    assert!(
        given_up.to_string().contains(&format!("it waits for pid {pid} (a report, idle in transaction")),
        "{given_up}"
    );
    holder.execute("COMMIT");
    assert_eq!(migrate(&session(&database), patience, &mut drop).unwrap().len(), 2);
}
