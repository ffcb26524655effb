//! The statements of a merge: the same text over temporary tables, and over arrays in their place (ADR 66).

use crate::connection::parts;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Untyped};
use diesel::{QueryResult, RunQueryDsl};

/// One parameter of a statement: a column of a relation, all values in order, or an array of its own.
pub(super) enum Values {
    Texts(Vec<String>),
    OptionalTexts(Vec<Option<String>>),
    BigInts(Vec<i64>),
    OptionalBigInts(Vec<Option<i64>>),
    Integers(Vec<i32>),
    SmallInts(Vec<i16>),
    Flag(bool),
    Text(String),
}

/// A relation whose rows are parameters.
pub(super) struct ArrayRelation {
    /// `WITH`, and what gives the columns `$1`, `$2`, ... the name of the temporary table that they are in the place of.
    /// The first one is `(SELECT $1)`: if the planner knew how many rows there are, a plan for each number would always
    /// seem cheaper than the one for all, and each statement would be planned each time.
    pub(super) with: &'static str,
    pub(super) columns: Vec<Values>,
}

/// Where the relations of a statement are.
#[derive(Clone, Copy)]
pub(super) enum Relations<'a> {
    /// In temporary tables.
    Tables,
    /// In arrays that come with the statement.
    Arrays(&'a ArrayRelation),
}

impl<'a> Relations<'a> {
    /// A statement over them.
    pub(super) fn statement(self, text: &'static str) -> Statement<'a> {
        match self {
            Relations::Tables => Statement::over_tables(text),
            Relations::Arrays(relation) => Statement::over_arrays(relation, text),
        }
    }
}

/// A statement that is ready to be run. Over arrays it is prepared once a connection; where it begins with a `WITH` of its
/// own, that goes on after the one of the relation.
pub(super) struct Statement<'a> {
    relation: Option<&'a ArrayRelation>,
    text: &'static str,
    values: Vec<Values>,
}

impl<'a> Statement<'a> {
    /// Over temporary tables. Not prepared: those of the next transaction are others.
    pub(super) fn over_tables(text: &'static str) -> Self {
        Self { relation: None, text, values: Vec::new() }
    }

    /// Over arrays.
    pub(super) fn over_arrays(relation: &'a ArrayRelation, text: &'static str) -> Self {
        Self { relation: Some(relation), text, values: Vec::new() }
    }

    /// With the values of `$1`, `$2`, ... in the text.
    pub(super) fn with_values(self, values: Vec<Values>) -> Self {
        Self { values, ..self }
    }

    /// Runs it, and returns how many rows it changed.
    pub(super) fn run(self, connection: &mut PgConnection) -> QueryResult<usize> {
        self.execute(connection)
    }
}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut text = self.text;
        if let Some(relation) = self.relation {
            push(&mut out, relation.with, &relation.columns)?;
            if let Some(rest) = text.trim_start().strip_prefix("WITH ") {
                out.push_sql(", ");
                text = rest;
            }
        } else {
            out.unsafe_to_cache_prepared();
        }
        push(&mut out, text, &self.values)
    }
}

// Of no type that distinguishes one text from another: diesel finds what it prepared by the text.
impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<PgConnection> for Statement<'_> {}

fn push<'b>(out: &mut AstPass<'_, 'b, Pg>, text: &'static str, values: &'b [Values]) -> QueryResult<()> {
    for (number, text) in parts(text) {
        let index = usize::try_from(number).unwrap_or_default().checked_sub(1);
        match index.and_then(|index| values.get(index)) {
            Some(Values::Texts(texts)) => out.push_bind_param::<Array<Text>, _>(texts),
            Some(Values::OptionalTexts(texts)) => out.push_bind_param::<Array<Nullable<Text>>, _>(texts),
            Some(Values::BigInts(numbers)) => out.push_bind_param::<Array<BigInt>, _>(numbers),
            Some(Values::OptionalBigInts(numbers)) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(numbers),
            Some(Values::Integers(numbers)) => out.push_bind_param::<Array<Integer>, _>(numbers),
            Some(Values::SmallInts(numbers)) => out.push_bind_param::<Array<SmallInt>, _>(numbers),
            Some(Values::Flag(flag)) => out.push_bind_param::<Bool, _>(flag),
            Some(Values::Text(text)) => out.push_bind_param::<Text, _>(text),
            None => Ok(()),
        }?;
        out.push_sql(text);
    }
    Ok(())
}
