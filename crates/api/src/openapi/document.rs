//! The `OpenAPI` document as it is served: that of the repository, with the settings of the service.

use crate::openapi::limits::with_limits;
use crate::openapi::ordered_json::{Members, OrderedJson};
use crate::response::envelope::{JSON, Unwritable};
use crate::response::{ApiError, ResponseCode};
use crate::{ApiSettings, ApiState, BasePath};
#[cfg(feature = "openapi")]
use crate::{paths::OPENAPI, response::PathErrors};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

/// Of the default settings, where requests need an access key.
const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

const CACHING: HeaderValue = HeaderValue::from_static("no-cache");

/// How a request is refused that needs an access key.
const REFUSALS: [ResponseCode; 3] =
    [ResponseCode::AuthenticationFailed, ResponseCode::SignatureExpired, ResponseCode::TooManyRequests];

/// The document, as far as it depends on the service. An operation that is guarded by access keys has `security`.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    openapi: OrderedJson,
    info: OrderedJson,
    paths: Members<Members<Members<OrderedJson>>>,
    components: Members<OrderedJson>,
}

impl Document {
    /// Moves what is guarded under the base path.
    fn under(mut self, base_path: &BasePath) -> Self {
        let moved = self.paths.into_iter().map(|(path, operations)| {
            let is_guarded = operations.values().any(|operation| operation.contains_key("security"));
            (if is_guarded { format!("{base_path}{path}") } else { path }, operations)
        });
        self.paths = moved.collect();
        self
    }

    /// Removes what concerns access keys, where none is needed.
    fn without_access_keys(mut self) -> Self {
        self.components.shift_remove("securitySchemes");
        for operation in self.paths.values_mut().flat_map(Members::values_mut) {
            let is_guarded = operation.shift_remove("security").is_some();
            if is_guarded && let Some(OrderedJson::Object(responses)) = operation.get_mut("responses") {
                responses.retain(|status, _| REFUSALS.iter().all(|code| code.status().as_str() != status));
            }
        }
        self
    }
}

/// The document of an interface with these settings.
///
/// # Errors
/// When it cannot be read or written: a bug.
fn document(settings: &ApiSettings, needs_keys: bool) -> Result<String, serde_json::Error> {
    let document: Document = serde_json::from_str(&with_limits(DOCUMENT, settings))?;
    let document = document.under(&settings.base_path);
    let document = if needs_keys { document } else { document.without_access_keys() };
    let mut document = serde_json::to_string_pretty(&document)?;
    document.push('\n');
    Ok(document)
}

#[utoipa::path(
    get,
    path = OPENAPI,
    operation_id = "getOpenApi",
    summary = "This document",
    responses((status = 200, description = "This document", body = inline(Object)), PathErrors),
)]
pub(crate) async fn get_document(state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let document = match state.document.get() {
        Some(document) => document.clone(),
        None => written(&state).map(|text| state.document.get_or_init(|| text.into()).clone())?,
    };
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).insert_header((CACHE_CONTROL, CACHING)).body(document))
}

fn written(state: &ApiState) -> Result<String, ApiError> {
    let written = document(&state.settings, state.guard.is_some());
    written.map_err(|error| Unwritable::from(std::io::Error::from(error)).into())
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
