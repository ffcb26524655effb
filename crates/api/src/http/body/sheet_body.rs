//! The body of a comparison: a sheet, read within limits of its own.

use crate::ApiState;
use crate::http::body::body_limit::BodyLimit;
use crate::http::body::media_type::sheet_format;
use crate::http::body::reader::BodyReader;
use crate::http::{Caller, HeldMemory};
use crate::response::ApiError;
use actix_web::web::BytesMut;
use actix_web::{HttpMessage, HttpRequest, web};
use annotation_statistics_reconciliation::SheetFormat;

/// A sheet, and the memory that is reserved for it until it is dropped.
#[derive(Debug)]
pub(crate) struct SheetBody {
    /// The format that its media type states; `None` where that says nothing of it.
    pub(crate) format: Option<SheetFormat>,
    bytes: BytesMut,
    _held: HeldMemory,
}

impl SheetBody {
    /// Reads the body, if it may be a sheet.
    ///
    /// # Errors
    /// When it is of another media type, too large, too slow or cut off, or when the sheets of other requests take all the
    /// memory.
    pub(crate) async fn read(request: &HttpRequest, payload: web::Payload, state: &ApiState) -> Result<Self, ApiError> {
        let format = sheet_format(request.headers())?;
        // The authorization has read and verified this body; its memory is reserved again below.
        drop(request.extensions_mut().remove::<HeldMemory>());
        let mut reader = BodyReader::within(BodyLimit::Sheet, payload, Caller::of(request), state);
        let capacity = BodyLimit::Sheet.capacity(request.headers(), &state.settings);
        let mut bytes = BytesMut::new();
        while let Some(chunk) = reader.next().await? {
            // What is in one piece already, as after the authorization, is not copied.
            if bytes.is_empty() && chunk.len() >= capacity {
                bytes = chunk.into();
            } else {
                bytes.reserve(capacity.saturating_sub(bytes.len()).max(chunk.len()));
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(Self { format, bytes, _held: reader.into_held() })
    }
}

impl AsRef<[u8]> for SheetBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
