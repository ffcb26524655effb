//! The images of a COCO file.

use crate::input::{GivenCount, non_number};
use annotation_statistics_domain::SourceName;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Image {
    pub(super) id: i64,
    /// A name is optional: any other value here is none.
    #[serde(default)]
    file_name: Value,
    #[serde(default)]
    pub(super) attributes: GivenCount,
}

/// Images in the order of the file, each with the name of its file, which may be empty: 16 bytes each and the names.
#[derive(Debug, Default)]
pub(super) struct Images {
    ids: Vec<i64>,
    names: String,
    /// Where the name of each ends.
    ends: Vec<usize>,
}

impl Images {
    pub(super) fn push(&mut self, image: &Image) {
        self.ids.push(image.id);
        match &image.file_name {
            Value::String(name) if non_number(name).is_none() && name.len() <= SourceName::MAX_BYTES => {
                self.names.push_str(name);
            }
            Value::Number(number) => self.names.push_str(&number.to_string()),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {}
        }
        self.ends.push(self.names.len());
    }

    /// An image by its index: its id and its name.
    pub(super) fn get(&self, index: usize) -> Option<(i64, &str)> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        Some((*self.ids.get(index)?, self.names.get(start..end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_the_name_of_its_file_or_none() {
        let long = format!("\"{}\"", "x".repeat(1025));
        let names = ["\"a.jpg\"", "null", "7", "\"\"", "[1]", "\"\u{7F}\"", &long, "\"v/é.png\""];
        let mut images = Images::default();
        for (id, name) in (10..).zip(names) {
            images.push(&serde_json::from_str(&format!(r#"{{"id":{id},"file_name":{name}}}"#)).unwrap());
        }
        images.push(&serde_json::from_str(r#"{"id":-1}"#).unwrap());
        let found: Vec<_> = (0..10).map_while(|index| images.get(index)).collect();
        let expected =
            [(10, "a.jpg"), (11, ""), (12, "7"), (13, ""), (14, ""), (15, ""), (16, ""), (17, "v/é.png"), (-1, "")];
        assert_eq!(found, expected);
    }
}
