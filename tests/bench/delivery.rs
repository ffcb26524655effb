//! What is measured on: requests with plausible tasks.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Tasks of each of the many requests: as many as the example of the public API page.
pub(crate) const TASKS_PER_REQUEST: u32 = 1_930;

/// The one large request.
pub(crate) const LARGE: &str = "large-request";

/// The name of one of the many requests.
pub(crate) fn request_id(number: u32) -> String {
    format!("{number:08x}-3bbd-4f53-9f95-b7c0217d8d5b")
}

/// Writes `requests` requests as JSON Lines.
pub(crate) fn write_many(path: &Path, requests: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for request in 0..requests {
        let id = request_id(request);
        (0..TASKS_PER_REQUEST).for_each(|task| write_task(&mut out, &id, request * TASKS_PER_REQUEST + task));
    }
    out.flush().unwrap();
}

/// Writes the large request as JSON Lines.
pub(crate) fn write_large(path: &Path, tasks: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    (0..tasks).for_each(|task| write_task(&mut out, LARGE, task));
    out.flush().unwrap();
}

fn write_task(out: &mut impl Write, request: &str, number: u32) {
    let id = 300_000_000_000_000_000_i64 + i64::from(number);
    // Eight keys of both styles, with counts that differ from task to task.
    let count = |salt: u32| (number.wrapping_mul(2_654_435_761).rotate_left(salt)) % 40;
    let counts: Vec<u32> = (0..8).map(count).collect();
    let (slots, inputs) = counts.split_at(5);
    let (instances, attributes): (u32, u32) = (slots.iter().sum(), inputs.iter().sum());
    let [a, b, c, d, e, f, g, h] = counts[..] else { unreachable!("there are eight") };
    writeln!(
        out,
        "{{\"annotationRequestId\":\"{request}\",\"id\":{id},\"status\":11,\"campaignId\":\"1001\",\
         \"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{\"car\":{a},\"pedestrian\":{b},\
         \"select-[e0001]\":{c},\"0e767bcb-7480-4e85-bbe8-439fe7871104\":{d},\"bus\":{e},\"car/color\":{f},\
         \"select-[e000f]\":{g},\"7d1c02aa-93d4-4c0b-8a3e-6f5d2e1c7b90\":{h}}},\"instanceNum\":{instances},\
         \"attributeNum\":{attributes},\"frameNum\":1}}"
    )
    .unwrap();
}
