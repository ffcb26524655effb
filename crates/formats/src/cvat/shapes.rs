//! Shapes of CVAT: alone on an image, or in the frames of a track.

use crate::error::shortened;
use crate::input::{Element, XmlInput, fingerprint, trimmed};
use crate::{ReadError, Remark, Report};

/// A shape, a tag or a skeleton, of which only what it counts for is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whether nothing is visible: it is outside, or it has elements and all of them are.
    pub(super) is_outside: bool,
    /// Whether it was drawn; otherwise it was computed of those that were.
    pub(super) is_keyframe: bool,
    /// The names of its attributes that have text, in order, each once.
    pub(super) attributes: Vec<String>,
    /// A hash of all else that is to be seen: where it lies, and the text of its attributes.
    fingerprint: u64,
}

/// Whether an element is a shape or a tag.
pub(super) fn is_shape(element: &Element) -> bool {
    matches!(
        element.name(),
        "box" | "polygon" | "polyline" | "points" | "cuboid" | "ellipse" | "mask" | "skeleton" | "tag"
    )
}

impl Shape {
    /// Reads a shape and what is in it.
    pub(super) fn read(shape: &Element, xml: &mut XmlInput<'_>, report: &mut Report) -> Result<Self, ReadError> {
        let is_outside = flag(shape, "outside", xml)?.unwrap_or(false);
        let is_keyframe = flag(shape, "keyframe", xml)?.unwrap_or(true);
        let mut all_elements_outside = None;
        let mut attributes: Vec<String> = Vec::new();
        let (mut place, mut texts) = (shape.fingerprint, 0_u64);
        while let Some(element) = xml.next_child()? {
            if element.name() == "attribute" {
                let name = element.get("name").ok_or_else(|| xml.error("the attribute has no `name`"))?;
                let name = trimmed(name);
                let text = xml.text()?;
                texts = texts.wrapping_add(fingerprint(name.as_bytes()).rotate_left(1) ^ fingerprint(text.as_bytes()));
                if !text.is_empty()
                    && let Err(place) = attributes.binary_search_by(|known| known.as_str().cmp(name))
                {
                    attributes.insert(place, name.to_owned());
                }
            } else if is_shape(&element) {
                report.add(Remark::SkeletonElement, 1);
                let is_outside = flag(&element, "outside", xml)?.unwrap_or(false);
                all_elements_outside = Some(is_outside && all_elements_outside.unwrap_or(true));
                place = place.wrapping_add(element.fingerprint);
                xml.skip()?;
            } else {
                report.add(Remark::UnknownElement, 1);
                xml.skip()?;
            }
        }
        let is_outside = is_outside || all_elements_outside.unwrap_or(false);
        // Where a shape lies that is not visible says nothing.
        let fingerprint = if is_outside { texts } else { texts.wrapping_add(place.rotate_left(1)) };
        Ok(Self { is_outside, is_keyframe, attributes, fingerprint })
    }
}

/// An attribute of an element that says yes or no, as CVAT writes it or as Python does.
fn flag(element: &Element, name: &str, xml: &XmlInput<'_>) -> Result<Option<bool>, ReadError> {
    let Some(value) = element.get(name) else { return Ok(None) };
    // What CVAT writes is seen at a glance.
    match value {
        "0" => return Ok(Some(false)),
        "1" => return Ok(Some(true)),
        _ => {}
    }
    let is = |word: &str| trimmed(value).eq_ignore_ascii_case(word);
    if is("1") || is("true") {
        return Ok(Some(true));
    }
    if is("0") || is("false") {
        return Ok(Some(false));
    }
    Err(xml.error(format!("`{name}` is `{}`: it must be 1, 0, true or false", shortened(value))))
}
