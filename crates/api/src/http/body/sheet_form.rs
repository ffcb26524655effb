//! The form of the HTML page that has a sheet in it.

use crate::http::body::body_limit::BodyLimit;
use crate::http::body::reader::BodyReader;
use crate::http::{Caller, HeldMemory};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiState, ResponseCode};
use actix_multipart::{Field, Multipart};
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{HttpRequest, web};
use futures_util::{Stream, StreamExt, stream};
use std::cell::Cell;
use std::rc::Rc;

/// `multipart/form-data`
const FORM: &str = "multipart/form-data";

/// The largest field besides the sheet, in bytes.
const MAX_FIELD: usize = 1_024;

/// The longest name of a file that is shown, in characters.
const MAX_FILE_NAME: usize = 255;

const TOKEN: &str = "form";
const WORKSHEET: &str = "worksheet";
const SHOWN_AS: &str = "shown-as";
const SHEET: &str = "sheet";

/// A sheet as it was sent by the form, and the memory that is reserved for it until it is dropped.
#[derive(Debug)]
pub(crate) struct SheetForm {
    pub(crate) worksheet: String,
    /// `csv` or `page`.
    pub(crate) shown_as: String,
    /// What its sender calls the file.
    pub(crate) file: String,
    bytes: BytesMut,
    _held: HeldMemory,
}

/// The fields, as far as they have come.
#[derive(Default)]
struct Fields {
    token: String,
    worksheet: String,
    shown_as: String,
    sheet: Option<(String, BytesMut)>,
}

impl SheetForm {
    /// Reads the body, if it is a form with a sheet; `None` where its token is not ours, which is checked before the sheet is
    /// read.
    ///
    /// # Errors
    /// When it is of another media type, has no sheet, is too large, too slow or cut off, or when the sheets of other
    /// requests take all the memory.
    pub(crate) async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        state: &ApiState,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<Option<Self>, ApiError> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM) {
            return Err(ApiError::Refused(ResponseCode::UnsupportedMediaType));
        }
        let reader = BodyReader::within(BodyLimit::Sheet, payload, Caller::of(request), state);
        let failure = Rc::default();
        let parts = Multipart::new(request.headers(), chunks(reader, Rc::clone(&failure)));
        let capacity = BodyLimit::Sheet.capacity(request.headers(), &state.settings);
        let fields = Fields::read(parts, capacity, &is_ours).await;
        let fields = fields.map_err(|error| failure.take().unwrap_or_else(|| error.into()))?;
        if !is_ours(&fields.token) {
            return Ok(None);
        }
        let Fields { worksheet, shown_as, sheet, .. } = fields;
        let (file, bytes) = sheet.ok_or_else(|| InvalidParameter("there is no sheet in the form".to_owned()))?;
        // What the reader has reserved for the whole form is free again.
        let mut held = state.sheet_memory.hold(Caller::of(request));
        held.take(bytes.len())?;
        Ok(Some(Self { worksheet, shown_as, file, bytes, _held: held }))
    }
}

impl AsRef<[u8]> for SheetForm {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Fields {
    async fn read(
        mut parts: Multipart,
        capacity: usize,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<Self, InvalidParameter> {
        let mut fields = Self::default();
        while let Some(field) = parts.next().await {
            let mut field = field.map_err(|_| unreadable())?;
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                SHEET if !is_ours(&fields.token) => break,
                SHEET => {
                    let file = field.content_disposition().and_then(|about| about.get_filename());
                    let file = file.unwrap_or_default().chars().take(MAX_FILE_NAME).collect();
                    fields.sheet =
                        Some((file, bytes_of(&mut field, BytesMut::with_capacity(capacity), usize::MAX).await?));
                }
                TOKEN => fields.token = text_of(&mut field).await?,
                WORKSHEET => fields.worksheet = text_of(&mut field).await?,
                SHOWN_AS => fields.shown_as = text_of(&mut field).await?,
                _ => drop(bytes_of(&mut field, BytesMut::new(), MAX_FIELD).await?),
            }
        }
        Ok(fields)
    }
}

fn unreadable() -> InvalidParameter {
    InvalidParameter("the form cannot be read".to_owned())
}

async fn text_of(field: &mut Field) -> Result<String, InvalidParameter> {
    let bytes = bytes_of(field, BytesMut::new(), MAX_FIELD).await?;
    String::from_utf8(bytes.to_vec()).map_err(|_| unreadable())
}

/// The content of a field of at most so many bytes, in this buffer.
async fn bytes_of(field: &mut Field, mut bytes: BytesMut, max: usize) -> Result<BytesMut, InvalidParameter> {
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_| unreadable())?;
        if chunk.len() > max.saturating_sub(bytes.len()) {
            return Err(unreadable());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The chunks of a body within its limits, and none after the last, however often the parser looks for more. Why they end too early is left in `failure`: the parser has no word for it.
fn chunks(
    reader: BodyReader<web::Payload>,
    failure: Rc<Cell<Option<ApiError>>>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> + 'static {
    stream::unfold(Some(reader), move |reader| {
        let failure = Rc::clone(&failure);
        async move {
            let mut reader = reader?;
            match reader.next().await {
                Ok(chunk) => chunk.map(|chunk| (Ok(chunk), Some(reader))),
                Err(error) => {
                    failure.set(Some(error));
                    Some((Err(PayloadError::Incomplete(None)), None))
                }
            }
        }
    })
    .fuse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{ports, settings, state_of};
    use crate::{ApiSettings, ReconciliationSettings};
    use actix_web::FromRequest;
    use actix_web::dev::Payload;
    use actix_web::test::TestRequest;

    const BOUNDED: &str = "multipart/form-data; boundary=X";

    async fn read(media_type: &str, body: &str) -> Result<Option<SheetForm>, ApiError> {
        let reconciliation = ReconciliationSettings { max_body: 2_000, ..settings().reconciliation };
        let state = state_of(ports(), ApiSettings { reconciliation, ..settings() });
        let request = TestRequest::post().insert_header((CONTENT_TYPE, media_type)).to_http_request();
        let mut payload = Payload::from(Bytes::copy_from_slice(body.as_bytes()));
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        SheetForm::read(&request, payload, &state, |token| token == "ours").await
    }

    fn part(about: &str, content: &str) -> String {
        format!("--X\r\nContent-Disposition: form-data; {about}\r\n\r\n{content}\r\n")
    }

    fn form(token: &str, more: &str) -> String {
        format!("{}{more}--X--\r\n", part("name=\"form\"", token))
    }

    #[actix_web::test]
    async fn a_form_has_its_fields_and_a_sheet_with_its_name_as_it_is() {
        let fields = [("worksheet", "Blatt ä"), ("shown-as", "csv"), ("other", "x")];
        let fields: String = fields.map(|(name, value)| part(&format!("name=\"{name}\""), value)).concat();
        let sheet = part("name=\"sheet\"; filename=\"a b.csv\"", "id,count\r\n--7,\r\r\n");
        let read = read(BOUNDED, &form("ours", &(fields + &sheet))).await.unwrap().unwrap();
        assert_eq!([&*read.worksheet, &*read.shown_as, &*read.file], ["Blatt ä", "csv", "a b.csv"]);
        assert_eq!(read.as_ref(), b"id,count\r\n--7,\r\r\n");
    }

    #[actix_web::test]
    async fn a_form_of_others_is_not_read_and_one_that_cannot_be_is_refused() {
        let sheet = part("name=\"sheet\"; filename=\"\"", "id,count");
        for (body, reason) in [(form("theirs", &sheet), "another token"), (sheet.clone() + "--X--\r\n", "none")] {
            assert!(read(BOUNDED, &body).await.unwrap().is_none(), "{reason}");
        }
        let long = part("name=\"worksheet\"", &"x".repeat(1_025));
        let large = part("name=\"sheet\"; filename=\"\"", &"x".repeat(2_000));
        for (media_type, body, code, reason) in [
            ("text/csv", "id,count".to_owned(), ResponseCode::UnsupportedMediaType, "no form"),
            (BOUNDED, form("ours", ""), ResponseCode::InvalidParameter, "no sheet"),
            (BOUNDED, form("ours", &long), ResponseCode::InvalidParameter, "a long field"),
            (FORM, form("ours", &sheet), ResponseCode::InvalidParameter, "no boundary"),
            (BOUNDED, part("name=\"form\"", "ours") + "--X\r\n", ResponseCode::InvalidParameter, "cut off"),
            (BOUNDED, form("ours", &large), ResponseCode::PayloadTooLarge, "too large"),
        ] {
            assert_eq!(read(media_type, &body).await.unwrap_err().code(), code, "{reason}");
        }
    }
}
