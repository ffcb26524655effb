//! How much there is of each operation item in each of a few annotation requests.

use super::request_sums::{request_sums, shortened};
use super::side_by_side::side_by_side;
use super::table::{Column, Matrix, in_figures};
use crate::MOST_REQUESTS_APART;
use crate::delivery::item_page::ItemPage;
use annotation_statistics_domain::Summary;

/// How many requests stand side by side in a table: as many as fit on a sheet of paper, with their sum.
const MOST_COLUMNS: usize = 6;

/// The operation items by annotation request, or why there are none.
pub(crate) enum RequestMatrices {
    /// Of one request the sums by item say it all.
    NotNeeded,
    /// Two requests, and how they differ.
    Two(Box<Matrix>),
    /// A few requests at a time.
    Few(Vec<Matrix>),
    /// More than a table has room for, or than the service reads for a page.
    TooMany,
}

impl RequestMatrices {
    pub(crate) fn two(&self) -> Option<&Matrix> {
        if let Self::Two(matrix) = self { Some(matrix) } else { None }
    }

    pub(crate) fn few(&self) -> &[Matrix] {
        if let Self::Few(matrices) = self { matrices } else { &[] }
    }

    pub(crate) fn are_too_many(&self) -> bool {
        matches!(self, Self::TooMany)
    }
}

pub(crate) fn request_matrices(summary: &Summary, page: &ItemPage<'_>) -> RequestMatrices {
    let requests = summary.requests();
    let is_apart = summary.cells().iter().any(|cell| cell.request.is_some());
    match requests {
        _ if requests.len() < 2 || summary.items().is_empty() => RequestMatrices::NotNeeded,
        _ if requests.len() > MOST_REQUESTS_APART || !is_apart => RequestMatrices::TooMany,
        [first, second] => RequestMatrices::Two(Box::new(side_by_side(summary, [first, second], page))),
        _ => RequestMatrices::Few(blocks(summary, page)),
    }
}

/// The columns for the requests, a few in each table, and for their sum in the last one.
fn blocks(summary: &Summary, page: &ItemPage<'_>) -> Vec<Matrix> {
    let all = summary.requests().len();
    let firsts = (0..all).step_by(MOST_COLUMNS);
    firsts.map(|first| block(summary, page, first, all.min(first + MOST_COLUMNS))).collect()
}

fn block(summary: &Summary, page: &ItemPage<'_>, first: usize, past: usize) -> Matrix {
    let all = summary.requests().len();
    let has_sum = past == all;
    let requests = summary.requests().iter().enumerate().skip(first).take(past - first);
    let columns = requests.map(|(place, (request, _))| Column {
        name: format!("Request {}", place + 1),
        about: Some(shortened(request.id.as_str())),
    });
    let columns = columns.chain(has_sum.then(|| Column::of(format!("All {all}"))));
    let caption = if first == 0 && has_sum {
        "How many there are of each operation item in each annotation request, most first".to_owned()
    } else {
        format!("How many in the annotation requests {} to {past} of {all}, most first", first + 1)
    };
    let to_texts = |numbers: &Vec<u128>| {
        let own = numbers.iter().skip(first).take(past - first).copied();
        in_figures(own.chain(has_sum.then(|| numbers.iter().sum())))
    };
    request_sums(summary, page).into_matrix(caption, columns.collect(), to_texts)
}
