//! What must hold of any file that is shown as the document or the rows of a statement.

use annotation_statistics_statements::{Envelope, open_rows, verify_document, verify_rows};
use std::io::Read;

const DOCUMENT: &[u8] = include_bytes!("../../../crates/statements/tests/golden/statement.json");
const ROWS: &[u8] = include_bytes!("../../../crates/statements/tests/golden/rows.jsonl");

pub(crate) const WORDS: &[&str] = &[
    "{\"annotationRequestId\":\"R\",\"countingRule\":\"objects/2\",",
    "\"sourceName\":\"",
    "\"itemKinds\":{\"car\":\"slot\"},",
    "\"id\":-9223372036854775808,",
    "\"instanceInfo\":{\"car\":9223372036854775807,",
    "\"instanceInfo\":{}",
    "\"number\": 18446744073709551615,",
    "\"count\": 340282366920938463463374607431768211455,",
    "\"previous\": null,",
    "}\n",
    "\n",
    "\\u0001",
    "\u{feff}",
    "é",
    "\0",
];

pub(crate) fn check(input: &[u8]) {
    if Envelope::parse(input).is_ok() {
        assert!(verify_document(input, &[0; 64], &[]).is_err(), "nothing is verified without a key");
    }
    let document = Envelope::parse(DOCUMENT).unwrap();
    if verify_rows(&document, input).is_ok() {
        let mut rows = Vec::new();
        open_rows(input).unwrap().read_to_end(&mut rows).unwrap();
        assert!(rows == ROWS, "no rows but those of the document are accepted");
    }
}
