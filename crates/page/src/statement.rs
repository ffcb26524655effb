//! Statements: the list of those of an annotation request, and one of them, on screen and on a sheet of paper.

mod digest;
mod list_view;
mod qr_code;
mod shown_statement;
mod statement_list;
mod statement_view;
#[cfg(test)]
mod tests;

pub use list_view::render_statements;
pub use shown_statement::{
    PreviousShown, ShownGroup, ShownItem, ShownRows, ShownStatement, StatementFile, StatementProblem,
};
pub use statement_list::{ListedStatement, Making, StatementForm, StatementList};
pub use statement_view::{render_no_statement, render_statement};
