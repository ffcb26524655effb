//! Running other programs.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::Error;

/// Variables which would change what PostgreSQL's programs do.
const UNWANTED: [&str; 8] =
    ["PGDATA", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE"];

/// A command with a neutral environment, in a folder that everybody can enter, without input.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
    for name in UNWANTED {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end and gives what it wrote.
pub(crate) fn output(command: &mut Command) -> Result<Output, Error> {
    command
        .output()
        .map_err(|source| Error::Run { program: command.get_program().to_string_lossy().into_owned(), source })
}

/// What a program wrote, for people.
pub(crate) fn said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    text.join("\n").trim().to_owned()
}
