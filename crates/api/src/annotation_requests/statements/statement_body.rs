//! A statement as clients see it in an envelope.

use crate::annotation_requests::rfc_3339;
use crate::annotation_requests::statements::tag::StatementTag;
use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::{AnnotationRequestIdText, CampaignIdText, CountNumber, SumNumber};
use crate::response::{ApiError, Envelope, envelope};
use actix_web::HttpResponse;
use actix_web::http::header::ETAG;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, SigningKeyId, Statement, StatementError, StatementHead,
    StatementName, StatementNumber,
};
use annotation_statistics_statements::{Envelope as Document, PreviousEnvelope, SumsEnvelope};
use serde::Serialize;
use std::time::SystemTime;
use utoipa::ToSchema;

/// About the size of a statement, in bytes.
pub(super) const STATEMENT_BYTES: usize = 1_024;

// What is known of a statement without its document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatementHead)]
pub(super) struct HeadBody<'a> {
    #[schema(inline, value_type = AnnotationRequestIdText)]
    annotation_request_id: &'a AnnotationRequestId,
    /// The campaign of that.
    #[schema(inline, value_type = CampaignIdText)]
    campaign_id: &'a CampaignId,
    /// By which rule its instances were counted; null where none was stated.
    #[schema(value_type = Option<String>, required)]
    counting_rule: Option<&'a CountingRuleName>,
    /// Its name.
    #[schema(value_type = String)]
    name: &'a StatementName,
    /// Its number within the annotation request, from 1, without gaps.
    #[schema(value_type = u64)]
    number: StatementNumber,
    /// The state of the annotation request that it is of.
    revision: i64,
    #[serde(serialize_with = "rfc_3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: SystemTime,
    /// The key that it is signed with.
    #[schema(value_type = String)]
    key_id: &'a SigningKeyId,
    /// Who made it: the id of an access key, or where it was made.
    actor: &'a str,
    /// The SHA-256 of `statement.json`, in hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// What `rows.jsonl` is.
    #[schema(inline)]
    rows: RowsBody,
}

#[derive(Serialize, ToSchema)]
struct RowsBody {
    /// The SHA-256 of `rows.jsonl`, in hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// Its size.
    #[schema(inline, value_type = CountNumber)]
    bytes: u64,
    /// How many rows it has: one for each task.
    #[schema(inline, value_type = CountNumber)]
    tasks: u64,
}

// A statement, and the sums of its document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Statement)]
struct StatementBody<'a> {
    #[serde(flatten)]
    #[schema(inline)]
    head: HeadBody<'a>,
    /// The statement before it of the same annotation request; null for the first one.
    #[schema(required)]
    previous: Option<PreviousBody>,
    /// Over all tasks.
    total: SumsBody,
    /// Over the tasks in the pool of complete ones.
    delivered: SumsBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviousStatement)]
struct PreviousBody {
    #[schema(value_type = u64)]
    number: StatementNumber,
    /// The SHA-256 of its `statement.json`.
    sha256: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatementSums)]
#[expect(clippy::struct_field_names, reason = "the names of the fields of a row")]
struct SumsBody {
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    #[schema(inline, value_type = SumNumber)]
    instance_num: u128,
    #[schema(inline, value_type = SumNumber)]
    attribute_num: u128,
    #[schema(inline, value_type = SumNumber)]
    frame_num: u128,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatementEnvelope(#[schema(inline)] Envelope<'static, StatementBody<'static>>);

impl<'a> HeadBody<'a> {
    pub(super) fn of(head: &'a StatementHead) -> Self {
        Self {
            annotation_request_id: &head.annotation_request_id,
            campaign_id: &head.campaign_id,
            counting_rule: head.counting_rule.as_ref(),
            name: &head.name,
            number: head.number,
            revision: head.revision.number(),
            created_at: head.created_at,
            key_id: &head.key_id,
            actor: &head.actor,
            sha256: head.sha256.to_string(),
            rows: RowsBody { sha256: head.rows.sha256.to_string(), bytes: head.rows.bytes, tasks: head.task_count },
        }
    }
}

impl From<PreviousEnvelope> for PreviousBody {
    fn from(previous: PreviousEnvelope) -> Self {
        Self { number: previous.number, sha256: previous.sha256 }
    }
}

impl From<SumsEnvelope> for SumsBody {
    fn from(sums: SumsEnvelope) -> Self {
        let SumsEnvelope { task_num, instance_num, attribute_num, frame_num } = sums;
        Self { task_num, instance_num, attribute_num, frame_num }
    }
}

/// The response that has this statement.
///
/// # Errors
/// When its document is none.
pub(super) fn response(context: &RequestContext, statement: &Statement) -> Result<HttpResponse, ApiError> {
    let head = &statement.head;
    let document = Document::parse(&statement.body).map_err(|error| StatementError::Corrupt {
        what: format!("the document of statement {} of `{}`: {error}", head.number, head.annotation_request_id),
    })?;
    let body = StatementBody {
        head: HeadBody::of(head),
        previous: document.previous.map(PreviousBody::from),
        total: document.total.into(),
        delivered: document.delivered.into(),
    };
    let mut response = envelope::success(context, &body, STATEMENT_BYTES)?;
    response.headers_mut().insert(ETAG, StatementTag::of(head.sha256).header());
    Ok(response)
}
