//! An import is killed in the middle, and run again.

use crate::findings::Findings;
use crate::postgres::Postgres;
use crate::stage::{program_on, task_line};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Program, SqlSession, wait_until};
use rustix::process::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// How often it is killed, and how often where there is little time.
const KILLS: u32 = 20;
const FEW_KILLS: u32 = 4;

/// Tasks of the first delivery, and how many where there is little time. The second one changes each of them and has as many
/// more.
const TASKS: u32 = 5_000;
const FEW_TASKS: u32 = 1_000;
const REQUESTS: u32 = 4;

/// All that is stored about tasks but timestamps.
const TABLES: [&str; 5] =
    ["annotation_requests", "statistics", "statistics_totals", "operation_item_totals", "item_group_totals"];

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let postgres = Postgres::start();
    let (kills, tasks) = if around.quick { (FEW_KILLS, FEW_TASKS) } else { (KILLS, TASKS) };
    let program = |database: &str| program_on(around, &postgres.url_of(database), "");
    let files = program("postgres");
    let first = files.write("first.jsonl", delivery(tasks, 1));
    let second = files.write("second.jsonl", delivery(2 * tasks, 2));
    let mut administrator = postgres.session();
    let mut copy_of = |template: &str, name: &str| {
        administrator.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        SqlSession::open(&postgres.url_of(name))
    };
    drop(copy_of("template1", "before"));
    import(&program("before"), &first);
    let none_of_it = fingerprint(&mut SqlSession::open(&postgres.url_of("before")));
    let mut whole = copy_of("before", "whole");
    let started = Instant::now();
    import(&program("whole"), &second);
    let (length, all_of_it) = (started.elapsed(), fingerprint(&mut whole));
    assert_ne!(none_of_it, all_of_it);
    let (mut nothing, mut everything, mut neither, mut different) = (0, 0, 0, 0);
    for kill in 0..kills {
        let name = format!("killed_{kill}");
        let mut database = copy_of("before", &name);
        kill_after(length * (2 * kill + 1) / (2 * kills), &program(&name), &second, &mut database);
        match fingerprint(&mut database) {
            found if found == none_of_it => nothing += 1,
            found if found == all_of_it => everything += 1,
            _ => neither += 1,
        }
        import(&program(&name), &second);
        different += usize::from(fingerprint(&mut database) != all_of_it);
    }
    findings.note("a whole import takes", format!("{} ms", length.as_millis()));
    findings.note("killed with nothing recorded, with everything", format!("{nothing}, {everything}"));
    findings.at_least("killed before the end", nothing, 1);
    findings.exactly("killed with a part recorded", neither, 0);
    findings.exactly("tables that differ after a second run from those of one whole run", different, 0);
}

/// So many tasks of each request as JSON Lines.
fn delivery(tasks: u32, cars: u32) -> String {
    let requests = (0..REQUESTS).map(|number| format!("imported-{number}"));
    let lines =
        requests.flat_map(|request| (0..tasks / REQUESTS).map(move |task| task_line(&request, task, cars) + "\n"));
    lines.collect()
}

fn import(program: &Program, file: &str) {
    let run = program.run(&["import", file]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

/// Starts an import, kills it after a time, and waits until Postgres has noticed.
fn kill_after(time: Duration, program: &Program, file: &str, database: &mut SqlSession) {
    let mut importing = program.start(&["import", file]);
    thread::sleep(time);
    importing.stop(Signal::KILL);
    let others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                  AND backend_type = 'client backend'";
    wait_until("the session of the import is over", || database.query(others).is_empty());
}

/// What the tables hold, in a few bytes.
fn fingerprint(database: &mut SqlSession) -> Vec<String> {
    let of_table = |table: &str| {
        let row = "to_jsonb(stored) - '{revision,summed_revision,created_at,updated_at}'::text[]";
        format!("SELECT md5(string_agg(({row})::text, ',' ORDER BY ({row})::text)) FROM {table} AS stored")
    };
    TABLES.iter().flat_map(|table| database.query(&of_table(table))).collect()
}
