//! The parameters of an export: which annotation requests, which of their tasks, and in which format.

use crate::ApiSettings;
use crate::export::accept::acceptable;
use crate::http::AcceptedMedia;
use crate::http::parameters::{
    BOM, FORMAT, FilterList, RequestIdList, STATEMENT, TIME_ZONE, decode_name, flag, names_the_list, parameters,
    refuse_unknown, statement_name, take_once, time_zone,
};
use crate::response::InvalidParameter;
use actix_web::http::header::HeaderMap;
use annotation_statistics_domain::{AnnotationRequestIds, StatementName, TaskFilter};
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout};
use annotation_statistics_page::ReaderZone;

pub(crate) const LAYOUT: &str = "layout";

/// All of its parameters, for a message.
const PARAMETERS: &str = "annotationRequestId, statement, status, poolType, campaignId, format, layout, bom and tz";

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExportParams {
    pub(super) requests: AnnotationRequestIds,
    pub(super) filter: TaskFilter,
    /// The statement to read, in place of what is recorded now.
    pub(super) statement: Option<StatementName>,
    pub(super) options: ExportOptions,
    /// In which a file says when it was made, besides UTC.
    pub(super) zone: Option<ReaderZone>,
}

impl ExportParams {
    /// Reads a raw query string, and `Accept` where it does not name the format.
    pub(super) fn parse(query: &str, headers: &HeaderMap, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let (mut list, mut filters) = (RequestIdList::default(), FilterList::default());
        let (mut format, mut layout, mut bom, mut zone, mut statement) = (None, None, None, None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                FORMAT => take_once(&mut format, FORMAT, value, str::parse::<ExportFormat>)?,
                LAYOUT => take_once(&mut layout, LAYOUT, value, str::parse::<Layout>)?,
                BOM => take_once(&mut bom, BOM, value, flag)?,
                TIME_ZONE => take_once(&mut zone, TIME_ZONE, value, time_zone)?,
                STATEMENT => take_once(&mut statement, STATEMENT, value, statement_name)?,
                name if names_the_list(name) => list.add(value)?,
                name if filters.take(name, value)? => {}
                name => refuse_unknown(name, PARAMETERS)?,
            }
        }
        let format = format.map_or_else(|| acceptable(&AcceptedMedia::of(headers)), Ok)?;
        // An option that the format lacks is ignored, like an unknown parameter.
        let layout = layout.filter(|_| format.has_layouts()).unwrap_or_default();
        let byte_order_mark = bom == Some(true) && format.has_byte_order_mark();
        let (requests, filter) = (list.into_ids(settings)?, filters.into_filter(settings)?);
        Ok(Self { requests, filter, statement, options: ExportOptions { format, layout, byte_order_mark }, zone })
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
