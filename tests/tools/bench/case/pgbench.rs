//! The database alone: statements that read the same, prepared, by pgbench.

use annotation_statistics_storage::{REQUEST_COUNTERS_SQL, TASK_ROWS_OF_ONE_SQL};
use annotation_statistics_tests::SqlSession;
use embedded_postgres::Cluster;
use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A page of one request in columns, which pgbench receives as text: a record takes Postgres longer as text, and would make it
/// slower than need be.
const PAGE_OF_ONE: &str = "\
SELECT r.campaign_id, r.task_count, r.revision, r.counting_rule, r.removed_count, r.layout, \
s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM annotation_requests AS r LEFT JOIN statistics AS s ON s.annotation_request_id = r.id \
AND s.position >= (SELECT $2::bigint) AND s.position < (SELECT $3::bigint) WHERE r.id = (SELECT $1::text)";

/// The statements of a read whose page lies within one request: one where only that is queried, two where it is one of
/// several.
pub(crate) struct Statements {
    /// All annotation requests that are queried.
    pub(crate) ids: Vec<String>,
    /// The one that the page lies in.
    pub(crate) id: String,
    /// Lines of pgbench that set `first` and `past`, the positions of the page.
    pub(crate) positions: String,
}

impl Statements {
    fn script(&self) -> String {
        let Self { ids, positions, .. } = self;
        let replaced = |sql: &str| sql.replace("$1", ":id").replace("$2", ":first").replace("$3", ":past");
        if let [_] = ids.as_slice() {
            return format!("{positions}\n{};\n", replaced(PAGE_OF_ONE));
        }
        let counters = REQUEST_COUNTERS_SQL.replace("$1", ":ids");
        format!(
            "{positions}\n{counters};\n{};\n",
            replaced(TASK_ROWS_OF_ONE_SQL).replace("$4", ":revision").replace("$5", "0")
        )
    }

    /// Transactions a second over 32 connections. Ids and revision are parameters, as the service sends them.
    pub(crate) fn run(&self, cluster: &Cluster, folder: &Path, seconds: u32) -> f64 {
        let file = folder.join("statements.sql");
        std::fs::write(&file, self.script()).unwrap();
        set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let url = cluster.url("postgres");
        let revision = SqlSession::open(&url)
            .query(&format!("SELECT revision::text FROM annotation_requests WHERE id = '{}'", self.id))
            .remove(0);
        let done = Command::new(cluster.binaries().path("pgbench"))
            .args(["-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", &seconds.to_string(), "-f"])
            .arg(&file)
            .args([
                format!("-Did={}", self.id),
                format!("-Dids={{{}}}", self.ids.join(",")),
                format!("-Drevision={revision}"),
            ])
            .arg(url)
            .output()
            .unwrap();
        assert!(done.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&done.stderr));
        let report = String::from_utf8(done.stdout).unwrap();
        let tps = report.lines().find_map(|line| line.strip_prefix("tps = "));
        tps.and_then(|rest| rest.split_whitespace().next()).unwrap().parse().unwrap()
    }
}
