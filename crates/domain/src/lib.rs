//! The vocabulary of annotation statistics and the ports around it.
