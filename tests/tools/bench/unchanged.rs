//! What a page costs that did not change, beside a constant body of the same server.

use crate::case::median;
use crate::limits::Limits;
use crate::program::Program;
use crate::{Arguments, delivery, load};
use std::path::Path;

/// The least that a page which is sent again may reach of a constant body.
const LEAST: f64 = 0.3;

/// Requests the constant body and the same page in turn, for two limits, and prints the medians.
pub(crate) fn measure(arguments: &Arguments, program: &Program, folder: &Path, limits: &mut Limits) {
    let service = program.serve_with_cache();
    let requests = |path: &str| {
        let path = format!("return {path:?}");
        load::wrk(&service.address, &path, "", folder, arguments.seconds).requests_per_second
    };
    println!("\npages that did not change, at least {LEAST:.1} of a constant body is the aim:");
    for limit in [10, 100] {
        let page = format!("/statistics?annotationRequestId={}&limit={limit}", delivery::request_id(0));
        let (mut constants, mut pages, mut ratios) = (vec![], vec![], vec![]);
        for _ in 0..arguments.rounds {
            let (constant, again) = (requests("/health/live"), requests(&page));
            constants.push(constant);
            pages.push(again);
            ratios.push(again / constant);
        }
        let [constant, again, ratio] = [constants, pages, ratios].map(median);
        println!("    limit {limit}: {again:.0} requests/s, {ratio:.2} of {constant:.0}");
        limits.at_least(&format!("a page of {limit} rows that did not change, times a constant body"), ratio, LEAST);
    }
}
