//! What measurements must reach, and which did not.

use std::process::ExitCode;

/// The limits that were missed so far.
#[derive(Default)]
pub(crate) struct Limits {
    missed: Vec<String>,
}

impl Limits {
    /// The value must be this or more.
    pub(crate) fn at_least(&mut self, what: &str, value: f64, least: f64) {
        // No number reaches nothing.
        if value < least || value.is_nan() {
            self.missed.push(format!("{what}: {value:.2}, must be at least {least}"));
        }
    }

    /// The value must be this or less.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, most: f64) {
        if value > most || value.is_nan() {
            self.missed.push(format!("{what}: {value:.2}, must be at most {most}"));
        }
    }

    /// Prints what was missed. It is a failure, unless limits are only to be reported.
    pub(crate) fn verdict(self, are_enforced: bool) -> ExitCode {
        if self.missed.is_empty() {
            println!("\nAll limits were held.");
            return ExitCode::SUCCESS;
        }
        println!("\nLimits that were missed:");
        self.missed.iter().for_each(|line| println!("    {line}"));
        if are_enforced { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
