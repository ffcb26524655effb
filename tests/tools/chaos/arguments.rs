//! The command line.

use crate::scene::Scene;
use crate::surroundings::Surroundings;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  chaos --list
  chaos --program target/release/annotation-statistics
  chaos --only postgres_killed --json
  chaos --quick --program target/debug/program-under-test

It ends with 1 when a limit was missed.";

/// Breaks what the service depends on, and measures what its clients see.
#[derive(Debug, Parser)]
#[command(name = "chaos", after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The program to run
    #[arg(long, default_value = "target/release/annotation-statistics")]
    pub(crate) program: PathBuf,
    /// Plays less, and reports times without judging them: for machines that are slow or have other things to do
    #[arg(long)]
    pub(crate) quick: bool,
    /// Plays only this scene; may be given several times
    #[arg(long, value_name = "SCENE", value_parser = names())]
    only: Vec<String>,
    /// Lists the scenes
    #[arg(long)]
    pub(crate) list: bool,
    /// Prints one JSON document in place of tables
    #[arg(long)]
    pub(crate) json: bool,
    /// Plays this scene in this process, and prints what it found as JSON
    #[arg(long, hide = true, value_parser = names())]
    pub(crate) scene: Option<String>,
}

impl Arguments {
    pub(crate) fn surroundings(&self) -> Surroundings {
        // A scene runs it in folders of its own.
        let program = self.program.canonicalize();
        let program = program.unwrap_or_else(|error| panic!("{}: {error}; build it first", self.program.display()));
        Surroundings { program, quick: self.quick }
    }

    /// The scenes to play, in order.
    pub(crate) fn scenes(&self) -> Vec<&'static Scene> {
        let is_requested = |scene: &&Scene| match self.only.as_slice() {
            [] => scene.bound(self.quick).is_some(),
            only => only.iter().any(|name| name == scene.name),
        };
        Scene::ALL.iter().filter(is_requested).collect()
    }
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(Scene::ALL.iter().map(|scene| scene.name))
}
