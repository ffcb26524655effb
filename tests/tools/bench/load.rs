//! Load over loopback, made by wrk.

use std::path::Path;
use std::process::Command;

/// What wrk measured.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Sends over 32 connections, with these headers, each with its line break; any response but a success ends the benchmark.
pub(crate) fn wrk(address: &str, path: &str, headers: &str, folder: &Path, seconds: u32) -> Load {
    let script = folder.join("request.lua");
    std::fs::write(
        &script,
        format!(
            "{}\nrequest = function()\n  local path = (function() {path} end)()\n  return wrk.format(\"GET\", path)\nend\n",
            in_lua(headers)
        ),
    )
    .unwrap();
    let done = Command::new("wrk")
        .args(["-t1", "-c32", &format!("-d{seconds}s"), "--latency", "-s"])
        .arg(&script)
        .arg(format!("http://{address}"))
        .output()
        .unwrap_or_else(|error| panic!("wrk does not start ({error}); `make setup-bench` installs it"));
    let report = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && !report.contains("Non-2xx") && !report.contains("Socket errors"), "{report}");
    let value = |label: &str| {
        let line = report.lines().find_map(|line| line.trim().strip_prefix(label));
        line.unwrap_or_else(|| panic!("no {label} in {report}")).trim().to_owned()
    };
    Load {
        requests_per_second: value("Requests/sec:").parse().unwrap(),
        p50_ms: milliseconds(&value("50%")),
        p99_ms: milliseconds(&value("99%")),
    }
}

fn in_lua(headers: &str) -> String {
    let pairs = headers.lines().filter_map(|line| line.split_once(": "));
    let lines: Vec<String> = pairs.map(|(name, value)| format!("wrk.headers[{name:?}] = {value:?}")).collect();
    lines.join("\n")
}

fn milliseconds(text: &str) -> f64 {
    let (factor, number) = [(0.001, "us"), (1.0, "ms"), (1000.0, "s")]
        .into_iter()
        .find_map(|(factor, unit)| Some((factor, text.strip_suffix(unit)?)))
        .unwrap_or_else(|| panic!("no time: {text}"));
    factor * number.parse::<f64>().unwrap()
}
