//! Sends the program what its `OpenAPI` document allows, and what it does not, and checks its responses.
//!
//! `make schemathesis` runs it: once with access keys off, and once with each request signed.

use annotation_statistics_tests::{KeyDatabase, Program, Serving, TestDatabase, temp_folder};
use clap::Parser;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// What is tried of each operation; without time for one of them nothing was found, and nothing was looked for.
const PHASES: [&str; 4] = ["Examples", "Coverage", "Fuzzing", "Stateful"];

/// Runs schemathesis against the program.
#[derive(Debug, Parser)]
struct Arguments {
    /// The program
    #[arg(long)]
    program: PathBuf,
    /// The command of schemathesis
    #[arg(long)]
    schemathesis: PathBuf,
    /// Where the random numbers start
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds for each of the two runs
    #[arg(long, default_value_t = 90)]
    seconds: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (open, closed, folder_of_key) = (TestDatabase::new(), TestDatabase::new(), temp_folder());
    let signing = with_signing_key(&program(&arguments, &open, ""), folder_of_key.path());
    let is_open_clean = {
        let program = program(&arguments, &open, &format!("auth.enabled = false\n{signing}"));
        check(&arguments, &program.serve(&["serve", "--demo"]), "conditions.py", &[])
    };
    let is_closed_clean = {
        let keys = format!("auth.enabled = true\nauth.master_key = '{}'\n{signing}", KeyDatabase::MASTER_KEY);
        let program = program(&arguments, &closed, &keys);
        let added = program.run(&["keys", "add", "--id", "ak-1", "--scope", "read,write", "--json"]);
        let shown: serde_json::Value =
            serde_json::from_str(&added.out).unwrap_or_else(|error| panic!("{error}: {added:?}"));
        let secret = shown["secret"].as_str().unwrap_or_else(|| panic!("no secret: {shown}"));
        let variables = [("KEY", "ak-1"), ("SECRET", secret)];
        check(&arguments, &program.serve(&["serve", "--demo"]), "signing.py", &variables)
    };
    if is_open_clean && is_closed_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn program(arguments: &Arguments, database: &TestDatabase, settings: &str) -> Program {
    let bind = "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nlog.filter = 'error'";
    // A machine that is busy is no error of the service.
    let roomy = "database.connect_timeout = '10s'\ndatabase.queue_wait = '60s'\ndatabase.deadline = '60s'
database.statement_timeout = '60s'";
    let path = std::fs::canonicalize(&arguments.program).unwrap_or_else(|error| panic!("{error}"));
    Program::new(path, &format!("{bind}\n{roomy}\ndatabase.url = {:?}\n{settings}", database.url()))
}

/// The settings that let it sign statements, with a new key in this folder.
fn with_signing_key(program: &Program, folder: &Path) -> String {
    let file = folder.join("signing-key.pem").display().to_string();
    let made = program.run(&["statement", "keygen", "--out", &file]);
    assert!(Path::new(&file).exists(), "{made:?}");
    format!("statements.signing_key_file = {file:?}")
}

/// Whether nothing was found.
fn check(arguments: &Arguments, serving: &Serving, hooks: &str, variables: &[(&str, &str)]) -> bool {
    let schemathesis = std::fs::canonicalize(&arguments.schemathesis).unwrap_or_else(|error| panic!("{error}"));
    // It keeps tables of letters where it runs, which take it long to make: beside itself they are there the next time.
    let beside = schemathesis.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(&schemathesis);
    command.current_dir(beside).env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg("--config-file").arg(folder().join("schemathesis.toml")).arg("run");
    command.arg(format!("http://{}/openapi.json", serving.address())).args(["--checks", "all", "--no-color"]);
    command.args(["--seed", &arguments.seed.to_string(), "--max-time", &arguments.seconds.to_string()]);
    command.env("SCHEMATHESIS_HOOKS", folder().join(hooks));
    command.envs(variables.iter().copied()).stdout(Stdio::piped());
    let mut running = command.spawn().unwrap_or_else(|error| panic!("{error}"));
    let mut done = Vec::new();
    for line in running.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.unwrap_or_else(|error| panic!("{error}"));
        println!("{line}");
        done.extend(line.strip_prefix("  ✅ ").map(str::to_owned));
    }
    let ended = running.wait().unwrap_or_else(|error| panic!("{error}"));
    let skipped: Vec<_> = PHASES.iter().filter(|phase| !done.iter().any(|done| done == *phase)).collect();
    if !skipped.is_empty() {
        println!("There was no time for {skipped:?}: try again with more --seconds.");
    }
    ended.success() && skipped.is_empty()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis")
}
