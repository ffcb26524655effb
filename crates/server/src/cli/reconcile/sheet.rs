//! The sheet, as a file or from standard input.

use crate::cli::failure::Failure;
use crate::input::InputSource;
use annotation_statistics_domain::{AnnotationRequestId, ItemLabel, OperationItemKey, Taxonomy};
use annotation_statistics_reconciliation::{ItemNames, Sheet, SheetOptions};

/// The sheet, and how it is read.
#[derive(Clone)]
pub(super) struct SheetFile {
    pub(super) input: InputSource,
    pub(super) options: SheetOptions,
}

impl SheetFile {
    /// Reads it; its lines must be of this request, where they name one.
    pub(super) fn read(&self, request: Option<AnnotationRequestId>, names: &ItemNames) -> Result<Sheet, Failure> {
        let name = self.input.name();
        let unread = |error| Failure::Input(format!("{name}: cannot be read: {error}"));
        let options = SheetOptions { request, ..self.options.clone() };
        let (progress, bytes) = self.input.open_seekable(options.limits.max_bytes).map_err(unread)?;
        let sheet = Sheet::read(bytes, &options, names).map_err(|error| Failure::Input(format!("{name}: {error}")));
        progress.finish();
        sheet
    }
}

/// The names of what is recorded and of what was agreed on.
pub(super) fn names<'a>(recorded: impl IntoIterator<Item = &'a OperationItemKey>, taxonomy: &'a Taxonomy) -> ItemNames {
    // An item that is in both is named as it was agreed on.
    let agreed = taxonomy.operators().iter().map(|operator| (&operator.key, Some(&operator.label)));
    ItemNames::new(recorded.into_iter().map(|key| (key, None::<&ItemLabel>)).chain(agreed))
}
