//! Whole pages, as the files of `expected` have them.

use super::*;
use crate::{Letterhead, ReaderZone, SignedIn, Site, Times, Visitor};
use annotation_statistics_domain::{Revision, TaskId};

fn site(visitor: Visitor) -> Site {
    Site {
        api: "statistics".into(),
        origin: "http://127.0.0.1:8080".into(),
        request_id: "7f".into(),
        downloads: vec![],
        visitor,
        times: Times { now: "2026-11-30T18:47:03Z".parse().unwrap(), zone: ReaderZone::named("Europe/Berlin") },
        letterhead: Letterhead::default(),
    }
}

fn signed_in() -> Visitor {
    Visitor::SignedIn(SignedIn { key: "ak-1".into(), form_token: "TOKEN".into(), can_sign_out: true })
}

fn form() -> SheetForm {
    SheetForm { id: "order <7>".into(), query: "annotationRequestId=order%20%3C7%3E".into(), ..SheetForm::default() }
}

/// A sheet of items and instances, of which nothing but a value matches.
fn compared() -> ComparedSheet {
    let difference = |class, line, ours, theirs| Difference {
        what: "car".into(),
        label: Some("<Auto>".into()),
        class,
        line,
        task: Some(TaskId::from(1_146_703_288_430_264_321)),
        source_name: None,
        ours,
        theirs,
    };
    ComparedSheet {
        id: "order <7>".into(),
        campaign: "1001".into(),
        revision: Revision::from(1_764_528_423_000_001),
        rule: "objects/2".into(),
        file: "delivery & co.csv".into(),
        agrees: false,
        sheet_lines: 1_234,
        classes: ClassCounts { matched: 1, differing: 1, missing: 1, extra: 1_200, duplicate: 0 },
        sums: vec![
            ComparedSum { name: "Operation items", ours: 12_345, theirs: 12_340 },
            ComparedSum { name: "Instances", ours: 3, theirs: 4 },
        ],
        control_total: Some(StatedTotal { line: 1_236, agrees: false }),
        ignored_columns: vec!["price".into(), "<note>".into()],
        rounded_ids: 1,
        differences: vec![
            difference("differing", Some(3), 5, 4),
            difference("missing", None, 12_340, 0),
            Difference {
                what: "instances".into(),
                label: None,
                task: None,
                source_name: Some("frames/7.jpg".into()),
                ..difference("extra", Some(1_200), 0, 12_336)
            },
        ],
    }
}

/// The content of a page.
fn content(html: &str) -> &str {
    let (_, rest) = html.split_once("<main id=\"content\" tabindex=\"-1\">\n").unwrap();
    rest.split_once("</main>").unwrap().0
}

#[test]
fn a_form_takes_a_sheet_and_says_why_another_was_refused() {
    let html = render_sheet_form(&site(Visitor::Anyone), &form()).unwrap();
    assert_eq!(content(&html), include_str!("expected/form.html"));
    let refused = SheetForm {
        worksheet: "Blatt \"1\"".into(),
        is_file: true,
        problem: Some("line 3, column id: must be <a number>".into()),
        ..form()
    };
    let html = render_sheet_form(&site(signed_in()), &refused).unwrap();
    assert_eq!(content(&html), include_str!("expected/refused.html"));
}

#[test]
fn a_comparison_says_what_differs_of_which_state_and_when_it_was_made() {
    let html = render_compared(&site(signed_in()), &form(), &compared()).unwrap();
    assert_eq!(content(&html), include_str!("expected/differ.html"));
}

#[test]
fn two_that_agree_have_no_list_of_differences() {
    let agreed = |classes, agrees| {
        let control_total = Some(StatedTotal { line: 9, agrees });
        let (differences, ignored_columns) = (vec![], vec![]);
        let sheet = ComparedSheet {
            agrees,
            classes,
            control_total,
            differences,
            ignored_columns,
            rounded_ids: 0,
            ..compared()
        };
        render_compared(&site(Visitor::Anyone), &form(), &sheet).unwrap()
    };
    let html = agreed(ClassCounts { matched: 7, ..ClassCounts::default() }, true);
    for text in
        ["<h1 id=\"reconcile-title\">They agree</h1>", ">7 values match, and none is missing.<", "add up to them."]
    {
        assert!(html.contains(text), "{text}");
    }
    for text in ["Differences</h2>", "class=\"remark\"", "Columns that", "do not add up"] {
        assert!(!html.contains(text), "{text}");
    }
    let html = agreed(ClassCounts { matched: 1, ..ClassCounts::default() }, false);
    assert!(html.contains(">They differ</h1>"), "{html}");
    assert!(html.contains(">1 value matches, but the sheet&#39;s own line of sums is not right.<"), "{html}");
}

#[test]
fn a_list_of_all_differences_says_so() {
    let classes = ClassCounts { missing: 1, extra: 1, differing: 1, ..ClassCounts::default() };
    let html = render_compared(&site(Visitor::Anyone), &form(), &ComparedSheet { classes, ..compared() }).unwrap();
    assert!(html.contains("<caption>All 3</caption>"), "{html}");
}
