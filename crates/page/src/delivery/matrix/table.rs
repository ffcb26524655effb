//! A table of numbers with a line for each operation item of a page.

use crate::delivery::item_name::ItemName;
use crate::delivery::item_page::{ItemPage, figure};
use crate::number_format::Figure;
use annotation_statistics_domain::{ItemTotal, OperationItemKey};
use std::collections::HashMap;

/// A table of the operation items of a page of them.
pub(crate) struct Matrix {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) shown: Vec<Line>,
    pub(crate) folded: Vec<Line>,
    /// `88 more items`
    pub(crate) fold: String,
    /// What there is of the items of other pages.
    pub(crate) rest: Option<Line>,
}

/// A column of numbers.
#[derive(Clone)]
pub(crate) struct Column {
    /// In a few letters, beside each number where there is no room for columns.
    pub(crate) name: String,
    /// What the head of the column says besides: a text of others.
    pub(crate) about: Option<String>,
}

/// The numbers of an operation item, of several together, or of tasks.
pub(crate) struct Line {
    pub(crate) item: Option<ItemName>,
    /// Of what is no item.
    pub(crate) name: String,
    /// In the order of the columns.
    pub(crate) numbers: Vec<String>,
}

/// The numbers of one item by column.
pub(super) type Numbers = Vec<u128>;

/// Sums by item and column, added up for the lines of a page.
pub(super) struct LineSums<'a> {
    page: &'a ItemPage<'a>,
    by_item: HashMap<&'a str, Numbers>,
    others: Numbers,
}

impl<'a> LineSums<'a> {
    /// Adds up cells by item and the place of their column, of which there are so many.
    pub(super) fn of(
        page: &'a ItemPage<'a>,
        columns: usize,
        cells: impl Iterator<Item = (&'a OperationItemKey, usize, u128)>,
    ) -> Self {
        let none = vec![0; columns];
        let here = page.items().iter().map(|item| (item.key.as_str(), none.clone()));
        let mut sums = Self { page, by_item: here.collect(), others: none };
        for (key, column, count) in cells {
            let line = sums.by_item.get_mut(key.as_str()).unwrap_or(&mut sums.others);
            if let Some(sum) = line.get_mut(column) {
                *sum += count;
            }
        }
        sums
    }

    /// The table, with what stands in a line for its numbers.
    pub(super) fn into_matrix(
        self,
        caption: String,
        columns: Vec<Column>,
        to_texts: impl Fn(&Numbers) -> Vec<String>,
    ) -> Matrix {
        let (shown, folded) = self.page.items().split_at(self.page.unfolded());
        let numbers = |key: &str| self.by_item.get(key).map(&to_texts).unwrap_or_default();
        let lines = |items: &[&ItemTotal]| {
            let line = |item: &&ItemTotal| Line {
                item: Some(self.page.name_of(item)),
                name: String::new(),
                numbers: numbers(item.key.as_str()),
            };
            items.iter().map(line).collect()
        };
        Matrix {
            caption,
            columns,
            shown: lines(shown),
            folded: lines(folded),
            fold: figure(folded.len()).of("more item", "more items"),
            rest: self.page.others().map(|others| Line::of(others.name, to_texts(&self.others))),
        }
    }
}

impl Matrix {
    /// The lines that are shown at once.
    pub(crate) fn shown_lines(&self) -> impl Iterator<Item = &Line> {
        self.shown.iter().chain(self.rest.as_ref().filter(|_| self.folded.is_empty()))
    }

    /// Those that are folded up, and what adds up with them.
    pub(crate) fn folded_lines(&self) -> impl Iterator<Item = &Line> {
        self.folded.iter().chain(self.rest.as_ref().filter(|_| !self.folded.is_empty()))
    }
}

impl Line {
    pub(super) fn of(name: String, numbers: Vec<String>) -> Self {
        Self { item: None, name, numbers }
    }

    /// The numbers, each with its column.
    pub(crate) fn cells<'a>(&'a self, columns: &'a [Column]) -> impl Iterator<Item = (&'a Column, &'a String)> {
        columns.iter().zip(&self.numbers)
    }
}

impl Column {
    pub(super) fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), about: None }
    }
}

pub(super) fn in_figures(numbers: impl IntoIterator<Item = u128>) -> Vec<String> {
    numbers.into_iter().map(|number| Figure(number).to_string()).collect()
}
