//! The time zone of the reader.

use annotation_statistics_page::ReaderZone;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

pub(crate) const TIME_ZONE: &str = "tz";

/// The parameter `tz`, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(names("tz"), parameter_in = Query)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct TimeZoneParam(
    /// The time zone in which a workbook or a Parquet file says when it was made, besides UTC: a name of the IANA database.
    #[param(required = false, example = "Europe/Berlin")]
    String,
);

/// A zone by its name, which is one of the database of this machine.
pub(crate) fn time_zone(name: &str) -> Result<ReaderZone, &'static str> {
    ReaderZone::named(name).ok_or("must be a time zone, such as Europe/Berlin")
}
