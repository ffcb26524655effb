//! The program as a process of its own.

use crate::RawConnection;
use crate::peak_memory::memory;
use crate::postgres::search_path;
use crate::temp_folder::temp_folder;
use crate::wait::{DEADLINE, PAUSE, wait_until};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, pipe};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// The program with settings and a folder of its own.
pub struct Program {
    path: PathBuf,
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A program that serves. It is stopped with this value, if it still runs.
pub struct Serving {
    child: Child,
    out: BufReader<PipeReader>,
    log: PathBuf,
    /// What it printed when it was ready.
    pub greeting: String,
}

impl Program {
    /// The executable at `path`, with these settings in TOML.
    pub fn new(path: impl Into<PathBuf>, settings: &str) -> Self {
        let program = Self { path: path.into(), folder: temp_folder() };
        program.write("settings.toml", settings);
        program
    }

    /// A path in its folder, which is also its working directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into its folder; returns the path as text.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs it to its end, without input.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[], b"")
    }

    /// Runs it to its end, with variables of the environment and standard input.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Run {
        let [input_file, out, err] = ["input", "out", "err"].map(|name| self.path(name));
        fs::write(&input_file, input).unwrap();
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(File::open(input_file).unwrap());
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let code = end_of(&mut command.spawn().unwrap()).code();
        let text = |path: &Path| fs::read_to_string(path).unwrap();
        Run { code, out: text(&out), err: text(&err) }
    }

    /// Starts it and returns at once, without waiting for the greeting.
    pub fn start(&self, arguments: &[&str]) -> Serving {
        let (out, into_out) = pipe().unwrap();
        self.spawn_alone(arguments, into_out, BufReader::new(out))
    }

    /// Starts it with a listening socket handed over, and waits until it greets.
    pub fn serve_on(&self, listener: &TcpListener, arguments: &[&str]) -> Serving {
        let (out, into_out) = pipe().unwrap();
        let mut command = self.command(arguments);
        // The place of standard input is the only one that needs nothing but the standard library.
        let handed_over = OwnedFd::from(listener.try_clone().unwrap());
        command.stdin(handed_over).envs([("LISTEN_FDS", "1"), ("LISTEN_FDS_FIRST_FD", "0")]);
        self.spawn(command, into_out, BufReader::new(out)).greeted()
    }

    /// Starts it with no reader of what it prints.
    pub fn start_unread(&self, arguments: &[&str]) -> Serving {
        let (_, into_nowhere) = pipe().unwrap();
        let (empty, _) = pipe().unwrap();
        self.spawn_alone(arguments, into_nowhere, BufReader::new(empty))
    }

    fn spawn_alone(&self, arguments: &[&str], into_out: PipeWriter, out: BufReader<PipeReader>) -> Serving {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null());
        self.spawn(command, into_out, out)
    }

    fn spawn(&self, mut command: Command, into_out: PipeWriter, out: BufReader<PipeReader>) -> Serving {
        let log = self.path("log");
        command.stdout(into_out).stderr(File::create(&log).unwrap());
        Serving { child: command.spawn().unwrap(), out, log, greeting: String::new() }
    }

    /// Starts it and waits until it greets.
    pub fn serve(&self, arguments: &[&str]) -> Serving {
        self.start(arguments).greeted()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ANNOTATION_")) {
            command.env_remove(name);
        }
        command.env("PATH", search_path());
        // Not that of the user who runs the tests.
        command.env("XDG_DATA_HOME", self.folder.path());
        command.current_dir(self.folder.path()).arg("--config").arg(self.path("settings.toml")).args(arguments);
        command
    }
}

impl Serving {
    fn greeted(mut self) -> Self {
        while !self.greeting.contains("  curl ") {
            let read = self.out.read_line(&mut self.greeting).unwrap();
            assert!(read > 0, "it ended: {} {}", self.greeting, self.log());
        }
        self
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let (_, rest) = self.greeting.split_once("://").unwrap();
        rest.split(' ').next().unwrap().parse().unwrap()
    }

    /// Where its admin listener is, as its first log line says in JSON.
    pub fn admin_address(&self) -> SocketAddr {
        let log = self.log();
        let (_, rest) = log.split_once(r#""admin_address":""#).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    }

    /// A connection to it.
    pub fn connect(&self) -> RawConnection {
        RawConnection::open(self.address())
    }

    /// Its threads; known on Linux only.
    pub fn threads(&self) -> usize {
        fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap().count()
    }

    /// A connection to its admin listener.
    pub fn connect_to_admin(&self) -> RawConnection {
        RawConnection::open(self.admin_address())
    }

    /// Its resident memory in bytes; known on Linux only.
    pub fn memory(&self) -> u64 {
        memory(&self.child.id().to_string(), "VmRSS:").unwrap()
    }

    /// The most memory that it has had resident, in bytes; known on Linux only.
    pub fn peak_memory(&self) -> u64 {
        memory(&self.child.id().to_string(), "VmHWM:").unwrap()
    }

    /// Its open files; known on Linux only.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it has ended; returns how.
    pub fn end(&mut self) -> ExitStatus {
        end_of(&mut self.child)
    }

    /// Sends a signal and waits for the end; returns the exit code.
    pub fn stop(&mut self, signal: Signal) -> Option<i32> {
        self.signal(signal);
        self.end().code()
    }

    /// Stops it without waiting for its clients; returns the exit code.
    pub fn stop_at_once(&mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.wait_for_log("stopping: requests in flight may finish");
        self.stop(Signal::TERM)
    }

    /// Waits until it says something on standard error.
    pub fn wait_for_log(&mut self, text: &str) {
        wait_until(text, || {
            let has_ended = self.child.try_wait().unwrap().is_some();
            let is_said = self.log().contains(text);
            assert!(is_said || !has_ended, "it ended without saying {text}: {}", self.log());
            is_said
        });
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            self.stop(Signal::TERM);
        }
    }
}

fn end_of(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        thread::park_timeout(PAUSE);
    }
}
