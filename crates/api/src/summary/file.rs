//! A summary as a file that is downloaded.

use crate::http::{AcceptedMedia, RequestContext};
use crate::response::ApiError;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestIds;
use annotation_statistics_exports::{FileName, SummaryFile, SummaryFormat};

/// The media type of envelopes.
const JSON: &str = "application/json";

/// The format of the file that a client prefers to the envelope. `None` where it takes that as gladly, says nothing or accepts
/// none of them.
pub(super) fn preferred(accepted: &AcceptedMedia) -> Option<SummaryFormat> {
    let quality = |format: SummaryFormat| {
        let file = format.of_file();
        accepted.quality(file.media_type(), file.other_media_types())
    };
    let files = SummaryFormat::ALL.into_iter().rev().map(|format| (quality(format), format));
    let (best, format) = files.max_by_key(|(quality, _)| *quality)?;
    (best > accepted.quality(JSON, &[])).then_some(format)
}

/// The file as a response. It is written on a thread that it may block.
pub(super) async fn file_response(
    context: &RequestContext,
    requests: &AnnotationRequestIds,
    file: SummaryFile,
) -> Result<HttpResponse, ApiError> {
    let format = file.format;
    let written = web::block(move || file.write()).await.map_err(|error| ApiError::Unexported(error.into()))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(format.of_file().content_type())));
    let name = FileName::of_summary(requests, &context.date.strftime("%Y-%m-%d").to_string(), format);
    if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
        response.insert_header((CONTENT_DISPOSITION, disposition));
    }
    Ok(response.body(written.map_err(ApiError::Unexported)?))
}
