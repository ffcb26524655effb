//! The stage of a large write: a temporary table that the stream is copied to.

use crate::recording::stage::stage_error::StageError;
use crate::recording::sums::Sums;
use annotation_statistics_domain::{CountingRuleName, Place, RecordedTask, SourceName, Statistics, TaskId, TaskStream};
use diesel::ExecuteCopyFromDsl;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::Error as DieselError;
use std::cell::RefCell;
use std::io::{BufWriter, Write};

diesel::table! {
    staged_tasks (place) {
        place -> BigInt,
        annotation_request_id -> Text,
        campaign_id -> Text,
        counting_rule -> Nullable<Text>,
        task_id -> BigInt,
        status -> Integer,
        pool_type -> SmallInt,
        pool_name -> Text,
        instance_info -> Jsonb,
        instance_num -> BigInt,
        attribute_num -> BigInt,
        frame_num -> BigInt,
        source_name -> Nullable<Text>,
        id_of_name -> Nullable<BigInt>,
        item_kinds -> Nullable<Jsonb>,
    }
}

/// Private to the session and dropped with the transaction; a temporary table is not written to the WAL.
const CREATE: &str = r#"
CREATE TEMPORARY TABLE staged_tasks (
    place bigint NOT NULL,
    annotation_request_id text COLLATE "C" NOT NULL,
    campaign_id text NOT NULL,
    counting_rule text,
    task_id bigint NOT NULL,
    status integer NOT NULL,
    pool_type smallint NOT NULL,
    pool_name text NOT NULL,
    instance_info jsonb NOT NULL,
    instance_num bigint NOT NULL,
    attribute_num bigint NOT NULL,
    frame_num bigint NOT NULL,
    source_name text COLLATE "C",
    id_of_name bigint,
    item_kinds jsonb
) ON COMMIT DROP"#;

/// How much is passed to libpq at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// The most sums that are added up while tasks are copied. Each has a key of up to 1,024 bytes: that fits into memory.
const MOST_SUMS: usize = 20_000;

/// What was copied.
#[derive(Debug)]
pub(crate) struct Staged {
    /// How many tasks.
    pub(crate) tasks: u64,
    /// Whether any of them states what operation items make.
    pub(crate) states_kinds: bool,
    /// Whether any of them has a source name.
    pub(crate) has_names: bool,
    /// Whether each has a higher place than the one before it.
    pub(crate) is_in_order: bool,
    /// What they add to the sums of their requests, if all of them are new; `None` where that is too much for memory.
    pub(crate) sums: Option<Sums>,
}

impl Staged {
    fn nothing() -> Self {
        Self { tasks: 0, states_kinds: false, has_names: false, is_in_order: true, sums: Some(Sums::default()) }
    }

    fn note(&mut self, task: &RecordedTask, last: &mut Option<Place>) {
        self.tasks += 1;
        self.states_kinds |= !task.item_kinds.is_empty();
        self.has_names |= task.statistics.source_name().is_some();
        self.is_in_order &= last.replace(task.place).is_none_or(|last| last < task.place);
        if let Some(sums) = &mut self.sums {
            sums.add(task);
            if sums.entries() > MOST_SUMS {
                self.sums = None;
            }
        }
    }
}

/// Copies the whole stream into a new staging table.
pub(crate) fn fill(connection: &mut PgConnection, tasks: TaskStream) -> Result<Staged, StageError> {
    connection.batch_execute(CREATE)?;
    // Diesel calls the closure once, but requires `Fn`.
    let (tasks, staged) = (RefCell::new(tasks), RefCell::new(Staged::nothing()));
    // Kept aside: when the closure fails, diesel returns the server's message about the aborted COPY instead of our error.
    let wrong_input = RefCell::new(None);
    let copied = diesel::copy_from(staged_tasks::table)
        .from_raw_data(staged_tasks::table, |copy| {
            let mut out = BufWriter::with_capacity(BUFFER_BYTES, copy);
            let (mut staged, mut last) = (staged.borrow_mut(), None);
            for task in &mut *tasks.borrow_mut() {
                let task = task.map_err(|cause| {
                    wrong_input.replace(Some(cause));
                    // This text is in the server's log, where nothing of the input belongs.
                    DieselError::SerializationError("the input is wrong".into())
                })?;
                staged.note(&task, &mut last);
                write_task(&mut out, &task).map_err(|error| lost(&error))?;
            }
            out.flush().map_err(|error| lost(&error))
        })
        .execute(connection);
    if let Some(cause) = wrong_input.take() {
        return Err(StageError::Input(cause));
    }
    copied?;
    Ok(staged.into_inner())
}

fn lost(error: &std::io::Error) -> DieselError {
    let kind = diesel::result::DatabaseErrorKind::UnableToSendCommand;
    DieselError::DatabaseError(kind, Box::new(error.to_string()))
}

fn write_task(out: &mut impl Write, task: &RecordedTask) -> std::io::Result<()> {
    let statistics: &Statistics = &task.statistics;
    write!(out, "{}\t", task.place)?;
    write_text(out, task.annotation_request_id.as_str())?;
    write_text(out, statistics.campaign_id().as_str())?;
    write_optional_text(out, task.counting_rule.as_ref().map(CountingRuleName::as_str))?;
    write!(out, "{}\t{}\t{}\t", statistics.id(), statistics.status().code(), statistics.pool_type().number())?;
    write_text(out, statistics.pool_name().as_str())?;
    Escaped(&mut *out).write_all(statistics.instance_info().as_json().as_bytes())?;
    let (instances, attributes) = (statistics.instance_num(), statistics.attribute_num());
    write!(out, "\t{instances}\t{attributes}\t{}\t", statistics.frame_num())?;
    write_optional_text(out, statistics.source_name().map(SourceName::as_str))?;
    match statistics.source_name() {
        Some(name) => write!(out, "{}\t", TaskId::of_name(name.as_str()))?,
        None => out.write_all(b"\\N\t")?,
    }
    if task.item_kinds.is_empty() {
        out.write_all(b"\\N")?;
    } else {
        serde_json::to_writer(Escaped(&mut *out), &task.item_kinds)?;
    }
    out.write_all(b"\n")
}

fn write_optional_text(out: &mut impl Write, text: Option<&str>) -> std::io::Result<()> {
    match text {
        Some(text) => write_text(out, text),
        None => out.write_all(b"\\N\t"),
    }
}

fn write_text(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    Escaped(&mut *out).write_all(text.as_bytes())?;
    out.write_all(b"\t")
}

/// Escapes the characters that are special to COPY.
struct Escaped<'a, W: Write>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
            match part.split_last() {
                Some((b'\\', plain)) => [plain, br"\\"].iter().try_for_each(|part| self.0.write_all(part))?,
                Some((b'\t', plain)) => [plain, br"\t"].iter().try_for_each(|part| self.0.write_all(part))?,
                Some((b'\n', plain)) => [plain, br"\n"].iter().try_for_each(|part| self.0.write_all(part))?,
                Some((b'\r', plain)) => [plain, br"\r"].iter().try_for_each(|part| self.0.write_all(part))?,
                _ => self.0.write_all(part)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_copy_is_escaped() {
        let mut out = Vec::new();
        write_text(&mut out, "a\tb\\c\nd\re").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\\tb\\\\c\\nd\\re\t");
    }
}
