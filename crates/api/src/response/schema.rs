//! Schemas of the `OpenAPI` document that several subjects share: of texts, numbers, domain types and headers.

mod headers;
mod row_fields;
mod statistics_row;
mod types;

pub(crate) use headers::{
    AcceptRanges, Allow, ContentDisposition, CountingRule, CountingRuleOfFile, EffectiveLimit, ExportedAt,
    LatestRevision, Link, Location, ReprDigest, RetryAfter, Revision, StatementETag, StatementOfResponse, StrongETag,
    UnknownAnnotationRequest, UnknownStatement, WeakETag, WwwAuthenticate, XRequestId, header,
};
pub(crate) use row_fields::{
    attribute_num, frame_num, given_source_name, instance_info, instance_num, item_key, item_kinds, operator_kind,
    pool_name, pool_type, source_name, task_id, task_status,
};
pub(crate) use statistics_row::StatisticsRow;
pub(crate) use types::{
    AnnotationRequestIdText, CampaignIdText, CountNumber, DayOrTime, DeltaNumber, FileBytes, FileObject, Null,
    OperationItemKeyText, PageNumber, PoolTypeNumber, SourceNameText, StatusNumber, SumNumber, item_kind, positive,
    schema_types, success, text,
};
