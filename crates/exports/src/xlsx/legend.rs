//! What the numbers of a workbook are.

/// Names and meanings.
pub(super) fn legend(has_items: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let items = if has_items {
        ("Items", "A line for each task and operation item; the frames of a task are in its first line only.")
    } else {
        ("Items", "Left out, as a sheet has too few lines for them: Tasks has a column for each operation item.")
    };
    let tasks = ("Tasks", "A line for each task: an image, a sequence or a document.");
    [tasks, items].into_iter().chain(WORDS)
}

const WORDS: [(&str, &str); 9] = [
    ("Instances", "Annotated objects, counted by the rule of the annotation request."),
    ("Attributes", "Properties that annotators filled in, such as a color."),
    ("Frames", "Images or scans of the tasks; a sequence has many."),
    ("Kind", "slot: the operation item counts instances; input: it counts attributes; empty: not known."),
    (
        "Label",
        "The name of the operation item in the taxonomies of the annotation requests, where they give it the same.",
    ),
    (
        "Pool type",
        "0 distribution, 1 annotation, 2 check, 3 sampling, 4 algorithm, 5 complete. The status is a number of the platform.",
    ),
    ("Revision", "The state of the annotation request; it changes with each change of it."),
    (
        "Sums",
        "Formulas over the other sheets, which follow a change of those; plain numbers where that would take too long.",
    ),
    ("Large numbers", "A number of more than 15 digits is a text, as a spreadsheet would round it, and in no sum."),
];
