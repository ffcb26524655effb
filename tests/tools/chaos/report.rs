//! What is printed.

use crate::arguments::Arguments;
use crate::findings::{Finding, Findings, Verdict};
use crate::scene::Scene;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What is shown while scenes play, on a terminal only.
const PROGRESS: &str = "{spinner} scene {pos} of {len}, {msg}, {elapsed} so far";

/// The findings of all scenes, reported as they come.
pub(crate) struct Report {
    json: Option<Vec<Value>>,
    progress: ProgressBar,
    missed: Vec<&'static str>,
    started: Instant,
}

impl Report {
    /// None so far.
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let scenes = u64::try_from(arguments.scenes().len()).unwrap();
        let progress = ProgressBar::new(scenes).with_style(ProgressStyle::with_template(PROGRESS).unwrap());
        let json = arguments.json.then(Vec::new);
        Self { json, progress, missed: Vec::new(), started: Instant::now() }
    }

    /// Shows that a scene plays.
    pub(crate) fn while_it_plays<T>(&self, scene: &Scene, play: impl FnOnce() -> T) -> T {
        self.progress.inc(1);
        self.progress.set_message(format!("{}: at most {} s", scene.name, scene.seconds));
        self.progress.enable_steady_tick(Duration::from_millis(200));
        let played = play();
        self.progress.disable_steady_tick();
        played
    }

    /// Reports what a scene found.
    pub(crate) fn add(&mut self, scene: &'static Scene, findings: &Findings) {
        if findings.is_missed() {
            self.missed.push(scene.name);
        }
        if let Some(json) = &mut self.json {
            json.push(json!({ "scene": scene.name, "findings": findings.list }));
            return;
        }
        self.progress.suspend(|| {
            println!("\n{}: {}", scene.name, scene.what);
            for finding in &findings.list {
                println!("{}", line(finding));
            }
        });
    }

    /// Reports what came of all.
    pub(crate) fn end(self) -> ExitCode {
        self.progress.finish_and_clear();
        let seconds = self.started.elapsed().as_secs();
        if let Some(scenes) = self.json {
            println!("{:#}", json!({ "seconds": seconds, "missed": self.missed, "scenes": scenes }));
        } else if self.missed.is_empty() {
            println!("\nEvery limit held, in {seconds} s.");
        } else {
            println!("\nLimits were missed in: {} ({seconds} s).", self.missed.join(", "));
        }
        if self.missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn line(finding: &Finding) -> String {
    let verdict = match finding.verdict {
        Verdict::Held => "held",
        Verdict::Missed => "MISSED",
        Verdict::NotJudged => "",
    };
    format!("  {:<66} {:>12}  {:<18} {verdict}", finding.what, finding.measured, finding.limit)
}
