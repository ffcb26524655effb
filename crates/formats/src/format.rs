//! The formats that can be read.

use std::fmt;
use std::str::FromStr;

/// A format of annotation exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// COCO: images, annotations and categories in one JSON object. Read as told at [`coco`](crate::coco).
    Coco,
    /// Label Studio: the JSON export, one object a task. Read as told at [`label_studio`](crate::label_studio).
    LabelStudio,
    /// CVAT XML 1.1, for images and for video. Read as told at [`cvat`](crate::cvat).
    Cvat,
    /// ASAM OpenLABEL, and VCD, of which it was made. Read as told at [`openlabel`](crate::openlabel).
    OpenLabel,
    /// Scalabel, and BDD100K, which is written in it. Read as told at [`scalabel`](crate::scalabel).
    Scalabel,
    /// Datumaro JSON. Read as told at [`datumaro`](crate::datumaro).
    Datumaro,
    /// The annotation platform's own export, one object a task. Read as told at [`platform`](crate::platform).
    Platform,
}

/// A text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a format: it must be one of coco, label-studio, cvat, openlabel, scalabel, datumaro, platform")]
pub struct UnknownFormat(pub String);

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::Coco, Self::LabelStudio, Self::Cvat, Self::OpenLabel, Self::Scalabel, Self::Datumaro, Self::Platform];

    /// The name, as people type it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Coco => "coco",
            Self::LabelStudio => "label-studio",
            Self::Cvat => "cvat",
            Self::OpenLabel => "openlabel",
            Self::Scalabel => "scalabel",
            Self::Datumaro => "datumaro",
            Self::Platform => "platform",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_read_by_its_name_and_every_name_is_told_when_it_is_wrong() {
        let message = UnknownFormat("yolo".to_owned()).to_string();
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
            assert!(message.contains(format.name()), "{format}");
        }
        assert_eq!("yolo".parse::<Format>(), Err(UnknownFormat("yolo".to_owned())));
    }
}
