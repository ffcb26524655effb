//! The rows that the frames of statements are kept in.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::statements::statement_rows::signed;
use annotation_statistics_domain::{AnnotationRequestId, FrameStart, RowFrame, StatementNumber, TaskId};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bytea, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::num::NonZeroU32;

/// The place of the frame of the statement `$2` of the request `$1` that the task `$3` is in, if it is in any.
pub const FRAME_OF_TASK_SQL: &str = "\
SELECT chunk FROM statement_chunks WHERE annotation_request_id = $1 AND number = $2 AND first_task_id <= $3 \
ORDER BY first_task_id DESC LIMIT 1";

/// At most `$4` frames from the place `$3` on, fewer where they have more than `$5` bytes; the first whatever its size.
pub const FRAMES_SQL: &str = "\
SELECT chunk, first_task_id, zstd FROM (SELECT chunk, first_task_id, zstd, \
sum(octet_length(zstd)) OVER (ORDER BY chunk ROWS UNBOUNDED PRECEDING) AS bytes FROM statement_chunks \
WHERE annotation_request_id = $1 AND number = $2 AND chunk >= $3 ORDER BY chunk LIMIT $4) AS frames \
WHERE bytes <= $5 OR chunk = $3 ORDER BY chunk";

const INSERT_FRAMES: &str = "\
INSERT INTO statement_chunks (annotation_request_id, number, chunk, first_task_id, zstd) \
SELECT $1, $2, frame.chunk, frame.first_task_id, frame.zstd \
FROM unnest($3::bigint[], $4::bigint[], $5::bytea[]) AS frame (chunk, first_task_id, zstd)";

/// The most bytes of frames that are read at once.
const MAX_BYTES: i64 = 4 * 1024 * 1024;

type Columns = (BigInt, BigInt, Bytea);

prepared_statement!(FrameOfTask, FRAME_OF_TASK_SQL, BigInt, {
    1 => id: &'a str as Text,
    2 => number: i64 as BigInt,
    3 => task: i64 as BigInt,
});
prepared_statement!(Frames, FRAMES_SQL, Columns, {
    1 => id: &'a str as Text,
    2 => number: i64 as BigInt,
    3 => first: i64 as BigInt,
    4 => most: i64 as BigInt,
    5 => bytes: i64 as BigInt,
});
prepared_statement!(InsertFrames, INSERT_FRAMES, BigInt, {
    1 => id: &'a str as Text,
    2 => number: i64 as BigInt,
    3 => chunks: Vec<i64> as Array<BigInt>,
    4 => first_tasks: Vec<i64> as Array<BigInt>,
    5 => frames: Vec<&'a [u8]> as Array<Bytea>,
});

pub(super) fn load(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    number: StatementNumber,
    start: FrameStart,
    most: NonZeroU32,
) -> Result<Vec<RowFrame>, DatabaseError> {
    let (id, number) = (id.as_str(), signed(number.get()));
    let first = match start {
        FrameStart::Place(place) => signed(place),
        FrameStart::Task(task) => {
            let found: Option<i64> = FrameOfTask { id, number, task: task.get() }.get_result(connection).optional()?;
            found.unwrap_or_default()
        }
    };
    let frames = Frames { id, number, first, most: most.get().into(), bytes: MAX_BYTES };
    let rows: Vec<(i64, i64, Vec<u8>)> = frames.load(connection)?;
    let frame = |(place, first_task, zstd): (i64, i64, Vec<u8>)| {
        let place = u64::try_from(place);
        let place =
            place.map_err(|error| DatabaseError::Corrupt(format!("statement_chunks.chunk of `{id}`: {error}")))?;
        Ok(RowFrame { place, first_task: TaskId::from(first_task), zstd })
    };
    rows.into_iter().map(frame).collect()
}

pub(super) fn insert(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    number: StatementNumber,
    frames: &[RowFrame],
) -> Result<(), DatabaseError> {
    if frames.is_empty() {
        return Ok(());
    }
    let insert = InsertFrames {
        id: id.as_str(),
        number: signed(number.get()),
        chunks: frames.iter().map(|frame| signed(frame.place)).collect(),
        first_tasks: frames.iter().map(|frame| frame.first_task.get()).collect(),
        frames: frames.iter().map(|frame| frame.zstd.as_slice()).collect(),
    };
    insert.execute(connection)?;
    Ok(())
}
