//! Breaks what the service depends on, and measures what its clients see, beside the limit of each figure.
//!
//! `make chaos` runs it. Each scene is a file and a process of its own, with a private database and the real program; a
//! scene that does not end within its bound has missed it. Nothing is left when the program ends, however it ends.

mod arguments;
mod client;
mod findings;
mod load;
mod open_load;
mod postgres;
mod probe;
mod report;
mod scene;
mod scene_process;
mod scenes;
mod scheme;
mod slow_client;
mod stage;
mod surroundings;

use arguments::Arguments;
use clap::Parser;
use findings::Findings;
use report::Report;
use scene::Scene;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        for scene in Scene::ALL {
            println!("{:<18} {}", scene.name, scene.what);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(name) = &arguments.scene {
        scene_process::end_with_the_caller();
        let mut findings = Findings::new(arguments.quick);
        (Scene::named(name).play)(&arguments.surroundings(), &mut findings);
        println!("{}", serde_json::to_string(&findings).unwrap());
        return ExitCode::SUCCESS;
    }
    let mut report = Report::new(&arguments);
    for scene in arguments.scenes() {
        let findings = report.while_it_plays(scene, || scene_process::play(scene, &arguments));
        report.add(scene, &findings);
    }
    report.end()
}
