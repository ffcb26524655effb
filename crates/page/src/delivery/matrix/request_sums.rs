//! The sums of operation items by annotation request.

use super::table::LineSums;
use crate::delivery::item_page::ItemPage;
use annotation_statistics_domain::{AnnotationRequestId, Summary};
use std::collections::HashMap;

/// How many characters of an id the head of a column has.
const MOST_CHARACTERS: usize = 24;

/// Sums by item and the place of the request.
pub(super) fn request_sums<'a>(summary: &'a Summary, page: &'a ItemPage<'a>) -> LineSums<'a> {
    let requests = summary.requests().iter().enumerate();
    let places: HashMap<&AnnotationRequestId, usize> =
        requests.map(|(place, (request, _))| (&request.id, place)).collect();
    let cells = summary.cells().iter();
    let cells = cells.filter_map(|cell| Some((&cell.key, *places.get(cell.request.as_ref()?)?, cell.count)));
    LineSums::of(page, places.len(), cells)
}

/// An id that is too long for the head of a column, without its middle: many differ only at the end.
pub(super) fn shortened(id: &str) -> String {
    let characters = id.chars().count();
    if characters <= MOST_CHARACTERS {
        return id.to_owned();
    }
    let (begin, end) = (MOST_CHARACTERS / 2, characters - MOST_CHARACTERS / 2 + 1);
    id.chars().take(begin).chain(['…']).chain(id.chars().skip(end)).collect()
}
