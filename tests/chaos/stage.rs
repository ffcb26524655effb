//! What a scene plays on: a private database with a delivery in it, and the program.

use crate::arguments::Surroundings;
use crate::postgres::Postgres;
use annotation_statistics_tests::{FaultProxy, Program, Serving, Upstream};
use std::fmt::Write;

/// Annotation requests of the delivery.
pub(crate) const REQUESTS: u32 = 20;

/// Tasks of each of them.
pub(crate) const TASKS: u32 = 50;

/// What every service of a scene has; all else is as delivered.
const SETTINGS: &str = "auth.enabled = false
server.bind = '127.0.0.1:0'
admin.bind = '127.0.0.1:0'
log.filter = 'info,request=off'
";

/// A database, and a program that uses it.
pub(crate) struct Stage {
    pub(crate) postgres: Postgres,
    pub(crate) program: Program,
}

impl Stage {
    /// One with the delivery, whose program has the settings as delivered.
    pub(crate) fn new(around: &Surroundings) -> Self {
        Self::filled(around, Postgres::start())
    }

    /// The same on this database.
    pub(crate) fn filled(around: &Surroundings, postgres: Postgres) -> Self {
        let program = program_on(around, &postgres.url(), "");
        let file = program.write("delivery.jsonl", delivery());
        let run = program.run(&["import", &file]);
        assert_eq!(run.code, Some(0), "{run:?}");
        Self { postgres, program }
    }

    /// The same, whose program is led to the database by a proxy; with it, how the program finds the proxy.
    pub(crate) fn behind_a_proxy(around: &Surroundings) -> (Self, FaultProxy, String) {
        let postgres = Postgres::start();
        let proxy = FaultProxy::to(Upstream::Unix(postgres.socket()));
        let url = format!("postgresql://postgres@{}/postgres", proxy.address());
        let stage = Self::filled(around, postgres);
        (Self { program: program_on(around, &url, ""), ..stage }, proxy, url)
    }

    /// The program as it serves.
    pub(crate) fn serve(&self) -> Serving {
        self.program.serve(&["serve"])
    }
}

/// The program on the database at `url`, with these settings in TOML besides.
pub(crate) fn program_on(around: &Surroundings, url: &str, settings: &str) -> Program {
    Program::new(&around.program, &format!("{SETTINGS}database.url = {url:?}\n{settings}"))
}

/// The name of a request of the delivery.
pub(crate) fn request(number: u32) -> String {
    format!("request-{number:02}")
}

/// The tasks as JSON Lines.
fn delivery() -> String {
    let mut lines = String::new();
    for (request_number, task) in (0..REQUESTS).flat_map(|request| (0..TASKS).map(move |task| (request, task))) {
        lines += &task_line(&request(request_number), task, 1 + task % 7);
        lines.write_char('\n').unwrap();
    }
    lines
}

/// One task as a line to import, with this many cars.
pub(crate) fn task_line(request: &str, task: u32, cars: u32) -> String {
    format!("{{\"annotationRequestId\":\"{request}\",\"campaignId\":\"1001\",{}}}", counts(task, cars))
}

/// The body of a write of one task, with this many cars.
pub(crate) fn rows(cars: u32) -> String {
    format!("[{{{}}}]", counts(0, cars))
}

fn counts(task: u32, cars: u32) -> String {
    format!(
        "\"id\":{task},\"status\":11,\"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{\"car\":{cars},\"car/color\":2}},\
         \"instanceNum\":{cars},\"attributeNum\":2,\"frameNum\":1"
    )
}
