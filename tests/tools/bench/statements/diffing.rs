//! The differences of two statements, and of a statement to what is recorded.

use super::signing::Signing;
use super::{EARLIER, LATER, REQUEST, client};
use crate::Arguments;
use crate::case::median;
use crate::limits::Limits;

/// What is compared with the earlier statement, and the most seconds and megabytes more than before that it may take.
const STATES: [(&str, f64, f64); 2] = [("statement", 4.0, 16.0), ("now", 10.0, 16.0)];

/// Compares each in turn, from services of their own, whose memory then is that of the comparison.
pub(super) fn measure(arguments: &Arguments, signing: &Signing, limits: &mut Limits) {
    let mut results = STATES.map(|_| (vec![], vec![]));
    for _ in 0..arguments.rounds {
        for ((state, _, _), (seconds, megabytes)) in STATES.iter().zip(&mut results) {
            let to = if *state == "now" { "now".to_owned() } else { format!("{state}:{LATER}") };
            let target = format!("/annotation-requests/{REQUEST}/diff?from=statement:{EARLIER}&to={to}");
            let service = signing.serve();
            client::get(&service.address, &format!("/statistics?annotationRequestId={REQUEST}&statement={EARLIER}"));
            let before = service.resident_megabytes();
            seconds.push(client::get(&service.address, &target));
            megabytes.push(service.peak_megabytes() - before);
        }
    }
    for ((state, most_seconds, most_megabytes), (seconds, megabytes)) in STATES.into_iter().zip(results) {
        let [seconds, megabytes] = [seconds, megabytes].map(median);
        println!(
            "    diff to {state}: {seconds:.1} s (at most {most_seconds}), {megabytes:.0} MB more (at most {most_megabytes})"
        );
        limits.at_most(&format!("seconds of a diff of a statement to {state}"), seconds, most_seconds);
        limits.at_most(&format!("megabytes of a diff of a statement to {state}"), megabytes, most_megabytes);
    }
}
