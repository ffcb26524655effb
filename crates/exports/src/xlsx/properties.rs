//! The properties of a workbook.

use crate::provenance::{EXPORTED_AT, EXPORTED_AT_LOCAL, FILTER, Provenance};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

/// The characters that a property of a workbook may have.
const MOST_OF_A_PROPERTY: usize = 255;

/// What the workbook is of, and when it was made; a filter that is too long for a property is in the sheet of this name.
pub(crate) fn properties(provenance: &Provenance, sheet: &str) -> Result<DocProperties, XlsxError> {
    let time = ExcelDateTime::from_timestamp(provenance.exported_at.timestamp().as_second())?;
    let properties = DocProperties::new().set_title("Annotation statistics").set_creation_datetime(&time);
    let properties = properties.set_custom_property(EXPORTED_AT, provenance.exported_at_text());
    let properties = match provenance.exported_at_local_text() {
        Some(local) => properties.set_custom_property(EXPORTED_AT_LOCAL, local),
        None => properties,
    };
    let properties = match provenance.filter_text() {
        Some(filter) if filter.chars().count() > MOST_OF_A_PROPERTY => {
            properties.set_custom_property(FILTER, format!("see the sheet {sheet}"))
        }
        Some(filter) => properties.set_custom_property(FILTER, filter),
        None => properties,
    };
    // One name for all of them.
    let properties = match provenance.statements.first() {
        Some(statement) => properties.set_custom_property("statement", statement.name.as_str()),
        None => properties,
    };
    let properties = match provenance.statements.as_slice() {
        [statement] => properties
            .set_custom_property("statementNumber", statement.number.to_string())
            .set_custom_property("statementSha256", statement.sha256.to_string()),
        _ => properties,
    };
    let [request] = provenance.requests.as_slice() else {
        let number = i32::try_from(provenance.requests.len()).unwrap_or(i32::MAX);
        return Ok(properties.set_custom_property("annotationRequests", number));
    };
    let rule = request.counting_rule.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(properties
        .set_custom_property("annotationRequestId", request.id.as_str())
        .set_custom_property("campaignId", request.campaign_id.as_str())
        .set_custom_property("countingRule", rule)
        .set_custom_property("revision", request.revision.number().to_string())
        .set_custom_property("changedAt", request.changed_at_text().unwrap_or_default()))
}
