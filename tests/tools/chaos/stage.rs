//! What a scene plays on: a private database with a delivery in it, and the program.

use crate::client::Clients;
use crate::postgres::Postgres;
use crate::surroundings::Surroundings;
use annotation_statistics_access::{AccessKey, KeyScopes};
use annotation_statistics_storage::{Database, PostgresKeyRegistry};
use annotation_statistics_tests::{
    FaultProxy, KeyDatabase, Program, Serving, Signer, Upstream, access_key, new_key, roomy_limits, roomy_settings,
};
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Annotation requests of the delivery.
pub(crate) const REQUESTS: u32 = 20;

/// Tasks of each of them.
pub(crate) const TASKS: u32 = 50;

/// Access keys, which the clients share: what one key may request is not what a scene is about.
const KEYS: usize = 8;

/// What every service of a scene has; all else is as delivered. All clients have one address, as behind a proxy.
const SETTINGS: &str = "auth.requests_per_address = 0
server.max_connections_per_address = 0
server.bind = '127.0.0.1:0'
admin.bind = '127.0.0.1:0'
";

/// As thousands of lines say nothing.
const QUIET: &str = "log.filter = 'info,request=off'\n";

/// A database, and a program that uses it.
pub(crate) struct Stage {
    pub(crate) postgres: Postgres,
    pub(crate) program: Program,
    pub(crate) keys: Arc<[Signer]>,
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
        let keys = add_keys(postgres.url());
        Self { postgres, program, keys }
    }

    /// The same, whose reads are led to the database by a proxy. What is not of the reads, such as looking at the keys, does
    /// not take from what the proxy does to them.
    pub(crate) fn behind_a_proxy(around: &Surroundings) -> (Self, FaultProxy) {
        let stage = Self::new(around);
        let proxy = FaultProxy::to(Upstream::Unix(stage.postgres.socket()));
        let program = stage.reading_through(around, &proxy, "");
        (Self { program, ..stage }, proxy)
    }

    /// The program whose reads are led through this proxy.
    pub(crate) fn reading_through(&self, around: &Surroundings, proxy: &FaultProxy, settings: &str) -> Program {
        let read_url = format!("database.read_url = '{}'\n", through(proxy));
        program_on(around, &self.postgres.url(), &(read_url + settings))
    }

    /// The program as it serves.
    pub(crate) fn serve(&self) -> Serving {
        self.program.serve(&["serve"])
    }

    /// Clients with its keys, of the service at this address.
    pub(crate) fn clients(&self, address: SocketAddr) -> Clients {
        Clients::of(address, &self.keys)
    }
}

/// How a program finds the database behind a proxy.
pub(crate) fn through(proxy: &FaultProxy) -> String {
    format!("postgresql://postgres@{}/postgres", proxy.address())
}

/// The program on the database at `url`, with these settings in TOML besides.
pub(crate) fn program_on(around: &Surroundings, url: &str, settings: &str) -> Program {
    let quiet = if settings.contains("log.filter") { "" } else { QUIET };
    let master_key = KeyDatabase::MASTER_KEY;
    let common = format!("{SETTINGS}{quiet}auth.master_key = '{master_key}'\ndatabase.url = {url:?}\n");
    Program::new(&around.program, &(common + settings))
}

/// Adds keys that may do everything, by both schemes.
fn add_keys(url: String) -> Arc<[Signer]> {
    let registry = PostgresKeyRegistry::new(Database::new(roomy_settings(url), roomy_limits()).unwrap());
    let runtime = Runtime::new().unwrap();
    let add = |number| {
        let key = AccessKey { scopes: KeyScopes::ReadAndWrite, ..access_key(&key_id(number)) };
        let signer = Signer::new(key.id.as_str(), key.secret.reveal());
        runtime.block_on(registry.add(new_key(key), KeyDatabase::master_key())).unwrap();
        signer
    };
    (0..KEYS).map(add).collect()
}

/// The id of a key.
pub(crate) fn key_id(number: usize) -> String {
    format!("client-{number}")
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
