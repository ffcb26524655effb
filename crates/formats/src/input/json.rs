//! JSON, pulled value by value: elements of bounded size, and the values that several formats share.

mod counted;
mod error;
mod given;
mod items;
mod json_input;
mod members;
mod outline;
mod scalars;
mod shape_attributes;
mod values;

pub(crate) use counted::{CountedJson, NonNumber};
pub(crate) use given::GivenCount;
pub(crate) use items::JsonItems;
pub(crate) use json_input::{JsonInput, MemberNames};
pub(crate) use members::{FromMembers, NamesWithValue, from_members};
pub(crate) use outline::JsonOutline;
pub(crate) use scalars::{Flag, Id, Name};
pub(crate) use shape_attributes::ShapeAttributes;
pub(crate) use values::{HasValue, IsGiven};
