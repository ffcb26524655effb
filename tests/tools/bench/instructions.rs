//! Instructions of the program, counted by callgrind: the same on a busy machine, so that they can have aims.

use crate::delivery::{self, TASKS_PER_REQUEST};
use crate::limits::Limits;
use crate::program::Program;
use annotation_statistics_tests::RawConnection;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The most instructions of a request for a page besides its rows.
const MOST_OF_A_REQUEST: u64 = 106_000;

/// The most instructions of a row of a page.
const MOST_OF_A_ROW: u64 = 7_600;

/// How often each page is requested before any is counted, so that connections, statements and caches are there.
const WARM_UP: u64 = 50;

/// How many more pages of each size are counted.
const COUNTED: u64 = 200;

/// Counts them where valgrind is installed, and prints them beside what is aimed at.
pub(crate) fn measure(program: &Program, folder: &Path, limits: &mut Limits) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("\ninstructions are not counted: valgrind is not installed");
        return;
    }
    let counter = Counter { program, log: folder.join("callgrind.log") };
    let [none, small, large] = [(0, 0), (COUNTED, 0), (0, COUNTED)].map(|(small, large)| counter.pages(small, large));
    let (small, large) = (per(small, none, COUNTED), per(large, none, COUNTED));
    let row = per(large, small, 90);
    let request = small.saturating_sub(10 * row);
    println!("\ninstructions of a page of 10 rows: {small}, of 100 rows: {large}");
    for (what, counted, most) in [("request", request, MOST_OF_A_REQUEST), ("row", row, MOST_OF_A_ROW)] {
        println!("    of a {what} {counted}, at most {most} is the aim");
        limits.at_most(&format!("instructions of a {what}"), number(counted), number(most));
    }
    counter.commands(folder);
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "far below what is exact")]
fn number(instructions: u64) -> f64 {
    instructions as f64
}

/// What each of `times` took, of which one measurement has none.
fn per(with: u64, without: u64, times: u64) -> u64 {
    with.saturating_sub(without) / times
}

struct Counter<'a> {
    program: &'a Program,
    log: PathBuf,
}

impl Counter<'_> {
    /// The instructions of a service that responds to so many requests more than to warm up.
    fn pages(&self, small: u64, large: u64) -> u64 {
        let service = Program::served_by(&mut self.program.counted(&self.log));
        let mut connection = RawConnection::open(service.address.parse().unwrap());
        for (limit, times) in [(10, WARM_UP + small), (100, WARM_UP + large)] {
            // Each page once: one that was sent before could be in a cache.
            for page in 1..=times {
                let target = format!("/statistics?annotationRequestId={}&limit={limit}&offset={page}", delivery::LARGE);
                let response = connection.fetch("GET", &target, "");
                let rows = String::from_utf8(response.body).unwrap().matches("\"frameNum\"").count();
                assert_eq!((response.status, rows), (200, limit), "the large request has too few tasks");
            }
        }
        drop(connection);
        service.stop();
        collected(&self.log)
    }

    /// The instructions that each task more takes in the commands that read and write whole files.
    fn commands(&self, folder: &Path) {
        let [lines, coco] = ["counted.jsonl", "counted.json"].map(|name| folder.join(name));
        let ids = [0, 1].map(delivery::request_id);
        let export = ["export", "--format", "jsonl", "--output", "-"];
        let count = ["count", "--annotation-request-id", "R", "--campaign-id", "C"];
        let [mut imported, mut exported, mut counted] = [[0; 2]; 3];
        for requests in [1, 2] {
            let place = usize::from(requests > 1);
            delivery::write_many(&lines, 0..requests);
            imported[place] = self.command(self.program.counted(&self.log).arg("import").arg(&lines));
            exported[place] = self.command(self.program.counted(&self.log).args(export).args(&ids[..=place]));
            delivery::write_coco(&coco, requests * TASKS_PER_REQUEST);
            counted[place] = self.command(self.program.counted(&self.log).args(count).arg(&coco));
        }
        let [imported, exported, counted] =
            [imported, exported, counted].map(|[one, two]| per(two, one, TASKS_PER_REQUEST.into()));
        println!("instructions of a task imported: {imported}, exported as JSON Lines: {exported}, counted: {counted}");
    }

    fn command(&self, command: &mut Command) -> u64 {
        assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{command:?}");
        collected(&self.log)
    }
}

/// The instructions that the log of callgrind says.
pub(crate) fn collected(log: &Path) -> u64 {
    let log = std::fs::read_to_string(log).unwrap();
    let line = log.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) = line.unwrap_or_else(|| panic!("callgrind collected nothing: {log}"));
    number.trim().parse().unwrap()
}
