//! The page by which people find annotation requests, in a browser.
//!
//! Where there is no browser, each test says so and tests nothing; with `BROWSER_TESTS=required` it fails.

use super::assert_readable;
use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{Browser, Look, RunningService, TestDatabase, record, task};

const WIDTHS: [u32; 6] = [360, 768, 1024, 1280, 1440, 1920];

/// Three requests of two campaigns.
async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    let long = "a-very-long-id-without-a-place-to-break-it-0123456789".repeat(3);
    record(&database, [task("7d44b43b-3bbd", 1).made_of("frames/7.jpg"), task("7d44b43b-3bbd", 2)]).await;
    record(&database, [task("order 8", 1).campaign("1002").pool(PoolType::Check, "check").status(6)]).await;
    record(&database, [task(&long, 3).campaign("1002").counts(1_000_000, 2_000_000)]).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_found_by_a_part_of_its_id_or_by_a_task_and_opened_at_every_look() {
    let database = recorded().await;
    let Some(browser) = Browser::open().await else { return };
    let service = RunningService::on(&database);
    let at = |target: &str| format!("http://{}{target}", service.address());
    for (width, is_dark) in WIDTHS.iter().flat_map(|width| [(*width, false), (*width, true)]) {
        let look = Look { width, is_dark };
        browser.look(look).await;
        browser.visit(&at("/find")).await;
        browser.find_text("h1", "Annotation requests").await;
        assert_eq!(browser.texts("[aria-labelledby=requests-title] tbody th").await.len(), 3);
        assert_eq!(browser.texts("[aria-labelledby=campaigns-title] tbody th").await, ["1001", "1002"]);
        assert_readable(&browser, &format!("{look:?}")).await;
        browser.find("#q").await.send_keys("b-3bb").await.unwrap();
        browser.find("button").await.click().await.unwrap();
        browser.find("input[value='b-3bb']").await;
        for (day, found) in [("2025-01-01", 1), ("9999-01-01", 0)] {
            let since = browser.find("#changed").await;
            since.clear().await.unwrap();
            since.send_keys(day).await.unwrap();
            browser.find("button").await.click().await.unwrap();
            browser.find(&format!("#changed[value='{day}']")).await;
            assert_eq!(browser.texts("[aria-labelledby=requests-title] tbody th").await.len(), found, "{day}");
        }
        browser.visit(&at("/find?q=b-3bb")).await;
        assert_eq!(browser.texts("[aria-labelledby=requests-title] tbody th").await, ["7d44b43b-3bbd"]);
        browser.find("[aria-labelledby=requests-title] tbody a").await.click().await.unwrap();
        browser.find_text("h1", "7d44b43b-3bbd").await;
        browser.visit(&at("/find?task=frames%2F7.jpg")).await;
        browser.find_text("h2", "Task frames/7.jpg").await;
        assert_readable(&browser, &format!("a task, {look:?}")).await;
        browser.find("[aria-labelledby=tasks-title] tbody a").await.click().await.unwrap();
        browser.find_text("h1", "7d44b43b-3bbd").await;
    }
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.visit(&at("/find?q=b-3bb&changedSince=yesterday")).await;
    browser.find_text("p", "changedSince must be a day such as").await;
    assert_readable(&browser, "no day").await;
}
