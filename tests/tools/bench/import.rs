//! Imports, beside `psql \copy` of the same rows.

use crate::limits::Limits;
use crate::program::Program;
use crate::{Arguments, delivery};
use embedded_postgres::Cluster;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The least that an import may reach of `\\copy` into a full copy of the table.
const LEAST: f64 = 0.8;

/// Fills the database, and prints what that took.
pub(crate) fn measure(arguments: &Arguments, program: &Program, cluster: &Cluster, folder: &Path, limits: &mut Limits) {
    let (many, large) = (folder.join("many.jsonl"), folder.join("large.jsonl"));
    delivery::write_many(&many, 0..arguments.requests);
    delivery::write_request(&large, delivery::LARGE, arguments.large);
    let tasks = arguments.requests * delivery::TASKS_PER_REQUEST;
    let seconds = program.import(&many);
    let again = program.import(&many);
    println!("import of {tasks} new tasks:          {:>9.0} tasks/s", f64::from(tasks) / seconds);
    println!("the same again, nothing changed:  {:>9.0} tasks/s", f64::from(tasks) / again);
    let into_full_copy = beside_copy(cluster, folder, tasks, seconds);
    limits.at_least("import, times psql \\copy into a full copy", into_full_copy, LEAST);
    program.import(&large);
    psql(cluster, "VACUUM ANALYZE");
}

/// Copies the same rows into tables like it; returns which part of the pace of a full copy the import reached.
fn beside_copy(cluster: &Cluster, folder: &Path, tasks: u32, seconds: f64) -> f64 {
    let rows = folder.join("rows.tsv");
    psql(cluster, &format!("\\copy statistics to '{}'", rows.display()));
    let tables = [("a table like it, no index", ""), ("a full copy of the table", "INCLUDING ALL")];
    let ratios = tables.map(|(name, including)| {
        psql(cluster, &format!("CREATE TABLE plain (LIKE statistics {including})"));
        let started = Instant::now();
        psql(cluster, &format!("\\copy plain from '{}'", rows.display()));
        let copied = started.elapsed().as_secs_f64();
        psql(cluster, "DROP TABLE plain");
        let pace = f64::from(tasks) / copied;
        println!("psql \\copy into {name}: {pace:>9.0} tasks/s; the import reaches {:.2} of it", copied / seconds);
        copied / seconds
    });
    ratios[1]
}

fn psql(cluster: &Cluster, command: &str) {
    let done = Command::new(cluster.binaries().path("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &cluster.url("postgres"), "-c", command])
        .output()
        .unwrap();
    assert!(done.status.success(), "psql failed: {}", String::from_utf8_lossy(&done.stderr));
}
