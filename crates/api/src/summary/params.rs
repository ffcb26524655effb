//! The parameters of a summary: which annotation requests, which of their tasks, and how operation items are kept apart.

use crate::ApiSettings;
use crate::http::AcceptedMedia;
use crate::http::parameters::{
    ANNOTATION_REQUEST_ID, BOM, FORMAT, FilterList, ITEMS_BY, POOL_TYPE, RequestIdList, STATEMENT, STATUS, TIME_ZONE,
    decode_name, each_of, flag, names_list, names_the_list, parameters, refuse_unknown, statement_name, take_once,
    time_zone,
};
use crate::response::InvalidParameter;
#[cfg(feature = "openapi")]
use crate::response::schema::{schema_types, text};
use crate::summary::file::preferred;
use actix_web::http::header::HeaderMap;
use annotation_statistics_domain::{AnnotationRequestIds, ItemsBy, StatementName, SummaryQuery};
use annotation_statistics_exports::{SummaryFormat, UnknownSummaryFormat};
use annotation_statistics_page::ReaderZone;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;
#[cfg(feature = "openapi")]
use utoipa::openapi::{ObjectBuilder, schema::Type};

/// All of its parameters, for a message.
const PARAMETERS: &str = "annotationRequestId, statement, status, poolType, campaignId, itemsBy, format, bom and tz";

/// The envelope by the name of a format.
const JSON_NAME: &str = "json";

#[cfg(feature = "openapi")]
schema_types! {
    SummaryFormatName = text().enum_values(Some([JSON_NAME, "csv", "xlsx"]));
    SummaryFileBytes = text();
    ByteOrderMark = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
    ItemsByName = text().enum_values(Some([POOL_TYPE, STATUS, ANNOTATION_REQUEST_ID]));
}

/// How operation items are kept apart, and in which form, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct FormParams {
    /// By what the sums of each operation item are kept apart, in `operationItemParts`: names of fields, repeated or with
    /// commas between them.
    #[param(style = Form, explode, inline, required = false)]
    items_by: Vec<ItemsByName>,
    /// The format; without it, `Accept` decides, and json where that allows it as gladly, or none of them.
    #[param(inline, required = false)]
    format: SummaryFormatName,
    /// Whether csv starts with a byte order mark, by which Excel knows that it is UTF-8.
    #[param(inline, required = false)]
    bom: ByteOrderMark,
}

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SummaryParams {
    pub(super) requests: AnnotationRequestIds,
    pub(super) query: SummaryQuery,
    /// The statement to read, in place of what is recorded now.
    pub(super) statement: Option<StatementName>,
    /// `None` for the envelope.
    pub(super) format: Option<SummaryFormat>,
    /// Whether CSV starts with a byte order mark.
    pub(super) byte_order_mark: bool,
    /// In which a file says when it was made, besides UTC.
    pub(super) zone: Option<ReaderZone>,
}

impl SummaryParams {
    /// Reads a raw query string, and `Accept` where it does not name the format.
    pub(super) fn parse(query: &str, headers: &HeaderMap, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let (mut list, mut filters) = (RequestIdList::default(), FilterList::default());
        let (mut items_by, mut places) = (ItemsBy::default(), 0);
        let (mut format, mut bom, mut zone, mut statement) = (None, None, None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                FORMAT => take_once(&mut format, FORMAT, value, format_of)?,
                BOM => take_once(&mut bom, BOM, value, flag)?,
                TIME_ZONE => take_once(&mut zone, TIME_ZONE, value, time_zone)?,
                STATEMENT => take_once(&mut statement, STATEMENT, value, statement_name)?,
                name if names_the_list(name) => list.add(value)?,
                name if filters.take(name, value)? => {}
                name if names_list(name, ITEMS_BY) => {
                    each_of(ITEMS_BY, value, &mut places, |field| keep_apart(&mut items_by, field))?;
                }
                name => refuse_unknown(name, PARAMETERS)?,
            }
        }
        let query = SummaryQuery { filter: filters.into_filter(settings)?, items_by };
        let format = format.unwrap_or_else(|| preferred(&AcceptedMedia::of(headers)));
        let byte_order_mark = bom == Some(true) && format == Some(SummaryFormat::Csv);
        Ok(Self { requests: list.into_ids(settings)?, query, statement, format, byte_order_mark, zone })
    }
}

/// `None` for the envelope.
fn format_of(name: &str) -> Result<Option<SummaryFormat>, UnknownSummaryFormat> {
    if name == JSON_NAME { Ok(None) } else { name.parse().map(Some) }
}

fn keep_apart(by: &mut ItemsBy, field: &str) -> Result<(), &'static str> {
    match field {
        POOL_TYPE => by.pool_type = true,
        STATUS => by.status = true,
        ANNOTATION_REQUEST_ID => by.request = true,
        _ => return Err("must be poolType, status or annotationRequestId"),
    }
    Ok(())
}
