//! Statements of fixed text, which diesel prepares once a connection.
//!
//! diesel's own way to run SQL text is never a cached prepared statement.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::AstPass;

/// Declares a statement: its text, which tests and benchmarks use too, the SQL types of its columns, and its values by
/// their `$number` in the text.
macro_rules! prepared_statement {
    ($name:ident, $sql:expr, $columns:ty, { $($number:literal => $field:ident: $type:ty as $sql_type:ty,)+ }) => {
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
                $crate::connection::push_sql_with_binds(&mut out, $sql, |out, number| match number {
                    $($number => out.push_bind_param::<$sql_type, _>(&self.$field),)+
                    _ => Ok(()),
                })
            }
        }

        impl diesel::RunQueryDsl<diesel::pg::PgConnection> for $name<'_> {}
    };
}
pub(crate) use prepared_statement;

/// Pushes the text, and at each `$number` the value of that number.
pub(crate) fn push_sql_with_binds<'b>(
    out: &mut AstPass<'_, 'b, Pg>,
    sql: &str,
    mut bind: impl FnMut(&mut AstPass<'_, 'b, Pg>, u32) -> QueryResult<()>,
) -> QueryResult<()> {
    for (index, part) in sql.split('$').enumerate() {
        let text = part.trim_start_matches(|character: char| character.is_ascii_digit());
        if index > 0 {
            let number = part.get(..part.len() - text.len()).and_then(|digits| digits.parse().ok());
            bind(out, number.unwrap_or_default())?;
        }
        out.push_sql(if index == 0 { part } else { text });
    }
    Ok(())
}
