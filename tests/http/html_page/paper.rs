//! The page on paper: what it is of, and where one signs it.

use super::{BOTH, DESK, assert_readable, opened, recorded, url};
use annotation_statistics_tests::{Browser, Look, TestDatabase, printed_text, record, task};
use serde_json::json;

/// The width of the text on A4, in CSS pixels.
const PAPER: u32 = 688;

fn number_of_pages(pdf: &[u8]) -> usize {
    pdf.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page") && bytes[11] != b's').count()
}

/// Looks at the page as the printer does.
async fn look_at_paper(browser: &Browser) {
    browser.look(Look { width: PAPER, is_dark: false }).await;
    browser.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_tables_are_tables_and_what_can_only_be_clicked_is_gone() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.look(DESK).await;
    browser.visit(&url(&service, &format!("/?{BOTH}"))).await;
    assert_eq!(number_of_pages(&browser.print().await), 2, "not a page for each few rows");
    look_at_paper(&browser).await;
    for (selector, display) in [
        ("#tasks table", "table"),
        ("#tasks thead", "table-header-group"),
        ("#tasks td", "table-cell"),
        (".bars tr", "table-row"),
        (".signatures", "block"),
    ] {
        let shown =
            browser.evaluate(&format!("return getComputedStyle(document.querySelector('{selector}')).display")).await;
        assert_eq!(shown, display, "{selector}");
    }
    let script = "return [...document.querySelectorAll('form, button, input, textarea, nav, .curl, .top')]
        .filter(part => part.checkVisibility()).map(part => part.outerHTML)";
    assert_eq!(browser.evaluate(script).await, json!([]));
    let script = "return [...document.querySelectorAll('tr')].map(row => getComputedStyle(row).breakInside)";
    let rows = browser.evaluate(script).await;
    assert!(rows.as_array().unwrap().iter().all(|inside| inside == "avoid"), "no row goes on on the next page");
    assert_readable(&browser, "on paper").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_names_each_id_with_its_state_the_time_and_those_who_sign() {
    let database = TestDatabase::new();
    let ids: Vec<String> = (0..30).map(|at| format!("7d44b43b-3bbd-4{at:03}")).collect();
    let tasks: Vec<_> = ids.iter().map(|id| task(id, 1).counted_by("objects/2")).collect();
    record(&database, tasks).await;
    let Some((service, browser)) = opened(&database).await else { return };
    let list = format!("annotationRequestId={}", ids.join("&annotationRequestId="));
    browser.look(DESK).await;
    browser.visit(&url(&service, &format!("/?{list}&client=Contoso&period=June+2026&tz=Asia%2FSingapore"))).await;
    let pdf = browser.print().await;
    let paper = printed_text(&pdf);
    look_at_paper(&browser).await;
    let shown = browser.evaluate("return document.body.innerText.replace(/\\s/g, '')").await;
    let stated = browser.texts(".stated time").await;
    assert_eq!(stated.len(), 2, "of the page and of the last change");
    let revision = |id: &String| {
        let tag = service.fetch("GET", &format!("/annotation-requests/{id}"), "").header("etag").unwrap().to_owned();
        format!("{id}revision{}", tag.trim_matches('"'))
    };
    let fixed = ["Singapore", "Contoso", "June2026", "objects/2:anobjectcountsonce", "Deliveredby", "Placeanddate"];
    let texts = fixed.map(str::to_owned).into_iter().chain(ids.iter().map(revision));
    for text in texts.chain(stated.iter().map(|time| time.replace(' ', ""))) {
        assert!(shown.as_str().unwrap().contains(&text), "{text} is missing in {shown}");
        assert!(paper.contains(&text), "{text} is missing on paper: {paper}");
    }
    let pages = number_of_pages(&pdf);
    assert!((1..=pages).all(|page| paper.contains(&format!("{page}/{pages}"))), "pages are numbered: {paper}");
    assert_readable(&browser, "thirty on paper").await;
}
