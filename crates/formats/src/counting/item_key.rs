//! The keys under which labels and attributes are counted.
//!
//! An instance's key is its label; an attribute's is `label/attribute`, and `/attribute` where it is of the task itself.
//! So that no label is taken for an attribute, the names in a key are escaped as those in a JSON Pointer are
//! ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)): `~` is `~0` and `/` is `~1`. A key with a `/` is an attribute's,
//! one without an instance's, whatever else a file has.

use crate::error::shortened;
use annotation_statistics_domain::OperationItemKey;
use std::borrow::Cow;

/// The key of instances with a label; the error is the reason why it cannot be one.
pub(crate) fn instance_key(label: &str) -> Result<OperationItemKey, String> {
    key_of(&instance_text(label))
}

/// The key of an attribute of instances with a label, or, where that is empty, of the task itself.
pub(crate) fn attribute_key(label: &str, attribute: &str) -> Result<OperationItemKey, String> {
    key_of(&attribute_text(label, attribute))
}

/// What [`instance_key`] is made of.
pub(crate) fn instance_text(label: &str) -> Cow<'_, str> {
    escaped(label)
}

/// What [`attribute_key`] is made of.
pub(crate) fn attribute_text(label: &str, attribute: &str) -> String {
    let (label, attribute) = (escaped(label), escaped(attribute));
    let mut text = String::with_capacity(label.len() + 1 + attribute.len());
    text.push_str(&label);
    text.push('/');
    text.push_str(&attribute);
    text
}

/// A text as a key, as it is; the error is the reason why it cannot be one.
pub(crate) fn key_of(text: &str) -> Result<OperationItemKey, String> {
    OperationItemKey::new(text).map_err(|error| format!("the key `{}` {error}", shortened(text)))
}

fn escaped(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_label_with_a_slash_is_not_taken_for_an_attribute() {
        let instance = |label| instance_key(label).unwrap().as_str().to_owned();
        let attribute = |label, name| attribute_key(label, name).unwrap().as_str().to_owned();
        assert_eq!([instance("car"), instance("car/color"), instance("~1")], ["car", "car~1color", "~01"]);
        assert_eq!(
            [attribute("car", "color"), attribute("", "night"), attribute("a/b", "c/d")],
            ["car/color", "/night", "a~1b/c~1d"]
        );
        assert_eq!(instance_key(""), Err("the key `` must not be empty".to_owned()));
    }

    proptest! {
        #[test]
        fn what_is_named_otherwise_has_another_key(a in "[ab~/01]{0,4}", b in "[ab~/01]{0,4}", c in "[ab~/01]{0,4}", d in "[ab~/01]{0,4}") {
            prop_assert_eq!(attribute_key(&a, &b) == attribute_key(&c, &d), (&a, &b) == (&c, &d));
            prop_assert_eq!(instance_key(&a).is_ok() && instance_key(&a) == instance_key(&c), a == c && !a.is_empty());
            prop_assert!(instance_key(&a).is_err() || instance_key(&a) != attribute_key(&c, &d));
        }
    }
}
