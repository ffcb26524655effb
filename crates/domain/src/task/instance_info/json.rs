//! Counts as a JSON object, read without a map in between.

use super::InstanceInfo;
use super::draft::Collector;
use crate::{Count, OperationItemKey};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

impl Serialize for InstanceInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for InstanceInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Counts)
    }
}

struct Counts;

impl<'de> Visitor<'de> for Counts {
    type Value = InstanceInfo;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object of operation item keys and counts")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<InstanceInfo, M::Error> {
        let mut counts = Collector::new();
        while map.next_key_seed(NextKey(&mut counts))?.is_some() {
            counts.set_last_count(map.next_value()?);
        }
        counts.finish().map(InstanceInfo).map_err(M::Error::custom)
    }
}

/// Checks a key and collects it, with a count that follows.
struct NextKey<'a>(&'a mut Collector);

impl<'de> DeserializeSeed<'de> for NextKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NextKey<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an operation item key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        OperationItemKey::check(key).map_err(E::custom)?;
        self.0.push(key, Count::ZERO).map_err(E::custom)
    }
}
