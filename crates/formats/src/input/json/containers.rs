//! The arrays and objects that a place of a file is in.

use struson::reader::json_path::JsonPathPiece;

/// Where a place of a file is: in which arrays and objects, and what comes next.
#[derive(Debug, Clone)]
pub(super) struct Containers {
    /// The index of the next element, or the name of the last member, of each array and object.
    path: Vec<JsonPathPiece>,
    /// Whether the innermost had no value yet.
    is_empty: bool,
    /// Whether the name of a member comes next, or the end of the object.
    expects_name: bool,
    /// Whether the comma or the colon before what comes next is passed.
    is_separated: bool,
}

/// What a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Innermost {
    File,
    Array,
    Object,
}

/// What comes before the next value or name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// Nothing, or what is passed already.
    None,
    Comma,
    Colon,
}

impl Default for Containers {
    fn default() -> Self {
        Self { path: Vec::new(), is_empty: true, expects_name: false, is_separated: false }
    }
}

impl Containers {
    pub(super) fn path(&self) -> &[JsonPathPiece] {
        &self.path
    }

    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    pub(super) fn innermost(&self) -> Innermost {
        match self.path.last() {
            None => Innermost::File,
            Some(JsonPathPiece::ArrayItem(_)) => Innermost::Array,
            Some(JsonPathPiece::ObjectMember(_)) => Innermost::Object,
        }
    }

    /// Whether the innermost had no value yet.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    pub(super) fn expects_name(&self) -> bool {
        self.expects_name
    }

    pub(super) fn expects_value_of_member(&self) -> bool {
        !self.expects_name && self.innermost() == Innermost::Object
    }

    pub(super) fn separator(&self) -> Separator {
        if self.is_separated || self.path.is_empty() {
            Separator::None
        } else if self.expects_value_of_member() {
            Separator::Colon
        } else if self.is_empty {
            Separator::None
        } else {
            Separator::Comma
        }
    }

    /// Whether the comma or the colon before what comes next is passed, and the blanks behind it.
    pub(super) fn is_separated(&self) -> bool {
        self.is_separated
    }

    /// The comma or the colon before what comes next is passed.
    pub(super) fn separate(&mut self) {
        self.is_separated = true;
    }

    pub(super) fn begin_array(&mut self) {
        self.begin(JsonPathPiece::ArrayItem(0));
    }

    pub(super) fn begin_object(&mut self) {
        self.begin(JsonPathPiece::ObjectMember("<?>".to_owned()));
        self.expects_name = true;
    }

    fn begin(&mut self, piece: JsonPathPiece) {
        self.path.push(piece);
        (self.is_empty, self.expects_name, self.is_separated) = (true, false, false);
    }

    /// Leaves the innermost.
    pub(super) fn end(&mut self) {
        self.path.pop();
        self.expects_name = false;
        self.end_value();
    }

    /// A name is passed.
    pub(super) fn name(&mut self, name: &str) {
        if let Some(JsonPathPiece::ObjectMember(last)) = self.path.last_mut() {
            name.clone_into(last);
        }
        (self.expects_name, self.is_separated) = (false, false);
    }

    /// A value is passed.
    pub(super) fn end_value(&mut self) {
        match self.path.last_mut() {
            Some(JsonPathPiece::ArrayItem(index)) => *index = index.saturating_add(1),
            Some(JsonPathPiece::ObjectMember(_)) => self.expects_name = true,
            None => {}
        }
        (self.is_empty, self.is_separated) = (false, false);
    }

    /// A short text whose end is a place like this one.
    pub(super) fn replay(&self) -> String {
        let mut text = String::new();
        let innermost = self.path.len().saturating_sub(1);
        for (depth, piece) in self.path.iter().enumerate() {
            text.push(if matches!(piece, JsonPathPiece::ArrayItem(_)) { '[' } else { '{' });
            let JsonPathPiece::ObjectMember(name) = piece else { continue };
            if depth < innermost || !(self.expects_name && self.is_empty) {
                text.push_str(&serde_json::Value::from(name.as_str()).to_string());
            }
            if depth < innermost || (self.expects_name && !self.is_empty) {
                text.push(':');
            }
        }
        if self.has_replayed_value() {
            text.push_str("\"\"");
        }
        match (self.is_separated, self.expects_value_of_member()) {
            (true, true) => text.push(':'),
            (true, false) if !self.is_empty && !self.path.is_empty() => text.push(','),
            _ => {}
        }
        text
    }

    /// Whether the innermost has a value in [`replay`](Self::replay).
    pub(super) fn has_replayed_value(&self) -> bool {
        !self.is_empty && !self.expects_value_of_member()
    }
}
