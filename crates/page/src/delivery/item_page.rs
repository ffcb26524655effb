//! The operation items that are shown at a time: a page has so many, whatever the number of items.

use super::item_name::ItemName;
use crate::number_format::Figure;
use annotation_statistics_domain::{ItemTotal, Summary};
use std::num::NonZeroU64;

/// How many items a page of them has.
const ITEMS: usize = 100;

/// How many of these are shown without being unfolded.
const UNFOLDED: usize = 12;

/// The operation items of one page, those of which there are most first.
pub(crate) struct ItemPage<'a> {
    summary: &'a Summary,
    /// All of them, in the order of the pages.
    sorted: Vec<&'a ItemTotal>,
    /// Where this page begins.
    first: usize,
}

/// What there is of the items of other pages.
pub(crate) struct OtherItems {
    pub(crate) name: String,
    pub(crate) count: u128,
}

impl<'a> ItemPage<'a> {
    /// The page of this number, from 1; the last one where that is past it.
    pub(crate) fn of(summary: &'a Summary, number: NonZeroU64) -> Self {
        let mut sorted: Vec<&ItemTotal> = summary.items().iter().collect();
        // Items with as many stay in the order of their keys.
        sorted.sort_by_key(|item| std::cmp::Reverse(item.count));
        let last = sorted.len().div_ceil(ITEMS).saturating_sub(1);
        let first = usize::try_from(number.get() - 1).map_or(last, |page| page.min(last)) * ITEMS;
        Self { summary, sorted, first }
    }

    /// Those of this page.
    pub(crate) fn items(&self) -> &[&'a ItemTotal] {
        let past = self.sorted.len().min(self.first + ITEMS);
        self.sorted.get(self.first..past).unwrap_or_default()
    }

    /// Whether a name beside a key was not agreed on.
    pub(crate) fn has_found_labels(&self) -> bool {
        self.summary.has_found_labels()
    }

    pub(crate) fn name_of(&self, item: &ItemTotal) -> ItemName {
        ItemName::of(item, self.summary)
    }

    /// How many of this page are shown without being unfolded. One more takes no more room than what would unfold it.
    pub(crate) fn unfolded(&self) -> usize {
        let here = self.items().len();
        if here <= UNFOLDED + 1 { here } else { UNFOLDED }
    }

    /// Whether it was turned to, and is there to be read.
    pub(crate) fn is_turned_to(&self) -> bool {
        self.first > 0
    }

    /// How many there are of the item with the most, on any page.
    pub(crate) fn most(&self) -> u128 {
        self.sorted.first().map_or(0, |item| item.count)
    }

    /// How many there are of all items of all pages.
    pub(crate) fn sum(&self) -> u128 {
        self.sorted.iter().map(|item| item.count).sum()
    }

    /// Those of the other pages; `None` where this is the only one.
    pub(crate) fn others(&self) -> Option<OtherItems> {
        let here = self.items();
        let others = self.sorted.len() - here.len();
        let count = self.sum() - here.iter().map(|item| item.count).sum::<u128>();
        let name = || format!("{} on other pages", figure(others).of("item", "items"));
        (others > 0).then(|| OtherItems { name: name(), count })
    }

    /// `Items 101 to 200 of 5,000`; `None` where there is one page.
    pub(crate) fn place(&self) -> Option<String> {
        let (first, past) = (self.first + 1, self.first + self.items().len());
        let all = self.sorted.len();
        (all > ITEMS).then(|| format!("Items {} to {} of {}", figure(first), figure(past), figure(all)))
    }

    /// The pages around this one by what they are called; without a number where there is none.
    pub(crate) fn ways(&self) -> [(&'static str, Option<usize>); 4] {
        let (this, last) = (self.first / ITEMS + 1, self.sorted.len().div_ceil(ITEMS).max(1));
        let other = |page: usize| (page != this && page >= 1 && page <= last).then_some(page);
        [("First", other(1)), ("Previous", other(this - 1)), ("Next", other(this + 1)), ("Last", other(last))]
    }
}

/// A number of items.
pub(crate) fn figure(items: usize) -> Figure {
    Figure(items.try_into().unwrap_or(u128::MAX))
}
