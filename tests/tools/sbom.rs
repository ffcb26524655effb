//! Prints what the program is made of, as `CycloneDX`.

use annotation_statistics_tests::software_bill;
use std::io::{Write, stdout};

fn main() {
    let bill = serde_json::to_string_pretty(&software_bill()).unwrap();
    writeln!(stdout().lock(), "{bill}").unwrap();
}
