//! XML of formats that are not read, by its first elements.

/// The root element, or that and its first child, and the format that has it.
const ELEMENTS: &[(&str, &str)] = &[
    ("annotation", "Pascal VOC"),
    ("annotations/annotation", "Pascal VOC"),
    ("annotations/object", "Pascal VOC"),
    ("dataset", "dlib"),
    ("sequence", "UA-DETRAC"),
    ("viper", "ViPER"),
    ("boost_serialization", "KITTI tracklets"),
    ("opencv_storage", "OpenCV"),
    ("ANNOTATION_DOCUMENT", "ELAN"),
    ("PcGts", "PAGE XML"),
    ("alto", "ALTO"),
    ("TEI", "TEI"),
    ("XMI", "UIMA"),
    ("Annotations", "Aperio ImageScope"),
    ("ASAP_Annotations", "ASAP"),
    ("View", "a labelling configuration of Label Studio"),
    ("kml", "KML"),
    ("svg", "SVG"),
    ("html", "a web page"),
];

/// The format that is not read and whose files have this root element, and this element first in it.
pub(in crate::detection) fn name_of_xml(root: &str, first: Option<&str>) -> Option<&'static str> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let root = local(root);
    let both = first.map(|first| format!("{root}/{}", local(first)));
    let fits = |path: &str| path == root || both.as_deref() == Some(path) || path == "html" && root == "HTML";
    ELEMENTS.iter().find(|(path, _)| fits(path)).map(|(_, name)| *name)
}
