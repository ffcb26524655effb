//! What the start of a JSON file is made of: the names and kinds of its values, not the values.

use crate::ReadError;
use crate::input::json::json_input::JsonInput;
use struson::reader::ValueType;

/// How deep a file is looked into.
const DEPTH: usize = 6;

/// How many elements of an array are looked at, at most.
const FIRST_ELEMENTS: usize = 3;

/// How many members of an object are looked at, at most; some formats have one for each image.
const FIRST_MEMBERS: usize = 100;

/// How many values are kept, at most, so that no file makes the outline large.
const MOST_VALUES: usize = 20_000;

/// The name of every element of an array.
const ELEMENT: &str = "[]";

/// A value, and what was seen in it.
#[derive(Debug, Default)]
pub(crate) struct JsonOutline {
    /// `None` where the file ends before the value.
    kind: Option<ValueType>,
    children: Vec<(String, JsonOutline)>,
}

impl JsonOutline {
    /// Looks at the next value; what was seen before an error stays.
    pub(crate) fn collect(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        self.look(json, DEPTH, &mut { MOST_VALUES })
    }

    fn look(&mut self, json: &mut JsonInput<'_>, depth: usize, left: &mut usize) -> Result<(), ReadError> {
        let kind = json.peek()?;
        self.kind = Some(kind);
        match kind {
            ValueType::Object if depth > 0 => {
                json.object(|json, name| self.child(json, name, FIRST_MEMBERS, depth, left))
            }
            ValueType::Array if depth > 0 => json.array(|json| self.child(json, ELEMENT, FIRST_ELEMENTS, depth, left)),
            ValueType::Object
            | ValueType::Array
            | ValueType::String
            | ValueType::Number
            | ValueType::Boolean
            | ValueType::Null => json.skip(),
        }
    }

    fn child(
        &mut self,
        json: &mut JsonInput<'_>,
        name: &str,
        most: usize,
        depth: usize,
        left: &mut usize,
    ) -> Result<(), ReadError> {
        if self.children.len() >= most || *left == 0 {
            return json.skip();
        }
        *left -= 1;
        self.children.push((name.to_owned(), Self::default()));
        self.children.last_mut().map_or(Ok(()), |(_, child)| child.look(json, depth.saturating_sub(1), left))
    }

    /// The elements of an array that were looked at.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(|(name, _)| name == ELEMENT).map(|(_, element)| element)
    }

    /// The members of an object that were looked at.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.children.iter().map(|(name, member)| (name.as_str(), member))
    }

    /// Whether nothing was seen in the value.
    pub(crate) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// Whether there is a value at a path, such as `annotations.[].bbox`: `[]` is any element, `*` any child.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.any(path, &|_| true)
    }

    /// Whether there is a value of a kind at a path.
    pub(crate) fn is(&self, path: &str, kind: ValueType) -> bool {
        self.any(path, &|found| found.kind == Some(kind))
    }

    fn any(&self, path: &str, fits: &dyn Fn(&Self) -> bool) -> bool {
        let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
        let mut children = self.children.iter().filter(|(name, _)| step == "*" || name == step);
        children.any(|(_, child)| rest.map_or_else(|| fits(child), |rest| child.any(rest, fits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn what_stands_before_a_cut_is_found_by_its_path() {
        let start = r#"{"a":{"b.jpg":[{"c":1},{"d":[]}]},"e":[{"f":nu"#;
        let mut outline = JsonOutline::default();
        assert!(outline.collect(&mut JsonInput::new(Box::new(Cursor::new(start)))).is_err());
        for path in ["a", "a.*", "a.*.[].c", "*.*.[].d", "e.[].f"] {
            assert!(outline.has(path), "{path}");
        }
        for path in ["c", "a.c", "a.*.[].f", "e.*.*.*"] {
            assert!(!outline.has(path), "{path}");
        }
        assert!(outline.is("a.*.[].d", ValueType::Array) && !outline.is("a.*.[].c", ValueType::Array));
        assert_eq!(outline.elements().count(), 0);
    }
}
