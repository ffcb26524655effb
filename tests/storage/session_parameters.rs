//! What every kind of session is set up with, asked from inside of its own statements.

use crate::PROGRAM;
use annotation_statistics::{Settings, SettingsFiles};
use annotation_statistics_storage::{ConnectionSettings, Database, PostgresKeys, PostgresStatisticsRepository};
use annotation_statistics_tests::{
    KeyDatabase, KeyHolder, Program, TestDatabase, access_key, first_page, record, roomy_limits, task, temp_folder,
};
use std::sync::Arc;
use std::time::Duration;

/// Whoever reads requests or keys makes the server say what the session is set up with.
const TELLING: &str = "
CREATE FUNCTION told() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RAISE LOG 'in % by %: jit is %, % a node, enable_seqscan is %', current_database(), current_setting('application_name'),
        current_setting('jit'), current_setting('citus.max_adaptive_executor_pool_size', true), current_setting('enable_seqscan');
    RETURN true;
END $$;
ALTER TABLE annotation_requests RENAME TO kept_requests;
CREATE VIEW annotation_requests AS SELECT * FROM kept_requests WHERE told();
ALTER TABLE access_keys RENAME TO kept_keys;
CREATE VIEW access_keys AS SELECT * FROM kept_keys WHERE told();";

/// What the sessions in this database said, each once.
fn reported_in(database: &TestDatabase) -> Vec<String> {
    let begin = format!("in {} by ", database.query("SELECT current_database()").concat());
    let log = database.server_log();
    let mut reported: Vec<String> =
        log.lines().filter_map(|line| Some(line.split_once(&begin)?.1.to_owned())).collect();
    reported.sort_unstable();
    reported.dedup();
    reported
}

fn every_kind(url: &str) -> [ConnectionSettings; 7] {
    let settings = Settings::load(&SettingsFiles { environment_name: None, file: None }).unwrap();
    [
        settings.read_connections(url.to_owned()),
        settings.write_connections(url.to_owned()),
        settings.export_connections(url.to_owned()),
        settings.import_connection(url.to_owned()),
        settings.verification_connection(url.to_owned()),
        settings.migration_connection(url.to_owned()),
        ConnectionSettings { application_name: "nonces".into(), ..settings.key_connections(url.to_owned()) },
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_compiles_its_statements_and_only_those_that_read_by_key_avoid_table_scans() {
    let keys = KeyDatabase::empty();
    keys.add(access_key("a"));
    let database = &keys.database;
    record(database, [task("a", 1)]).await;
    database.execute(TELLING);
    let limits = roomy_limits();
    for kind in every_kind(&database.url()) {
        let repository = PostgresStatisticsRepository::new(Database::new(kind, limits).unwrap());
        assert_eq!(first_page(&repository).await.unwrap(), 1);
    }
    let settings = Settings::load(&SettingsFiles { environment_name: None, file: None }).unwrap();
    let (sessions, master_key) = (settings.key_connections(database.url()), Arc::new(|| Ok(KeyDatabase::master_key())));
    drop(PostgresKeys::start(sessions, settings.auth.keys_limits(), master_key).unwrap());
    let by_key = ["annotation-statistics", "annotation-statistics export", "annotation-statistics writes"];
    let others = [" import", " keys", " migrate", " verify"].map(|kind| format!("annotation-statistics{kind}"));
    let mut expected = by_key.map(|kind| format!("{kind}: jit is off, 1 a node, enable_seqscan is off")).to_vec();
    let others = others.into_iter().chain(["nonces".into()]);
    expected.extend(others.map(|kind| format!("{kind}: jit is off, <NULL> a node, enable_seqscan is on")));
    expected.sort_unstable();
    assert_eq!(reported_in(database), expected);
}

#[test]
fn an_import_waits_by_its_own_settings_and_not_by_those_of_reads() {
    let folder = temp_folder();
    let file = folder.path().join("settings.toml");
    let waits =
        "[database]\nqueue_wait = '1ms'\ndeadline = '2ms'\nconnect_timeout = '3ms'\n[import]\nstart_timeout = '9s'";
    std::fs::write(&file, waits).unwrap();
    let settings = Settings::load(&SettingsFiles { environment_name: None, file: Some(file) }).unwrap();
    let own = Duration::from_secs(9);
    let limits = settings.import_limits();
    let session = settings.import_connection(String::new());
    assert_eq!((limits.queue_wait, limits.start_timeout, session.connect_timeout), (own, own, own));
}

#[test]
fn a_pooler_that_takes_sessions_away_between_transactions_is_told_before_anything_goes_wrong() {
    let database = TestDatabase::new();
    let pooled = database.behind_a_pooler();
    let reported = "error: what is in front of the database gives each transaction a session of its own, and so loses limits and \
                prepared statements: let it lend whole sessions (pgbouncer: pool_mode = session), or name the database itself \
                in database.url and database.read_url\n";
    let listeners = "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nauth.enabled = false\n";
    for (arguments, urls) in [
        (["migrate"], format!("database.url = {pooled:?}")),
        (["serve"], format!("database.url = {pooled:?}")),
        (["serve"], format!("database.url = {:?}\ndatabase.read_url = {pooled:?}", database.url())),
    ] {
        let program = Program::new(PROGRAM, &format!("{listeners}database.connect_timeout = '10s'\n{urls}"));
        let run = program.run(&arguments);
        let said = run.err.lines().last().map(|line| format!("{line}\n"));
        assert_eq!((run.code, said.as_deref()), (Some(3), Some(reported)), "{urls}: {run:?}");
    }
    let direct = Program::new(PROGRAM, &format!("{listeners}database.url = {:?}", database.url()));
    let run = direct.run(&["migrate"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "the schema is up to date\n", ""));
}
