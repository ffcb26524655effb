//! Schemas of texts, numbers and domain types, which know nothing of `OpenAPI`.

use annotation_statistics_domain::{AnnotationRequestId, CampaignId, OperationItemKey, SourceName};
use utoipa::openapi::schema::{AnyOfBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, SchemaFormat};

const KIND_ABOUT: &str = "What its counts are; null where the tasks do not state it.";

/// Declares types that stand for a schema where a field or a parameter has another type: with bounds that are constants
/// of the domain, or larger than a literal of an attribute may be.
macro_rules! schema_types {
    ($($(#[$about:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$about])*
        pub(crate) enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema.into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

pub(crate) use schema_types;

schema_types! {
    AnnotationRequestIdText = bounded(AnnotationRequestId::MAX_BYTES);
    CampaignIdText = bounded(CampaignId::MAX_BYTES);
    StatusNumber = number(KnownFormat::Int32);
    PoolTypeNumber = number(KnownFormat::Int32).enum_values(Some(0..=5));
    SourceNameText = bounded(SourceName::MAX_BYTES);
    DayOrTime = AnyOfBuilder::new().item(formatted(KnownFormat::Date)).item(formatted(KnownFormat::DateTime));
    OperationItemKeyText = bounded(OperationItemKey::MAX_BYTES);
    /// A count; 64 bits hold it.
    CountNumber = count();
    /// A sum of 64-bit numbers may need more than 64 bits.
    SumNumber = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(0));
    /// A difference of such sums.
    DeltaNumber = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer));
    PageNumber = positive().default(Some(1.into()));
    /// A file of any bytes.
    FileBytes = text().format(Some(SchemaFormat::Custom("binary".to_owned())));
    /// A file that is one JSON object.
    FileObject = ObjectBuilder::from(Object::with_type(Type::Object));
    /// The data of an error.
    Null = ObjectBuilder::new().schema_type(Type::Null);
}

pub(crate) fn item_kind() -> ObjectBuilder {
    text_or_null().enum_values(Some([Some("slot"), Some("input"), None])).description(Some(KIND_ABOUT))
}

/// Of a response that has data.
pub(crate) fn success() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]))
}

pub(crate) fn positive() -> ObjectBuilder {
    number(KnownFormat::Int64).minimum(Some(1)).maximum(Some(i64::MAX.unsigned_abs()))
}

pub(crate) fn count() -> ObjectBuilder {
    number(KnownFormat::Int64).minimum(Some(0)).maximum(Some(i64::MAX.unsigned_abs()))
}

pub(crate) fn number(format: KnownFormat) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).format(Some(SchemaFormat::KnownFormat(format)))
}

fn formatted(format: KnownFormat) -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(format)))
}

pub(crate) fn text() -> ObjectBuilder {
    ObjectBuilder::from(Object::with_type(Type::String))
}

pub(crate) fn text_or_null() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]))
}

/// A text of a bounded size. The schema measures it in characters; the rule is about bytes, and there are never more
/// characters than bytes.
pub(crate) fn bounded(max: usize) -> ObjectBuilder {
    text().min_length(Some(1)).max_length(Some(max)).pattern(Some(r"^[^\u0000]+$"))
}
