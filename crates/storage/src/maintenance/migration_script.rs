//! The statements of a migration one by one, as Citus takes those that change distributed tables.

use diesel::QueryResult;
use diesel::connection::{BoxableConnection, SimpleConnection};
use diesel::migration::{Migration, Result};
use diesel::pg::Pg;
use std::any::Any;

/// The statements of its script, in their order.
pub(super) fn statements(migration: &dyn Migration<Pg>) -> Result<Vec<String>> {
    let mut script = Script::default();
    migration.run(&mut script)?;
    Ok(split(&script.0))
}

/// Takes what a connection would be sent.
#[derive(Default)]
struct Script(String);

impl SimpleConnection for Script {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.push_str(query);
        Ok(())
    }
}

impl BoxableConnection<Pg> for Script {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// At each semicolon that is in no comment to the end of a line, no quotes, and no body between dollars.
fn split(script: &str) -> Vec<String> {
    let (mut statements, mut statement, mut rest) = (Vec::new(), String::new(), script);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' => after(rest, &first.to_string()),
            '$' if rest.starts_with("$$") => after(rest, "$$"),
            _ => first.len_utf8(),
        };
        let (part, others) = rest.split_at(length);
        match part {
            ";" => statements.push(std::mem::take(&mut statement)),
            _ if part.starts_with("--") => {}
            _ => statement.push_str(part),
        }
        rest = others;
    }
    statements.push(statement);
    let trimmed = statements.into_iter().map(|statement| statement.trim().to_owned());
    trimmed.filter(|statement| !statement.is_empty()).collect()
}

/// The length of what is between two of these marks, with both.
fn after(rest: &str, mark: &str) -> usize {
    let inside = rest.get(mark.len()..).unwrap_or_default();
    inside.find(mark).map_or(rest.len(), |end| end + 2 * mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_split_where_its_statements_end() {
        let script = "-- One; two.\nCREATE INDEX a ON b (c);\nSELECT ';', 'it''s; é' AS \"x;y\";\n\
                      CREATE FUNCTION f() AS $$ BEGIN a; b; END $$;\n-- The end;\n";
        let expected = [
            "CREATE INDEX a ON b (c)",
            "SELECT ';', 'it''s; é' AS \"x;y\"",
            "CREATE FUNCTION f() AS $$ BEGIN a; b; END $$",
        ];
        assert_eq!(split(script), expected);
        assert_eq!(split("SELECT 1"), ["SELECT 1"]);
    }
}
