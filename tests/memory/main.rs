//! What is measured of a process as a whole: its peak of memory, which other tests in it would raise.

mod statistics_recorder;
mod summaries;
