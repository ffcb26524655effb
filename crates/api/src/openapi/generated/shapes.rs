//! The shapes of objects, where the derived ones are less exact than what is written.

use crate::openapi::generated::parts::bodies;
use std::collections::BTreeSet;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::{AllOf, Array, Object, OpenApi, RefOr, Schema};

/// Makes one object of those that one flattens into another, and closes the objects of responses: they have exactly
/// these fields. Those of requests stay open, as other fields are ignored.
pub(super) fn complete_shapes(document: &mut OpenApi) {
    let given = schemas_of_requests(document);
    for (name, schema) in document.components.iter_mut().flat_map(|components| &mut components.schemas) {
        complete(schema, !given.contains(name));
    }
}

fn complete(schema: &mut RefOr<Schema>, is_closed: bool) {
    if let RefOr::T(Schema::AllOf(parts)) = schema {
        *schema = merged(std::mem::take(parts)).into();
    }
    match schema {
        RefOr::T(Schema::Object(object)) => {
            if is_closed && !object.properties.is_empty() {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            object.properties.values_mut().for_each(|property| complete(property, is_closed));
        }
        RefOr::T(Schema::Array(Array { items: ArrayItems::RefOrSchema(items), .. })) => complete(items, is_closed),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

/// The parts as one object: a closed part would refuse the fields of the others.
fn merged(parts: AllOf) -> Object {
    let mut whole: Option<Object> = None;
    for part in parts.items {
        let RefOr::T(mut part) = part else { continue };
        if let Schema::AllOf(parts) = part {
            part = merged(parts).into();
        }
        let Schema::Object(part) = part else { continue };
        let Some(whole) = &mut whole else {
            whole = Some(part);
            continue;
        };
        whole.properties.extend(part.properties);
        whole.required.extend(part.required);
        whole.description = part.description.or(whole.description.take());
    }
    let mut whole = whole.unwrap_or_default();
    whole.description = parts.description.or(whole.description);
    whole
}

/// Takes out the schemas that nothing names: the data of envelopes, which are part of them.
///
/// # Errors
/// When the document cannot be written as JSON: a bug.
pub(super) fn drop_unnamed(document: &mut OpenApi) -> Result<(), serde_json::Error> {
    let written = document.to_json()?;
    if let Some(components) = &mut document.components {
        components.schemas.retain(|name, _| written.contains(&format!("\"#/components/schemas/{name}\"")));
    }
    Ok(())
}

/// The names of the schemas that bodies of requests have.
fn schemas_of_requests(document: &mut OpenApi) -> BTreeSet<String> {
    bodies(document).filter_map(|body| name_of(body.schema.as_ref()?)).collect()
}

fn name_of(schema: &RefOr<Schema>) -> Option<String> {
    match schema {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next().map(str::to_owned),
        RefOr::T(Schema::Array(Array { items: ArrayItems::RefOrSchema(items), .. })) => name_of(items),
        RefOr::T(_) => None,
    }
}
