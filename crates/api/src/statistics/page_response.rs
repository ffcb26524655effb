//! The response with a page of rows.

use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::{CountNumber, StatisticsRow};
use crate::response::{
    ApiError, Envelope, ResponseTooLarge, WrittenSize, envelope, unchanged, with_statement, with_tag,
};
use crate::statistics::page_cache::CachedPage;
use crate::statistics::page_query::{FoundPage, PageContent, ReadPage};
use crate::statistics::params::StatisticsParams;
use crate::{ApiSettings, ApiState};
use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use annotation_statistics_domain::{RegistryError, RepositoryError, Statistics, Whitelist};
use std::io;
use utoipa::ToSchema;

/// The limit that a larger one was lowered to.
const EFFECTIVE_LIMIT: HeaderName = HeaderName::from_static("effective-limit");

/// About the size of a row.
const ROW_BYTES: usize = 384;

// The data of a page.
#[derive(ToSchema)]
pub(crate) struct Rows<'a> {
    /// Rows over all pages of the requested annotation requests, exact.
    #[schema(inline, value_type = CountNumber)]
    count: u64,
    #[schema(value_type = [StatisticsRow])]
    data: &'a [Statistics],
    /// The whitelist of each row that is to have zeros.
    #[schema(ignore)]
    whitelists: &'a [Whitelist],
}

impl<'a> Rows<'a> {
    fn of(read: &'a ReadPage) -> Self {
        let ReadPage { page, whitelists } = read;
        Self { count: page.count, data: &page.rows, whitelists: whitelists.as_deref().unwrap_or_default() }
    }

    fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
        write!(out, "{{\"count\":{},\"data\":[", self.count)?;
        for index in 0..self.data.len() {
            out.write_all(if index == 0 { b"" } else { b"," })?;
            self.write_row(index, out)?;
        }
        out.write_all(b"]}")
    }

    /// Zeros are only added while a row is written: all rows with them may be more than memory has.
    fn write_row(&self, index: usize, out: &mut impl io::Write) -> io::Result<()> {
        match (self.data.get(index), self.whitelists.get(index)) {
            (Some(row), Some(whitelist)) => row.with_zeros(whitelist).write_json(out),
            (Some(row), None) => row.write_json(out),
            (None, _) => Ok(()),
        }
    }

    /// The size of the largest row.
    fn largest(&self) -> usize {
        let size = |index| {
            let mut size = WrittenSize::default();
            // A row that cannot be written has failed the response before.
            self.write_row(index, &mut size).map_or(0, |()| size.0)
        };
        (0..self.data.len()).map(size).max().unwrap_or_default()
    }
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatisticsEnvelope(#[schema(inline)] Envelope<'static, Rows<'static>>);

/// The response with a page, or 304.
///
/// # Errors
/// When the page has several rows and is larger than a response may be. A single row is sent whatever its size, so that all
/// that is recorded can be read.
pub(super) fn page_response(
    context: &RequestContext,
    params: &StatisticsParams,
    found: FoundPage<'_>,
    state: &ApiState,
) -> Result<HttpResponse, ApiError> {
    let FoundPage { tag, counting_rules, content, .. } = found;
    let response = match content {
        PageContent::Known => unchanged(),
        PageContent::Cached(page) => envelope::success_around(context, &page.data)?,
        PageContent::Read(read, place) => {
            let rows = Rows::of(&read);
            let keep = |data: &[u8]| {
                if let Some(place) = place {
                    let kept = CachedPage { tag: tag.clone(), count: rows.count, data: data.into() };
                    state.observer.pages_cached(place.keep(kept));
                }
            };
            read_page(context, &rows, &state.settings, keep)?
        }
    };
    let response = with_tag(response, &tag, &counting_rules);
    let mut response = with_statement(response, params.statement.as_ref());
    if params.is_lowered {
        response.headers_mut().insert(EFFECTIVE_LIMIT, HeaderValue::from(params.page.limit().get()));
    }
    Ok(response)
}

/// The response with a page that was read; `keep` is given its data as JSON.
fn read_page(
    context: &RequestContext,
    rows: &Rows<'_>,
    settings: &ApiSettings,
    keep: impl FnOnce(&[u8]),
) -> Result<HttpResponse, ApiError> {
    let size = rows.data.len().saturating_mul(ROW_BYTES);
    let max = if rows.data.len() > 1 { settings.max_answer } else { usize::MAX };
    let max_data = max.saturating_sub(envelope::SUCCESS_BYTES);
    let written = envelope::success_within(context, size, max_data, |body| rows.write_json(body), keep)?;
    written.ok_or_else(|| too_large(rows, max).into())
}

/// A page that is too large to be loaded is reported like one that is too large to be sent.
pub(super) fn unless_too_large(error: RepositoryError, settings: &ApiSettings) -> ApiError {
    if let RepositoryError::PageTooLarge { largest } = error {
        return ResponseTooLarge { max: settings.max_answer, limit: fitting(settings.max_answer, largest) }.into();
    }
    error.into()
}

/// The same of tasks by their source name.
pub(crate) fn unless_tasks_are_too_large(error: RegistryError, settings: &ApiSettings) -> ApiError {
    if let RegistryError::TooLarge { largest } = error {
        return ResponseTooLarge { max: settings.max_answer, limit: fitting(settings.max_answer, largest) }.into();
    }
    error.into()
}

/// How many rows as large as the largest fit.
fn fitting(max: usize, largest: usize) -> usize {
    (max.saturating_sub(envelope::ENVELOPE_BYTES) / largest.saturating_add(1)).max(1)
}

/// The error with a limit at which even rows as large as the largest fit.
fn too_large(rows: &Rows<'_>, max: usize) -> ResponseTooLarge {
    ResponseTooLarge { max, limit: fitting(max, rows.largest()) }
}
