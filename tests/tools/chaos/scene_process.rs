//! A scene in a process of its own, so that one which hangs or panics takes nothing with it.

use crate::arguments::Arguments;
use crate::findings::Findings;
use crate::scene::Scene;
use annotation_statistics_tests::temp_folder;
use rustix::process::{Signal, kill_current_process_group};
use std::fs::{self, File};
use std::io::{Read, stdin};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The most lines of a scene's last words that are reported.
const LAST_WORDS: usize = 20;

/// Plays a scene; its programs are gone afterwards, whatever came of it.
pub(crate) fn play(scene: &Scene, arguments: &Arguments) -> Findings {
    let folder = temp_folder();
    let [out, err] = ["out", "err"].map(|name| folder.path().join(name));
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("--scene").arg(scene.name).arg("--program").arg(&arguments.program);
    command.args(arguments.quick.then_some("--quick"));
    command.env("RUST_BACKTRACE", "0");
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let mut child = command.stdin(Stdio::piped()).process_group(0).spawn().unwrap();
    let bound = scene.bound(arguments.quick).unwrap_or(Duration::from_secs(scene.seconds));
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > bound {
            drop(child.stdin.take());
            child.wait().unwrap();
            return Findings::of_failure(format!("not within {} s", bound.as_secs()));
        }
        thread::sleep(PAUSE);
    }
    let said = fs::read_to_string(&out).unwrap();
    said.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_else(|| {
        let words = fs::read_to_string(&err).unwrap();
        let lines: Vec<&str> = words.lines().collect();
        Findings::of_failure(lines[lines.len().saturating_sub(LAST_WORDS)..].join("\n"))
    })
}

/// Ends this process, and all that it started, as soon as the one that started it lets go of it or is gone.
pub(crate) fn end_with_the_caller() {
    thread::spawn(|| {
        let _closed = stdin().lock().read_to_end(&mut Vec::new());
        kill_current_process_group(Signal::KILL).unwrap();
    });
}
