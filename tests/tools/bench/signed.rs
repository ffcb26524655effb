//! What access keys cost a read: without, by scheme v1, and by v2.

use crate::case::median;
use crate::limits::Limits;
use crate::program::Program;
use crate::{Arguments, delivery, load};
use annotation_statistics_tests::Signer;
use std::path::Path;

const KEY: &str = "bench";
const SECRET: &str = "secret-of-the-benchmark";

/// The least that reads by v2 may reach of those by v1.
const LEAST: f64 = 0.9;

/// Requests the same page in all three ways in turn, and prints the medians. A read may be sent again word for word, so each
/// signature is made once.
pub(crate) fn measure(arguments: &Arguments, program: &Program, folder: &Path, limits: &mut Limits) {
    program.add_key(KEY, SECRET);
    let (open, with_keys, signer) = (program.serve(), program.serve_with_keys(), Signer::new(KEY, SECRET));
    let target = format!("/statistics?annotationRequestId={}&limit=10", delivery::request_id(0));
    let path = format!("return {target:?}");
    let mut rounds = [vec![], vec![], vec![]];
    for _ in 0..arguments.rounds {
        let ways = [(&open, String::new()), (&with_keys, signer.v1()), (&with_keys, signer.v2("GET", &target, ""))];
        for ((service, headers), measured) in ways.iter().zip(&mut rounds) {
            let load = load::wrk(&service.address, &path, headers, folder, arguments.seconds);
            measured.push(load.requests_per_second);
        }
    }
    let ratios = |of: &[f64], to: &[f64]| median(of.iter().zip(to).map(|(of, to)| of / to).collect());
    let [v1, v2] = [ratios(&rounds[1], &rounds[0]), ratios(&rounds[2], &rounds[1])];
    let [open, by_v1, by_v2] = rounds.map(median);
    println!("\nfirst page, limit 10: {open:.0} requests/s without keys, {by_v1:.0} by v1, {by_v2:.0} by v2;");
    println!("    v1 reaches {v1:.2} of those without keys, v2 {v2:.2} of v1, at least {LEAST:.1} is the aim");
    limits.at_least("reads by v2, times those by v1", v2, LEAST);
}
