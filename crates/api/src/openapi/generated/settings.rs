//! What the document says of the settings of a service.

use crate::ApiSettings;
use crate::openapi::generated::parts::bodies;
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// A batch has at most so many rows.
pub(super) fn limit_batches(document: &mut OpenApi, settings: &ApiSettings) {
    for content in bodies(document) {
        if let Some(RefOr::T(Schema::Array(rows))) = &mut content.schema {
            rows.max_items = Some(settings.max_batch.get());
        }
    }
}

/// The document with the values of the settings that descriptions name in braces, such as `{max-ids}`. The lines of a
/// comment are one text.
pub(super) fn with_settings(document: &str, settings: &ApiSettings) -> String {
    let ApiSettings { max_ids, max_query_ids, max_limit, max_batch, max_body, reconciliation, .. } = settings;
    [
        ("{max-ids}", max_ids.to_string()),
        ("{max-query-ids}", max_query_ids.to_string()),
        ("{max-limit}", max_limit.to_string()),
        ("{max-batch}", max_batch.to_string()),
        ("{max-body}", max_body.to_string()),
        ("{max-sheet}", reconciliation.max_body.to_string()),
        ("{max-sheet-lines}", reconciliation.max_lines.to_string()),
        ("\\n", " ".to_owned()),
    ]
    .into_iter()
    .fold(document.to_owned(), |document, (name, value)| document.replace(name, &value))
}
