//! `make pictures`: takes the pictures of the page in `docs/pictures`, of the demo, as the tests see it.

use annotation_statistics::demo_delivery;
use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use annotation_statistics_tests::{Browser, Look, RunningService, TestDatabase};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// How much of the page is shown, in CSS pixels: what comes below looks alike.
const MOST_HEIGHT: u64 = 2_400;

/// A picture must not be a burden to those who clone.
const MOST_BYTES: usize = 150_000;

#[tokio::main]
async fn main() {
    let browser = Browser::open().await.expect("there is no browser: run make setup-browser");
    let database = TestDatabase::new();
    let demo = demo_delivery().map(Ok);
    database.recorder().record(Box::new(demo), Precondition::None).await.unwrap();
    let service = RunningService::on(&database);
    for (name, width, is_dark) in
        [("desk", 1_440, false), ("desk-dark", 1_440, true), ("phone", 360, false), ("phone-dark", 360, true)]
    {
        browser.look(Look { width, is_dark }).await;
        browser.visit(&format!("http://{}/", service.address())).await;
        let picture = smaller(&browser.picture(MOST_HEIGHT).await);
        assert!(picture.len() <= MOST_BYTES, "{name} has {} bytes", picture.len());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/pictures/{name}.png"));
        fs::write(path, picture).unwrap();
        println!("docs/pictures/{name}.png");
    }
}

/// The picture in a few colours, which are more than the page has.
fn smaller(picture: &[u8]) -> Vec<u8> {
    let mut program = Command::new("pngquant");
    program.args(["--nofs", "--strip", "32", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = program.spawn().unwrap();
    running.stdin.take().unwrap().write_all(picture).unwrap();
    let done = running.wait_with_output().unwrap();
    assert!(done.status.success(), "pngquant failed");
    done.stdout
}
