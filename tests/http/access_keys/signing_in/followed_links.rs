//! Links of the page that are followed without a session, and the documentation, which reads with one.

use super::{PAGE, assert_readable, fill_in, served, sign_in, url};
use crate::access_keys::tenant;
use annotation_statistics_tests::{Browser, KeyHolder, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_a_download_after_the_session_has_ended_signs_in_and_gets_the_file() {
    let (data, service, key) = served("").await;
    let Some(browser) = Browser::open().await else { return };
    browser.visit(&url(&service, PAGE)).await;
    fill_in(&browser, &key).await;
    browser.find_text("caption", "Tasks 1 to 10 of 14").await;
    let another = tenant("ak-2", "1001");
    data.add(another.clone());
    let session = sign_in(&service, &key);
    data.revoke(&key.id);
    wait_until("the session has ended", || service.fetch("GET", PAGE, &session).status == 401);
    browser.find("a[href$='format=csv']").await.click().await.unwrap();
    browser.find_text("h1", "Sign in").await;
    browser.find_text("p", "The session or the share link is not valid").await;
    assert_readable(&browser, "signed out by a link").await;
    fill_in(&browser, &another).await;
    let (name, file) = browser.take_download();
    assert!(name.starts_with("statistics-a-"), "{name}");
    assert_eq!(String::from_utf8(file).unwrap().lines().count(), 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_tries_reads_with_the_session_and_no_changes() {
    let (_data, service, key) = served("").await;
    let Some(browser) = Browser::open().await else { return };
    browser.visit(&url(&service, PAGE)).await;
    fill_in(&browser, &key).await;
    browser.find_text("caption", "Tasks 1 to 10 of 14").await;
    for (operation, status) in [("getStatistics", "200"), ("deleteAnnotationRequest", "401")] {
        browser.visit(&url(&service, "/docs/")).await;
        let part = |selector: &str| format!("#operations-default-{operation} {selector}");
        browser.find(&part("button")).await.click().await.unwrap();
        browser.find(&part(".try-out button")).await.click().await.unwrap();
        let id = browser.find(&part("[data-param-name=annotationRequestId] input")).await;
        id.clear().await.unwrap();
        id.send_keys("a").await.unwrap();
        browser.find(&part(".execute")).await.click().await.unwrap();
        browser.find(&part(".live-responses-table tbody")).await;
        assert_eq!(
            browser.texts(&part(".live-responses-table tbody .response-col_status")).await,
            [status],
            "{operation}"
        );
    }
    assert_eq!(service.fetch("GET", PAGE, &sign_in(&service, &key)).status, 200, "nothing was deleted");
}
