//! The program with a key to sign with.

use crate::program::{Program, Service};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program, and the file of its key.
pub(super) struct Signing<'a> {
    program: &'a Program,
    key: PathBuf,
}

impl<'a> Signing<'a> {
    /// With a new key.
    pub(super) fn new(program: &'a Program, folder: &Path) -> Self {
        let key = folder.join("signing-key.pem");
        let made = program.command().args(["statement", "keygen", "--out"]).arg(&key).stdout(Stdio::null()).status();
        assert!(made.unwrap().success(), "no key was made");
        Self { program, key }
    }

    /// The program, without arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = self.program.command();
        command.env("ANNOTATION_STATISTICS__STATEMENTS__SIGNING_KEY_FILE", &self.key);
        command
    }

    /// Starts a service, whose memory is that of what it is sent from then on.
    pub(super) fn serve(&self) -> Service {
        Program::served_by(&mut self.command())
    }
}
