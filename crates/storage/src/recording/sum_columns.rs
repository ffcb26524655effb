//! Sums as parameters of a statement, a column each. Those of counts are text: two can add up to more than a `bigint`.

use crate::recording::sums::{Cell, Group, Item};

/// Sums by pool type and status.
#[derive(Default)]
pub(super) struct GroupColumns {
    pub(super) pool_types: Vec<i16>,
    pub(super) statuses: Vec<i32>,
    pub(super) tasks: Vec<i64>,
    pub(super) instances: Vec<String>,
    pub(super) attributes: Vec<String>,
    pub(super) frames: Vec<String>,
}

/// Sums by operation item.
#[derive(Default)]
pub(super) struct ItemColumns<'a> {
    pub(super) keys: Vec<&'a str>,
    pub(super) totals: Vec<String>,
    pub(super) tasks: Vec<i64>,
    pub(super) tasks_of_slots: Vec<i64>,
    pub(super) tasks_of_inputs: Vec<i64>,
}

/// Sums by operation item, pool type and status.
#[derive(Default)]
pub(super) struct CellColumns<'a> {
    pub(super) pool_types: Vec<i16>,
    pub(super) statuses: Vec<i32>,
    pub(super) items: ItemColumns<'a>,
}

impl<'a> FromIterator<(i16, i32, &'a Group)> for GroupColumns {
    fn from_iter<T: IntoIterator<Item = (i16, i32, &'a Group)>>(groups: T) -> Self {
        let mut columns = Self::default();
        for (pool_type, status, group) in groups {
            columns.pool_types.push(pool_type);
            columns.statuses.push(status);
            columns.tasks.push(group.tasks);
            columns.instances.push(group.instances.to_string());
            columns.attributes.push(group.attributes.to_string());
            columns.frames.push(group.frames.to_string());
        }
        columns
    }
}

impl<'a> FromIterator<(&'a str, Item)> for ItemColumns<'a> {
    fn from_iter<T: IntoIterator<Item = (&'a str, Item)>>(items: T) -> Self {
        let mut columns = Self::default();
        items.into_iter().for_each(|(key, item)| columns.push(key, &item));
        columns
    }
}

impl<'a> FromIterator<Cell<'a>> for CellColumns<'a> {
    fn from_iter<T: IntoIterator<Item = Cell<'a>>>(cells: T) -> Self {
        let mut columns = Self::default();
        for cell in cells {
            columns.pool_types.push(cell.pool_type);
            columns.statuses.push(cell.status);
            columns.items.push(cell.key, cell.item);
        }
        columns
    }
}

impl<'a> ItemColumns<'a> {
    fn push(&mut self, key: &'a str, item: &Item) {
        self.keys.push(key);
        self.totals.push(item.total.to_string());
        self.tasks.push(item.tasks);
        self.tasks_of_slots.push(item.tasks_of_slots);
        self.tasks_of_inputs.push(item.tasks_of_inputs);
    }
}
