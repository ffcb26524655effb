//! What was stated, read in place of what is recorded now: a real socket, a real database, and everything changed since.

use annotation_statistics_domain::{ItemKind, PoolType};
use annotation_statistics_tests::{
    Download, Envelope, RunningService, Task, TestDatabase, csv_lines, make_statement, parquet_lines, record, register,
    table_sums, task, xlsx_lines,
};
use serde_json::{Value, json};

const STATED: &str = "&statement=2026-11";

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(most)).unwrap()
    }
}

/// So many tasks of a request, in no order of their ids.
fn tasks(numbers: &mut Numbers, request: &str, count: u32) -> Vec<Task> {
    let mut ids: Vec<i64> = (0..i64::from(count)).map(|id| id * 7 - 500).collect();
    for place in (1..ids.len()).rev() {
        ids.swap(place, usize::try_from(numbers.below(u32::try_from(place).unwrap() + 1)).unwrap());
    }
    let one = |id: i64| {
        let (cars, buses, colors) = (numbers.below(9), numbers.below(3), numbers.below(5));
        let pool = PoolType::ALL[usize::try_from(numbers.below(6)).unwrap()];
        let items = [("car", cars), ("bus", buses), ("car/color", colors)];
        let task = task(request, id).instance_info(&items, cars + buses, colors).frames(numbers.below(40));
        let task = task.pool(pool, "some pool").status(i32::try_from(numbers.below(12)).unwrap());
        task.counted_by("objects/2").made_of(&format!("{id}.jpg")).stating("bus", ItemKind::Slot)
    };
    ids.into_iter().map(one).collect()
}

/// All that is read of requests `b`, `c` and `a`.
#[derive(Debug, PartialEq)]
struct Read {
    rows: Vec<Value>,
    summaries: Vec<Value>,
    files: Vec<Vec<String>>,
}

fn read(service: &RunningService, more: &str) -> Read {
    let list = format!("annotationRequestId=b&annotationRequestId=c&annotationRequestId=a{more}");
    let queries =
        ["", "&poolType=5", "&status=11,3&itemsBy=poolType,annotationRequestId", "&campaignId=x", "&itemsBy=status"];
    let summary = |query: &&str| service.get(&format!("/statistics/summary?{list}{query}")).data;
    let formats = ["csv", "jsonl", "csv&layout=long", "csv&poolType=5,0&status=11,1,2,3"];
    let file = |format: &&str| {
        let file = Download::get(service, &format!("/statistics/export?{list}&format={format}"));
        assert_eq!(file.status, 200, "{format}");
        // A kind is stated once a request, with its first task.
        file.text().lines().map(|line| line.replace(r#""itemKinds":{"bus":"slot"},"#, "")).collect()
    };
    Read {
        rows: walk(service, &list),
        summaries: queries.iter().map(summary).collect(),
        files: formats.iter().map(file).collect(),
    }
}

fn walk(service: &RunningService, list: &str) -> Vec<Value> {
    let (mut rows, mut connection) = (Vec::new(), service.connect());
    for page in 1.. {
        let target = format!("/statistics?{list}&limit=100&offset={page}");
        let of_page = Envelope::of(&connection.fetch("GET", &target, "")).data["data"].as_array().unwrap().clone();
        if of_page.is_empty() {
            break;
        }
        rows.extend(of_page);
    }
    rows
}

impl Read {
    /// Tasks in another order: each request has those of its own in one.
    fn sorted(mut self) -> Self {
        self.rows.sort_by_key(ToString::to_string);
        self.files.iter_mut().for_each(|lines| lines.sort());
        self
    }
}

/// The counts of each item of each task of a request, as a client may have written them down.
fn sheet(service: &RunningService, request: &str) -> String {
    let target = format!("/statistics/export?annotationRequestId={request}&layout=long&format=csv");
    Download::get(service, &target).text().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stated_is_read_as_it_was_whatever_is_recorded_since() {
    for seed in 0..3 {
        let mut numbers = Numbers(seed);
        let database = TestDatabase::new();
        let counts = [("a", 600), ("b", 257)];
        for (request, count) in counts {
            record(&database, tasks(&mut numbers, request, count)).await;
        }
        register(&database, "c", None).await;
        let service = RunningService::on(&database);
        let before = read(&service, "").sorted();
        let sheet = sheet(&service, "a");
        for request in ["a", "b", "c"] {
            make_statement(&database, request, "2026-11").await;
        }
        for (request, count) in counts {
            record(&database, tasks(&mut numbers, request, count + 100)).await;
        }
        record(&database, [task("c", 1)]).await;
        service.fetch("DELETE", "/annotation-requests/a/statistics/200", "");

        let stated = read(&service, STATED);
        let ids: Vec<i64> = stated.rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert!(ids[..257].is_sorted() && ids[257..].is_sorted(), "seed {seed}");
        assert_eq!(stated.sorted(), before, "seed {seed}");
        assert_ne!(read(&service, "").sorted(), before, "seed {seed}: everything has changed");

        let target = "/annotation-requests/a/reconciliations?against=statement:2026-11";
        let compared = service.connect().fetch_with("POST", target, "Content-Type: text/csv\r\n", &sheet);
        let data = Envelope::of(&compared).data;
        assert_eq!((&data["agrees"], &data["data"]), (&json!(true), &json!([])), "seed {seed}: {data}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workbooks_and_columns_of_a_statement_have_the_tasks_and_sums_that_were_stated() {
    let mut numbers = Numbers(7);
    let database = TestDatabase::new();
    record(&database, tasks(&mut numbers, "a", 300)).await;
    let service = RunningService::on(&database);
    make_statement(&database, "a", "2026-11").await;
    let file = |form: &str| {
        let file = Download::get(&service, &format!("/statistics/export?annotationRequestId=a&{form}{STATED}"));
        assert_eq!(file.status, 200, "{form}");
        file
    };
    let sums = |form: &str| {
        let (wide, long) = (file(&format!("{form}&layout=wide")), file(&format!("{form}&layout=long")));
        let lines = |file: &Download, sheet: &str| match form {
            "format=xlsx" => xlsx_lines(&file.body, sheet),
            "format=parquet" => parquet_lines(&file.body),
            _ => csv_lines(file.text()),
        };
        [table_sums(&lines(&wide, "Tasks")), table_sums(&lines(&long, "Items"))]
    };
    let stated = sums("format=csv");
    record(&database, tasks(&mut numbers, "a", 400)).await;
    assert_eq!((sums("format=xlsx"), sums("format=parquet")), (stated.clone(), stated));
    let sums = service.get(&format!("/statistics/summary?annotationRequestId=a{STATED}")).data;
    let workbook = file("format=xlsx&layout=wide").body;
    let (count, of_tasks) = table_sums(&xlsx_lines(&workbook, "Tasks"));
    assert_eq!(json!(count), sums["taskNum"]);
    for name in ["instanceNum", "attributeNum", "frameNum"] {
        assert_eq!(json!(of_tasks[name]), sums[name], "{name}");
    }
}
