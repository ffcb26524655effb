//! The parts of a document, one after the other.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// Its operations.
pub(super) fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let items = document.paths.paths.values_mut();
    items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.put, &mut item.delete]).filter_map(Option::as_mut)
}

/// What the bodies of their requests may be.
pub(super) fn bodies(document: &mut OpenApi) -> impl Iterator<Item = &mut Content> {
    let bodies = operations(document).filter_map(|operation| operation.request_body.as_mut().and_then(own));
    bodies.flat_map(|body| body.content.values_mut()).filter_map(own)
}

/// What is here, and not referred to: nothing of ours is.
fn own<T>(part: &mut RefOr<T>) -> Option<&mut T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}
