//! The `config` of a Scalabel file: its categories, and the attributes of all of them.

use crate::FoundOperators;
use crate::counting::{elements, text_of};
use serde_json::Value;

/// The deepest that categories are within categories.
const MAX_LEVELS: usize = 16;

/// Lists the categories that labels may have, each with all attributes.
pub(super) fn add_config(config: &Value, found: &mut FoundOperators) {
    let mut names = Vec::new();
    add_names(config.get("categories"), MAX_LEVELS, &mut names);
    let attributes: Vec<_> = elements(config.get("attributes")).filter_map(attribute).collect();
    for name in names {
        found.add_slot(name, "");
        for (attribute, input_type) in &attributes {
            found.add_attribute(name, attribute, input_type);
        }
    }
}

/// A category is a name, or has one; one with others in it is a group of them.
fn add_names<'config>(categories: Option<&'config Value>, levels: usize, names: &mut Vec<&'config str>) {
    for category in elements(categories) {
        let inner = category.get("subcategories");
        if levels > 0 && elements(inner).next().is_some() {
            add_names(inner, levels - 1, names);
        } else {
            names.extend(text_of(category).or_else(|| category.get("name").and_then(text_of)));
        }
    }
}

/// The name of an attribute, and how it is filled in.
fn attribute(attribute: &Value) -> Option<(&str, &str)> {
    let text = |member| attribute.get(member).and_then(text_of);
    let input_type = text("type").or_else(|| text("toolType"));
    Some((text("name")?, input_type.unwrap_or_default()))
}
