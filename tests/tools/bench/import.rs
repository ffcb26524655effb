//! Imports, beside `psql \copy` of the same rows.

use crate::program::Program;
use crate::{Arguments, delivery};
use embedded_postgres::Cluster;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Fills the database, and prints what that took.
pub(crate) fn measure(arguments: &Arguments, program: &Program, cluster: &Cluster, folder: &Path) {
    let (many, large) = (folder.join("many.jsonl"), folder.join("large.jsonl"));
    delivery::write_many(&many, arguments.requests);
    delivery::write_request(&large, delivery::LARGE, arguments.large);
    let tasks = arguments.requests * delivery::TASKS_PER_REQUEST;
    let seconds = program.import(&many);
    let again = program.import(&many);
    println!("import of {tasks} new tasks:          {:>9.0} tasks/s", f64::from(tasks) / seconds);
    println!("the same again, nothing changed:  {:>9.0} tasks/s", f64::from(tasks) / again);
    let rows = folder.join("rows.tsv");
    psql(cluster, &format!("\\copy statistics to '{}'", rows.display()));
    for (name, including) in [("a table like it, no index", ""), ("a full copy of the table", "INCLUDING ALL")] {
        psql(cluster, &format!("CREATE TABLE plain (LIKE statistics {including})"));
        let started = Instant::now();
        psql(cluster, &format!("\\copy plain from '{}'", rows.display()));
        let copied = started.elapsed().as_secs_f64();
        psql(cluster, "DROP TABLE plain");
        println!(
            "psql \\copy into {name}: {:>9.0} tasks/s; the import reaches {:.2} of it",
            f64::from(tasks) / copied,
            copied / seconds
        );
    }
    program.import(&large);
    psql(cluster, "VACUUM ANALYZE");
}

fn psql(cluster: &Cluster, command: &str) {
    let done = Command::new(cluster.binaries().path("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &cluster.url("postgres"), "-c", command])
        .output()
        .unwrap();
    assert!(done.status.success(), "psql failed: {}", String::from_utf8_lossy(&done.stderr));
}
