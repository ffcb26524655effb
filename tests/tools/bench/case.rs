//! What is requested, over HTTP and of the database alone.

mod pgbench;

use crate::limits::Limits;
use crate::load::{self, Load};
use crate::program::Service;
use crate::{Arguments, delivery};
use embedded_postgres::Cluster;
use pgbench::Statements;
use std::path::Path;

/// Of pages of ten rows: many of them are read by one statement.
const FEW_ROWS: f64 = 1.3;

/// Of pages of a hundred rows.
const MANY_ROWS: f64 = 1.0;

/// A kind of request.
pub(crate) struct Case {
    name: &'static str,
    /// The body of a Lua function that makes the path.
    path: String,
    /// The same query to the database alone; `None` where there is none.
    statements: Option<Statements>,
    /// The least that requests may reach of that.
    least: f64,
}

/// One measurement.
#[derive(Clone)]
pub(crate) struct Measured {
    /// Of the service as it is by default.
    load: Load,
    /// Of the service without a cache of pages.
    uncached: Load,
    transactions: Option<f64>,
}

/// The columns of [`Case::line`].
pub(crate) const HEADER: &str = "\
32 connections                              requests/s   p50 ms   p99 ms  without cache  pgbench tps   ratio  without";

impl Case {
    pub(crate) fn all(arguments: &Arguments) -> Vec<Self> {
        let one = [delivery::request_id(0)];
        let twenty: Vec<String> = (0..20.min(arguments.requests)).map(delivery::request_id).collect();
        let requests = arguments.requests;
        let (large, pages) = (delivery::LARGE, arguments.large.div_ceil(10));
        let random =
            format!("return \"/statistics?annotationRequestId={large}&limit=10&offset=\" .. math.random(1, {pages})");
        let random_positions =
            format!("\\set page random(0, {})\n\\set first :page * 10\n\\set past :first + 10", pages - 1);
        vec![
            Self::first_page("first page, limit 10", &one, requests, 10, FEW_ROWS),
            Self::first_page("first page, limit 100", &one, requests, 100, MANY_ROWS),
            Self::first_page("20 requests, limit 100", &twenty, requests, 100, MANY_ROWS),
            Self {
                name: "random page of the large request, limit 10",
                path: random,
                statements: Some(Statements { ids: vec![large.into()], id: large.into(), positions: random_positions }),
                least: FEW_ROWS,
            },
            Self { name: "a constant body", path: "return \"/health/live\"".into(), statements: None, least: 0.0 },
        ]
    }

    /// Of as many annotation requests, one after the other from a random one of all `requests`; pgbench always reads the same.
    fn first_page(name: &'static str, ids: &[String], requests: u32, limit: u32, least: f64) -> Self {
        let (number, id) = (ids.len(), delivery::REQUEST_ID_IN_LUA);
        let query = format!("query = query .. \"&annotationRequestId=\" .. {id}(number)");
        Self {
            name,
            path: format!(
                "local first, query = math.random(0, {requests} - {number}), \"\"\n\
                 for number = first, first + {number} - 1 do {query} end\n\
                 return \"/statistics?limit={limit}\" .. query"
            ),
            statements: Some(Statements {
                ids: ids.to_vec(),
                id: ids[0].clone(),
                positions: format!("\\set first 0\n\\set past {limit}"),
            }),
            least,
        }
    }

    /// Of the service as it is by default, without a cache, and of the database alone, one after the other.
    pub(crate) fn measure(&self, services: [&Service; 2], cluster: &Cluster, folder: &Path, seconds: u32) -> Measured {
        let [load, uncached] = services.map(|service| load::wrk(&service.address, &self.path, "", folder, seconds));
        let transactions = self.statements.as_ref().map(|statements| statements.run(cluster, folder, seconds));
        Measured { load, uncached, transactions }
    }

    /// The medians, as a line of the table.
    pub(crate) fn line(&self, results: &[Measured], limits: &mut Limits) -> String {
        let of = |what: fn(&Measured) -> f64| median(results.iter().map(what).collect());
        let line = format!(
            "{:<43} {:>10.0} {:>8.2} {:>8.2} {:>14.0}",
            self.name,
            of(|result| result.load.requests_per_second),
            of(|result| result.load.p50_ms),
            of(|result| result.load.p99_ms),
            of(|result| result.uncached.requests_per_second)
        );
        if self.statements.is_none() {
            return line;
        }
        let transactions = of(|result| result.transactions.unwrap_or_default());
        let ratio = of(|result| result.load.requests_per_second / result.transactions.unwrap_or_default());
        let uncached = of(|result| result.uncached.requests_per_second / result.transactions.unwrap_or_default());
        limits.at_least(&format!("{}, times pgbench", self.name), ratio, self.least);
        format!("{line} {transactions:>12.0} {ratio:>7.2} {uncached:>8.2}")
    }
}

/// The one in the middle.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
