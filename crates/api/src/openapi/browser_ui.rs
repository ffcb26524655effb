//! The browser UI of the `OpenAPI` document, which needs nothing from elsewhere.

use crate::ResponseCode;
use crate::openapi::ui_files::ui_file;
use crate::response::ApiError;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION};
use actix_web::{HttpResponse, web};

const FIRST_PAGE: &str = "index.html";

/// What the UI needs, all of it from here; its styles are partly in the page. No other site can show it in a frame, where it
/// could capture clicks.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

const CACHING: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the UI; the empty name is its first page.
pub(crate) async fn ui(file: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let name = if file.is_empty() { FIRST_PAGE.to_owned() } else { file.into_inner() };
    let media_type = media_type(&name);
    // On another thread: the first time takes longer than other requests may wait.
    let found = web::block(move || ui_file(&name)).await.map_err(ApiError::Unread)?;
    let bytes = found.map_err(|error| ApiError::Documentation(error.into()))?;
    let bytes = bytes.ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let mut response = HttpResponse::Ok();
    response.content_type(media_type).insert_header((CACHE_CONTROL, CACHING));
    Ok(response.insert_header((CONTENT_SECURITY_POLICY, POLICY)).body(bytes))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// The links of the UI are relative to its folder.
pub(crate) async fn ui_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
}
