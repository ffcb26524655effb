//! Where the files of a statement are, relative to its page.

use crate::BasePath;
use crate::html::query::list_of;
use crate::http::encode_into;
use crate::paths::EXPORT;
use annotation_statistics_domain::{AnnotationRequestId, SigningKeyId, StatementName};
use annotation_statistics_page::StatementFile;

/// The files of the statements of a request.
pub(super) struct Files<'a> {
    pub(super) base_path: &'a BasePath,
    pub(super) id: &'a AnnotationRequestId,
    /// The part of a query with a share link, with its `&`; empty without one.
    pub(super) link: &'a str,
}

impl Files<'_> {
    /// What one verifies a statement with.
    pub(super) fn of(&self, name: &StatementName, key: &SigningKeyId) -> Vec<StatementFile> {
        let link = self.link.strip_prefix('&').map(|link| format!("?{link}")).unwrap_or_default();
        let file = |title, about, file: &str| StatementFile {
            name: title,
            about,
            target: format!("{}/statements/{name}/{file}{link}", self.request()),
        };
        // A link to the statement is good for the key, too, where the query names the statement.
        let shared = format!("?{}&name={name}{}", list_of([self.id.as_str()]), self.link);
        let named = if self.link.is_empty() { "" } else { &shared };
        vec![
            file("Document", "JSON, which is signed", "statement.json"),
            file("Signature", "64 bytes of Ed25519", "statement.sig"),
            file("Rows", "JSON Lines", "rows.jsonl"),
            file("Rows, compressed", "Zstandard", "rows.jsonl.zst"),
            StatementFile {
                name: "Public key",
                about: "PEM, to verify with",
                target: format!("{}/statement-keys/{key}.pem{named}", self.base()).trim_start_matches('/').to_owned(),
            },
        ]
    }

    /// What is made of its rows for spreadsheets.
    pub(super) fn exports(&self, name: &StatementName) -> Vec<StatementFile> {
        let list = list_of([self.id.as_str()]);
        let export = |title, about, format: &str| StatementFile {
            name: title,
            about,
            target: format!("{}{EXPORT}?{list}&statement={name}&{format}", self.base())
                .trim_start_matches('/')
                .to_owned(),
        };
        vec![
            export("CSV", "a row for each task", "format=csv&bom=true"),
            export("XLSX", "a workbook that adds up", "format=xlsx"),
        ]
    }

    /// What differs between two of them.
    pub(super) fn diff(&self, from: &StatementName, to: &StatementName) -> String {
        format!("{}/diff?from=statement:{from}&to=statement:{to}", self.request())
    }

    fn request(&self) -> String {
        let mut path = format!("{}/annotation-requests/", self.base());
        encode_into(&mut path, self.id.as_str());
        path.trim_start_matches('/').to_owned()
    }

    fn base(&self) -> &str {
        self.base_path.as_str().trim_start_matches('/')
    }
}
