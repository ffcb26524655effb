//! Whole parts of the page, as the files of `expected` have them.

use super::sample::{Done, found, part};
use annotation_statistics_domain::{
    CampaignId, ItemLabel, OperationItemKey, PoolType, StatedItem, TaskFilter, TaskStatus,
};
use std::num::NonZeroU64;

const CHECK: PoolType = PoolType::Check;
const COMPLETE: PoolType = PoolType::Complete;

/// Two requests: one of two tasks, of which one is complete, and one that is.
const TASKS: [Done<'_>; 3] = [
    Done("a", COMPLETE, 11, &[("bus", 2), ("car", 12)]),
    Done("a", CHECK, 5, &[("car", 6)]),
    Done("b", COMPLETE, 11, &[]),
];

const HEAD: &str = "<section aria-labelledby=\"delivery-title\">";
const REQUESTS: &str = "<section aria-labelledby=\"requests-title\">";
const COMPARED: &str = "<section class=\"compared\"";
const TASK_ROWS: &str = "<table class=\"stack figures task-list\"";
const ITEMS: &str = "<section id=\"items\"";
const FORM: &str = "<details class=\"filter\"";

/// Only tasks of the first request that are checked.
fn checked() -> TaskFilter {
    TaskFilter {
        pool_types: [CHECK].into(),
        statuses: [TaskStatus::from(5), TaskStatus::from(77)].into(),
        campaigns: [CampaignId::new("campaign of a").unwrap()].into(),
    }
}

#[test]
fn several_requests_have_their_completeness_and_their_items_apart_and_each_task_has_its_request() {
    let shown = |begin, end| part(found(&TASKS, TaskFilter::default()), begin, end);
    assert_eq!(shown(REQUESTS, "</section>\n"), include_str!("expected/requests.html"));
    assert_eq!(shown(COMPARED, "</section>\n"), include_str!("expected/compared.html"));
    assert_eq!(shown(TASK_ROWS, "</table>\n"), include_str!("expected/tasks.html"));
    assert_eq!(shown(FORM, "</details>\n"), include_str!("expected/form.html"));
}

#[test]
fn what_a_filter_leaves_out_is_said_and_marked() {
    let shown = |begin, end| part(found(&TASKS, checked()), begin, end);
    assert_eq!(shown(HEAD, "</section>\n"), include_str!("expected/head-filtered.html"));
    assert_eq!(shown(REQUESTS, "</section>\n"), include_str!("expected/requests-filtered.html"));
    assert_eq!(shown(TASK_ROWS, "</table>\n"), include_str!("expected/tasks-filtered.html"));
    assert_eq!(shown(FORM, "</details>\n"), include_str!("expected/form-filtered.html"));
}

#[test]
fn a_filter_that_covers_no_task_lists_none() {
    let filter = TaskFilter { pool_types: [PoolType::Sampling].into(), ..TaskFilter::default() };
    let page = part(found(&TASKS, filter), "<main", "</main>");
    assert!(page.contains("Only tasks in the pool Sampling are added up: 0 of 3."), "{page}");
    assert!(!page.contains("id=\"tasks\"") && !page.contains("No task is recorded"), "{page}");
}

#[test]
fn a_label_is_beside_a_key_that_says_less_and_marked_where_it_was_not_agreed_on() {
    let remark =
        "<p class=\"remark\">Names beside keys are from imported annotation files, where no taxonomy was stated.</p>";
    for (label, is_found, is_shown, is_marked) in [
        ("car", true, false, false),
        ("Auto", true, true, true),
        ("Auto", false, true, false),
        ("car", false, false, false),
    ] {
        let stated = StatedItem {
            key: OperationItemKey::new("car").unwrap(),
            label: Some(ItemLabel::new(label).unwrap()),
            kind: None,
            is_found,
            is_whitelisted: false,
        };
        let found = found(&TASKS, TaskFilter::default());
        let found = crate::Found { summary: found.summary.with_stated_items(vec![stated]), ..found };
        let items = part(found, ITEMS, "</section>\n");
        let case = format!("{label}, found: {is_found}: {items}");
        assert_eq!(items.contains("<bdi>car</bdi> <bdi class=\"label\">Auto</bdi>"), is_shown, "{case}");
        assert_eq!((items.contains("class=\"label\""), items.contains(remark)), (is_shown, is_marked), "{case}");
    }
}

#[test]
fn every_item_is_on_a_page_of_a_bounded_size() {
    let keys: Vec<String> = (0..5_000).map(|number| format!("item {number:04}")).collect();
    let items: Vec<(&str, u32)> = keys.iter().map(|key| (key.as_str(), 2)).collect();
    let tasks: Vec<Done<'_>> = (0..10).map(|_| Done("a", COMPLETE, 11, &items)).collect();
    let shown = |number: u64| {
        let found = found(&tasks, TaskFilter::default());
        part(crate::Found { item_page: NonZeroU64::new(number).unwrap(), ..found }, "<!doctype", "</html>")
    };
    let (first, last) = (shown(1), shown(50));
    assert!(first.len() < 400_000 && last.len() < 400_000, "{} and {}", first.len(), last.len());
    for text in [
        "<caption>Items 1 to 100 of 5,000: how many there are of each operation item, most first; together 100,000<",
        "<summary>88 more items, together 1,760 (1.8 %)</summary>",
        "<p class=\"rest-of-items\">4,900 items on other pages, together 98,000 (98.0 %)</p>",
        "href=\"?LIST&amp;offset=1&amp;limit=10&amp;items=2#items\">Next<",
        "<p class=\"about\">4,800 more items, together 9,600: the downloads have them</p>",
    ] {
        assert!(first.contains(text), "{text}");
    }
    for text in ["Items 4,901 to 5,000 of 5,000", "<bdi>item 4999</bdi>", "items=49#items\">Previous<"] {
        assert!(last.contains(text), "{text}");
    }
    let bars = |page: &str| page.matches("class=\"bar slot\"").count();
    assert_eq!([bars(&first), bars(&last)], [100, 100]);
}

#[test]
fn bars_are_as_long_as_the_largest_item_says_and_the_others_have_none() {
    let keys: Vec<String> = (0..101).map(|number| format!("item {number:03}")).collect();
    let items: Vec<(&str, u32)> = keys.iter().map(|key| (key.as_str(), 10)).chain([("most", 40)]).collect();
    let section = part(found(&[Done("a", COMPLETE, 11, &items)], TaskFilter::default()), ITEMS, "</section>");
    let widths: Vec<&str> =
        section.split("class=\"part\" width=\"").skip(1).map(|at| &at[..at.find('"').unwrap()]).collect();
    assert_eq!((widths[0], widths[1], widths.len()), ("100.0", "25.0", 100));
    assert!(section.contains("2 items on other pages, together 20 (1.9 %)"), "{section}");
}
