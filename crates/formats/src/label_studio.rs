//! Label Studio's JSON: a list of tasks, one task, or one task a line.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | a task, by its `id` |
//! | source name | `file_upload`, or the first path or address in `data` |
//! | instance | a region of a `result` of any of `annotations` that counts; key = its label, without one its type |
//! | attribute | choices, text, number, rating, taxonomy, date, comparison or ranking with a value, of a region or of the task; key = `/from_name` |
//! | frames | 1; of a video the `framesCount` of its regions, without one up to the last frame that is annotated |
//!
//! # Counting rules
//!
//! A region of a video counts once under `objects`; in each frame in which it is enabled under `appearances`, where a
//! disabled keyframe still shows it and the frames after it do not; and once for each keyframe of its `sequence` that
//! a person drew under `keyframes`: one that is `auto` was computed, and is reported. A span of a time line
//! counts its frames and its ranges. What is said of frames after the last of the video does not count and is reported.
//!
//! # Whose work counts
//!
//! Cancelled annotations never count, and ground truths only where they are requested. Of the others an
//! [`AnnotationChoice`](crate::AnnotationChoice) says which do. An annotation is accepted if the last of its `reviews`,
//! by `created_at`, accepts it; where no reviews are given, if its `last_action` is `accepted` or `fixed_and_accepted`.
//! What is left out is reported, and how many tasks had several annotations to choose from.
//!
//! # Traps
//!
//! * Several entries of a `result` with one `id` are one region: its shape (`rectangle`), its label (`labels`) and its
//!   attributes (`choices`). Keyframes and ranges that several of them repeat are there once.
//! * A `taxonomy` that says where it is labels a region (`Eukarya > Animal`), unless another entry has drawn that region:
//!   then it is an attribute of it.
//! * A region with several labels counts under its first; the others are reported.
//! * A multi-select counts once, however much is selected. Each message of a chat (`chatmessage`) is an attribute.
//! * A task that says by `total_annotations` to have more annotations than the file has is reported; one of which none is
//!   there is an error.
//! * The uploaded file (`file_upload`) of a task that was one of many in a list (`json`, `csv`, `txt`) is not what it was
//!   made of, where its `data` names a file. Queries and fragments of addresses are cut off, because signatures in them
//!   change with each export.
//! * Predictions and drafts are not counted and reported. `completions` is the old name of `annotations`, and
//!   `skipped` that of `was_cancelled`.
//! * The minimal export (`JSON_MIN`) has no `annotations` and is refused; so are single annotations of a target storage
//!   and pages of the API.
//!
//! # Memory
//!
//! Of a task its counts are held, and, of its videos, some 20 bytes for each keyframe and range, because the length of a
//! video may be stated after them. Of an annotation its regions are held until it ends, without their geometry. A text of
//! `data` is read up to the first that names a file, and has at most [`MAX_ELEMENT_BYTES`](crate::MAX_ELEMENT_BYTES).

mod choice;
mod counts;
mod result;
mod source;
mod task;
mod value;
mod visibility;

use crate::input::{Bytes, JsonInput, JsonItems};
use crate::label_studio::task::Task;
use crate::task_reader::TaskReader;
use crate::{FilePlace, ReadError, ReadOptions, Report, TaskCounts};

pub(crate) struct LabelStudio<'input> {
    json: JsonInput<'input>,
    items: JsonItems,
    options: ReadOptions,
}

impl<'input> LabelStudio<'input> {
    pub(crate) fn new(input: Bytes<'input>, options: &ReadOptions) -> Self {
        Self { json: JsonInput::new(input), items: JsonItems::new(None), options: options.clone() }
    }
}

impl TaskReader for LabelStudio<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        if !self.items.advance(&mut self.json, |json, _| json.skip())? {
            return Ok(None);
        }
        let mut task = Task::new(self.options.annotations);
        self.json.object(|json, name| task.member(json, name, report))?;
        let counts = task.finish(&self.options, report).map_err(|reason| self.json.error(reason))?;
        Ok(Some(counts))
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}
