//! What a task is called outside the platform.

use crate::bounded_text::bounded_text;

bounded_text! {
    /// The name of what a task was made of: of an image, a video, an item or a file, without folders of the machine and
    /// without a compression suffix. People who have files and no numbers find their task by it.
    ///
    /// Free text of 1 to 1,024 bytes. It is no part of the public API's row.
    SourceName, 1024
}
