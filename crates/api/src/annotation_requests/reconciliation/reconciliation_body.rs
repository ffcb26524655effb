//! What a comparison comes to, as clients see it.

use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::{CountNumber, DeltaNumber, schema_types, text};
use crate::response::{ApiError, Envelope, envelope};
use actix_web::HttpResponse;
use annotation_statistics_domain::Revision;
use annotation_statistics_reconciliation::{ControlTotal, Difference, FirstDifferences, Reconciliation, Sums};
use serde::Serialize;
use utoipa::ToSchema;

/// About the size of the body without its differences, and of one of them, in bytes.
const BODY_BYTES: usize = 700;
const LINE_BYTES: usize = 220;

#[cfg(feature = "openapi")]
schema_types! {
    ClassName = text().enum_values(Some(["differing", "missing", "extra", "duplicate"]));
    SheetBytes = text();
    LinesBytes = text();
    MeasureName = text().enum_values(Some(["count", "instanceNum", "attributeNum", "frameNum"]));
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reconciliation)]
struct ReconciliationBody<'a> {
    /// Whether both agree in all they say: nothing differs, is missing, extra or twice, and the line of sums is right.
    agrees: bool,
    /// The lines of the sheet that state something, without its header and its line of sums.
    #[schema(inline, value_type = CountNumber)]
    sheet_lines: u64,
    /// The values that they state, `matched` + `differing` + `extra` + `duplicate`: a line with three numbers states three.
    #[schema(inline, value_type = CountNumber)]
    lines: u64,
    /// Values that agree.
    #[schema(inline, value_type = CountNumber)]
    matched: u64,
    /// Values that both have, and that differ.
    #[schema(inline, value_type = CountNumber)]
    differing: u64,
    /// Recorded values that the sheet does not have.
    #[schema(inline, value_type = CountNumber)]
    missing: u64,
    /// Values that only the sheet has.
    #[schema(inline, value_type = CountNumber)]
    extra: u64,
    /// Values that an earlier line has already; they are not compared.
    #[schema(inline, value_type = CountNumber)]
    duplicate: u64,
    ours: SumsBody,
    theirs: SumsBody,
    /// Ours - theirs, and the sum of the deltas of all values, in exact integers.
    delta: SumsBody,
    /// The sheet's own line of sums, where it has one.
    #[schema(required)]
    control_total: Option<ControlTotalBody>,
    /// Columns that were not compared, by the names that the sheet gives them.
    ignored_columns: &'a [String],
    /// Extra ids that end as those do which a spreadsheet rounded.
    #[schema(inline, value_type = CountNumber)]
    rounded_ids: u64,
    /// The state of the annotation request that was compared.
    revision: i64,
    /// The first 100 values that do not match, in the order in which they were compared.
    #[schema(value_type = Vec<DifferenceBody>)]
    data: &'a [Difference],
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ReconciliationEnvelope(#[schema(inline)] Envelope<'static, ReconciliationBody<'static>>);

/// The sums of one side, of what the sheet states.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReconciliationSums)]
struct SumsBody {
    /// Of operation items.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = DeltaNumber, required = false)]
    count: Option<i128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = DeltaNumber, required = false)]
    instance_num: Option<i128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = DeltaNumber, required = false)]
    attribute_num: Option<i128>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = DeltaNumber, required = false)]
    frame_num: Option<i128>,
}

// A value that does not match, as the document describes it: the comparison, whose type it is, knows nothing of `OpenAPI`.
#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = Difference, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct DifferenceBody {
    #[schema(inline)]
    class: ClassName,
    /// The line of the sheet, from 1; null where the sheet does not have the value.
    #[schema(inline, required, value_type = Option<CountNumber>)]
    line: Option<u64>,
    /// The task; null in a sheet of sums, and of a source name that no task has.
    #[schema(required)]
    id: Option<i64>,
    /// What the task was made of, where that is known.
    #[schema(required)]
    source_name: Option<String>,
    /// The key of the operation item; null of a total.
    #[schema(required)]
    operation_item: Option<String>,
    /// The name of the operation item for people, where it has one.
    #[schema(required)]
    label: Option<String>,
    /// What was counted: `count` of an operation item, or a total.
    #[schema(inline)]
    measure: MeasureName,
    /// The recorded number, 0 where none is recorded.
    #[schema(inline, value_type = DeltaNumber)]
    ours: i128,
    /// The number of the sheet, 0 where it has none.
    #[schema(inline, value_type = DeltaNumber)]
    theirs: i128,
    #[schema(inline, value_type = DeltaNumber)]
    delta: i128,
}

/// A line of the sheet that gives the sums of its others.
#[derive(Serialize, ToSchema)]
#[schema(as = ControlTotal)]
struct ControlTotalBody {
    /// Its line, from 1.
    #[schema(inline, value_type = CountNumber)]
    line: u64,
    stated: SumsBody,
    /// Whether that is what the lines of the sheet add up to.
    agrees: bool,
}

impl From<Sums> for SumsBody {
    fn from(sums: Sums) -> Self {
        let Sums { count, instance_num, attribute_num, frame_num } = sums;
        Self { count, instance_num, attribute_num, frame_num }
    }
}

impl From<ControlTotal> for ControlTotalBody {
    fn from(total: ControlTotal) -> Self {
        Self { line: total.line, stated: total.stated.into(), agrees: total.agrees }
    }
}

pub(super) fn response(
    context: &RequestContext,
    reconciliation: &Reconciliation,
    first: &FirstDifferences,
    revision: Revision,
) -> Result<HttpResponse, ApiError> {
    let body = ReconciliationBody {
        agrees: reconciliation.agrees(),
        sheet_lines: reconciliation.sheet_lines,
        lines: reconciliation.lines,
        matched: reconciliation.matched,
        differing: reconciliation.differing,
        missing: reconciliation.missing,
        extra: reconciliation.extra,
        duplicate: reconciliation.duplicate,
        ours: reconciliation.ours.into(),
        theirs: reconciliation.theirs.into(),
        delta: reconciliation.delta.into(),
        control_total: reconciliation.control_total.map(Into::into),
        ignored_columns: &reconciliation.ignored_columns,
        rounded_ids: reconciliation.rounded_ids,
        revision: revision.number(),
        data: first.lines(),
    };
    Ok(envelope::success(context, &body, BODY_BYTES + LINE_BYTES * body.data.len())?)
}
