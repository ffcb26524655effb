//! The HTTP interface of annotation statistics.
