//! Damaged annotation files are recorded as they read, or not at all.

use crate::PROGRAM;
use crate::samples;
use annotation_statistics_tests::{Program, Run, TestDatabase};
use std::io::Write;

/// Damaged copies of a sample at places that are the same in every run, with what was done to each.
fn damaged(sample: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = sample.as_bytes();
    let places = (1..=5).map(|part| (part * 1_009) % bytes.len());
    let mut copies = Vec::new();
    for place in places {
        copies.push((format!("cut at {place}"), bytes[..place].to_vec()));
        let mut flipped = bytes.to_vec();
        flipped[place] ^= 1 << (place % 7);
        copies.push((format!("flipped at {place}"), flipped));
        copies.push((format!("Latin-1 at {place}"), [&bytes[..place], b"\xE9", &bytes[place..]].concat()));
        let mut packed = gzip(bytes);
        packed.truncate(packed.len() * place / bytes.len());
        copies.push((format!("gzip cut to {} bytes", packed.len()), packed));
    }
    let units: Vec<u16> = sample.encode_utf16().collect();
    copies.push(("UTF-16".into(), units.iter().copied().flat_map(u16::to_le_bytes).collect()));
    copies.push(("UTF-16 with a mark".into(), [0xFEFF].into_iter().chain(units).flat_map(u16::to_be_bytes).collect()));
    copies
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn import(program: &Program, request: &str, file: &str, format: &str) -> Run {
    let exports = ["--annotation-request-id", request, "--campaign-id", "1001", "--format", format];
    program.run(&[&["import"], &exports[..], &[file]].concat())
}

/// The tasks that the request is said to have, and those that it has; nothing where there is no request.
fn recorded(database: &TestDatabase, request: &str) -> Vec<String> {
    database.query(&format!(
        "SELECT r.task_count || ' ' || (SELECT count(*) FROM statistics WHERE annotation_request_id = r.id)
         FROM annotation_requests AS r WHERE r.id = '{request}'"
    ))
}

#[test]
fn a_damaged_export_is_recorded_whole_or_not_at_all_and_the_fault_is_told() {
    let database = TestDatabase::new();
    let settings = format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url());
    let program = Program::new(PROGRAM, &settings);
    let mut refused = 0;
    for (number, (format, sample)) in samples::ALL.into_iter().enumerate() {
        for (index, (what, bytes)) in damaged(sample).into_iter().enumerate() {
            let request = format!("{number}-{index}");
            let file = program.write("export", bytes);
            let run = import(&program, &request, &file, format.name());
            let rows = recorded(&database, &request);
            if run.code == Some(0) {
                let reported =
                    run.out.strip_prefix(&format!("{file}: ")).and_then(|rest| rest.split_once(" inserted, 0 updated"));
                let (inserted, _) = reported.unwrap_or_else(|| panic!("{format} {what}: {run:?}"));
                assert_eq!(rows, [format!("{inserted} {inserted}")], "{format} {what}");
            } else {
                assert_eq!((run.code, run.out.as_str(), rows), (Some(1), "", vec![]), "{format} {what}: {run:?}");
                let (error, end) = run.err.split_once('\n').unwrap();
                assert!(error.starts_with(&format!("error: {file}: ")), "{format} {what}: {run:?}");
                assert_eq!(end, format!("nothing of {file} was recorded\n"), "{format} {what}: {run:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > 120, "only {refused} were refused");
    assert_eq!(database.query("SELECT count(*) FROM annotation_requests WHERE task_count = 0"), ["0"]);
}
