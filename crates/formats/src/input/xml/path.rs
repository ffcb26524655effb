//! In which elements a place of an XML file is.

use crate::error::shortened;

/// The names of the open elements, each as short as it is shown.
#[derive(Debug, Default)]
pub(super) struct Path {
    /// With a slash between two of them.
    names: String,
    /// The length of `names` before each was added.
    starts: Vec<usize>,
}

impl Path {
    pub(super) fn enter(&mut self, name: &str) {
        self.starts.push(self.names.len());
        if self.starts.len() > 1 {
            self.names.push('/');
        }
        self.names.push_str(&shortened(name));
    }

    pub(super) fn leave(&mut self) {
        self.names.truncate(self.starts.pop().unwrap_or_default());
    }

    pub(super) fn depth(&self) -> usize {
        self.starts.len()
    }

    /// The path as it is shown, such as `annotations/image/box`; outside of all elements there is none.
    pub(super) fn shown(&self) -> Option<String> {
        (self.depth() > 0).then(|| self.names.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_was_entered_and_not_left() {
        let mut path = Path::default();
        path.leave();
        assert_eq!(path.shown(), None);
        path.enter("a");
        path.enter("b");
        path.leave();
        path.enter(&"é".repeat(200));
        assert_eq!(path.shown(), Some(format!("a/{}...", "é".repeat(120))));
        path.leave();
        path.leave();
        assert_eq!((path.shown(), path.depth()), (None, 0));
    }
}
