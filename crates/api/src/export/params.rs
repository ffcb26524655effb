//! The parameters of an export: which annotation requests, and in which format.

use crate::ApiSettings;
use crate::export::accept::acceptable;
use crate::http::decode;
use crate::http::parameters::{RequestIdList, decode_name, names_the_list, parameters, refuse_unknown};
use crate::response::{InvalidParameter, invalid, quoted};
use actix_web::http::header::{ACCEPT, HeaderMap};
use annotation_statistics_domain::AnnotationRequestIds;
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout};
use std::fmt::Display;

pub(crate) const FORMAT: &str = "format";
pub(crate) const LAYOUT: &str = "layout";
pub(crate) const BOM: &str = "bom";

/// All of its parameters, for a message.
const PARAMETERS: &str = "annotationRequestId, format, layout and bom";

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExportParams {
    pub(super) requests: AnnotationRequestIds,
    pub(super) options: ExportOptions,
}

impl ExportParams {
    /// Reads a raw query string, and `Accept` where it does not name the format.
    pub(super) fn parse(query: &str, headers: &HeaderMap, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let mut list = RequestIdList::default();
        let (mut format, mut layout, mut bom) = (None, None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                FORMAT => take(&mut format, FORMAT, value, str::parse::<ExportFormat>)?,
                LAYOUT => take(&mut layout, LAYOUT, value, str::parse::<Layout>)?,
                BOM => take(&mut bom, BOM, value, |text| text.parse::<bool>().map_err(|_| "must be true or false"))?,
                name if names_the_list(name) => list.add(value)?,
                name => refuse_unknown(name, PARAMETERS)?,
            }
        }
        let accepted = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        let format = format.map_or_else(|| acceptable(accepted), Ok)?;
        // An option that the format lacks is ignored, like an unknown parameter.
        let layout = layout.filter(|_| format.has_layouts()).unwrap_or_default();
        let byte_order_mark = bom == Some(true) && format.has_byte_order_mark();
        let requests = list.into_ids(settings)?;
        Ok(Self { requests, options: ExportOptions { format, layout, byte_order_mark } })
    }
}

fn take<T, E: Display>(
    slot: &mut Option<T>,
    name: &str,
    value: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<(), InvalidParameter> {
    let text = decode(value).map_err(|error| invalid(name, &format!("{error}, got {}", quoted(value))))?;
    let value = read(&text).map_err(|why| invalid(name, &format!("{why}, got {}", quoted(&text))))?;
    if slot.replace(value).is_some() { Err(invalid(name, "must be given only once")) } else { Ok(()) }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
