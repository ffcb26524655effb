//! The two roles of the documentation, in a database of their own.

use super::database::TestDatabase;

const ROLES: &str = include_str!("../../../docs/operations/roles.sql");

/// A database with the roles of the documentation, under names of its own: roles are of the whole cluster.
pub struct TestRoles {
    database: TestDatabase,
    name: String,
}

impl TestRoles {
    /// In a database with nothing else in it.
    pub fn without_schema() -> Self {
        let database = TestDatabase::without_schema();
        let name = database.query("SELECT current_database()").concat();
        let roles = Self { database, name };
        roles.run_in(&roles.database);
        roles
    }

    /// Runs what the documentation has for them in this database.
    pub fn run_in(&self, database: &TestDatabase) {
        let owner = ROLES.replace("statistics_owner", &format!("{}_owner", self.name));
        database.execute(&owner.replace("statistics_service", &format!("{}_service", self.name)));
    }

    /// The database, as its administrator sees it.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The database for the role that migrates.
    pub fn owner_url(&self) -> String {
        self.url_of("owner")
    }

    /// The database for the role that serves.
    pub fn service_url(&self) -> String {
        self.url_of("service")
    }

    fn url_of(&self, role: &str) -> String {
        let url = self.database.url();
        assert!(url.contains("://postgres@"), "{url}");
        url.replace("://postgres@", &format!("://{}_{role}@", self.name))
    }
}
