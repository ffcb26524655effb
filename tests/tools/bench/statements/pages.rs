//! Pages of a statement, beside the same pages of what is recorded.

use super::{LATER, REQUEST};
use crate::Arguments;
use crate::case::median;
use crate::limits::Limits;
use crate::program::Service;
use annotation_statistics_tests::RawConnection;
use std::time::Instant;

/// How often each page is requested.
const ROUNDS: u32 = 200;

/// The most that a page of a statement may take of the same page as it is now.
const MOST_LIVE: f64 = 1.5;

/// The most that the last page may take of the first, which is that many times as near to the beginning.
const MOST_FIRST: f64 = 1.2;

/// Requests each in turn, and prints the medians.
pub(super) fn measure(arguments: &Arguments, service: &Service, limits: &mut Limits) {
    let mut connection = RawConnection::open(service.address.parse().unwrap());
    for limit in [10, 100] {
        let pages = arguments.large.div_ceil(limit);
        let mut milliseconds = [vec![], vec![], vec![], vec![]];
        for round in 0..ROUNDS {
            let random = round.wrapping_mul(2_654_435_761) % pages + 1;
            let suffix = format!("&statement={LATER}");
            let requests = [(random, ""), (random, suffix.as_str()), (1, &suffix), (pages, &suffix)];
            for ((page, of), times) in requests.into_iter().zip(&mut milliseconds) {
                let target = format!("/statistics?annotationRequestId={REQUEST}&limit={limit}&offset={page}{of}");
                let started = Instant::now();
                let response = connection.fetch("GET", &target, "");
                times.push(started.elapsed().as_secs_f64() * 1_000.0);
                assert_eq!(response.status, 200, "{target}: {}", response.text());
            }
        }
        let [live, stated, first, last] = milliseconds.map(median);
        let (of_live, of_first) = (stated / live, last / first);
        println!(
            "    page of {limit}: {stated:.2} ms, {of_live:.2} times {live:.2} of now (at most {MOST_LIVE}); the last {last:.2} ms, \
             {of_first:.2} times the first (at most {MOST_FIRST})"
        );
        limits.at_most(&format!("a page of {limit} of a statement, times the same now"), of_live, MOST_LIVE);
        limits.at_most(&format!("the last page of {limit} of a statement, times the first"), of_first, MOST_FIRST);
    }
}
