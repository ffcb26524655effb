//! In which annotation requests a task is.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, FoundTaskPlaces, PoolName, PoolType, SourceName, TaskId, TaskPlace,
    TaskPosition, TaskSearch, TaskStatus, TaskTerm,
};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};

/// The tasks behind the position `$3` of the request `$2`, where the request is of one of the campaigns `$4`, or `$4` is
/// null; at most `$5`.
macro_rules! task_places {
    ($found:literal) => {
        concat!(
            "SELECT s.annotation_request_id, r.campaign_id, s.task_id, s.position, s.source_name, s.status, s.pool_name, \
             s.pool_type FROM statistics AS s JOIN annotation_requests AS r ON r.id = s.annotation_request_id WHERE ",
            $found,
            " AND (s.annotation_request_id, s.position) > ($2, $3) AND r.id >= $2 AND ($4 IS NULL OR r.campaign_id = ANY($4)) \
             ORDER BY s.annotation_request_id, s.position LIMIT $5"
        )
    };
}

/// Those with the id `$1`.
pub const TASK_PLACES_BY_ID_SQL: &str = task_places!("s.task_id = $1");

/// Those with the source name `$1`.
pub const TASK_PLACES_BY_NAME_SQL: &str = task_places!("s.source_name = $1");

type Columns = (Text, Text, BigInt, BigInt, Nullable<Text>, Integer, Text, SmallInt);
type Row = (String, String, i64, i64, Option<String>, i32, String, i16);

prepared_statement!(PlacesById, TASK_PLACES_BY_ID_SQL, Columns, {
    1 => task: i64 as BigInt,
    2 => after: &'a str as Text,
    3 => position: i64 as BigInt,
    4 => campaigns: Option<&'a [&'a str]> as Nullable<Array<Text>>,
    5 => most: i64 as BigInt,
});
prepared_statement!(PlacesByName, TASK_PLACES_BY_NAME_SQL, Columns, {
    1 => name: &'a str as Text,
    2 => after: &'a str as Text,
    3 => position: i64 as BigInt,
    4 => campaigns: Option<&'a [&'a str]> as Nullable<Array<Text>>,
    5 => most: i64 as BigInt,
});

/// The page that a search is for, as far as it is in the scope.
pub(super) fn find(
    connection: &mut PgConnection,
    search: &TaskSearch,
    scope: &CampaignScope,
) -> Result<FoundTaskPlaces, DatabaseError> {
    let campaigns: Option<Vec<&str>> = match scope {
        CampaignScope::All => None,
        CampaignScope::Only(campaigns) => Some(campaigns.iter().map(CampaignId::as_str).collect()),
    };
    let campaigns = campaigns.as_deref();
    let (after, position) = search.after.as_ref().map_or(("", -1), |place| {
        (place.annotation_request_id.as_str(), i64::try_from(place.position).unwrap_or(i64::MAX))
    });
    let most = i64::from(search.limit.get()).saturating_add(1);
    let rows: Vec<Row> = match &search.term {
        TaskTerm::Id(task) => PlacesById { task: task.get(), after, position, campaigns, most }.load(connection)?,
        TaskTerm::SourceName(name) => {
            PlacesByName { name: name.as_str(), after, position, campaigns, most }.load(connection)?
        }
    };
    page(rows, usize::try_from(search.limit.get()).unwrap_or(usize::MAX))
}

fn page(rows: Vec<Row>, limit: usize) -> Result<FoundTaskPlaces, DatabaseError> {
    let has_more = rows.len() > limit;
    let mut found = rows.into_iter().take(limit).map(task_place).collect::<Result<Vec<_>, _>>()?;
    let next = found.last().filter(|_| has_more).map(|(_, place)| place.clone());
    Ok(FoundTaskPlaces { tasks: found.drain(..).map(|(task, _)| task).collect(), next })
}

fn task_place(row: Row) -> Result<(TaskPlace, TaskPosition), DatabaseError> {
    let (id, campaign_id, task, position, source_name, status, pool_name, pool_type) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("statistics.{column} of task {task} of `{id}`: {what}"))
    };
    let request = AnnotationRequestId::new(id.as_str()).map_err(|error| corrupt("annotation_request_id", &error))?;
    let source_name = source_name.map(SourceName::new).transpose();
    let place = TaskPlace {
        annotation_request_id: request.clone(),
        campaign_id: CampaignId::new(campaign_id).map_err(|error| corrupt("campaign_id", &error))?,
        task_id: TaskId::from(task),
        source_name: source_name.map_err(|error| corrupt("source_name", &error))?,
        status: TaskStatus::from(status),
        pool_name: PoolName::new(pool_name).map_err(|error| corrupt("pool_name", &error))?,
        pool_type: PoolType::try_from(pool_type).map_err(|error| corrupt("pool_type", &error))?,
    };
    let position = u64::try_from(position).map_err(|error| corrupt("position", &error))?;
    Ok((place, TaskPosition { annotation_request_id: request, position }))
}
