//! The browser UI of the `OpenAPI` document, which needs nothing from elsewhere.

use crate::ResponseCode;
use crate::response::ApiError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ContentEncoding, HeaderValue, LOCATION,
};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use std::borrow::Cow;
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// Where the UI finds the document: relative, so that it works behind any prefix.
const DOCUMENT: &str = "../openapi.json";

/// What the UI needs, all of it from here; its styles are partly in the page. No other site can show it in a frame, where it
/// could capture clicks.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

const CACHING: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the UI; the empty name is its first page.
pub(crate) async fn ui(file: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let config = Arc::new(Config::new([DOCUMENT]));
    let found = utoipa_swagger_ui::serve(&file, config).map_err(ApiError::Documentation)?;
    let file = found.ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header((CACHE_CONTROL, CACHING));
    response.insert_header((CONTENT_SECURITY_POLICY, POLICY));
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    // One that is part of the program is sent from there: its readers may be slow, and many.
    Ok(response.body(match file.bytes {
        Cow::Borrowed(part_of_the_program) => Bytes::from_static(part_of_the_program),
        Cow::Owned(made) => made.into(),
    }))
}

/// The links of the UI are relative to its folder.
pub(crate) async fn ui_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
}
