//! A database for one test.

use super::given::GivenDatabase;
use super::pooler::TransactionPooler;
use super::server::{PostgresServer, ending_sessions};
use super::session::SqlSession;
use super::settings::{roomy_limits, roomy_settings};
use crate::{FaultProxy, Implementation, Upstream, wait_until};
use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestRegistry, StatementRepository, StatisticsExporter, StatisticsRecorder,
    StatisticsRepository, SummaryRepository, TaxonomyRepository,
};
use annotation_statistics_storage::{
    ConnectionSettings, Database, PostgresAnnotationRequestFinder, PostgresAnnotationRequestRegistry,
    PostgresStatementRepository, PostgresStatisticsExporter, PostgresStatisticsRecorder, PostgresStatisticsRepository,
    PostgresSummaryRepository, PostgresTaxonomyRepository,
};
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

/// Those of a database; not those by which nodes of a cluster talk to each other.
const SESSIONS: &str = "SELECT pid FROM pg_stat_activity \
    WHERE backend_type = 'client backend' AND application_name NOT LIKE 'citus%' AND datname = ";

const LOCK_WAITS: &str =
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Few, so that the pages of the contract suites meet it.
const MOST_LOOKED_AT: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// A database of the shared cluster, dropped with this value; or the one of the server that is given, emptied for it.
pub struct TestDatabase {
    place: Place,
    database: OnceLock<Database>,
}

enum Place {
    Private { server: &'static PostgresServer, name: String },
    Given(GivenDatabase),
}

impl TestDatabase {
    /// One with the schema of this version and no rows.
    #[expect(clippy::new_without_default, reason = "a database is no default of anything")]
    pub fn new() -> Self {
        Self::given_or_private(true)
    }

    /// The same on a server of the tests, even where another one is given.
    pub fn private() -> Self {
        Self::create(PostgresServer::shared(), true)
    }

    /// The same on a server that no other test uses.
    pub fn on_its_own_server() -> Self {
        Self::create(PostgresServer::alone(), true)
    }

    /// One with nothing in it.
    pub fn without_schema() -> Self {
        Self::given_or_private(false)
    }

    fn given_or_private(migrated: bool) -> Self {
        match GivenDatabase::take(migrated) {
            Some(given) => Self { place: Place::Given(given), database: OnceLock::new() },
            None => Self::create(PostgresServer::shared(), migrated),
        }
    }

    fn create(server: &'static PostgresServer, migrated: bool) -> Self {
        let place = Place::Private { server, name: server.create_database(migrated) };
        Self { place, database: OnceLock::new() }
    }

    /// Its libpq URI.
    pub fn url(&self) -> String {
        match &self.place {
            Place::Private { server, name } => server.url(name),
            Place::Given(given) => given.url(),
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match &self.place {
            Place::Private { name, .. } => name,
            Place::Given(given) => given.name(),
        }
    }

    fn server(&self) -> &'static PostgresServer {
        match &self.place {
            Place::Private { server, .. } => server,
            Place::Given(_) => panic!("this test needs a server of its own"),
        }
    }

    /// A session in another database of its server.
    fn administrator(&self) -> SqlSession {
        match &self.place {
            Place::Private { server, .. } => SqlSession::open(&server.url("postgres")),
            Place::Given(given) => given.administrator(),
        }
    }

    /// A proxy in front of it, and its URL through that.
    pub fn behind_a_proxy(&self) -> (FaultProxy, String) {
        let proxy = FaultProxy::to(Upstream::Unix(self.server().socket()));
        let url = format!("postgresql://postgres@{}/{}", proxy.address(), self.name());
        (proxy, url)
    }

    /// Its URL through a pooler that lends sessions by the transaction.
    pub fn behind_a_pooler(&self) -> String {
        let pooler = TransactionPooler::to(&Upstream::Unix(self.server().socket()), self.name());
        format!("postgresql://postgres@{}/{}", pooler.address(), self.name())
    }

    /// Settings of sessions that reach it, with limits that no test meets by being slow.
    pub fn session_settings(&self) -> ConnectionSettings {
        roomy_settings(self.url())
    }

    /// The pool that [`repository`](Self::repository) and [`recorder`](Self::recorder) share; opened on first use.
    pub fn database(&self) -> Database {
        self.database.get_or_init(|| Database::new(self.session_settings(), roomy_limits()).unwrap()).clone()
    }

    /// The adapter that reads.
    pub fn repository(&self) -> PostgresStatisticsRepository {
        PostgresStatisticsRepository::new(self.database())
    }

    /// The adapter that records.
    pub fn recorder(&self) -> PostgresStatisticsRecorder {
        PostgresStatisticsRecorder::new(self.database())
    }

    /// The adapter that keeps the requests.
    pub fn registry(&self) -> PostgresAnnotationRequestRegistry {
        PostgresAnnotationRequestRegistry::new(self.database())
    }

    /// A session for raw SQL.
    pub fn session(&self) -> SqlSession {
        SqlSession::open(&self.url())
    }

    /// Runs raw SQL in a session of its own.
    pub fn execute(&self, sql: &str) {
        self.session().execute(sql);
    }

    /// The values of a query with one column, as text.
    pub fn query(&self, sql: &str) -> Vec<String> {
        self.session().query(sql)
    }

    /// How many sessions have a transaction open in which nothing happens.
    pub fn open_transactions(&self) -> usize {
        self.query("SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
            .len()
    }

    /// How many sessions wait for a lock.
    pub fn lock_waits(&self) -> usize {
        self.query(LOCK_WAITS).len()
    }

    /// Waits until so many sessions wait for a lock.
    pub fn wait_for_locks(&self, number: usize) {
        let mut session = self.session();
        wait_until("sessions wait for a lock", || session.query(LOCK_WAITS).len() == number);
    }

    fn allow_connections(&self, are_allowed: bool) {
        let name = self.name();
        self.administrator().execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {are_allowed}"));
    }

    /// What the server has said so far, about all databases.
    pub fn server_log(&self) -> String {
        self.server().log()
    }

    /// Ends all sessions in it, and waits until they are gone. Returns how many there were.
    pub fn cut_sessions(&self) -> usize {
        let _ending = ending_sessions();
        let (name, mut session) = (self.name(), self.administrator());
        let mut each =
            |action: &str| session.query(&format!("SELECT {action} FROM ({SESSIONS}'{name}') AS ours")).len();
        // First all of them, then wait for each: one after the other would take a tenth of a second each.
        let ended = each("pg_terminate_backend(pid)");
        while each("pg_terminate_backend(pid, 60000)") > 0 {}
        ended
    }

    /// Ends only those that wait for a lock, which its holder keeps, and waits until they are gone. Returns how many there
    /// were.
    pub fn cut_waiting_sessions(&self) -> usize {
        let _ending = ending_sessions();
        let waiting = format!("SELECT pg_terminate_backend(pid, 60000) FROM ({LOCK_WAITS}) AS waiting");
        self.query(&waiting).len()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ending = ending_sessions();
        match &self.place {
            Place::Private { server, name } => server.administrate(&format!("DROP DATABASE {name} WITH (FORCE)")),
            Place::Given(_) => {
                self.database.take();
                self.allow_connections(true);
                self.cut_sessions();
            }
        }
    }
}

impl Implementation for TestDatabase {
    fn empty() -> Self {
        Self::new()
    }

    fn repository(&self) -> Arc<dyn StatisticsRepository> {
        Arc::new(self.repository())
    }

    fn recorder(&self) -> Arc<dyn StatisticsRecorder> {
        Arc::new(self.recorder())
    }

    fn registry(&self) -> Arc<dyn AnnotationRequestRegistry> {
        Arc::new(self.registry())
    }

    fn summaries(&self) -> Arc<dyn SummaryRepository> {
        Arc::new(PostgresSummaryRepository::new(self.database()))
    }

    fn finder(&self) -> Arc<dyn AnnotationRequestFinder> {
        Arc::new(PostgresAnnotationRequestFinder::new(self.database(), MOST_LOOKED_AT))
    }

    fn taxonomies(&self) -> Arc<dyn TaxonomyRepository> {
        Arc::new(PostgresTaxonomyRepository::new(self.database(), self.database()))
    }

    fn statements(&self) -> Arc<dyn StatementRepository> {
        Arc::new(PostgresStatementRepository::new(self.database(), self.database()))
    }

    fn exporter(&self) -> Arc<dyn StatisticsExporter> {
        Arc::new(PostgresStatisticsExporter::new(self.database()))
    }

    fn cut_off(&self) {
        self.allow_connections(false);
        self.cut_sessions();
    }

    fn reconnect(&self) {
        self.allow_connections(true);
    }
}
