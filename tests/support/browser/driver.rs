//! Chromium and its driver: where they are, and how they are started and stopped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The driver, on a port of its own choice. It ends with this value, and so do the browsers that it has started.
pub(crate) struct ChromeDriver {
    process: Child,
    /// Not read, but it must be able to write.
    _output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl ChromeDriver {
    /// Starts it with a home folder of its own.
    pub(crate) fn start(program: &Path, home: &Path) -> Self {
        let mut command = Command::new(program);
        command
            .arg("--port=0")
            .env("HOME", home)
            .env_remove("XDG_CONFIG_HOME")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("started successfully on port ") {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the driver of the browser does not start");
        }
        let port = line.trim_end().trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
        Self { address: (Ipv4Addr::LOCALHOST, port).into(), process, _output: output }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        // When it is killed, its browsers live on. It may end before it has answered.
        let reported = TcpStream::connect(self.address)
            .and_then(|mut stream| {
                stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n").map(|()| stream)
            })
            .and_then(|mut stream| stream.read_to_end(&mut Vec::new()));
        if reported.is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Where the browser and its driver are on this machine, or which of them is missing.
pub(crate) fn browser_and_driver() -> Result<(PathBuf, PathBuf), &'static str> {
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(found);
    let browser = browser.ok_or("neither chromium nor google-chrome is installed")?;
    Ok((browser, found("chromedriver").ok_or("chromedriver is not installed")?))
}

fn found(program: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no settings; they search where a shell would")]
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
