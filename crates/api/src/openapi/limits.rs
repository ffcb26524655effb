//! The limits of the settings, where the document states them.

use crate::ApiSettings;

/// The limits that the document states.
#[derive(Debug, PartialEq, Eq)]
struct Limits {
    ids: usize,
    query_ids: usize,
    limit: u32,
    batch: usize,
    body: usize,
    sheet: usize,
    sheet_lines: u64,
}

/// Those of the document in the repository, which is that of the default settings.
const STATED: Limits = Limits {
    ids: 1_000,
    query_ids: 10_000,
    limit: 100,
    batch: 10_000,
    body: 8_388_608,
    sheet: 67_108_864,
    sheet_lines: 1_000_000,
};

impl Limits {
    fn of(settings: &ApiSettings) -> Self {
        let ApiSettings { max_ids, max_query_ids, max_limit, max_batch, max_body, reconciliation, .. } = settings;
        Self {
            ids: max_ids.get(),
            query_ids: max_query_ids.get(),
            limit: max_limit.get(),
            batch: max_batch.get(),
            body: *max_body,
            sheet: reconciliation.max_body,
            sheet_lines: reconciliation.max_lines,
        }
    }

    /// How the document states each of them.
    fn statements(&self) -> [String; 6] {
        let Self { ids, query_ids, limit, batch, body, sheet, sheet_lines } = self;
        [
            format!("at most {ids} different ones. Each"),
            format!("at most {query_ids} different ones, each"),
            format!("above {limit} it is lowered to {limit}."),
            format!("At most {batch} rows and {body} bytes."),
            format!("At most {sheet} bytes and {sheet_lines} values."),
            format!("\"maxItems\": {batch}\n"),
        ]
    }
}

/// The document of the repository with the limits of these settings.
pub(super) fn with_limits(document: &str, settings: &ApiSettings) -> String {
    let own = Limits::of(settings).statements();
    let pairs = STATED.statements().into_iter().zip(own);
    pairs.fold(document.to_owned(), |document, (stated, own)| document.replace(&stated, &own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_of_the_repository_states_the_limits_of_the_default_settings() {
        assert_eq!(STATED, Limits::of(&ApiSettings::default()));
    }
}
