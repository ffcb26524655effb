//! The document for client developers says what the code does.

use crate::page_links::MAX_LINK_BYTES;
use crate::statistics_params::{ANNOTATION_REQUEST_ID, DEFAULT_LIMIT, LIMIT, OFFSET};
use crate::test_support::{HICCUP, INVALID_PARAMETER, STATISTICS, UNKNOWN};
use crate::{ApiSettings, ResponseCode};
use annotation_statistics_domain::AnnotationRequestId;

const DOCUMENT: &str = include_str!("../../../docs/API.md");

#[test]
fn every_example_is_quoted() {
    for example in [STATISTICS, INVALID_PARAMETER, UNKNOWN, HICCUP] {
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
    let ApiSettings { max_ids, max_limit, min_compressed, .. } = ApiSettings::default();
    let grouped = |number: usize| format!("{},{:03}", number / 1_000, number % 1_000);
    for text in [
        format!("`{ANNOTATION_REQUEST_ID}` | required: 1 to {} different ids", grouped(max_ids.get())),
        format!("each 1 to {} bytes", AnnotationRequestId::MAX_BYTES),
        format!("`{OFFSET}` | the **page number**, from 1; default 1"),
        format!("`{LIMIT}` | rows per page, from 1; default {DEFAULT_LIMIT}; above {max_limit} it is lowered"),
        format!("for bodies from {} bytes", grouped(min_compressed)),
        format!("larger than {} bytes", grouped(MAX_LINK_BYTES)),
    ] {
        assert!(DOCUMENT.contains(&text), "{text}");
    }
}
