//! Tasks are staged, merged and committed, all of them or none.

pub(crate) mod change_mark;
pub(crate) mod commit_gate;
pub(crate) mod merge;
pub(crate) mod outcome;
pub(crate) mod stage;
pub(crate) mod statistics_recorder;
