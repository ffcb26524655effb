//! What Postgres is going to do, or did, for a statement.

use super::session::SqlSession;
use serde_json::Value;

/// A plan as `EXPLAIN` reports it.
#[derive(Debug)]
pub struct QueryPlan {
    root: Value,
}

impl QueryPlan {
    /// The plan of a statement, which is not run.
    pub fn of(session: &mut SqlSession, statement: &str) -> Self {
        Self::read(&session.explain(&format!("EXPLAIN (FORMAT JSON) {statement}")))
    }

    /// The plan of a statement, which is run.
    pub fn of_run(session: &mut SqlSession, statement: &str) -> Self {
        Self::read(&session.explain(&format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}")))
    }

    fn read(json: &str) -> Self {
        let reported: Value = serde_json::from_str(json).unwrap();
        Self { root: reported[0]["Plan"].clone() }
    }

    /// How it reads each table, index and function, in the order of the plan: `Index Scan on statistics by (...)`, with
    /// the condition that bounds it.
    pub fn scans(&self) -> Vec<String> {
        let mut scans = Vec::new();
        visit(&self.root, &mut |node| {
            let kind = node["Node Type"].as_str().unwrap();
            // Only an index is named in a bitmap index scan, only an alias where a function is read.
            let of = ["Relation Name", "Index Name", "Alias"].iter().find_map(|key| node[*key].as_str());
            if let Some(of) = of.filter(|_| kind.ends_with("Scan")) {
                let by = node["Index Cond"].as_str().map(|condition| format!(" by {condition}")).unwrap_or_default();
                // Whether the planner writes a cast from text to text depends on what it knows.
                scans.push(format!("{kind} on {of}{by}").replace("(page.id)::text", "page.id"));
            }
        });
        scans
    }

    /// How many buffers it touched; only of a statement that was run.
    pub fn buffers(&self) -> u64 {
        ["Shared Hit Blocks", "Shared Read Blocks"].iter().map(|key| self.root[*key].as_u64().unwrap()).sum()
    }

    /// How many rows came out, as a fraction from Postgres 18 on; only of a statement that was run.
    pub fn rows(&self) -> f64 {
        self.root["Actual Rows"].as_f64().unwrap()
    }
}

fn visit(node: &Value, each: &mut impl FnMut(&Value)) {
    each(node);
    for child in node["Plans"].as_array().into_iter().flatten() {
        visit(child, each);
    }
}
