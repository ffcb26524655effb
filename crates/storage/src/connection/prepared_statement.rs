//! Statements of fixed text, which diesel prepares once a connection.
//!
//! diesel's own way to run SQL text is never a cached prepared statement.

/// Declares a statement: its text, which tests and benchmarks use too, the SQL types of its columns, and its values by
/// their `$number` in the text.
macro_rules! prepared_statement {
    ($(#[$attribute:meta])* $name:ident, $sql:expr, $columns:ty, {
        $($number:literal => $field:ident: $type:ty as $sql_type:ty,)+
    }) => {
        $(#[$attribute])*
        struct $name<'a> {
            $($field: $type,)+
        }

        impl diesel::query_builder::Query for $name<'_> {
            type SqlType = $columns;
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                // diesel visits it for each execution, and the text is always the same.
                static PARTS: std::sync::LazyLock<Vec<(u32, &str)>> =
                    std::sync::LazyLock::new(|| $crate::connection::parts($sql));
                for (number, text) in PARTS.iter() {
                    match number {
                        $($number => out.push_bind_param::<$sql_type, _>(&self.$field)?,)+
                        _ => {}
                    }
                    out.push_sql(text);
                }
                Ok(())
            }
        }

        impl diesel::RunQueryDsl<diesel::pg::PgConnection> for $name<'_> {}
    };
}
pub(crate) use prepared_statement;

/// The number of each `$number`, and the text that follows it; the text in front of the first has the number 0.
pub(crate) fn parts(sql: &'static str) -> Vec<(u32, &'static str)> {
    let part = |(index, part): (usize, &'static str)| {
        let text = part.trim_start_matches(|character: char| index > 0 && character.is_ascii_digit());
        let digits = part.get(..part.len() - text.len()).unwrap_or_default();
        (digits.parse().unwrap_or_default(), text)
    };
    sql.split('$').enumerate().map(part).collect()
}
