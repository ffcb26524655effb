//! Statements on the page: made, read, printed and shared. Where there is no browser, the test says so and tests nothing.

use super::{assert_readable, fill_in, served, url};
use annotation_statistics_tests::{Browser, Download, Look, RunningService, printed_text, temp_folder};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const LIST: &str = "/statements?annotationRequestId=a";

/// The example of RFC 8410.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

fn number_of_pages(pdf: &[u8]) -> usize {
    pdf.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page") && bytes[11] != b's').count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_made_read_printed_on_one_sheet_and_shared() {
    let folder = temp_folder();
    let file = folder.path().join("signing-key.pem");
    fs::write(&file, KEY).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let settings = format!("statements.signing_key_file = '{}'\npage.publisher = 'Our Company'", file.display());
    let (_data, service, key) = served(&settings).await;
    let (Some(browser), Some(other)) = (Browser::open().await, Browser::open().await) else { return };
    browser.visit(&url(&service, LIST)).await;
    fill_in(&browser, &key).await;
    browser.find_text("p", "There are none yet.").await;
    let name = browser.find("#name").await;
    name.clear().await.unwrap();
    name.send_keys("2026-11").await.unwrap();
    browser.find_text("button", "Make the statement").await.click().await.unwrap();
    browser.find_text("h1", "Statement 2026-11").await;
    assert_readable_at_each_look(&browser, &service).await;
    browser.visit(&url(&service, "/statement?annotationRequestId=a&name=2026-11")).await;
    assert_on_one_sheet(&browser).await;
    browser.find_text("button", "Make a share link").await.click().await.unwrap();
    browser.find_text("h1", "Share link").await;
    let link = browser.find("#link").await.text().await.unwrap();
    assert_shows_one_statement(&other, &service, &link).await;
}

async fn assert_readable_at_each_look(browser: &Browser, service: &RunningService) {
    for (width, is_dark) in [360, 768, 1024, 1440, 1920].into_iter().flat_map(|width| [(width, false), (width, true)]) {
        for target in [LIST, "/statement?annotationRequestId=a&name=2026-11", "/statement?annotationRequestId=a&name=x"]
        {
            browser.look(Look { width, is_dark }).await;
            browser.visit(&url(service, target)).await;
            assert_readable(browser, &format!("{target} at {width}, dark: {is_dark}")).await;
        }
    }
}

async fn assert_on_one_sheet(browser: &Browser) {
    let digest = browser.texts(".digest").await[0].split_whitespace().collect::<String>();
    let pdf = browser.print().await;
    let paper = printed_text(&pdf);
    assert_eq!((number_of_pages(&pdf), digest.len()), (1, 64), "{paper}");
    let stated = ["Statement2026-11", &digest, "OurCompany", "Acceptedby", "Placeanddate", "Signature", "Tasks1414"];
    for text in stated {
        assert!(paper.contains(text), "{text} is missing on paper: {paper}");
    }
    for text in ["Makeasharelink", "Files", "Signout", "Bypoolandstatus"] {
        assert!(!paper.contains(text), "{text} is on paper: {paper}");
    }
}

/// And its five files, without a key.
async fn assert_shows_one_statement(other: &Browser, service: &RunningService, link: &str) {
    other.visit(link).await;
    other.find_text("h1", "Statement 2026-11").await;
    assert_eq!(other.evaluate("return document.querySelectorAll('form').length").await, json!(0));
    let targets = other.evaluate("return [...document.querySelectorAll('.exports a')].map(it => it.href)").await;
    assert_eq!(targets.as_array().unwrap().len(), 5, "{targets}");
    for target in targets.as_array().unwrap() {
        let path = target.as_str().unwrap().split_once(&service.address().to_string()).unwrap().1;
        assert_eq!(Download::get(service, path).status, 200, "{path}");
    }
    other.visit(&link.replace("name=2026-11", "name=2026-12")).await;
    other.find_text("h1", "Sign in").await;
}
