//! Compares the sheet of a client with the counts that are recorded.
//!
//! Depend on this crate when you hold what a client has written down against the tasks of an annotation request:
//! [`Sheet::read`] reads and checks a CSV, XLSX or JSON Lines file, [`Comparison`] takes the recorded tasks one at a time,
//! in whatever order, and gives each compared value to [`ComparedLines`], such as [`FirstDifferences`] and [`CsvLines`]. It
//! knows no database, no network and no runtime; it holds the values of the sheet, and one task at a time.
//!
//! ```
//! use annotation_statistics_domain::{
//!     CampaignId, Count, InstanceInfo, PoolName, PoolType, Statistics, StatisticsParts, TaskId, TaskStatus,
//! };
//! use annotation_statistics_reconciliation::{
//!     Class, Comparison, FirstDifferences, ItemNames, Sheet, SheetOptions,
//! };
//! use std::io::Cursor;
//!
//! let task = Statistics::new(StatisticsParts {
//!     id: TaskId::from(304_500_000_000_000_707),
//!     source_name: None,
//!     status: TaskStatus::LABELS_APPROVED,
//!     campaign_id: CampaignId::new("1001")?,
//!     pool_name: PoolName::new("complete pool")?,
//!     pool_type: PoolType::Complete,
//!     instance_info: InstanceInfo::new([("car".to_owned().try_into()?, Count::from(2))])?,
//!     instance_num: Count::from(2),
//!     attribute_num: Count::ZERO,
//!     frame_num: Count::ONE,
//! })?;
//! let file = Cursor::new("id,operationItem,count\n304500000000000707,car,3\n");
//!
//! let names = ItemNames::default();
//! let sheet = Sheet::read(file, &SheetOptions::default(), &names)?;
//! let mut comparison = Comparison::new(sheet, names, FirstDifferences::default());
//! comparison.take(&task)?;
//! let (found, differences) = comparison.finish()?;
//! assert!(!found.agrees());
//! assert_eq!((found.ours.count, found.theirs.count, found.delta.count), (Some(2), Some(3), Some(-1)));
//! assert_eq!(differences.lines()[0].class, Class::Differing);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

mod compared_line;
mod comparison;
mod item_names;
mod output;
mod reconciliation;
#[cfg(test)]
mod sample;
mod sheet;

pub use compared_line::{Class, ComparedLine, ComparedLines, TaskName};
pub use comparison::Comparison;
pub use item_names::{ItemNames, NamedItem};
pub use output::{CsvLines, CsvOptions, Difference, FirstDifferences};
pub use reconciliation::{ControlTotal, Reconciliation, Sums};
pub use sheet::{Measure, Sheet, SheetError, SheetFormat, SheetLimits, SheetOptions, UnknownSheetFormat};
