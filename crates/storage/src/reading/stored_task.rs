//! A task as it is stored: its columns, and how they become a type of the domain.

use crate::DatabaseError;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, InstanceInfo, PoolName, PoolType, SourceName, Statistics, StatisticsParts,
    TaskId, TaskStatus,
};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, SmallInt, Text};

pub(super) type TaskColumns =
    (BigInt, BigInt, BigInt, Integer, Text, SmallInt, Jsonb, BigInt, BigInt, BigInt, Nullable<Text>);
pub(super) type TaskRow = (i64, i64, i64, i32, String, i16, StoredInstanceInfo, i64, i64, i64, Option<String>);

/// The instance info, read where Postgres has sent it. An error is kept: that of diesel cannot name the task.
#[derive(Debug, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub(super) struct StoredInstanceInfo {
    size: usize,
    read: Result<InstanceInfo, String>,
}

impl FromSql<Jsonb, Pg> for StoredInstanceInfo {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes = value.as_bytes();
        Ok(Self { size: bytes.len(), read: read(bytes) })
    }
}

impl StoredInstanceInfo {
    /// In bytes of JSON, with blanks.
    pub(super) fn size(&self) -> usize {
        self.size
    }
}

fn read(jsonb: &[u8]) -> Result<InstanceInfo, String> {
    let Some((1, json)) = jsonb.split_first() else {
        return Err("unknown version of jsonb".into());
    };
    match InstanceInfo::from_plain_json(json) {
        Some(read) => Ok(read),
        None => serde_json::from_slice(json).map_err(|error| error.to_string()),
    }
}

/// A row as a type of the domain.
pub(super) fn statistics(
    id: &AnnotationRequestId,
    campaign_id: &CampaignId,
    row: TaskRow,
) -> Result<Statistics, DatabaseError> {
    let (_, _, task, status, pool_name, pool_type, instance_info, instances, attributes, frames, source_name) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("statistics.{column} of task {task} of `{id}`: {what}"))
    };
    let count = |column: &str, number: i64| Count::try_from(number).map_err(|error| corrupt(column, &error));
    Statistics::new(StatisticsParts {
        id: TaskId::from(task),
        source_name: source_name.map(SourceName::new).transpose().map_err(|error| corrupt("source_name", &error))?,
        status: TaskStatus::from(status),
        campaign_id: campaign_id.clone(),
        pool_name: PoolName::new(pool_name).map_err(|error| corrupt("pool_name", &error))?,
        pool_type: PoolType::try_from(pool_type).map_err(|error| corrupt("pool_type", &error))?,
        instance_info: instance_info.read.map_err(|error| corrupt("instance_info", &error))?,
        instance_num: count("instance_num", instances)?,
        attribute_num: count("attribute_num", attributes)?,
        frame_num: count("frame_num", frames)?,
    })
    .map_err(|error| corrupt("instance_info", &error))
}
