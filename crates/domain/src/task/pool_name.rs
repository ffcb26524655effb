//! The name of a pool.

use crate::bounded_text::bounded_text;

bounded_text! {
    /// The name people gave to the pool that a task is in now: 1 to 255 bytes of free text.
    PoolName, 255
}
