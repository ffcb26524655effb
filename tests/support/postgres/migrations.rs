//! The migrations, as SQL.

use crate::Repository;

/// A migration as it is in its folder.
pub struct MigrationScript {
    /// The name of the folder.
    pub name: String,
    /// Brings the schema forward. Without comments, as is `down`.
    pub up: String,
    /// Takes it back.
    pub down: String,
}

/// All migrations, oldest first.
pub fn migration_scripts() -> Vec<MigrationScript> {
    let without_comments =
        |sql: &str| sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let scripts = Repository::real().ending("/up.sql").filter_map(|(path, up)| {
        let name = path.strip_prefix("crates/storage/migrations/")?.strip_suffix("/up.sql")?;
        let down = Repository::real().text(&path.replace("/up.sql", "/down.sql"));
        Some(MigrationScript { name: name.to_owned(), up: without_comments(up), down: without_comments(down) })
    });
    scripts.collect()
}
