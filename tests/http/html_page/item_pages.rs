//! Operation items and annotation requests on the page: all of them can be reached, compared and filtered.

use super::{LOOKS, Look, PHONE, assert_quiet, assert_readable, digits, numbers, opened, url};
use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{TestDatabase, record, task};
use serde_json::json;

/// Three requests of two campaigns, with tasks in two pools.
async fn three_requests() -> TestDatabase {
    let database = TestDatabase::new();
    let pools = [(PoolType::Complete, 11), (PoolType::Check, 5)];
    let tasks = |request: &'static str, campaign: &'static str, count: i64| {
        let numbered = (0..count).zip(pools.into_iter().cycle());
        numbered.map(move |(id, (pool, status))| {
            task(request, id).campaign(campaign).pool(pool, "street scenes").status(status)
        })
    };
    let of_b = tasks("b", "1002", 4).map(|task| task.counts(20, 4));
    record(&database, tasks("a", "1001", 7).chain(of_b).chain([task("c", 9).pool(PoolType::Check, "p")])).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_the_form_filter_the_sums_of_the_page_and_its_downloads() {
    let database = three_requests().await;
    let Some((service, browser)) = opened(&database).await else { return };
    let list = "annotationRequestId=a&annotationRequestId=b&annotationRequestId=c";
    for look in LOOKS {
        browser.look(look).await;
        browser.visit(&url(&service, &format!("/?{list}"))).await;
        browser.find_text("summary", "Only some of the tasks").await.click().await.unwrap();
        assert_readable(&browser, &format!("{look:?}, the filter")).await;
        browser.find("input[name=poolType][value='5']").await.click().await.unwrap();
        browser.find("input[name=status][value='11']").await.click().await.unwrap();
        browser.find("button").await.click().await.unwrap();
        let remark = "Only tasks in the pool Complete, with the status labels approved (11) are added up: 6 of 12.";
        browser.find_text("p", remark).await;
        let sums = service.get(&format!("/statistics/summary?{list}&poolType=5&status=11")).data;
        let totals = ["taskNum", "instanceNum", "attributeNum", "frameNum"].map(|name| sums[name].to_string());
        assert_eq!(digits(&browser.texts(".numbers .number").await), totals);
        let of_requests = browser.texts("[aria-labelledby=requests-title] td[data-name=Tasks]").await;
        assert_eq!(digits(&of_requests), numbers(&sums["requests"], "taskNum"));
        let listed = browser.texts("#tasks td[data-name=Request]").await;
        assert_eq!(listed.concat(), "aaaaaaabbb", "the first ten tasks of the requests that have such tasks");
        assert_eq!(browser.texts(".left-out th").await.len(), 4);
        assert_readable(&browser, &format!("{look:?}, filtered")).await;
        browser.find("a[href$='format=jsonl']").await.click().await.unwrap();
        let (_, file) = browser.take_download();
        assert_eq!(std::str::from_utf8(&file).unwrap().lines().count(), 6);
        browser.find_text("a", "Add up all").await.click().await.unwrap();
        browser.find_text("strong", "6 of 12 tasks complete (50.0 %)").await;
        assert_quiet(&browser, &service).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_a_filter_and_one_that_nothing_is_of_leaves_no_task() {
    let database = three_requests().await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.look(PHONE).await;
    for (campaign, remark) in [
        ("1002", "of the campaign \u{2068}1002\u{2069} are added up: 4 of 12."),
        ("1", "of the campaign \u{2068}1\u{2069} are added up: 0 of 12."),
    ] {
        browser.visit(&url(&service, "/?requests=a%0Ab%0Ac")).await;
        browser.find_text("summary", "Only some of the tasks").await.click().await.unwrap();
        browser.find("input[name=campaignId]").await.send_keys(campaign).await.unwrap();
        browser.find("button").await.click().await.unwrap();
        browser.find_text("p", remark).await;
        assert_eq!(browser.texts(".left-out").await, [""; 0], "a campaign leaves out whole requests");
        assert_eq!(browser.texts("#tasks th.id").await.len(), if campaign == "1002" { 4 } else { 0 });
        assert_readable(&browser, campaign).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_many_items_are_reached_page_by_page() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1).items(250)]).await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.look(PHONE).await;
    browser.visit(&url(&service, "/?requests=a")).await;
    let mut seen = Vec::new();
    for (fold, next) in
        [(true, Some("Items 101 to 200 of 250")), (false, Some("Items 201 to 250 of 250")), (false, None)]
    {
        if fold {
            browser.find_text("summary", "88 more items, together 88 (35.2 %)").await.click().await.unwrap();
        }
        assert_readable(&browser, "a page of items").await;
        seen.extend(browser.texts("#items tbody th").await);
        if let Some(next) = next {
            browser.find_text("a", "Next operation items").await.click().await.unwrap();
            browser.find_text("caption", next).await;
        }
    }
    let expected: Vec<String> = (0..250).map(|item| format!("item-{item:015}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_folded_items_are_printed_and_those_of_a_task_are_in_columns() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1).items(90), task("b", 2).items(40)]).await;
    let Some((service, browser)) = opened(&database).await else { return };
    for (look, columns) in [(Look { width: 718, is_dark: false }, 5), (PHONE, 1)] {
        browser.look(look).await;
        browser.visit(&url(&service, "/?requests=a%0Ab")).await;
        browser.find_text("summary", "90 items").await.click().await.unwrap();
        if columns > 1 {
            browser.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        }
        let script = "return new Set([...document.querySelectorAll('.of-task [open] li')]
            .map(item => Math.round(item.getBoundingClientRect().left))).size";
        assert_eq!(browser.evaluate(script).await, columns);
        assert_readable(&browser, &format!("{look:?}")).await;
        if columns > 1 {
            let script = "return [...document.querySelectorAll('#items tbody th')]
                .filter(item => item.checkVisibility({ contentVisibilityAuto: true })
                    && item.getBoundingClientRect().height > 0).length";
            assert_eq!(browser.evaluate(script).await, 90);
            browser.command("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_large_numbers_and_many_items_stay_inside() {
    let (database, long) = (TestDatabase::new(), "W".repeat(200));
    let items: Vec<String> = (0..60).map(|item| format!("{item}{}", "مركبة🚗".repeat(item % 9))).collect();
    let items: Vec<(&str, u32)> = items.iter().map(|item| (item.as_str(), 71_582_788)).collect();
    let task = task(&long, i64::MAX).instance_info(&items, 4_294_967_280, 0).frames(u32::MAX).campaign(&long);
    record(&database, [task.pool(PoolType::Check, &long)]).await;
    let Some((service, browser)) = opened(&database).await else { return };
    for look in LOOKS {
        browser.look(look).await;
        browser.visit(&url(&service, "/")).await;
        browser.find_text("summary", "60 items").await.click().await.unwrap();
        browser.find_text("li", "71,582,788").await;
        assert_readable(&browser, &format!("{look:?}")).await;
    }
}
