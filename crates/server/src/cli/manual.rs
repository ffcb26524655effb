//! What shells and manuals know of the command line: `annotation-statistics completions` and `man`.

use super::failure::Failure;
use clap::Command;
use clap_complete::Shell;
use std::io::{self, ErrorKind, Write, stdout};
use std::path::Path;

const NAME: &str = "annotation-statistics";

/// Prints the script of a shell.
pub(super) fn complete(mut program: Command, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, NAME, &mut script);
    written(stdout().lock().write_all(&script), "standard output")
}

/// Prints the page of the program, or writes a page for each command into a folder, which is made where it is missing.
pub(super) fn print_pages(program: Command, folder: Option<&Path>) -> Result<(), Failure> {
    match folder {
        None => written(clap_mangen::Man::new(program).render(&mut stdout().lock()), "standard output"),
        Some(folder) => {
            let pages = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(program, folder));
            written(pages, &folder.display().to_string())
        }
    }
}

/// The reader of a pipe may have read enough.
fn written(result: io::Result<()>, place: &str) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Input(format!("{place} cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
