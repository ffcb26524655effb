//! The sums of one side as they are kept, with the names of its operation items.

use crate::Envelope;
use crate::envelope::SumsEnvelope;
use annotation_statistics_domain::{ItemKind, ItemLabel, OperationItemKey, PoolType, Summary, Totals};
use std::collections::BTreeMap;

/// The sums of a side, known before its rows are read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct KnownSums {
    /// Over all tasks.
    pub total: Totals,
    /// Over those in the complete pool.
    pub delivered: Totals,
    /// By operation item.
    pub items: BTreeMap<OperationItemKey, KnownItem>,
}

/// What is known of an operation item.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// How many there are.
    pub count: u128,
    /// Its name for people.
    pub label: Option<String>,
    /// `slot` or `input`.
    pub kind: Option<String>,
}

impl From<Envelope> for KnownSums {
    fn from(envelope: Envelope) -> Self {
        let totals = |SumsEnvelope { task_num, instance_num, attribute_num, frame_num }| Totals {
            tasks: task_num,
            instances: instance_num,
            attributes: attribute_num,
            frames: frame_num,
        };
        let (total, delivered) = (totals(envelope.total), totals(envelope.delivered));
        let items = envelope.operation_items.into_iter();
        let item =
            |item: crate::ItemSum| (item.key, KnownItem { count: item.count, label: item.label, kind: item.kind });
        Self { total, delivered, items: items.map(item).collect() }
    }
}

impl From<&Summary> for KnownSums {
    fn from(summary: &Summary) -> Self {
        let item = |item: &annotation_statistics_domain::ItemTotal| {
            let label = summary.label_of(&item.key).map(ItemLabel::as_str).map(str::to_owned);
            let kind = item.kind.map(ItemKind::name).map(str::to_owned);
            (item.key.clone(), KnownItem { count: item.count, label, kind })
        };
        Self {
            total: summary.totals(),
            delivered: summary.pools().get(&PoolType::Complete).copied().unwrap_or_default(),
            items: summary.items().iter().map(item).collect(),
        }
    }
}
