//! The program for clients, `docs/verify.py`: it accepts and refuses what this crate does.

use crate::documents::CONTRADICTIONS;
use crate::golden::{PUBLIC_KEY, ROWS, SIGNATURE, STATEMENT};
use crate::sample::{Made, make, resigned, sample, tasks};
use crate::tampering::Random;
use crate::verifying::{WRONG, changed_lines};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// How many bits of the golden files are changed, one after the other.
const FLIPS: usize = 200;

/// Verifies statement after statement in one process.
const DRIVER: &str = r#"
import io, pathlib, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import verify
for number in range(int(sys.argv[3])):
    document, signature, rows = (pathlib.Path(f"{number}.{end}").read_bytes() for end in ("json", "sig", "jsonl"))
    try:
        verify.verify(document, signature, io.BytesIO(rows), sys.argv[2].encode())
        print("verified")
    except verify.NotVerified:
        print("refused")
"#;

type Files = (Vec<u8>, Vec<u8>, Vec<u8>);

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Runs Python in a folder; `None` where there is none, which is said past the harness.
fn python(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let run = Command::new("python3").current_dir(folder).args(arguments).output();
    if run.is_err() {
        let _ = writeln!(io::stderr(), "NOT TESTED: docs/verify.py; install python3");
    }
    run.ok()
}

fn golden() -> Files {
    (STATEMENT.to_vec(), SIGNATURE.to_vec(), ROWS.to_vec())
}

fn flipped(random: &mut Random) -> Files {
    let mut files = golden();
    let file = [&mut files.0, &mut files.1, &mut files.2].into_iter().nth(random.below(3)).unwrap();
    let place = random.below(file.len());
    file[place] ^= 1 << random.below(8);
    files
}

/// What this crate refuses in the tables of the other tests.
fn refused() -> Vec<Files> {
    let made = make(&sample(tasks(6))).unwrap();
    let files = |made: &Made, rows| (made.statement.body.clone(), made.statement.signature.to_vec(), rows);
    let lines = WRONG.iter().map(|(change, _)| files(&made, changed_lines(&made, change)));
    let documents = CONTRADICTIONS.iter().map(|(from, to, _)| files(&resigned(&made, &[(from, to)]), made.rows()));
    let cut_off = [0, 1, 600].map(|end| files(&made, made.rows()[..end].to_vec()));
    let (other, mut swapped) = (make(&sample(tasks(7))).unwrap(), files(&made, made.rows()));
    swapped.1 = other.statement.signature.to_vec();
    let others = [files(&made, other.rows()), files(&other, made.rows()), swapped];
    lines.chain(documents).chain(cut_off).chain(others).collect()
}

#[test]
fn the_program_for_clients_refuses_what_was_changed() {
    let (folder, mut random) = (tempfile::tempdir().unwrap(), Random(20_261_130));
    let flips = (0..FLIPS).map(|_| flipped(&mut random));
    let cases: Vec<Files> = [golden()].into_iter().chain(refused()).chain(flips).collect();
    for (number, (document, signature, rows)) in cases.iter().enumerate() {
        for (end, bytes) in [("json", document), ("sig", signature), ("jsonl", rows)] {
            fs::write(folder.path().join(format!("{number}.{end}")), bytes).unwrap();
        }
    }
    let (docs, number) = (docs(), cases.len().to_string());
    let arguments = ["-c", DRIVER, docs.to_str().unwrap(), PUBLIC_KEY, &number];
    let Some(run) = python(folder.path(), &arguments) else { return };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let found = String::from_utf8(run.stdout).unwrap();
    let accepted: Vec<_> =
        found.lines().enumerate().filter(|(_, line)| *line == "verified").map(|(at, _)| at).collect();
    assert_eq!((accepted, found.lines().count()), (vec![0], cases.len()));
}

/// The rows, other arguments, the code with which the program ends, and the start of what it says.
const ENDS: &[(&str, &[&str], i32, &str)] = &[
    (
        "rows.jsonl",
        &[],
        0,
        "verified: statement 2026-11, number 3 of `R`, as of 2025-12-01T01:00:00.123456Z, signed with",
    ),
    ("rows.jsonl", &["--name", "2026-11"], 0, "verified: statement 2026-11"),
    ("rows.jsonl", &["--name", "2026-12"], 1, "NOT VERIFIED: it is the statement `2026-11`, and not `2026-12`"),
    (
        "rows.jsonl",
        &["--previous", "statement.json"],
        1,
        "NOT VERIFIED: it is number 3, and the one given as the previous",
    ),
    (
        "changed.jsonl",
        &[],
        1,
        "NOT VERIFIED: rows, line 6: instanceInfo does not add up to instanceNum + attributeNum.",
    ),
    ("missing.jsonl", &[], 2, "not tried: [Errno 2] No such file or directory: 'missing.jsonl'"),
    ("rows.jsonl.zst", &[], 2, "not tried: the rows are compressed: `zstd -d rows.jsonl.zst` first"),
    ("rows.jsonl", &["--nome", "2026-11"], 2, "usage: verify.py"),
];

#[test]
fn the_program_for_clients_names_the_error_and_ends_with_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let changed = String::from_utf8(ROWS.to_vec()).unwrap().replacen("\"car\":9,", "\"car\":8,", 1);
    for (name, bytes) in [
        ("statement.json", STATEMENT),
        ("statement.sig", SIGNATURE),
        ("rows.jsonl", ROWS),
        ("public-key.pem", PUBLIC_KEY.as_bytes()),
        ("changed.jsonl", changed.as_bytes()),
        ("rows.jsonl.zst", &make(&sample(tasks(6))).unwrap().zstd()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let program = docs().join("verify.py");
    for (rows, more, code, expected) in ENDS {
        let files = [program.to_str().unwrap(), "statement.json", "statement.sig", rows, "public-key.pem"];
        let Some(run) = python(folder.path(), &[&files[..], more].concat()) else { return };
        let output = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
        assert_eq!((run.status.code(), output.starts_with(expected)), (Some(*code), true), "{output}");
    }
}
