//! Real clusters: started, crashed, taken over, stopped. Needs PostgreSQL on the machine, as root or as any other user.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod crashes;
mod harness;
mod lifecycle;
mod places;
mod refusals;
