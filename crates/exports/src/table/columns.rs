//! The columns of the tables, which are the same in every format.

use crate::{Layout, TooLarge};
use annotation_statistics_domain::wire;
use annotation_statistics_domain::{Count, CountingRuleName, ItemKind, ItemTotal, RecordedTask, Summary};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that is always there.
    Text,
    /// Text that may be missing.
    OptionalText,
    /// The number of a task: never to be added up, and of up to 19 digits.
    Id,
    /// A code.
    Code,
    /// A count that is always there.
    Count,
    /// A count that may be missing.
    OptionalCount,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, in the first line.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a line has in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text.
    Text(&'a str),
    /// The number of a task.
    Id(i64),
    /// A code.
    Code(i32),
    /// A count, or the difference of two.
    Count(i64),
    /// It is empty.
    Nothing,
}

const SHARED: [(&str, Kind); 8] = [
    (wire::ANNOTATION_REQUEST_ID, Kind::Text),
    (wire::COUNTING_RULE, Kind::OptionalText),
    (wire::ID, Kind::Id),
    (wire::STATUS, Kind::Code),
    (wire::CAMPAIGN_ID, Kind::Text),
    (wire::POOL_NAME, Kind::Text),
    (wire::POOL_TYPE, Kind::Code),
    (wire::SOURCE_NAME, Kind::OptionalText),
];
const COUNTS: [(&str, Kind); 3] =
    [(wire::INSTANCE_NUM, Kind::Count), (wire::ATTRIBUTE_NUM, Kind::Count), (wire::FRAME_NUM, Kind::Count)];
/// The names of the columns of operation items, and of how many there are.
pub(crate) const OPERATION_ITEM: &str = "operationItem";
pub(crate) const COUNT: &str = "count";
const ITEM: [(&str, Kind); 3] =
    [(OPERATION_ITEM, Kind::OptionalText), ("kind", Kind::OptionalText), (COUNT, Kind::OptionalCount)];
/// The frames of a task, in its first line only, so that they can be added up.
const FRAMES_ONCE: (&str, Kind) = (wire::FRAME_NUM, Kind::OptionalCount);

/// The name of an operation item for people; last, so that it moves no other column.
const LABEL: (&str, Kind) = ("label", Kind::OptionalText);

/// What the lines of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// Tasks with their operation items.
    Wide,
    /// Tasks without their operation items.
    Tasks,
    /// Operation items of tasks.
    Long,
    /// The same, with the frames of each task once.
    LongWithFrames,
}

/// The columns of one table.
#[derive(Debug)]
pub(crate) struct Columns {
    layout: Lines,
    /// In the byte order of the keys.
    items: Vec<Item>,
    /// The least number of lines, the line of names included.
    least_lines: u64,
}

/// What is known of an operation item.
#[derive(Debug)]
struct Item {
    key: String,
    kind: Option<ItemKind>,
    label: Option<String>,
}

impl Item {
    fn of(summary: &Summary, item: &ItemTotal) -> Self {
        let label = summary.label_of(&item.key).map(ToString::to_string);
        Self { key: item.key.as_str().to_owned(), kind: item.kind, label }
    }
}

/// A task has an operation item that the summary does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operation item `{0}` is in a task, but not in the sums")]
pub(crate) struct UnknownItem(String);

impl Columns {
    /// Those of a table with all of this.
    pub(crate) fn new(layout: Layout, summary: &Summary) -> Result<Self, TooLarge> {
        let lines = match layout {
            Layout::Wide => Lines::Wide,
            Layout::Long => Lines::Long,
        };
        let columns = Self::of(lines, summary);
        let (number, max) = (columns.number(), TooLarge::MAX_COLUMNS);
        if number > max { Err(TooLarge::Columns { columns: number, max }) } else { Ok(columns) }
    }

    /// Those of the tasks of a workbook, without their operation items.
    pub(crate) fn of_tasks(summary: &Summary) -> Self {
        Self::of(Lines::Tasks, summary)
    }

    /// Those of the operation items of a workbook.
    pub(crate) fn of_items(summary: &Summary) -> Self {
        Self::of(Lines::LongWithFrames, summary)
    }

    /// The least number of lines, the line of names included.
    pub(crate) fn least_lines(&self) -> u64 {
        self.least_lines
    }

    fn of(layout: Lines, summary: &Summary) -> Self {
        let items = summary.items().iter().map(|item| Item::of(summary, item)).collect();
        let tasks = summary.totals().tasks;
        let lines = match layout {
            Lines::Wide | Lines::Tasks => tasks,
            Lines::Long | Lines::LongWithFrames => {
                summary.items().iter().fold(0, |sum: u64, item| sum.saturating_add(item.tasks)).max(tasks)
            }
        };
        Self { layout, items, least_lines: lines.saturating_add(1) }
    }

    fn number(&self) -> usize {
        SHARED.len()
            + match self.layout {
                Lines::Wide => COUNTS.len() + self.items.len(),
                Lines::Tasks => COUNTS.len(),
                Lines::Long => ITEM.len() + 1,
                Lines::LongWithFrames => ITEM.len() + 2,
            }
    }

    /// Their names and kinds, in order.
    pub(crate) fn all(&self) -> Vec<Column> {
        let named = |(name, kind): &(&str, Kind)| Column { name: (*name).to_owned(), kind: *kind };
        let shared = SHARED.iter().map(named);
        match self.layout {
            Lines::Wide => {
                let item = |item: &Item| Column { name: item_column(&item.key), kind: Kind::OptionalCount };
                shared.chain(COUNTS.iter().map(named)).chain(self.items.iter().map(item)).collect()
            }
            Lines::Tasks => shared.chain(COUNTS.iter().map(named)).collect(),
            Lines::Long => shared.chain(ITEM.iter().chain([&LABEL]).map(named)).collect(),
            Lines::LongWithFrames => shared.chain(ITEM.iter().chain([&FRAMES_ONCE, &LABEL]).map(named)).collect(),
        }
    }

    /// Gives each line of a task, with a cell for each column, to `write`.
    pub(crate) fn lines<E: From<UnknownItem>>(
        &self,
        task: &RecordedTask,
        mut write: impl FnMut(&[Cell<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.layout {
            Lines::Wide => write(&self.wide(task)?),
            Lines::Tasks => write(&[&shared(task)[..], &counts(task)].concat()),
            Lines::Long | Lines::LongWithFrames => self.long(task, write),
        }
    }

    fn long<E: From<UnknownItem>>(
        &self,
        task: &RecordedTask,
        mut write: impl FnMut(&[Cell<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let shared = shared(task);
        let has_frames = self.layout == Lines::LongWithFrames;
        let mut frames = has_frames.then(|| Cell::Count(task.statistics.frame_num().get()));
        let mut write_item = |item: [Cell<'_>; 3], label: Cell<'_>| {
            let once = has_frames.then(|| frames.take().unwrap_or(Cell::Nothing));
            write(&[&shared[..], &item, once.as_slice(), &[label]].concat())
        };
        let counted = task.statistics.instance_info().iter().filter(|(_, count)| *count > Count::ZERO);
        let mut is_empty = true;
        for (key, count) in counted {
            is_empty = false;
            let item = self.item(key)?;
            let kind = item.kind.map_or(Cell::Nothing, |kind| Cell::Text(kind.name()));
            let label = item.label.as_deref().map_or(Cell::Nothing, Cell::Text);
            write_item([Cell::Text(key), kind, Cell::Count(count.get())], label)?;
        }
        // A task that has nothing has a line all the same.
        if is_empty { write_item([Cell::Nothing; 3], Cell::Nothing) } else { Ok(()) }
    }

    fn item(&self, key: &str) -> Result<&Item, UnknownItem> {
        let at = self.items.binary_search_by(|item| item.key.as_str().cmp(key));
        at.ok().and_then(|at| self.items.get(at)).ok_or_else(|| UnknownItem(key.to_owned()))
    }

    fn wide<'a>(&self, task: &'a RecordedTask) -> Result<Vec<Cell<'a>>, UnknownItem> {
        let statistics = &task.statistics;
        let mut cells = Vec::with_capacity(self.number());
        cells.extend(shared(task));
        cells.extend(counts(task));
        // Both are in the byte order of the keys.
        let mut known = self.items.iter();
        for (key, count) in statistics.instance_info().iter() {
            let before = known.as_slice().partition_point(|other| other.key.as_str() < key);
            let is_column = known.as_slice().get(before).is_some_and(|other| other.key == key);
            if is_column {
                cells.extend(known.by_ref().take(before).map(|_| Cell::Nothing));
                known.next();
                cells.push(Cell::Count(count.get()));
            } else if count > Count::ZERO {
                return Err(UnknownItem(key.to_owned()));
            }
        }
        cells.extend(known.map(|_| Cell::Nothing));
        Ok(cells)
    }
}

/// The name of the column of an operation item: with a prefix, so that no key is taken for another column.
pub(crate) fn item_column(key: &str) -> String {
    format!("{}.{key}", wire::INSTANCE_INFO)
}

fn counts(task: &RecordedTask) -> [Cell<'_>; 3] {
    let statistics = &task.statistics;
    [statistics.instance_num(), statistics.attribute_num(), statistics.frame_num()]
        .map(|count| Cell::Count(count.get()))
}

fn shared(task: &RecordedTask) -> [Cell<'_>; 8] {
    let statistics = &task.statistics;
    let rule = task.counting_rule.as_ref().map(CountingRuleName::as_str);
    [
        Cell::Text(task.annotation_request_id.as_str()),
        rule.map_or(Cell::Nothing, Cell::Text),
        Cell::Id(statistics.id().get()),
        Cell::Code(statistics.status().code()),
        Cell::Text(statistics.campaign_id().as_str()),
        Cell::Text(statistics.pool_name().as_str()),
        Cell::Code(statistics.pool_type().number().into()),
        statistics.source_name().map_or(Cell::Nothing, |name| Cell::Text(name.as_str())),
    ]
}
