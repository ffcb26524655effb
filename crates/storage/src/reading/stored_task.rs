//! A task as it is stored: its columns, and how they become a type of the domain.

use crate::DatabaseError;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, InstanceInfo, PoolName, PoolType, SourceName, Statistics, StatisticsParts,
    TaskId, TaskStatus,
};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::result::UnexpectedEndOfRow;
use diesel::row::{Field, Row};
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, SmallInt, Text};
use std::sync::Arc;

pub(super) type TaskColumns = (BigInt, BigInt, Integer, Text, SmallInt, Jsonb, BigInt, BigInt, BigInt, Nullable<Text>);

/// The same where counts that are large may be left out, and their types.
pub(super) type PageTaskColumns =
    (BigInt, BigInt, Integer, Text, SmallInt, Nullable<Jsonb>, BigInt, BigInt, BigInt, Nullable<Text>);
pub(super) type PageTaskRecord =
    (i64, i64, i32, StoredText, i16, Option<StoredInstanceInfo>, i64, i64, i64, Option<StoredText>);

/// A task as it is stored.
pub(super) struct TaskRow {
    /// Which of the requested ranges it is in, from 1.
    pub(super) range: i64,
    pub(super) position: i64,
    task: i64,
    status: i32,
    pub(super) pool_name: StoredText,
    pool_type: i16,
    pub(super) instance_info: StoredInstanceInfo,
    instances: i64,
    attributes: i64,
    frames: i64,
    pub(super) source_name: Option<StoredText>,
}

/// Column by column: tuples are read through a row for each nesting, which takes three times as long.
impl TaskRow {
    /// Which of the columns has the counts, from 0.
    pub(super) const INSTANCE_INFO: usize = 5;

    /// The columns of a task, of which this is the first.
    #[inline]
    pub(super) fn read<'a>(row: &impl Row<'a, Pg>, first: usize, range: i64) -> deserialize::Result<Self> {
        let position = column::<BigInt, _>(row, first)?;
        let instance_info = column::<Jsonb, _>(row, first + Self::INSTANCE_INFO)?;
        Self::read_others(row, first, range, position, instance_info)
    }

    /// The task of a page, if its counts are not left out.
    pub(super) fn of_page(record: PageTaskRecord) -> Option<Self> {
        let (position, task, status, pool_name, pool_type, counts, instances, attributes, frames, source_name) = record;
        let (range, instance_info) = (1, counts?);
        Some(Self {
            range,
            position,
            task,
            status,
            pool_name,
            pool_type,
            instance_info,
            instances,
            attributes,
            frames,
            source_name,
        })
    }

    /// The same where these are read already.
    #[inline]
    pub(super) fn read_others<'a>(
        row: &impl Row<'a, Pg>,
        first: usize,
        range: i64,
        position: i64,
        instance_info: StoredInstanceInfo,
    ) -> deserialize::Result<Self> {
        Ok(Self {
            range,
            position,
            task: column::<BigInt, _>(row, first + 1)?,
            status: column::<Integer, _>(row, first + 2)?,
            pool_name: column::<Text, _>(row, first + 3)?,
            pool_type: column::<SmallInt, _>(row, first + 4)?,
            instance_info,
            instances: column::<BigInt, _>(row, first + 6)?,
            attributes: column::<BigInt, _>(row, first + 7)?,
            frames: column::<BigInt, _>(row, first + 8)?,
            source_name: column::<Nullable<Text>, _>(row, first + 9)?,
        })
    }
}

impl FromSqlRow<TaskColumns, Pg> for TaskRow {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        Self::read(row, 0, 1)
    }
}

impl FromSqlRow<(BigInt, TaskColumns), Pg> for TaskRow {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        Self::read(row, 1, column::<BigInt, _>(row, 0)?)
    }
}

/// The value of a column.
#[inline]
pub(super) fn column<'a, S, T: FromSql<S, Pg>>(row: &impl Row<'a, Pg>, index: usize) -> deserialize::Result<T> {
    let field = row.get(index).ok_or(UnexpectedEndOfRow)?;
    let value = T::from_nullable_sql(field.value());
    value.map_err(|error| format!("column {}: {error}", field.field_name().unwrap_or_default()).into())
}

/// A text, copied from where Postgres has sent it to where it stays.
pub(super) struct StoredText(Arc<str>);

impl FromSql<Text, Pg> for StoredText {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(std::str::from_utf8(value.as_bytes())?.into()))
    }
}

impl StoredText {
    /// In bytes.
    pub(super) fn size(&self) -> usize {
        self.0.len()
    }
}

/// The instance info, read where Postgres has sent it. An error is kept: that of diesel cannot name the task.
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
    let TaskRow { task, instance_info, .. } = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("statistics.{column} of task {task} of `{id}`: {what}"))
    };
    let count = |column: &str, number: i64| Count::try_from(number).map_err(|error| corrupt(column, &error));
    Statistics::new(StatisticsParts {
        id: TaskId::from(task),
        source_name: row
            .source_name
            .map(|name| SourceName::new(name.0))
            .transpose()
            .map_err(|error| corrupt("source_name", &error))?,
        status: TaskStatus::from(row.status),
        campaign_id: campaign_id.clone(),
        pool_name: PoolName::new(row.pool_name.0).map_err(|error| corrupt("pool_name", &error))?,
        pool_type: PoolType::try_from(row.pool_type).map_err(|error| corrupt("pool_type", &error))?,
        instance_info: instance_info.read.map_err(|error| corrupt("instance_info", &error))?,
        instance_num: count("instance_num", row.instances)?,
        attribute_num: count("attribute_num", row.attributes)?,
        frame_num: count("frame_num", row.frames)?,
    })
    .map_err(|error| corrupt("instance_info", &error))
}
