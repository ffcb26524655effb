//! A taxonomy as clients send and see it.

use crate::annotation_requests::taxonomy::operator_body::{FlatOperators, OperatorBody, tree};
use crate::http::RequestContext;
use crate::http::body::read_object;
#[cfg(feature = "openapi")]
use crate::response::schema::OperationItemKeyText;
use crate::response::{ApiError, Envelope, envelope};
use actix_web::HttpResponse;
use annotation_statistics_domain::{
    KeptTaxonomy, OperationItemKey, Taxonomy, TaxonomyError, TaxonomyFlaw, TaxonomyPlace, TaxonomySource,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// About the size of an operator, in bytes.
const OPERATOR_BYTES: usize = 160;

// What was agreed on for an annotation request.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewTaxonomy, examples(json!({
    "operators": [{
        "key": "car", "kind": "slot", "label": "Car", "type": "rectangle", "maxQuantity": 50,
        "children": [{"key": "car/color", "kind": "input", "label": "Color", "type": "select", "required": true}],
    }],
    "operatorKeys": ["car", "car/color"],
})))]
pub(super) struct GivenTaxonomy {
    /// The operators at the top. None at all removes the taxonomy.
    operators: Vec<OperatorBody>,
    /// The keys of the operators that are ordered; without it, all of them.
    #[serde(default)]
    #[schema(inline, value_type = Option<Vec<OperationItemKeyText>>)]
    operator_keys: Option<Vec<OperationItemKey>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Taxonomy)]
struct TaxonomyBody<'a> {
    /// The operators at the top, in the order in which they were given.
    operators: Vec<OperatorBody>,
    /// The keys of the operators that are ordered, in their byte order.
    #[schema(inline, value_type = Vec<OperationItemKeyText>)]
    operator_keys: Vec<&'a OperationItemKey>,
    /// `stated` where it was put, `import` where it was not, and is what imported annotation files list. Not there without
    /// operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = TaxonomySourceName, required = false)]
    source: Option<&'static str>,
    /// Of the annotation request: different after each change of it.
    revision: i64,
}

// Where a taxonomy is from.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
enum TaxonomySourceName {
    Stated,
    Import,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct TaxonomyEnvelope(#[schema(inline)] Envelope<'static, TaxonomyBody<'static>>);

/// The taxonomy that a JSON object describes, as clients send it.
///
/// # Errors
/// When it describes none: the place in it, and the reason.
pub fn read_taxonomy(json: &str) -> Result<Taxonomy, String> {
    let given: GivenTaxonomy = read_object(json).map_err(|error| error.to_string())?;
    let refused = |path: String, error: &dyn std::fmt::Display| format!("{path}: {error}");
    let mut flat = FlatOperators::of(given.operators).map_err(|(path, error)| refused(path, &error))?;
    let taxonomy = Taxonomy::new(std::mem::take(&mut flat.operators), given.operator_keys);
    taxonomy.map_err(|error| refused(path_of(&flat, &error), &error))
}

fn path_of(flat: &FlatOperators, error: &TaxonomyError) -> String {
    let member = match &error.flaw {
        TaxonomyFlaw::DuplicateKey(_) => ".key",
        TaxonomyFlaw::DuplicateLabel(_) => ".label",
        TaxonomyFlaw::KindOfParent { .. } => ".kind",
        TaxonomyFlaw::TooMany { .. }
        | TaxonomyFlaw::TooDeep { .. }
        | TaxonomyFlaw::ParentNotBefore
        | TaxonomyFlaw::NoSuchOperator(_) => "",
    };
    match error.place {
        TaxonomyPlace::Operator(index) => format!("{}{member}", flat.path_to(index)),
        TaxonomyPlace::WhitelistKey(index) => format!("operatorKeys[{index}]"),
    }
}

/// The response to a taxonomy that was read or replaced.
pub(super) fn response(context: &RequestContext, kept: &KeptTaxonomy) -> Result<HttpResponse, ApiError> {
    let body = TaxonomyBody {
        operators: tree(&kept.taxonomy),
        operator_keys: kept.taxonomy.whitelist().iter().collect(),
        source: kept.source.map(TaxonomySource::name),
        revision: kept.revision.number(),
    };
    Ok(envelope::success(context, &body, OPERATOR_BYTES * (1 + kept.taxonomy.operators().len()))?)
}
