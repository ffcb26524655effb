//! Readers that turn annotation files into statistics.
