//! Counting that several formats share: keys of operation items, ids already seen, objects over the frames of a video.

mod distinct;
mod found_operators;
mod id_set;
mod item_key;
mod visibility;

pub(crate) use distinct::{Numbers, Seen};
pub use found_operators::FoundOperators;
pub(crate) use found_operators::{elements, text_of, texts_of};
pub(crate) use id_set::IdSet;
pub(crate) use item_key::{attribute_key, attribute_text, instance_key, instance_text, key_of};
pub(crate) use visibility::Visibility;
