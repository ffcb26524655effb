//! A label as the `meta` of a CVAT file lists it.

use crate::input::XmlInput;
use crate::{FoundOperators, ReadError};

/// The type of a label that is no shape.
const TAG: &str = "tag";

/// A label with its attributes.
#[derive(Debug, Default)]
pub(super) struct LabelMeta {
    /// `None` where the file does not say.
    pub(super) name: Option<String>,
    shape_type: String,
    /// The label of a skeleton that it is an element of.
    parent: String,
    /// The names of attributes, and how they are filled in.
    attributes: Vec<(String, String)>,
}

impl LabelMeta {
    pub(super) fn read(xml: &mut XmlInput<'_>) -> Result<Self, ReadError> {
        let mut label = Self::default();
        while let Some(element) = xml.next_child()? {
            match element.name() {
                "name" => label.name = Some(xml.text()?.to_owned()),
                "type" => xml.text()?.clone_into(&mut label.shape_type),
                "parent" => xml.text()?.clone_into(&mut label.parent),
                "attributes" => label.read_attributes(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(label)
    }

    fn read_attributes(&mut self, xml: &mut XmlInput<'_>) -> Result<(), ReadError> {
        while let Some(attribute) = xml.next_child()? {
            if attribute.name() != "attribute" {
                xml.skip()?;
                continue;
            }
            let (mut name, mut input_type) = (String::new(), String::new());
            while let Some(element) = xml.next_child()? {
                match element.name() {
                    "name" => xml.text()?.clone_into(&mut name),
                    "input_type" => xml.text()?.clone_into(&mut input_type),
                    _ => xml.skip()?,
                }
            }
            self.attributes.push((name, input_type));
        }
        Ok(())
    }

    /// Lists it, unless it is an element of a skeleton: those are not counted.
    pub(super) fn add_to(&self, found: &mut FoundOperators) {
        let Some(name) = self.name.as_deref().filter(|_| self.parent.is_empty()) else { return };
        if self.shape_type == TAG {
            found.add_tag(name, TAG);
        } else {
            found.add_slot(name, &self.shape_type);
        }
        for (attribute, input_type) in &self.attributes {
            found.add_attribute(name, attribute, input_type);
        }
    }
}
