//! Files that are damaged, too large, or no JSON: a reader reports an error with its place, and never panics.

mod any_input;
mod damaged;
mod damaged_scenes;
mod limits;
mod non_numbers;
mod thousand_places;
