//! `/statements` and `/statement`: what was signed of an annotation request, and a form that signs what there is now.

mod envelope_view;
mod list_statements;
mod make_statement;
mod show_statement;
mod statement_files;
mod statements_page;

pub(crate) use list_statements::list_statements;
pub(crate) use make_statement::make_statement;
pub(crate) use show_statement::show_statement;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod test_statements;
