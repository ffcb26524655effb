//! How much there is of each operation item, as bars.

use super::item_name::{ItemName, UNKNOWN};
use super::item_page::{ItemPage, figure};
use crate::number_format::Figure;
use crate::share::Share;
use annotation_statistics_domain::ItemTotal;

/// The items of a page of them, and what the other pages have together.
pub(crate) struct ItemBars {
    pub(crate) shown: Vec<ItemBar>,
    pub(crate) folded: Vec<ItemBar>,
    /// `88 more items, together 1,203 (3.2 %)`
    pub(crate) fold: String,
    pub(crate) rest: Option<RestOfItems>,
    /// `Items 101 to 200 of 5,000`
    pub(crate) place: Option<String>,
    pub(crate) ways: [(&'static str, Option<usize>); 4],
    pub(crate) sum: Figure,
    /// Whether a name beside a key was not agreed on.
    pub(crate) has_found_labels: bool,
}

pub(crate) struct ItemBar {
    pub(crate) item: ItemName,
    pub(crate) count: Figure,
    pub(crate) tasks: Figure,
    /// What these are, in one word.
    pub(crate) unit: &'static str,
    /// Of the largest.
    pub(crate) length: Share,
    /// Of all.
    pub(crate) share: Share,
}

/// Items without bars of their own: as a bar they would be longer than any of them.
pub(crate) struct RestOfItems {
    pub(crate) items: String,
    pub(crate) count: Figure,
    pub(crate) share: Share,
}

impl ItemBars {
    pub(crate) fn of(page: &ItemPage<'_>) -> Self {
        let (most, sum) = (page.most(), page.sum());
        let unfolded = if page.is_turned_to() { page.items().len() } else { page.unfolded() };
        let (shown, folded) = page.items().split_at(unfolded);
        let bars = |items: &[&ItemTotal]| items.iter().map(|item| ItemBar::of(page, item, most, sum)).collect();
        let of_folded: u128 = folded.iter().map(|item| item.count).sum();
        let share = Share::new(of_folded, sum);
        let more = figure(folded.len()).of("more item", "more items");
        let rest = page.others().map(|others| RestOfItems {
            items: others.name,
            count: Figure(others.count),
            share: Share::new(others.count, sum),
        });
        Self {
            shown: bars(shown),
            folded: bars(folded),
            fold: format!("{more}, together {} ({share})", Figure(of_folded)),
            rest,
            place: page.place(),
            ways: page.ways(),
            sum: Figure(sum),
            has_found_labels: page.has_found_labels(),
        }
    }

    /// Whether the legend is to say what the bars are that are neither.
    pub(crate) fn has_unknown(&self) -> bool {
        self.shown.iter().chain(&self.folded).any(|bar| bar.item.kind == UNKNOWN)
    }
}

impl ItemBar {
    fn of(page: &ItemPage<'_>, item: &ItemTotal, most: u128, sum: u128) -> Self {
        Self {
            item: page.name_of(item),
            count: Figure(item.count),
            tasks: Figure::from(item.tasks),
            unit: if item.tasks == 1 { "task" } else { "tasks" },
            length: Share::new(item.count, most),
            share: Share::new(item.count, sum),
        }
    }
}
