//! How the page uses the width that there is, and the ways to another page of tasks.

use super::{BOTH, assert_quiet, assert_readable, opened, recorded, url};
use annotation_statistics_tests::Look;
use serde_json::json;

const WIDTHS: [u32; 5] = [360, 768, 1024, 1440, 1920];

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_tables_from_768_pixels_on_and_no_box_is_stretched() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    for (width, is_dark) in WIDTHS.iter().flat_map(|width| [(*width, false), (*width, true)]) {
        browser.look(Look { width, is_dark }).await;
        for target in [&format!("/?{BOTH}"), "/?requests=order+7&offset=9", "/?requests=x", "/?requests=x&limit=x"] {
            browser.visit(&url(&service, target)).await;
            let what = format!("{target} at {width}, dark: {is_dark}");
            assert_readable(&browser, &what).await;
            let script = "return [...document.querySelectorAll('table')].map(table => getComputedStyle(table).display)";
            let tables = browser.evaluate(script).await;
            let display = if width < 768 { "block" } else { "table" };
            assert!(tables.as_array().unwrap().iter().all(|shown| shown == display), "{what}: {tables}");
            let script = "const bottom = part => part.getBoundingClientRect().bottom;
                return [...document.querySelectorAll('main > section')].filter(part => part.checkVisibility()
                    && bottom(part) - bottom(part.lastElementChild) > 40).map(part => part.innerText)";
            assert_eq!(browser.evaluate(script).await, json!([]), "stretched: {what}");
            let script = "const at = document.querySelector('.columns').getBoundingClientRect(); return at.width";
            assert_eq!(browser.evaluate(script).await, width, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_tasks_is_picked_by_its_number_and_all_else_stays() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.visit(&url(&service, &format!("/?{BOTH}&limit=5&client=A+%26+B"))).await;
    let field = browser.find("#page").await;
    field.clear().await.unwrap();
    field.send_keys("4").await.unwrap();
    browser.find_text("button", "Go").await.click().await.unwrap();
    browser.find_text("caption", "Tasks 16 to 20 of 24").await;
    assert_eq!(browser.texts("h1").await, ["2 annotation requests"]);
    assert_eq!(browser.evaluate("return location.hash").await, "#tasks");
    assert!(browser.texts(".stated dd").await.contains(&"A & B".to_owned()));
    let field = browser.find("#page").await;
    field.clear().await.unwrap();
    field.send_keys("6").await.unwrap();
    browser.find_text("button", "Go").await.click().await.unwrap();
    assert_eq!(browser.evaluate("return document.querySelector('#page').validity.rangeOverflow").await, true);
    browser.visit(&url(&service, &format!("/?{BOTH}&limit=5&offset=6"))).await;
    browser.find_text("p", "Page 6 is past the end").await;
    browser.find_text("a", "Show page 5, the last one").await.click().await.unwrap();
    browser.find_text("caption", "Tasks 21 to 24 of 24").await;
    assert_quiet(&browser, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_that_is_set_once_stays() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.visit(&url(&service, &format!("/?{BOTH}"))).await;
    assert_eq!(browser.texts(".local").await, [""; 0]);
    browser.find(".on-paper summary").await.click().await.unwrap();
    browser.find("#tz").await.send_keys("Asia/Singapore").await.unwrap();
    browser.find_text("button", "Set").await.click().await.unwrap();
    browser.find_text("span", "+08:00 Asia/Singapore").await;
    browser.visit(&url(&service, "/?requests=order+7")).await;
    browser.find_text("span", "+08:00 Asia/Singapore").await;
    assert_quiet(&browser, &service).await;
}
