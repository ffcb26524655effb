//! JSON whose members keep their order, as people read the document from its start to its end.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The members of an object, in their order.
pub(super) type Members<T> = indexmap::IndexMap<String, T>;

/// Any JSON.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum OrderedJson {
    Object(Members<OrderedJson>),
    List(Vec<OrderedJson>),
    Other(Value),
}
