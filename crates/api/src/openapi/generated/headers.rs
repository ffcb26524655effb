//! What the derived headers of responses lack.

use crate::openapi::generated::parts::operations;
use crate::response::schema::{XRequestId, header};
use utoipa::openapi::response::Response;
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// Adds the request id to every response, and moves what each header means from its schema to the header: an attribute
/// takes no constant for it.
pub(super) fn complete_headers(document: &mut OpenApi) {
    operations(document).for_each(|operation| operation.responses.responses.values_mut().for_each(complete));
}

fn complete(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    response.headers.insert("X-Request-Id".to_owned(), header::<XRequestId>().into());
    for header in response.headers.values_mut() {
        if let RefOr::T(header) = header
            && let Some(RefOr::T(Schema::Object(schema))) = &mut header.schema
        {
            header.description = schema.description.take();
        }
    }
}
