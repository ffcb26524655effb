//! Task ids for formats that know their tasks by name.

use annotation_statistics_domain::TaskId;

/// A task id made of a name, as [`TaskId::of_name`] has it.
///
/// Two names of one file with the same id are an error of reading, not a silent sum.
#[must_use]
pub fn stable_id(name: &str) -> TaskId {
    TaskId::of_name(name)
}

/// A hash of a name, to distinguish names without keeping them.
pub(crate) fn hash(name: &str) -> u64 {
    TaskId::of_name(name).get().cast_unsigned()
}
