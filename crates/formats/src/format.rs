//! The table of the formats of annotation files: the name of each, and where its reading is documented.
//!
//! The reader of each is chosen in `read.rs`, and it is recognised in `detection.rs`; the compiler points at both where a
//! format is added.

use std::fmt;
use std::str::FromStr;

/// Makes the enum of the table, so that no format is left out of [`Format::ALL`].
macro_rules! formats {
    ($($(#[$about:meta])+ $format:ident = $name:literal,)+) => {
        /// A format of annotation files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[$about])+ $format,)+
        }

        impl Format {
            /// Every format.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$format),+];

            /// The name, as people type it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$format => $name,)+
                }
            }
        }
    };
}

formats! {
    /// COCO: images, annotations and categories in one JSON object. Read as documented at [`coco`](crate::coco).
    Coco = "coco",
    /// Label Studio: its JSON export, one object a task. Read as documented at [`label_studio`](crate::label_studio).
    LabelStudio = "label-studio",
    /// CVAT XML 1.1, for images and for video. Read as documented at [`cvat`](crate::cvat).
    Cvat = "cvat",
    /// ASAM OpenLABEL, and VCD, of which it was made. Read as documented at [`openlabel`](crate::openlabel).
    OpenLabel = "openlabel",
    /// Scalabel, and BDD100K, which is written in it. Read as documented at [`scalabel`](crate::scalabel).
    Scalabel = "scalabel",
    /// Datumaro JSON. Read as documented at [`datumaro`](crate::datumaro).
    Datumaro = "datumaro",
    /// The annotation platform's own file, one object a task. Read as documented at [`platform`](crate::platform).
    Platform = "platform",
}

impl Format {
    /// The names of all formats, with commas between them.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// A text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a format: it must be one of {}", .0, Format::names())]
pub struct UnknownFormat(pub String);

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
    fn a_format_is_read_by_its_name_and_every_name_is_reported_when_it_is_wrong() {
        let message = UnknownFormat("yolo".to_owned()).to_string();
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
            assert!(message.contains(format.name()), "{format}");
        }
        assert_eq!("yolo".parse::<Format>(), Err(UnknownFormat("yolo".to_owned())));
    }
}
