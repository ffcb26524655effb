//! What a scene measured, each figure beside its limit.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What came of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It is within its limit.
    Held,
    /// It is not.
    Missed,
    /// It is reported, and not judged.
    NotJudged,
}

/// One figure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Finding {
    /// What was measured, with its unit.
    pub(crate) what: String,
    /// How much it was.
    pub(crate) measured: String,
    /// How much it may be.
    pub(crate) limit: String,
    /// Whether it was within.
    pub(crate) verdict: Verdict,
}

/// The figures of a scene, in the order in which they were measured.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Findings {
    #[serde(skip)]
    quick: bool,
    pub(crate) list: Vec<Finding>,
}

impl Findings {
    /// None so far; where there is little time, times are not judged.
    pub(crate) fn new(quick: bool) -> Self {
        Self { quick, list: Vec::new() }
    }

    /// A number that must not be larger, whatever the machine.
    pub(crate) fn at_most(&mut self, what: &str, measured: usize, limit: usize) {
        self.add(what, measured.to_string(), format!("at most {limit}"), verdict(measured <= limit));
    }

    /// Bytes that must not be more, whatever the machine.
    pub(crate) fn at_most_bytes(&mut self, what: &str, measured: u64, limit: u64) {
        let megabytes = |bytes: u64| format!("{} MiB", bytes.div_ceil(1 << 20));
        self.add(what, megabytes(measured), format!("at most {}", megabytes(limit)), verdict(measured <= limit));
    }

    /// A number that must not be smaller, whatever the machine.
    pub(crate) fn at_least(&mut self, what: &str, measured: usize, limit: usize) {
        self.add(what, measured.to_string(), format!("at least {limit}"), verdict(measured >= limit));
    }

    /// A number that must be this one, whatever the machine.
    pub(crate) fn exactly(&mut self, what: &str, measured: usize, expected: usize) {
        self.add(what, measured.to_string(), expected.to_string(), verdict(measured == expected));
    }

    /// Anything else that must hold, whatever the machine.
    pub(crate) fn judged(&mut self, what: &str, measured: String, limit: String, holds: bool) {
        self.add(what, measured, limit, verdict(holds));
    }

    /// A time that must not be longer; `None`: it never happened.
    pub(crate) fn within(&mut self, what: &str, measured: Option<Duration>, limit: Duration) {
        let holds = measured.is_some_and(|measured| measured <= limit);
        let note = measured.map_or("never".to_owned(), |measured| format!("{} ms", measured.as_millis()));
        self.add_timed(what, note, format!("at most {} ms", limit.as_millis()), holds, measured.is_none());
    }

    /// What depends on the speed of the machine in another way than a time does.
    pub(crate) fn timed(&mut self, what: &str, measured: String, limit: String, holds: bool) {
        self.add_timed(what, measured, limit, holds, false);
    }

    /// What only helps to read the others.
    pub(crate) fn note(&mut self, what: &str, measured: String) {
        self.add(what, measured, String::new(), Verdict::NotJudged);
    }

    fn add_timed(&mut self, what: &str, measured: String, limit: String, holds: bool, never: bool) {
        let verdict = if self.quick && !never { Verdict::NotJudged } else { verdict(holds) };
        self.add(what, measured, limit, verdict);
    }

    fn add(&mut self, what: &str, measured: String, limit: String, verdict: Verdict) {
        self.list.push(Finding { what: what.to_owned(), measured, limit, verdict });
    }

    /// The one finding of a scene that did not come to its end.
    pub(crate) fn of_failure(why: String) -> Self {
        let mut findings = Self::default();
        findings.add("the scene came to its end", why, "yes".to_owned(), Verdict::Missed);
        findings
    }

    /// Whether something was missed.
    pub(crate) fn is_missed(&self) -> bool {
        self.list.iter().any(|finding| finding.verdict == Verdict::Missed)
    }
}

fn verdict(holds: bool) -> Verdict {
    if holds { Verdict::Held } else { Verdict::Missed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(quick: bool, play: impl FnOnce(&mut Findings)) -> Vec<Verdict> {
        let mut findings = Findings::new(quick);
        play(&mut findings);
        findings.list.iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn a_figure_beyond_its_limit_is_missed() {
        let found = verdicts(false, |findings| {
            findings.at_most("", 1, 1);
            findings.at_most("", 2, 1);
            findings.at_least("", 1, 1);
            findings.at_least("", 0, 1);
            findings.exactly("", 1, 1);
            findings.exactly("", 2, 1);
            findings.within("", Some(Duration::from_millis(1)), Duration::from_millis(1));
            findings.within("", Some(Duration::from_millis(2)), Duration::from_millis(1));
            findings.within("", None, Duration::from_millis(1));
        });
        let (held, missed) = (Verdict::Held, Verdict::Missed);
        assert_eq!(found, [held, missed, held, missed, held, missed, held, missed, missed]);
    }

    #[test]
    fn where_there_is_little_time_only_times_are_not_judged() {
        let found = verdicts(true, |findings| {
            findings.at_most("", 2, 1);
            findings.within("", Some(Duration::from_millis(2)), Duration::from_millis(1));
            findings.within("", None, Duration::from_millis(1));
        });
        assert_eq!(found, [Verdict::Missed, Verdict::NotJudged, Verdict::Missed]);
    }
}
