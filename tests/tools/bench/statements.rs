//! Statements of one large request: making them, their pages, their differences, and verifying them.

mod client;
mod diffing;
mod making;
mod pages;
mod signing;
mod tasks;
mod verifying;

use crate::Arguments;
use crate::limits::Limits;
use crate::program::Program;
use annotation_statistics_tests::SqlSession;
use embedded_postgres::Cluster;
use signing::Signing;
use std::path::Path;

/// The request that they are of.
const REQUEST: &str = "stated";

/// The statements that others are measured with: between the two, one task in a hundred has changed.
const EARLIER: &str = "earlier";
const LATER: &str = "later";

/// Fills a database, and measures each in turn.
pub(crate) fn measure(arguments: &Arguments, program: &Program, cluster: &Cluster, folder: &Path, limits: &mut Limits) {
    let (all, changed) = (folder.join("all.jsonl"), folder.join("changed.jsonl"));
    tasks::write_all(&all, arguments.large);
    tasks::write_changed(&changed, arguments.large);
    program.import(&all);
    SqlSession::open(&cluster.url("postgres")).execute("VACUUM ANALYZE");
    println!("\nstatements of {} tasks of {} operation items:", arguments.large, tasks::ITEMS);
    let signing = Signing::new(program, folder);
    making::measure(arguments, &signing, cluster, limits);
    let service = signing.serve();
    client::put(&service.address, &client::statement(EARLIER), "{}");
    program.import(&changed);
    client::put(&service.address, &client::statement(LATER), "{}");
    pages::measure(arguments, &service, limits);
    drop(service);
    diffing::measure(arguments, &signing, limits);
    verifying::measure(arguments, &signing, folder, limits);
}
