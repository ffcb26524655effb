use super::{Matrix, RequestMatrices, by_pool, request_matrices};
use crate::delivery::item_page::ItemPage;
use crate::delivery::sample::{Done, summary};
use annotation_statistics_domain::{PoolType, Summary, TaskFilter};
use std::num::NonZeroU64;

const CHECK: PoolType = PoolType::Check;
const COMPLETE: PoolType = PoolType::Complete;

fn sums(tasks: &[Done<'_>]) -> Summary {
    summary(tasks, TaskFilter::default())
}

fn page(number: u64) -> NonZeroU64 {
    NonZeroU64::new(number).unwrap()
}

/// The columns, the lines that are shown at once, and those that are folded, each in a line of text.
fn lines(matrix: &Matrix) -> Vec<String> {
    let columns = matrix.columns.iter().map(|column| match &column.about {
        Some(about) => format!("{} ({about})", column.name),
        None => column.name.clone(),
    });
    let line = |mark: &str, line: &super::table::Line| {
        let name = line.item.as_ref().map_or(&line.name, |item| &item.key);
        format!("{mark}{name}: {}", line.numbers.join(" "))
    };
    let folded = matrix.folded_lines().map(|folded| line("folded ", folded));
    [columns.collect::<Vec<_>>().join(" | ")]
        .into_iter()
        .chain(matrix.shown_lines().map(|shown| line("", shown)))
        .chain(folded)
        .collect()
}

#[test]
fn an_item_has_its_counts_by_pool_and_the_largest_come_first() {
    let cars = Done("a", CHECK, 5, &[("car", 3)]);
    let both = Done("a", COMPLETE, 11, &[("bus", 7), ("car", 1_200)]);
    let summary = sums(&[cars, both]);
    let matrix = by_pool(&summary, &ItemPage::of(&summary, page(1))).unwrap();
    assert_eq!(lines(&matrix), ["Check | Complete | All", "car: 3 1,200 1,203", "bus: 0 7 7"]);
    let summary = sums(&[both]);
    assert!(by_pool(&summary, &ItemPage::of(&summary, page(1))).is_none(), "one pool needs no matrix");
}

#[test]
fn items_that_are_too_many_are_folded_up_and_those_of_other_pages_are_one_line() {
    let keys: Vec<String> = (0..214).map(|number| format!("item {number:03}")).collect();
    let items: Vec<(&str, u32)> = keys.iter().map(|key| (key.as_str(), 2)).collect();
    let summary = sums(&[Done("a", CHECK, 5, &items), Done("a", COMPLETE, 11, &items)]);
    for (number, first, shown, folded, rest) in [
        (1, "item 000: 2 2 4", 12, 88, "folded 114 items on other pages: 228 228 456"),
        (3, "item 200: 2 2 4", 12, 2, "folded 200 items on other pages: 400 400 800"),
        (9, "item 200: 2 2 4", 12, 2, "folded 200 items on other pages: 400 400 800"),
    ] {
        let matrix = by_pool(&summary, &ItemPage::of(&summary, page(number))).unwrap();
        assert_eq!((matrix.shown.len(), matrix.folded.len()), (shown, folded), "page {number}");
        let lines = lines(&matrix);
        assert_eq!((lines[1].as_str(), lines.last().unwrap().as_str()), (first, rest), "page {number}");
    }
}

#[test]
fn two_requests_stand_side_by_side_with_their_difference() {
    let summary = sums(&[
        Done("a", COMPLETE, 11, &[("car", 1_500), ("bus", 2)]),
        Done("b", COMPLETE, 11, &[("car", 20), ("bus", 2)]),
        Done("b", CHECK, 5, &[("van", 1_234)]),
    ]);
    let RequestMatrices::Two(matrix) = request_matrices(&summary, &ItemPage::of(&summary, page(1))) else { panic!() };
    assert_eq!(
        lines(&matrix),
        [
            "First (a) | Second (b) | Difference (second − first)",
            "All tasks: 1 2 +1",
            "All instances: 1,502 1,256 −246",
            "All attributes: 0 0 0",
            "All frames: 1 2 +1",
            "car: 1,500 20 −1,480",
            "van: 0 1,234 +1,234",
            "bus: 2 2 0",
        ]
    );
}

#[test]
fn a_few_requests_are_columns_and_their_sum_is_in_the_last_table() {
    let long = "an id that is much too long for the head of a column";
    let ids = ["a", "b", "c", "d", "e", "f", "g", long];
    let tasks = |ids: &[&'static str]| {
        let task = |(id, items): (&&'static str, &'static [(&str, u32)])| Done(id, COMPLETE, 11, items);
        sums(&ids.iter().zip(std::iter::repeat(&[("car", 2)][..])).map(task).collect::<Vec<_>>())
    };
    let few = |summary: &Summary| {
        let matrices = request_matrices(summary, &ItemPage::of(summary, page(1)));
        matrices.few().iter().map(|matrix| (matrix.caption.clone(), lines(matrix).join("; "))).collect::<Vec<_>>()
    };
    let one = "How many there are of each operation item in each annotation request, most first";
    let head = "Request 1 (a) | Request 2 (b) | Request 3 (c)";
    assert_eq!(few(&tasks(&ids[..3])), [(one.into(), format!("{head} | All 3; car: 2 2 2 6"))]);
    let others = "Request 4 (d) | Request 5 (e) | Request 6 (f)";
    assert_eq!(
        few(&tasks(&ids)),
        [
            (
                "How many in the annotation requests 1 to 6 of 8, most first".into(),
                format!("{head} | {others}; car: 2 2 2 2 2 2")
            ),
            (
                "How many in the annotation requests 7 to 8 of 8, most first".into(),
                "Request 7 (g) | Request 8 (an id that i…of a column) | All 8; car: 2 2 16".into()
            ),
        ]
    );
}

#[test]
fn one_request_needs_no_columns_and_too_many_have_none() {
    let ids: Vec<String> = (0..13).map(|id| id.to_string()).collect();
    let tasks: Vec<Done<'_>> = ids.iter().map(|id| Done(id, COMPLETE, 11, &[("car", 2)])).collect();
    for (requests, needed, too_many) in [(1, false, false), (12, true, false), (13, false, true)] {
        let summary = sums(&tasks[..requests]);
        let matrices = request_matrices(&summary, &ItemPage::of(&summary, page(1)));
        assert_eq!((!matrices.few().is_empty(), matrices.are_too_many()), (needed, too_many), "{requests}");
    }
}
