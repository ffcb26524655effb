//! The key that statements are signed with, read from its file each time, so that it is replaced without a restart.

use crate::settings::StatementsSection;
use annotation_statistics_api::SigningSource;
use annotation_statistics_domain::{BoxError, StatementFormat};
use annotation_statistics_statements::{SignedFormat, SigningKeyFile};
use std::sync::Arc;

/// What signs statements by these settings. The log says once what can be expected of it; the service reads in any case.
pub(super) fn signing_source(settings: &StatementsSection) -> SigningSource {
    let Some(file) = settings.signing_key_file().map(SigningKeyFile::new) else { return SigningSource::default() };
    let source = SigningSource::new(move || load(&file));
    match source.load() {
        Ok(format) => tracing::info!(key = %format.public_key().id, "statements are signed with this key"),
        Err(cause) => tracing::error!(%cause, "no statement can be signed: see statements.signing_key_file"),
    }
    source
}

fn load(file: &SigningKeyFile) -> Result<Arc<dyn StatementFormat>, BoxError> {
    Ok(Arc::new(SignedFormat::new(file.read()?)))
}
