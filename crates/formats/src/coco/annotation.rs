//! Annotations of COCO, as the files have them.

use crate::Remark;
use crate::input::{Flag, GivenCount, IsGiven, ShapeAttributes};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Annotation {
    pub(super) id: Option<i64>,
    pub(super) image_id: i64,
    pub(super) category_id: Option<i64>,
    #[serde(default)]
    pub(super) iscrowd: Flag,
    #[serde(default)]
    pub(super) attributes: ShapeAttributes,
    pub(super) segments_info: Option<Vec<Segment>>,
    caption: Option<IsGiven>,
    #[serde(default)]
    pub(super) score: IsGiven,
    #[serde(default)]
    keypoints: IsGiven,
    #[serde(default)]
    segmentation: IsGiven,
    #[serde(default)]
    bbox: IsGiven,
    #[serde(default)]
    track_id: IsGiven,
    #[serde(default)]
    instance_id: IsGiven,
}

#[derive(Deserialize)]
pub(super) struct Segment {
    pub(super) category_id: i64,
    #[serde(default)]
    pub(super) iscrowd: Flag,
    #[serde(default)]
    pub(super) attributes: GivenCount,
}

/// What an annotation shows of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Keypoints,
    Segmentation,
    Box,
    /// A segment of a panoptic annotation.
    Segment,
    /// Nothing but its category.
    Nothing,
}

impl Annotation {
    /// The shape; where there are several, the one that the others can be computed of.
    pub(super) fn shape(&self) -> Shape {
        let shapes =
            [(self.keypoints, Shape::Keypoints), (self.segmentation, Shape::Segmentation), (self.bbox, Shape::Box)];
        let given = shapes.into_iter().find_map(|(is_given, shape)| is_given.0.then_some(shape));
        given.unwrap_or(Shape::Nothing)
    }

    /// Why it is not counted.
    pub(super) fn obstacle(&self) -> Option<Remark> {
        if self.attributes.is_outside {
            return Some(Remark::InvisibleShape);
        }
        // Programs give a caption a category where theirs must have one, even if there is none.
        let is_shape = self.category_id.is_some() && self.shape() != Shape::Nothing;
        (self.caption.is_some() && !is_shape).then_some(Remark::Caption)
    }

    /// A sentence beside the shape that is counted.
    pub(super) fn captions(&self) -> u64 {
        u64::from(self.caption.is_some_and(|caption| caption.0))
    }

    /// How many values the tool wrote.
    pub(super) fn tool_values(&self) -> u64 {
        let beside = [self.track_id, self.instance_id].map(|value| u64::from(value.0));
        beside.into_iter().sum::<u64>().saturating_add(self.attributes.tool_values)
    }
}

impl Shape {
    /// The label of what has none: the name that the shape has in the file.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Keypoints => "keypoints",
            Self::Segmentation => "segmentation",
            Self::Box => "bbox",
            Self::Segment => "segments_info",
            Self::Nothing => "annotation",
        }
    }
}
