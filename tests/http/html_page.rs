//! The page as people have it: in a browser, on a phone and on a desk, in light and in dark, by mouse, keyboard and ear.
//!
//! Where there is no browser, each test says so and tests nothing; with `BROWSER_TESTS=required` it fails.

mod find_page;
mod item_pages;
mod layout;
mod paper;

use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{
    Browser, CONTRAST, Implementation, Look, RunningService, TestDatabase, csv_lines, record, register, table_sums,
    task,
};
use serde_json::{Value, json};

const PHONE: Look = Look { width: 360, is_dark: false };
const DESK: Look = Look { width: 1440, is_dark: false };
const LOOKS: [Look; 4] = [PHONE, Look { is_dark: true, ..PHONE }, DESK, Look { is_dark: true, ..DESK }];

/// Keys as drivers of browsers call them.
const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const CONTROL: char = '\u{e009}';

/// Both requests, as the API is asked for them.
const BOTH: &str = "annotationRequestId=order%207&annotationRequestId=order%208";

/// By which a reader of the screen jumps through the page.
const LANDMARKS: &str = "banner:  | navigation: Pages | search:  | textbox: Annotation request ids (by line, comma or \
    blank) | button: Show | main:  | region: 2 annotation requests | navigation: Download all tasks | region: Ids and \
    revisions | region: By annotation request | table: What each annotation request adds to the sums, and how much of it \
    is complete | region: Where the tasks are | region: By operation item | table: How many there are of each operation \
    item, most first; together 10,000,804 | region: Side by side | table: What two annotation requests have, and how the \
    second one differs from the first, most first | region: By operation item and pool | table: How many there are of each operation item in the tasks of each kind of pool, \
    most first | region: By status | table: Tasks of each status, with what is annotated in them | region: Tasks | \
    table: Tasks 1 to 10 of 24, in the order in which they were recorded | navigation: Pages of tasks | button: Go | \
    region: The same from the API | navigation: Recent requests | contentinfo: ";

/// Two requests: one of 14 tasks with ids that no floating point number holds, and one of 10.
async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    let large = (0..14).map(|at| task("order 7", 1_146_703_288_430_264_321 + at).counted_by("objects/2"));
    let pools = [PoolType::Distribution, PoolType::Check, PoolType::Complete];
    let large = large.zip(pools.into_iter().cycle()).map(|(task, pool)| task.pool(pool, "street scenes"));
    let small = (0..10).map(|at| task("order 8", at).counts(1_000_000, 2).counted_by("objects/2"));
    record(&database, large.chain(small)).await;
    database
}

/// A service, and a browser that looks at it; none where there is no browser.
async fn opened(database: &TestDatabase) -> Option<(RunningService, Browser)> {
    let browser = Browser::open().await?;
    Some((RunningService::on(database), browser))
}

fn url(service: &RunningService, target: &str) -> String {
    format!("http://{}{target}", service.address())
}

/// The digits of texts, without what groups them and what stands around them.
fn digits(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.chars().filter(char::is_ascii_digit).collect()).collect()
}

fn numbers(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[field].to_string()).collect()
}

/// Nothing stands out at the side, and everything can be read.
async fn assert_readable(browser: &Browser, what: &str) {
    let script = "return [document.documentElement, ...document.querySelectorAll('main > section')]
        .filter(part => part.scrollWidth > part.clientWidth).map(part => part.innerText)";
    assert_eq!(browser.evaluate(script).await, json!([]), "{what}");
    assert_eq!(browser.evaluate(CONTRAST).await, json!([]), "{what}");
}

/// Nothing was said on the console, and nobody else was asked; a browser asks itself for the page that it begins with.
async fn assert_quiet(browser: &Browser, service: &RunningService) {
    assert_eq!(browser.complaints().await, [""; 0]);
    let (own, sent) = (url(service, "/"), browser.requests().await);
    let known = [own.as_str(), "data:", "chrome:", "chrome-untrusted:"];
    let strange: Vec<_> = sent.iter().filter(|sent| !known.iter().any(|start| sent.starts_with(start))).collect();
    assert!(strange.is_empty() && sent.iter().any(|sent| sent.starts_with(&own)), "{sent:?}");
}

/// What has the focus, in words; it must be seen to have it.
async fn focused(browser: &Browser) -> String {
    let script = "const it = document.activeElement, at = it.getBoundingClientRect(), style = getComputedStyle(it);
        if (it === document.body) return 'BODY'; const name = it.labels?.[0] ?? it;
        const seen = style.outlineStyle !== 'none' || it.id === 'content';
        const inside = at.right > 0 && at.left < innerWidth && at.bottom > 0 && at.top < innerHeight;
        return (seen && inside ? '' : 'unseen ') + it.tagName + ' ' + name.innerText.replace(/\\s+/g, ' ').trim();";
    browser.evaluate(script).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_from_the_form_to_a_file_shows_the_numbers_of_the_api_at_every_look() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    for look in LOOKS {
        browser.look(look).await;
        browser.visit(&url(&service, "/")).await;
        let form = browser.find("#requests").await;
        form.clear().await.unwrap();
        form.send_keys("order 7\norder 8\n").await.unwrap();
        browser.find("button").await.click().await.unwrap();
        browser.find_text("h1", "2 annotation requests").await;
        assert_sums(&browser, &service).await;
        for page in 1..=2 {
            if page == 2 {
                browser.find_text("a", "Next").await.click().await.unwrap();
            }
            browser.find_text("caption", &format!("Tasks {} to {} of 24", page * 10 - 9, page * 10)).await;
            assert_tasks(&browser, &service, page).await;
            assert_readable(&browser, &format!("{look:?}, page {page}")).await;
        }
        browser.find("a[href$='format=csv']").await.click().await.unwrap();
        assert_file(&browser.take_download(), &service);
        assert_quiet(&browser, &service).await;
    }
}

async fn assert_sums(browser: &Browser, service: &RunningService) {
    let sums = service.get(&format!("/statistics/summary?{BOTH}")).data;
    let totals = ["taskNum", "instanceNum", "attributeNum", "frameNum"].map(|name| sums[name].to_string());
    assert_eq!(digits(&browser.texts(".numbers .number").await), totals);
    let mut items = numbers(&sums["operationItems"], "count");
    items.sort_by_key(|count| std::cmp::Reverse(count.parse::<u64>().unwrap()));
    assert_eq!(digits(&browser.texts(".bars b").await), items);
    let pools = sums["poolTypes"].as_array().unwrap();
    let tasks =
        |pool: u64| pools.iter().find(|row| row["poolType"] == pool).map_or(0, |row| row["taskNum"].as_u64().unwrap());
    assert_eq!(digits(&browser.texts(".pool strong").await), [0, 1, 2, 3, 5, 4].map(|pool| tasks(pool).to_string()));
    let (statuses, requests) = ("[aria-labelledby=statuses-title]", "[aria-labelledby=requests-title]");
    for (part, rows) in [(statuses, &sums["statuses"]), (requests, &sums["requests"])] {
        for (column, field) in [("Tasks", "taskNum"), ("Instances", "instanceNum"), ("Attributes", "attributeNum")] {
            let cells = browser.texts(&format!("{part} td[data-name={column}]")).await;
            assert_eq!(digits(&cells), numbers(rows, field), "{part} {column}");
        }
    }
}

async fn assert_tasks(browser: &Browser, service: &RunningService, page: usize) {
    let rows = service.get(&format!("/statistics?{BOTH}&offset={page}")).data["data"].clone();
    assert_eq!(browser.texts("#tasks th.id").await, numbers(&rows, "id"), "digit by digit");
    for (column, field) in [("Instances", "instanceNum"), ("Attributes", "attributeNum"), ("Frames", "frameNum")] {
        let cells = browser.texts(&format!("#tasks td[data-name={column}]")).await;
        assert_eq!(digits(&cells), numbers(&rows, field), "{column}");
    }
}

/// The file has all tasks of the API in its order, and adds up to its sums.
fn assert_file((name, content): &(String, Vec<u8>), service: &RunningService) {
    assert!(name.strip_prefix("statistics-2-requests-").is_some_and(|rest| rest.contains(".csv")), "{name}");
    let lines = csv_lines(std::str::from_utf8(content).unwrap());
    let rows = service.get(&format!("/statistics?{BOTH}&limit=100")).data["data"].clone();
    assert_eq!(lines.iter().map(|line| line["id"].clone()).collect::<Vec<_>>(), numbers(&rows, "id"));
    let sums = service.get(&format!("/statistics/summary?{BOTH}")).data;
    let (tasks, columns) = table_sums(&lines);
    assert_eq!(sums["taskNum"], tasks);
    for total in ["instanceNum", "attributeNum", "frameNum"] {
        assert_eq!(sums[total], columns[total], "{total}");
    }
    for item in sums["operationItems"].as_array().unwrap() {
        assert_eq!(item["count"], columns[&format!("instanceInfo.{}", item["key"].as_str().unwrap())], "{item}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_only_a_keyboard_sees_the_focus_and_gets_everywhere() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    browser.look(PHONE).await;
    browser.visit(&url(&service, "/")).await;
    let stops = "A Skip to the numbers|A Annotation statistics|A Find|A API";
    for expected in stops.split('|').chain(["TEXTAREA Annotation request ids (by line, comma or blank)"]) {
        browser.press(&[TAB]).await;
        assert_eq!(focused(&browser).await, expected);
    }
    browser.press(&[CONTROL, 'a']).await;
    browser.type_text("order 7").await;
    for expected in ["SUMMARY Only some of the tasks", "BUTTON Show"] {
        browser.press(&[TAB]).await;
        assert_eq!(focused(&browser).await, expected);
    }
    browser.press(&[ENTER]).await;
    browser.find_text("h1", "order 7").await;
    browser.press(&[TAB]).await;
    browser.press(&[ENTER]).await;
    assert_eq!(focused(&browser).await.split(' ').next(), Some("MAIN"), "the form is skipped");
    let mut stops = Vec::new();
    while stops.last().is_none_or(|stop: &String| stop != "A Next page, number 2") {
        browser.press(&[TAB]).await;
        stops.push(focused(&browser).await);
        assert!(stops.len() < 40, "{stops:?}");
    }
    let items = std::iter::repeat_n("SUMMARY 2 items", 10).collect::<Vec<_>>();
    let downloads = ["A CSV a line per task", "A CSV, long a line per task and item", "A Excel a line per task"];
    let others = [
        "A JSON Lines can be imported again",
        "A Parquet typed columns",
        "A Compare a sheet with these tasks",
        "A Statements what was signed",
        "SUMMARY Client, period and time zone",
    ];
    let expected = [&downloads[..], &others, &items, &["A Next page, number 2"]].concat();
    assert_eq!(stops.iter().map(|stop| stop.split(" of task").next().unwrap()).collect::<Vec<_>>(), expected);
    browser.press(&[ENTER]).await;
    browser.find_text("caption", "Tasks 11 to 14 of 14").await;
    assert_quiet(&browser, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_without_numbers_has_a_way_on_that_leads_on() {
    let (empty, database) = (TestDatabase::new(), recorded().await);
    register(&database, "order 9", None).await;
    let Some((service, browser)) = opened(&database).await else { return };
    let nothing = RunningService::on(&empty);
    for look in LOOKS {
        browser.look(look).await;
        for (service, target, title, way, (part, text)) in [
            (&nothing, "/", "Nothing is recorded yet", "Look again", ("h1", "Nothing is recorded yet")),
            (&service, "/?requests=x%0Aorder+7", "Unknown annotation request", "Show the others", ("h1", "order 7")),
            (&service, "/?requests=x", "Unknown annotation request", "order 8", ("h1", "order 8")),
            (&service, "/?requests=order+9", "order 9", "Look again", ("p", "No task is recorded yet")),
            (&service, "/?requests=order+7&offset=9", "order 7", "Show page 2", ("caption", "Tasks 11 to 14 of 14")),
            (&service, "/?requests=order+7&limit=x", "This cannot be read", "Start again", ("h1", "order 9")),
        ] {
            browser.visit(&url(service, target)).await;
            browser.find_text("h1", title).await;
            assert_readable(&browser, target).await;
            browser.find_text("a", way).await.click().await.unwrap();
            browser.find_text(part, text).await;
        }
    }
    database.cut_off();
    browser.visit(&url(&service, "/?requests=order+7")).await;
    browser.find_text("h1", "The statistics cannot be reached now").await;
    assert_readable(&browser, "no database").await;
    database.reconnect();
    browser.find_text("a", "Try again").await.click().await.unwrap();
    browser.find_text("h1", "order 7").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hears_the_page_is_told_its_parts_and_the_rows_of_its_tables_whatever_the_width() {
    let database = recorded().await;
    let Some((service, browser)) = opened(&database).await else { return };
    let mut trees = Vec::new();
    for look in [PHONE, DESK] {
        browser.look(look).await;
        browser.visit(&url(&service, &format!("/?{BOTH}"))).await;
        let parts = browser.spoken_parts().await;
        // On the phone alone there is a way over the numbers to the requests below.
        trees.push(parts.into_iter().filter(|part| part != "link: or pick a recent one").collect::<Vec<_>>());
    }
    assert_eq!(trees[0], trees[1]);
    let role = |part: &str| part.split_once(": ").unwrap().0.to_owned();
    let roles: Vec<String> = LANDMARKS.split(" | ").map(role).collect();
    let landmarks: Vec<&str> = trees[0].iter().filter(|part| roles.contains(&role(part))).map(String::as_str).collect();
    assert_eq!(landmarks.join(" | "), LANDMARKS);
    let row = trees[0].iter().position(|part| part == "rowheader: 1146703288430264321").unwrap();
    let cells = ["order 7", "labels approved 11", "street scenes distribution", "12", "44", "1"];
    assert_eq!(trees[0][row + 1..=row + cells.len()], cells.map(|cell| format!("cell: {cell}")));
}
