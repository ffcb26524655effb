//! Whole pages, as the files of `expected` have them.

use super::*;
use crate::{Letterhead, ReaderZone, SignedIn, Site, Times, Visitor};
use annotation_statistics_domain::{ItemKind, PoolType, Revision, TaskStatus, Totals};

const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn site(visitor: Visitor) -> Site {
    Site {
        api: "statistics".into(),
        origin: "http://127.0.0.1:8080".into(),
        request_id: "7f".into(),
        downloads: vec![],
        visitor,
        times: Times { now: "2026-11-30T18:47:03Z".parse().unwrap(), zone: ReaderZone::named("Europe/Berlin") },
        letterhead: Letterhead { publisher: "Ours & Co".into(), ..Letterhead::default() },
    }
}

fn signed_in() -> Visitor {
    Visitor::SignedIn(SignedIn { key: "ak-1".into(), form_token: "TOKEN".into(), can_sign_out: true })
}

fn list(making: Making) -> StatementList {
    let listed = |name: &str, number| ListedStatement {
        name: name.into(),
        number,
        tasks: 1_930,
        delivered: 1_900,
        created_at: "2026-11-30T18:47:03.5Z".parse().unwrap(),
        actor: "<ak-1>".into(),
        revision: Revision::from(1_764_528_423_000_001),
    };
    StatementList {
        request: "order <7>".into(),
        query: "annotationRequestId=order%20%3C7%3E".into(),
        statements: vec![listed("2026-11", 12), listed("INV-17", 11)],
        has_later: true,
        older: Some(11),
        making,
    }
}

fn item(key: &str, count: u128) -> ShownItem {
    let label = (key == "car").then(|| "<Auto>".to_owned());
    ShownItem { key: key.into(), label, kind: Some(ItemKind::Slot), count, delivered: count / 2, tasks: 7 }
}

/// The second statement of a request.
fn statement(items: Vec<ShownItem>) -> ShownStatement {
    let total = Totals { tasks: 1_930, instances: 12_345, attributes: 6, frames: 1_931 };
    ShownStatement {
        request: "order <7>".into(),
        query: "annotationRequestId=order%20%3C7%3E".into(),
        campaign: "1001".into(),
        counting_rule: Some("objects/2".into()),
        name: "2026-11".into(),
        number: 2,
        previous: Some(PreviousShown { number: 1, sha256: SHA256.replace('e', "0"), name: Some("2026-10".into()) }),
        as_of: "2026-11-30T18:47:02Z".parse().unwrap(),
        revision: Revision::from(1_764_528_423_000_001),
        created_at: "2026-11-30T18:47:03Z".parse().unwrap(),
        actor: Some("ak-1".into()),
        sha256: SHA256.into(),
        rows: ShownRows { sha256: SHA256.replace('b', "1"), bytes: 401_203 },
        key_id: "0123456789abcdef".into(),
        fingerprint: Some(SHA256.replace('c', "2")),
        total,
        delivered: Totals { tasks: 1_900, instances: 12_000, attributes: 5, frames: 1_901 },
        items,
        groups: vec![ShownGroup { pool_type: PoolType::Complete, status: TaskStatus::LABELS_APPROVED, totals: total }],
        url: "https://stats.example/statement?annotationRequestId=order%20%3C7%3E&name=2026-11".into(),
        files: vec![StatementFile { name: "Document", about: "JSON", target: "statement.json?a&b".into() }],
        diff: Some("diff?a".into()),
    }
}

/// The content of a page, without what a code consists of.
fn content(html: &str) -> String {
    let (_, rest) = html.split_once("<main id=\"content\" tabindex=\"-1\">\n").unwrap();
    let content = rest.split_once("</main>").unwrap().0;
    let Some((before, code)) = content.split_once("<path fill=\"#000\" d=\"") else { return content.to_owned() };
    format!("{before}CODE{}", code.split_once("\"/>").unwrap().1)
}

#[test]
fn a_list_leads_to_each_statement_to_earlier_ones_and_to_another() {
    let form = StatementForm { name: "2026-12".into(), ..StatementForm::default() };
    let html = render_statements(&site(signed_in()), &list(Making::Form(form))).unwrap();
    assert_eq!(content(&html), include_str!("expected/list.html"));
}

#[test]
fn a_refused_form_is_shown_again_with_the_reason_beside_it() {
    let (problem, taken) = (Some("it is <taken>.".to_owned()), Some("2026-11".to_owned()));
    let form = StatementForm { name: "a\"b".into(), problem, taken };
    let html = render_statements(&site(Visitor::Anyone), &list(Making::Form(form))).unwrap();
    for text in [
        "role=\"alert\">it is &#60;taken&#62;. <a href=\"statement?annotationRequestId=order%20%3C7%3E&amp;name=2026-11\">",
        "value=\"a&#34;b\"",
        "aria-invalid=\"true\" aria-describedby=\"problem\"",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("name=\"form\""), "without keys no form has a token");
}

#[test]
fn without_a_key_to_sign_with_or_the_right_to_write_there_is_no_form() {
    for (making, text) in [
        (Making::NoSigningKey, "<code>annotation-statistics statement keygen</code>"),
        (Making::NotAllowed, "Statements are made with an access key that may write."),
    ] {
        let html = render_statements(&site(signed_in()), &list(making)).unwrap();
        assert!(html.contains(text) && !html.contains("action=\"statements"), "{html}");
    }
}

#[test]
fn a_page_without_statements_says_so() {
    let none = |has_later| StatementList { statements: vec![], has_later, older: None, ..list(Making::NotAllowed) };
    for (has_later, text) in [(false, "There are none yet."), (true, "There are no earlier ones.")] {
        let html = render_statements(&site(signed_in()), &none(has_later)).unwrap();
        assert!(html.contains(text) && !html.contains("<table"), "{html}");
        assert_eq!(html.contains("class=\"pager\""), has_later);
    }
}

#[test]
fn a_statement_shows_what_is_signed_and_what_it_adds_up_to() {
    let html = render_statement(&site(signed_in()), &statement(vec![item("bus", 3), item("car", 30)])).unwrap();
    assert_eq!(content(&html), include_str!("expected/statement.html"));
    assert_eq!(html, render_statement(&site(signed_in()), &statement(vec![item("car", 30), item("bus", 3)])).unwrap());
}

#[test]
fn who_has_a_link_sees_the_statement_and_no_way_to_anything_else() {
    let previous = PreviousShown { name: None, ..statement(vec![]).previous.unwrap() };
    let shown = ShownStatement { previous: Some(previous), actor: None, ..statement(vec![]) };
    let html = render_statement(&site(Visitor::OfLink { until: "then".into() }), &shown).unwrap();
    assert!(html.contains("Shared with you until then"), "{html}");
    for absent in ["<form", "diff?a", "statements?", "href=\"./?", "href=\"find", "2026-10", "name=ak-1"] {
        assert!(!html.contains(absent), "{absent}: {html}");
    }
}

#[test]
fn a_sheet_has_the_largest_items_and_the_sum_of_the_rest() {
    let rows = |html: &str, class: &str| {
        let (_, table) = html.split_once(class).unwrap();
        let body = table.split_once("</tbody>").unwrap().0;
        (body.matches("<tr").count() - 1, body.rsplit("<tr").next().unwrap().to_owned())
    };
    let render = |count: u128| {
        let items = (1..=count).map(|at| item(&format!("key {at:03}"), at)).collect();
        render_statement(&site(Visitor::Anyone), &statement(items)).unwrap()
    };
    let (count, last) = rows(&render(8), "class=\"fixed\"");
    assert_eq!((count, last.contains("<bdi>key 001</bdi>")), (8, true), "{last}");
    let html = render(202);
    let (count, last) = rows(&html, "class=\"fixed\"");
    let expected = " class=\"rest\"><th scope=\"row\">194 other items, all named in the document</th>\
                    <td class=\"figure\">18,915</td><td class=\"figure\">9,409</td></tr>\n";
    assert_eq!((count, last.as_str()), (9, expected));
    let (count, last) = rows(&html, "<caption>Operation items, most first</caption>\n<thead role");
    assert_eq!((count, last.contains(">2 other items, all named in the document<")), (201, true), "{last}");
    assert!(!render(0).contains("class=\"fixed\"") && render(0).contains("Nothing is annotated"), "{html}");
}

#[test]
fn an_address_that_fits_no_code_is_a_page_without_one() {
    let shown = ShownStatement { url: "a".repeat(3_000), ..statement(vec![]) };
    let html = render_statement(&site(Visitor::Anyone), &shown).unwrap();
    assert!(!html.contains("class=\"code\"") && html.contains("class=\"digest\""), "{html}");
}

#[test]
fn no_statement_is_a_page_that_says_why() {
    let problem =
        StatementProblem { title: "No such statement", text: "There is no <x>.".into(), list: Some("a".into()) };
    let html = render_no_statement(&site(Visitor::Anyone), &problem).unwrap();
    assert!(html.contains("<p>There is no &#60;x&#62;.</p>") && html.contains("href=\"statements?a\""), "{html}");
}
