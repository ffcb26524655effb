//! What must hold of the elements of an annotation file, whatever it is.

use annotation_statistics_formats::json_both_ways;

pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\u{feff}",
    "null",
    "true",
    "false",
    "NaN",
    "-Infinity",
    "-0",
    "1e3",
    "1e999",
    "1.0",
    "9223372036854775807",
    "18446744073709551616",
    "\\u0000",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\",
    "\0",
    "é",
    "\"a\":",
    "\"b\":",
    "\"é\":",
    "\"NaN\":",
    "\"outside\":",
    "[[1.5,2],[]]",
    "{\"a\":1,\"b\":\"x\"}",
    "[[[[[[[[",
];

/// Which values are read as what, and which are passed over.
const STEPS: [&[u8]; 6] = [&[0], &[1], &[22], &[23], &[2, 0, 13, 5], &[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]];

/// The fast way says exactly what the careful way says: values, places, and errors with line, byte and path.
pub(crate) fn check(input: &[u8]) {
    for steps in STEPS {
        for buffer in [1, 7, 1 << 16] {
            let [fast, careful] = json_both_ways(input, steps, buffer);
            assert_eq!(fast, careful, "{steps:?}, {buffer} bytes at a time");
        }
    }
}
