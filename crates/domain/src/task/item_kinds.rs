//! The kinds of operation items: instances or attributes.

use crate::{Count, OperationItemKey, Statistics};
use std::collections::BTreeMap;
use std::fmt;

/// What an operation item makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum ItemKind {
    /// Instances.
    Slot,
    /// Attributes.
    Input,
}

impl ItemKind {
    /// The name in the public API: `slot` or `input`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Input => "input",
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The kinds of operation items, as far as they are stated. The sums of a row show them only where all of its items are
/// of one kind (ADR 43).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ItemKinds(BTreeMap<OperationItemKey, ItemKind>);

/// Kinds that the counts of a task contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the items that are stated to be {stated}s add up to {sum}, but the task has {counted} {}", made_by(*stated))]
pub struct KindsDisagree {
    /// The kind of the items.
    pub stated: ItemKind,
    /// What their counts add up to.
    pub sum: i128,
    /// How many the task has in all.
    pub counted: Count,
}

fn made_by(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Slot => "instances",
        ItemKind::Input => "attributes",
    }
}

impl ItemKinds {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is stated, in byte order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&OperationItemKey, ItemKind)> {
        self.0.iter().map(|(key, kind)| (key, *kind))
    }

    /// The kind of an item, where it is stated.
    pub fn get(&self, key: &OperationItemKey) -> Option<ItemKind> {
        self.0.get(key).copied()
    }

    /// States the kind of an item; returns the one that was stated before.
    pub fn insert(&mut self, key: OperationItemKey, kind: ItemKind) -> Option<ItemKind> {
        self.0.insert(key, kind)
    }

    /// Takes out the kinds that go with a task: of its items, where its counts do not contradict them.
    #[must_use]
    pub fn take_for(&mut self, task: &Statistics) -> Self {
        if self.is_empty() {
            return Self::default();
        }
        let keys = task.instance_info().iter();
        let known = keys.filter_map(|(key, _)| self.0.get_key_value(key).map(|(key, kind)| (key.clone(), *kind)));
        let known: Self = known.collect();
        if known.is_empty() || known.check(task).is_err() {
            return Self::default();
        }
        self.0.retain(|key, _| known.get(key).is_none());
        known
    }

    /// Checks the kinds against the counts of a task.
    ///
    /// # Errors
    /// When the items of one kind add up to more than the task has of it.
    pub fn check(&self, task: &Statistics) -> Result<(), KindsDisagree> {
        for (stated, counted) in [(ItemKind::Slot, task.instance_num()), (ItemKind::Input, task.attribute_num())] {
            let of_kind = task.instance_info().iter().filter(|(key, _)| self.0.get(*key) == Some(&stated));
            let sum = of_kind.map(|(_, count)| i128::from(count.get())).sum();
            if sum > i128::from(counted.get()) {
                return Err(KindsDisagree { stated, sum, counted });
            }
        }
        Ok(())
    }
}

impl FromIterator<(OperationItemKey, ItemKind)> for ItemKinds {
    fn from_iter<I: IntoIterator<Item = (OperationItemKey, ItemKind)>>(kinds: I) -> Self {
        Self(kinds.into_iter().collect())
    }
}

#[cfg(feature = "serde")]
mod json {
    use crate::{InstanceInfo, InstanceInfoError, ItemKind, ItemKinds, OperationItemKey};
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

    impl<'de> Deserialize<'de> for ItemKinds {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Kinds)
        }
    }

    impl<'de> Deserialize<'de> for ItemKind {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            // As a text, because an enum of another type is no JSON to the parser.
            deserializer.deserialize_str(Kind)
        }
    }

    struct Kind;

    impl Visitor<'_> for Kind {
        type Value = ItemKind;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("slot or input")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<ItemKind, E> {
            let known = [ItemKind::Slot, ItemKind::Input].into_iter().find(|kind| kind.name() == name);
            known.ok_or_else(|| E::custom("must be slot or input"))
        }
    }

    struct Kinds;

    impl<'de> Visitor<'de> for Kinds {
        type Value = ItemKinds;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object of operation item keys and their kinds, slot or input")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<ItemKinds, M::Error> {
            let mut kinds = ItemKinds::default();
            while let Some((key, kind)) = map.next_entry::<OperationItemKey, ItemKind>()? {
                if kinds.0.len() == InstanceInfo::MAX_KEYS {
                    return Err(M::Error::custom(InstanceInfoError::TooManyKeys));
                }
                let name = key.as_str().to_owned();
                if kinds.insert(key, kind).is_some() {
                    return Err(M::Error::custom(InstanceInfoError::DuplicateKey(name)));
                }
            }
            Ok(kinds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CampaignId, InstanceInfo, PoolName, PoolType, StatisticsParts, TaskId, TaskStatus};

    fn key(name: &str) -> OperationItemKey {
        OperationItemKey::new(name).unwrap()
    }

    #[test]
    fn kinds_that_the_counts_of_a_task_contradict_are_reported() {
        let parts = StatisticsParts {
            id: TaskId::from(1),
            source_name: None,
            status: TaskStatus::LABELS_APPROVED,
            campaign_id: CampaignId::new("C").unwrap(),
            pool_name: PoolName::new("complete pool").unwrap(),
            pool_type: PoolType::Complete,
            instance_info: InstanceInfo::new([(key("car"), Count::from(2)), (key("car/color"), Count::ONE)]).unwrap(),
            instance_num: Count::from(2),
            attribute_num: Count::ONE,
            frame_num: Count::ONE,
        };
        let task = Statistics::new(parts).unwrap();
        let kinds =
            |kinds: &[(&str, ItemKind)]| kinds.iter().map(|(name, kind)| (key(name), *kind)).collect::<ItemKinds>();
        let (slot, input) = (ItemKind::Slot, ItemKind::Input);
        for (stated, expected, reason) in [
            (kinds(&[]), Ok(()), "nothing is stated"),
            (kinds(&[("car", slot), ("car/color", input)]), Ok(()), "as it is"),
            (kinds(&[("car", slot), ("bus", slot)]), Ok(()), "an item that the task does not have adds nothing"),
            (
                kinds(&[("car", slot), ("car/color", slot)]),
                Err("the items that are stated to be slots add up to 3, but the task has 2 instances"),
                "more slots than instances",
            ),
            (
                kinds(&[("car", input)]),
                Err("the items that are stated to be inputs add up to 2, but the task has 1 attributes"),
                "more inputs than attributes",
            ),
        ] {
            assert_eq!(
                stated.check(&task).map_err(|error| error.to_string()),
                expected.map_err(str::to_owned),
                "{reason}"
            );
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn json_is_an_object_that_has_each_key_once() {
        let kinds: ItemKinds = serde_json::from_str(r#"{"car/color":"input","car":"slot"}"#).unwrap();
        assert_eq!(serde_json::to_string(&kinds).unwrap(), r#"{"car":"slot","car/color":"input"}"#);
        for (json, expected) in [
            (r#"{"car":"slot","car":"input"}"#, "the key `car` is given twice"),
            (r#"{"car":"box"}"#, "must be slot or input"),
            (r#"{"car":1}"#, "invalid type: integer `1`, expected slot or input"),
            (r#"{"":"slot"}"#, "must not be empty"),
            ("[]", "invalid type: sequence, expected an object of operation item keys and their kinds"),
        ] {
            let error = serde_json::from_str::<ItemKinds>(json).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{json}: {error}");
        }
    }
}
