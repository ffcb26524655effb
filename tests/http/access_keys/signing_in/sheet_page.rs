//! A sheet that is compared on the page. Where there is no browser, the test says so and tests nothing.

use super::{PAGE, assert_readable, cookie, fill_in, served, sign_in, url};
use annotation_statistics_tests::{Browser, Look, printed_text, temp_folder};
use serde_json::json;
use std::fs;

/// Of the first task the right number of instances, of the second a wrong one.
const SHEET: &str = "id,instanceNum\r\n0,12\r\n1,13\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_chosen_compared_printed_and_downloaded() {
    let (_data, service, key) = served("").await;
    let Some(browser) = Browser::open().await else { return };
    let folder = temp_folder();
    let file = folder.path().join("our delivery.csv");
    fs::write(&file, SHEET).unwrap();
    browser.visit(&url(&service, PAGE)).await;
    fill_in(&browser, &key).await;
    for look in [Look { width: 360, is_dark: true }, Look { width: 1440, is_dark: false }] {
        browser.look(look).await;
        browser.visit(&url(&service, PAGE)).await;
        browser.find_text("a", "Compare a sheet").await.click().await.unwrap();
        browser.find_text("h1", "Compare a sheet").await;
        assert_readable(&browser, &format!("the form, {look:?}")).await;
        browser.find("#sheet").await.send_keys(file.to_str().unwrap()).await.unwrap();
        browser.find_text("button", "Compare").await.click().await.unwrap();
        browser.find_text("h1", "They differ").await;
        assert_eq!(browser.texts("[aria-labelledby=differences-title] caption").await, ["All 13"]);
        assert_eq!(browser.texts(".sums tbody .figure").await, ["168", "25", "+143"]);
        assert_readable(&browser, &format!("differences, {look:?}")).await;
    }
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|line| !line.contains("/reconcile")), "{complaints:?}");
    let revision = service.fetch("GET", "/annotation-requests/a", &sign_in(&service, &key));
    let tag = revision.header("etag").unwrap().trim_matches('"').to_owned();
    let paper = printed_text(&browser.print().await);
    let time = browser.texts(".stated time").await[0].replace(' ', "");
    for text in ["annotationrequesta", "ourdelivery.csv", tag.as_str(), time.as_str(), "+143"] {
        assert!(paper.contains(text), "{text} is missing on paper: {paper}");
    }
    for text in ["Choose", "Anothersheet", "SignOut"] {
        assert!(!paper.contains(text), "{text} is on paper: {paper}");
    }
    browser.find("[name=shown-as][value=csv]").await.click().await.unwrap();
    browser.find("#sheet").await.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.find_text("button", "Compare").await.click().await.unwrap();
    let (name, lines) = browser.take_download();
    assert!(name.starts_with("comparison-a-"), "{name}");
    assert_eq!(String::from_utf8(lines).unwrap().lines().count(), 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sheet_is_the_form_again() {
    let (_data, service, key) = served("").await;
    let Some(browser) = Browser::open().await else { return };
    let folder = temp_folder();
    let file = folder.path().join("rounded.csv");
    fs::write(&file, "id,instanceNum\r\n1146703288430260000,12\r\n").unwrap();
    browser.visit(&url(&service, "/reconcile?annotationRequestId=a")).await;
    fill_in(&browser, &key).await;
    browser.find_text("h1", "Compare a sheet").await;
    browser.find("#sheet").await.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.find_text("button", "Compare").await.click().await.unwrap();
    browser.find_text("p", "line 2, column id:").await;
    assert_readable(&browser, "refused").await;
    assert_eq!(browser.evaluate("return document.querySelectorAll('#sheet').length").await, json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_not_given_to_its_sender_compares_nothing() {
    let (_data, service, key) = served("").await;
    let session = sign_in(&service, &key);
    let body = "--X\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nguessed\r\n\
                --X\r\nContent-Disposition: form-data; name=\"sheet\"; filename=\"a\"\r\n\r\nframeNum\r\n14\r\n--X--\r\n";
    let post = |headers: &str, id: &str| {
        let headers = format!("Content-Type: multipart/form-data; boundary=X\r\n{headers}");
        service.connect().fetch_with("POST", &format!("/reconcile?annotationRequestId={id}"), &headers, body)
    };
    let ours = "Origin: http://localhost\r\n";
    let guessed = post(&format!("{ours}{session}"), "a");
    assert_eq!((guessed.status, guessed.text().contains("Nothing was done")), (403, true), "{}", guessed.text());
    let elsewhere = post(&format!("Origin: http://evil.example\r\n{session}"), "a");
    assert_eq!(elsewhere.status, 403);
    let nobody = post(ours, "a");
    assert_eq!((nobody.status, cookie(&nobody).is_empty()), (401, false));
    let page = service.fetch("GET", "/reconcile?annotationRequestId=b", &session);
    assert_eq!((page.status, page.text().contains("Unknown annotation request")), (404, true), "of another campaign");
}
