//! Readers that turn annotation files into statistics.
//!
//! Depend on this crate when you have an annotation file of COCO, Label Studio, CVAT, OpenLABEL, Scalabel or BDD100K,
//! Datumaro or the annotation platform and want to know what was annotated in it, task by task; or when you read
//! [JSON Lines](JsonLines) of statistics. It knows no database, no network and no runtime.
//!
//! # A program that prints totals
//!
//! ```no_run
//! use annotation_statistics_formats::{CountingRule, ReadOptions, read};
//! use std::{env, error::Error, fs::File, io::BufReader};
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     let path = env::args().nth(1).ok_or("name a file of annotations")?;
//!     let options = ReadOptions { rule: CountingRule::Objects, ..ReadOptions::default() };
//!     let mut tasks = read(BufReader::new(File::open(path)?), &options)?;
//!     let (mut instances, mut attributes) = (0, 0);
//!     for task in &mut tasks {
//!         let task = task?;
//!         instances += task.instance_num().ok_or("too many instances")?.get();
//!         attributes += task.attribute_num().ok_or("too many attributes")?.get();
//!     }
//!     println!("{}: {instances} instances, {attributes} attributes", tasks.format());
//!     Ok(eprint!("{}", tasks.report()))
//! }
//! ```
//!
//! # From a file to rows of the public API
//!
//! A file knows what was annotated; the caller knows where the tasks are, which is a [`TaskStage`].
//!
//! ```
//! use annotation_statistics_domain::{CampaignId, PoolName, PoolType, TaskStatus};
//! use annotation_statistics_formats::{ReadOptions, TaskStage, read};
//!
//! let file = br#"{"images":[{"id":40}],"annotations":[{"id":1,"image_id":40,"category_id":1,"iscrowd":1}],
//!                 "categories":[{"id":1,"name":"dog"}]}"#;
//! let stage = TaskStage {
//!     campaign_id: CampaignId::new("1001")?,
//!     pool_name: PoolName::new("complete pool")?,
//!     pool_type: PoolType::Complete,
//!     status: TaskStatus::LABELS_APPROVED,
//! };
//! let mut tasks = read(&file[..], &ReadOptions::default())?;
//! let row = tasks.next().unwrap()?.into_statistics(&stage)?;
//! assert_eq!((row.id().get(), row.instance_num().get(), row.frame_num().get()), (40, 1, 1));
//! assert!(tasks.next().is_none());
//! assert_eq!(tasks.report().to_string(), "counted with a doubt: 1 crowd regions: each counted once\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to rely on
//!
//! * [`read`] takes any [`BufRead`](std::io::BufRead), recognises the format by the content unless it is given, and gives one
//!   [`TaskCounts`] a task, in the order of the file. What counts as one is a [`CountingRule`].
//! * A file may be far larger than memory. At most one element is held, of at most [`MAX_ELEMENT_BYTES`], and for
//!   formats that describe a task in many places a few bytes for each of its keys.
//! * A [`ReadError`] says where it is. A task is given only when all that the file says of it has been read, but a
//!   error may come after tasks that were given: record them together or not at all.
//! * What is not counted, and what is counted with a doubt, is in the [`Report`]. Nothing is left out silently.
//! * What a file lists of what may be drawn, such as categories, is in [`FoundOperators`] at the end, with the keys that are
//!   counted.
//! * `NaN` and `Infinity`, which are no JSON but which Python writes, are passed over in values that are not counted, and
//!   are an error in those that are.
//! * No input makes a reader panic.
//!
//! # Formats
//!
//! What a task, an instance and an attribute is, and the traps, is documented for each format:
//! [`coco`], [`label_studio`], [`cvat`], [`openlabel`], [`scalabel`], [`datumaro`], [`platform`].

pub mod coco;
mod counting;
pub mod cvat;
pub mod datumaro;
mod detection;
mod error;
mod format;
mod input;
mod json_lines;
pub mod label_studio;
pub mod openlabel;
mod options;
pub mod platform;
mod read;
mod report;
pub mod scalabel;
mod stable_id;
mod task_counts;
mod task_reader;

pub use counting::FoundOperators;
pub use detection::{GZIP_MAGIC, ZSTD_MAGIC};
pub use error::{FilePlace, ReadError, ReadErrorKind};
pub use format::{Format, UnknownFormat};
#[cfg(any(test, feature = "fuzz"))]
pub use input::json_both_ways;
pub use input::{MAX_ELEMENT_BYTES, MAX_LINE_BYTES};
pub use json_lines::{JsonLines, LineError, LineErrorKind};
pub use options::{
    AnnotationChoice, CountingRule, ReadOptions, TaskIds, UnknownAnnotationChoice, UnknownCountingRule, UnknownTaskIds,
};
pub use read::{Tasks, read};
pub use report::{Remark, Report};
pub use stable_id::stable_id;
pub use task_counts::{TaskCounts, TaskStage};
