//! How much there is of each operation item, as bars.

use crate::number_format::Figure;
use crate::share::Share;
use annotation_statistics_domain::{ItemKind, ItemTotal, Summary};

/// How many items have a bar of their own.
const MOST_BARS: usize = 12;

/// The items with the most instances or attributes, and the rest together.
pub(crate) struct ItemBars {
    pub(crate) bars: Vec<ItemBar>,
    pub(crate) rest: Option<RestOfItems>,
    pub(crate) sum: Figure,
}

pub(crate) struct ItemBar {
    pub(crate) key: String,
    pub(crate) kind: &'static str,
    pub(crate) count: Figure,
    pub(crate) tasks: Figure,
    /// What these are, in one word.
    pub(crate) unit: &'static str,
    /// Of the largest.
    pub(crate) length: Share,
    /// Of all.
    pub(crate) share: Share,
}

pub(crate) struct RestOfItems {
    pub(crate) items: String,
    pub(crate) count: Figure,
    pub(crate) length: Share,
    pub(crate) share: Share,
}

impl ItemBars {
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut items: Vec<&ItemTotal> = summary.items().iter().collect();
        // Items with as many stay in the order of their keys.
        items.sort_by_key(|item| std::cmp::Reverse(item.count));
        // One item more takes no more room than a line that says that there is one.
        let shown = if items.len() <= MOST_BARS + 1 { items.len() } else { MOST_BARS };
        let rest = items.split_off(shown);
        let rest_count: u128 = rest.iter().map(|item| item.count).sum();
        let longest = items.iter().map(|item| item.count).chain([rest_count]).max().unwrap_or_default();
        let sum = rest_count + items.iter().map(|item| item.count).sum::<u128>();
        let bar = |item: &ItemTotal| ItemBar::of(item, longest, sum);
        let rest = (!rest.is_empty()).then(|| RestOfItems {
            items: format!("{} more items", rest.len()),
            count: Figure(rest_count),
            length: Share::new(rest_count, longest),
            share: Share::new(rest_count, sum),
        });
        Self { bars: items.into_iter().map(bar).collect(), rest, sum: Figure(sum) }
    }

    /// Whether the legend is to say what the bars are that are neither.
    pub(crate) fn has_unknown(&self) -> bool {
        self.bars.iter().any(|bar| bar.kind == kind(None))
    }
}

impl ItemBar {
    fn of(item: &ItemTotal, longest: u128, sum: u128) -> Self {
        Self {
            key: item.key.to_string(),
            kind: kind(item.kind),
            count: Figure(item.count),
            tasks: Figure::from(item.tasks),
            unit: if item.tasks == 1 { "task" } else { "tasks" },
            length: Share::new(item.count, longest),
            share: Share::new(item.count, sum),
        }
    }
}

/// In a word, which is a class of the stylesheet too.
fn kind(kind: Option<ItemKind>) -> &'static str {
    match kind {
        Some(ItemKind::Slot) => "slot",
        Some(ItemKind::Input) => "input",
        None => "unknown",
    }
}
