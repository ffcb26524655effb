//! What is measured on: requests with plausible tasks.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

/// Tasks of each of the many requests: as many as the example of the public API page.
pub(crate) const TASKS_PER_REQUEST: u32 = 1_930;

/// The one large request.
pub(crate) const LARGE: &str = "large-request";

/// The name of one of the many requests.
pub(crate) fn request_id(number: u32) -> String {
    format!("{number:08x}-3bbd-4f53-9f95-b7c0217d8d5b")
}

/// The same as a function of Lua.
pub(crate) const REQUEST_ID_IN_LUA: &str =
    r#"(function(number) return string.format("%08x-3bbd-4f53-9f95-b7c0217d8d5b", number) end)"#;

/// Writes the requests of these numbers as JSON Lines.
pub(crate) fn write_many(path: &Path, requests: Range<u32>) {
    write_requests(path, requests, TASKS_PER_REQUEST);
}

/// The same with the first tasks alone, so many of each.
pub(crate) fn write_requests(path: &Path, requests: Range<u32>, tasks: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for request in requests {
        let id = request_id(request);
        (0..tasks).for_each(|task| write_task(&mut out, &id, request * TASKS_PER_REQUEST + task));
    }
    out.flush().unwrap();
}

/// Writes one request as JSON Lines.
pub(crate) fn write_request(path: &Path, request: &str, tasks: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    (0..tasks).for_each(|task| write_task(&mut out, request, task));
    out.flush().unwrap();
}

/// The body that gives the first task of one of the many requests other counts, whatever it has.
pub(crate) fn changed_row(request: u32, salt: u32) -> String {
    let id = task_id(request * TASKS_PER_REQUEST);
    let (slots, instances) = counts(&SLOTS, request.rotate_left(11) ^ salt);
    format!(
        "[{{\"id\":{id},\"status\":11,\"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{{slots}}},\
         \"instanceNum\":{instances},\"attributeNum\":0,\"frameNum\":1}}]"
    )
}

fn task_id(number: u32) -> i64 {
    300_000_000_000_000_000 + i64::from(number)
}

/// Writes a COCO file of images with eight annotations each.
pub(crate) fn write_coco(path: &Path, images: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let categories = SLOTS.iter().zip(0..).map(|(name, id)| format!("{{\"id\":{id},\"name\":\"{name}\"}}"));
    let pictures = (0..images).map(|id| format!("{{\"id\":{id},\"file_name\":\"{id:06}.jpg\"}}"));
    let annotations = (0..images * 8).map(|id| {
        let (image, category) = (id / 8, id % 5);
        format!(
            "{{\"id\":{id},\"image_id\":{image},\"category_id\":{category},\"bbox\":[1.5,2,30,40.25],\"iscrowd\":0}}"
        )
    });
    let [categories, pictures] = [categories.collect::<Vec<_>>(), pictures.collect()].map(|list| list.join(","));
    let annotations = annotations.collect::<Vec<_>>().join(",");
    write!(out, "{{\"images\":[{pictures}],\"categories\":[{categories}],\"annotations\":[{annotations}]}}").unwrap();
    out.flush().unwrap();
}

/// Operation items of both key styles: slots, then inputs.
const SLOTS: [&str; 5] = ["car", "pedestrian", "select-[e0001]", "0e767bcb-7480-4e85-bbe8-439fe7871104", "bus"];
const INPUTS: [&str; 3] = ["car/color", "select-[e000f]", "7d1c02aa-93d4-4c0b-8a3e-6f5d2e1c7b90"];

fn write_task(out: &mut impl Write, request: &str, number: u32) {
    let id = task_id(number);
    let (slots, instances) = counts(&SLOTS, number);
    let (inputs, attributes) = counts(&INPUTS, number.rotate_left(7));
    writeln!(
        out,
        "{{\"annotationRequestId\":\"{request}\",\"id\":{id},\"status\":11,\"campaignId\":\"1001\",\
         \"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{{slots},{inputs}}},\
         \"instanceNum\":{instances},\"attributeNum\":{attributes},\"frameNum\":1}}"
    )
    .unwrap();
}

/// A count for each key that differs from task to task, as JSON, and their sum.
fn counts(keys: &[&str], number: u32) -> (String, u32) {
    let numbers = (0_u32..).map(|salt| number.wrapping_mul(2_654_435_761).rotate_left(salt) % 40);
    let counts: Vec<(&str, u32)> = keys.iter().copied().zip(numbers).collect();
    let json: Vec<String> = counts.iter().map(|(key, count)| format!("\"{key}\":{count}")).collect();
    (json.join(","), counts.iter().map(|(_, count)| count).sum())
}
