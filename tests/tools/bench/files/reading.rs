//! Reading annotation files, beside a plain program that reads the same file and nothing else.

use crate::instructions::collected;
use crate::limits::Limits;
use std::path::Path;
use std::process::{Command, Stdio};

/// Megabytes of each file.
const MEGABYTES: &str = "4";

/// How many times the instructions, and the time, of a plain program counting a file may take.
const MOST: [(&str, f64); 8] = [
    ("coco", 1.3),
    ("label-studio", 2.0),
    ("cvat", 2.0),
    ("cvat-video", 2.0),
    ("openlabel", 2.0),
    ("scalabel", 2.0),
    ("datumaro", 2.0),
    ("platform", 2.0),
];

/// Compares times in turns, and instructions where valgrind is installed: only those are the same on a busy machine, so that
/// only they are judged.
pub(crate) fn measure(reader: &Path, folder: &Path, limits: &mut Limits) {
    println!("\nreading annotation files, beside typed serde_json or quick-xml over the same file in memory:");
    let compared = Command::new(reader).arg("compare").arg(folder).arg(MEGABYTES).output().unwrap();
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stderr));
    let lines = String::from_utf8(compared.stdout).unwrap();
    let has_valgrind = Command::new("valgrind").arg("--version").output().is_ok();
    for ((sample, most), line) in MOST.into_iter().zip(lines.lines()) {
        let times: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(times["sample"], sample);
        let (ratio, rate) = (times["ratio"].as_f64().unwrap(), &times["megabytes_per_second"]);
        print!("    {sample:<14} {ratio:>5.2} times its time, {rate:>4} MB/s");
        if has_valgrind {
            let [read, plain] = ["read", "plain"].map(|what| instructions(reader, what, sample, folder));
            let ratio = read / plain;
            print!("; {ratio:.2} times its instructions, at most {most}");
            limits.at_most(&format!("instructions to read {sample}, times a plain program"), ratio, most);
        }
        println!();
    }
}

fn instructions(reader: &Path, what: &str, sample: &str, folder: &Path) -> f64 {
    let log = folder.join("callgrind.log");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg(format!("--log-file={}", log.display())).arg(reader).args([what, sample]).arg(folder.join(sample));
    assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{command:?}");
    let counted = collected(&log);
    u32::try_from(counted / 1_000).map(f64::from).unwrap()
}
