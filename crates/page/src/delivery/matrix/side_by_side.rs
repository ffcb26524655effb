//! Two annotation requests, and how the second one differs from the first.

use super::request_sums::{request_sums, shortened};
use super::table::{Column, Line, Matrix, in_figures};
use crate::delivery::item_page::ItemPage;
use crate::number_format::Figure;
use annotation_statistics_domain::{RequestTotals, Summary, Totals};

/// Their totals come first, so that one sees whether they are of as many tasks.
pub(super) fn side_by_side(
    summary: &Summary,
    [first, second]: [&(RequestTotals, Totals); 2],
    page: &ItemPage<'_>,
) -> Matrix {
    let column = |name: &str, request: &RequestTotals| Column {
        name: name.to_owned(),
        about: Some(shortened(request.id.as_str())),
    };
    let apart = Column { name: "Difference".into(), about: Some("second − first".into()) };
    let columns = vec![column("First", &first.0), column("Second", &second.0), apart];
    let caption = "What two annotation requests have, and how the second one differs from the first, most first".into();
    let to_texts = |numbers: &Vec<u128>| match numbers.as_slice() {
        [first, second] => compared(*first, *second),
        _ => Vec::new(),
    };
    let items = request_sums(summary, page).into_matrix(caption, columns, to_texts);
    let shown = totals(&first.1, &second.1).into_iter().chain(items.shown).collect();
    Matrix { shown, ..items }
}

fn compared(first: u128, second: u128) -> Vec<String> {
    in_figures([first, second]).into_iter().chain([difference(first, second)]).collect()
}

fn totals(first: &Totals, second: &Totals) -> [Line; 4] {
    [
        ("All tasks", u128::from(first.tasks), u128::from(second.tasks)),
        ("All instances", first.instances, second.instances),
        ("All attributes", first.attributes, second.attributes),
        ("All frames", first.frames, second.frames),
    ]
    .map(|(name, first, second)| Line::of(name.into(), compared(first, second)))
}

/// A difference with its sign.
fn difference(first: u128, second: u128) -> String {
    match first.cmp(&second) {
        std::cmp::Ordering::Less => format!("+{}", Figure(second - first)),
        std::cmp::Ordering::Equal => "0".into(),
        std::cmp::Ordering::Greater => format!("−{}", Figure(first - second)),
    }
}
