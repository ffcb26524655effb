//! The document for client developers says what the code does.

use crate::http::parameters::ANNOTATION_REQUEST_ID;
use crate::http::parameters::{DEFAULT_LIMIT, LIMIT, OFFSET};
use crate::response::MAX_COUNTING_RULE_BYTES;
use crate::statistics::ANNOTATION_REQUEST_IDS;
use crate::statistics::MAX_LINK_BYTES;
use crate::statistics::recording::MAX_REPORTED;
use crate::test_support::{
    ANNOTATION_REQUEST, CONFLICT, CONFORMANCE, DELETED_TASKS, HICCUP, INVALID_PARAMETER, INVALID_ROWS,
    PRECONDITION_FAILED, RECORDED, STATISTICS, TAXONOMY, UNKNOWN,
};
use crate::{ApiSettings, ResponseCode};
use annotation_statistics_domain::AnnotationRequestId;

const DOCUMENT: &str = include_str!("../../../../docs/API.md");

#[test]
fn every_example_is_quoted() {
    let reads = [STATISTICS, INVALID_PARAMETER, UNKNOWN, HICCUP, TAXONOMY, CONFORMANCE];
    let writes = [ANNOTATION_REQUEST, CONFLICT, DELETED_TASKS, INVALID_ROWS, PRECONDITION_FAILED, RECORDED];
    for example in reads.into_iter().chain(writes) {
        assert!(DOCUMENT.contains(&format!("```json\n{example}```\n")), "{example}");
    }
}

#[test]
fn every_code_has_its_row() {
    for code in ResponseCode::ALL {
        let row = format!("| {} | {} | {}", code.code(), code.status().as_u16(), code.message());
        assert!(DOCUMENT.contains(&row), "{row}");
    }
}

#[test]
fn every_limit_is_the_default_of_the_settings() {
    let ApiSettings { max_ids, max_query_ids, max_limit, max_batch, max_body, min_compressed, body_timeout, .. } =
        ApiSettings::default();
    let grouped = |number: usize| format!("{},{:03}", number / 1_000, number % 1_000);
    for text in [
        format!("`{ANNOTATION_REQUEST_ID}` | required: 1 to {} different ids", grouped(max_ids.get())),
        format!("each 1 to {} bytes", AnnotationRequestId::MAX_BYTES),
        format!("`{OFFSET}` | the **page number**, from 1; default 1"),
        format!("`{LIMIT}` | rows per page, from 1; default {DEFAULT_LIMIT}; above {max_limit} it is lowered"),
        format!("for bodies from {} bytes", grouped(min_compressed)),
        format!("larger than {} bytes", grouped(MAX_LINK_BYTES)),
        format!("`{ANNOTATION_REQUEST_IDS}` | required: 1 to {} different ids", grouped(max_query_ids.get())),
        format!("at most {} rows", grouped(max_batch.get())),
        format!("at most {} MiB", max_body / 1_048_576),
        format!("within {} seconds", body_timeout.as_secs()),
        format!("The first {MAX_REPORTED} are reported"),
        format!("longer than {} bytes", grouped(MAX_COUNTING_RULE_BYTES)),
    ] {
        assert!(DOCUMENT.contains(&text), "{text}");
    }
}
