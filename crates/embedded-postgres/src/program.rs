//! Runs other programs.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::Error;

/// The environment variables that programs need: the paths of others, and of their libraries.
const NEEDED: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// A command in a folder that all users can enter, without input, and without this environment: it may hold secrets, which
/// every superuser of the server could read there, and variables that would change what PostgreSQL's programs do.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env_clear().env("LC_ALL", "C").stdin(Stdio::null());
    #[expect(clippy::disallowed_methods, reason = "these are handed on as they are, and set nothing here")]
    command.envs(NEEDED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// Runs it to its end and returns its output.
pub(crate) fn output(command: &mut Command) -> Result<Output, Error> {
    command.output().map_err(|source| did_not_run(command, source))
}

/// Runs it to its end with this input, which is less than a pipe holds, and returns its output.
pub(crate) fn output_for(command: &mut Command, input: &[u8]) -> Result<Output, Error> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = |command: &mut Command| {
        let mut child = command.spawn()?;
        // A program that reads nothing reports why itself.
        let _read = child.stdin.take().map(|mut stdin| stdin.write_all(input));
        child.wait_with_output()
    };
    run(command).map_err(|source| did_not_run(command, source))
}

fn did_not_run(command: &Command, source: io::Error) -> Error {
    Error::Run { program: command.get_program().to_string_lossy().into_owned(), source }
}

/// The output of a program, for messages.
pub(crate) fn text(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    text.join("\n").trim().to_owned()
}
