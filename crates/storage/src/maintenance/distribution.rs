//! Distributes the tables of a database over the nodes of a Citus cluster, by the annotation request (ADR 76).

use crate::{ConnectionSettings, DatabaseError};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use std::fmt;

/// The tables that belong to annotation requests, each with its column that says to which one. The first one comes first: the
/// others are placed beside it, so that all rows of a request are on one node.
pub const TABLES_OF_REQUESTS: [(&str, &str); 11] = [
    ("annotation_requests", "id"),
    ("statistics", "annotation_request_id"),
    ("statistics_totals", "annotation_request_id"),
    ("operation_items", "annotation_request_id"),
    ("operation_item_totals", "annotation_request_id"),
    ("item_group_totals", "annotation_request_id"),
    ("removed_positions", "annotation_request_id"),
    ("request_items", "annotation_request_id"),
    ("deleted_annotation_requests", "annotation_request_id"),
    ("statements", "annotation_request_id"),
    ("statement_chunks", "annotation_request_id"),
];

/// Why the tables are not distributed; all is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DistributionError {
    /// The database is no part of a cluster.
    #[error(
        "the tables cannot be distributed, as the database has no extension citus: make it one of a Citus cluster (CREATE \
         EXTENSION citus there and on each worker, then SELECT citus_add_node(...) for each; SCALING.md has the \
         commands), or migrate without --distribute"
    )]
    NoExtension,
    /// It cannot be reached, or refused.
    #[error("the tables were not distributed: {0}")]
    Database(#[from] DatabaseError),
}

impl From<diesel::result::Error> for DistributionError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// How the tables are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Distribution {
    /// How many tables are, all side by side.
    #[diesel(sql_type = BigInt)]
    pub tables: i64,
    /// The shards of each of them.
    #[diesel(sql_type = BigInt)]
    pub shards: i64,
    /// The nodes that the shards are on.
    #[diesel(sql_type = BigInt)]
    pub nodes: i64,
}

impl fmt::Display for Distribution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, shards, nodes } = self;
        write!(formatter, "distributed: {tables} tables, each in {shards} shards on {nodes} nodes")
    }
}

const HAS_EXTENSION: &str = "SELECT to_regclass('pg_dist_partition') IS NOT NULL AS found";

const IS_DISTRIBUTED: &str =
    "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass($1)) AS found";

/// A table that a later migration adds is not there yet.
const IS_WHOLE: &str = "\
SELECT to_regclass($1) IS NOT NULL \
AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass($1)) AS found";

/// What is in the table is copied into its shards.
const DISTRIBUTE_FIRST: &str = "SELECT create_distributed_table($1, $2)";
const DISTRIBUTE: &str = "SELECT create_distributed_table($1, $2, colocate_with => $3)";

/// What was copied takes room until then, and no statement sees it any more.
const DROP_COPIED: &str = "SELECT truncate_local_data_after_distributing_table(to_regclass($1))";

const DISTRIBUTION: &str = "\
SELECT count(DISTINCT t.logicalrelid) AS tables, \
count(DISTINCT s.shardid) / greatest(count(DISTINCT t.logicalrelid), 1) AS shards, count(DISTINCT p.groupid) AS nodes \
FROM pg_dist_partition AS t JOIN pg_dist_shard AS s ON s.logicalrelid = t.logicalrelid \
JOIN pg_dist_placement AS p ON p.shardid = s.shardid WHERE t.logicalrelid::text = ANY($1)";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Distributes the tables that are not yet, with what is in them, all or none; the schema must be of this version. Servers
/// must not run meanwhile: they wait for the tables, and take them for whole until they are started again.
///
/// # Errors
/// When the database has no extension citus, cannot be reached, or refuses.
pub fn distribute(settings: &ConnectionSettings) -> Result<Distribution, DistributionError> {
    let mut connection = settings.open()?;
    if !find(&mut connection, HAS_EXTENSION, None)? {
        return Err(DistributionError::NoExtension);
    }
    Ok(connection.transaction(distribute_missing)?)
}

/// Whether the tables of requests are distributed.
pub(super) fn are_distributed(connection: &mut PgConnection) -> Result<bool, diesel::result::Error> {
    let [(first, _), ..] = TABLES_OF_REQUESTS;
    Ok(find(connection, HAS_EXTENSION, None)? && find(connection, IS_DISTRIBUTED, Some(first))?)
}

/// Distributes the tables that are there and are not distributed yet.
pub(super) fn distribute_missing(connection: &mut PgConnection) -> Result<Distribution, diesel::result::Error> {
    let [(first, _), ..] = TABLES_OF_REQUESTS;
    for (table, column) in TABLES_OF_REQUESTS {
        if !find(connection, IS_WHOLE, Some(table))? {
            continue;
        }
        let statement = sql_query(if table == first { DISTRIBUTE_FIRST } else { DISTRIBUTE });
        let statement = statement.bind::<Text, _>(table).bind::<Text, _>(column);
        if table == first {
            statement.execute(connection)?;
        } else {
            statement.bind::<Text, _>(first).execute(connection)?;
        }
        sql_query(DROP_COPIED).bind::<Text, _>(table).execute(connection)?;
    }
    let names: Vec<&str> = TABLES_OF_REQUESTS.iter().map(|(table, _)| *table).collect();
    sql_query(DISTRIBUTION).bind::<Array<Text>, _>(names).get_result(connection)
}

fn find(connection: &mut PgConnection, statement: &str, table: Option<&str>) -> Result<bool, diesel::result::Error> {
    let found: Found = match table {
        Some(table) => sql_query(statement).bind::<Text, _>(table).get_result(connection)?,
        None => sql_query(statement).get_result(connection)?,
    };
    Ok(found.found)
}
