//! What must hold of JSON Lines, whatever they are.

use annotation_statistics_domain::RecordedTask;
use annotation_statistics_formats::{JsonLines, LineError};
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\n",
    "\r\n",
    "\u{feff}",
    "null",
    "true",
    "-0",
    "1e3",
    "1.0",
    "9223372036854775807",
    "9223372036854775808",
    "\\u0000",
    "\\ud800",
    "\0",
    "é",
    "\"annotationRequestId\":\"R\",",
    "\"countingRule\":\"objects/2\",",
    "\"id\":7,",
    "\"status\":11,",
    "\"campaignId\":\"C\",",
    "\"poolName\":\"p\",",
    "\"poolType\":5,",
    "\"instanceInfo\":{\"car\":2},",
    "\"instanceNum\":2,",
    "\"attributeNum\":0,",
    "\"frameNum\":1",
];

pub(crate) fn check(input: &[u8]) {
    let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let results: Vec<_> = JsonLines::new(input).collect();
    let places: Vec<u64> = results.iter().map(place).collect();
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "each line once and in order: {places:?}");
    for (result, place) in results.iter().zip(&places) {
        let line = lines[usize::try_from(place - 1).unwrap()];
        match result {
            Ok(task) => recorded(task, line),
            Err(error) => assert!(!error.reason.is_empty() && error.to_string().lines().count() == 1, "{error}"),
        }
    }
    let blank = |line: &&[u8]| line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().is_empty();
    let most = lines.iter().filter(|line| !line.trim_ascii().is_empty()).count();
    let least = lines.iter().filter(|line| !blank(line)).count();
    assert!((least..=most).contains(&results.len()), "no line is lost");
}

fn place(result: &Result<RecordedTask, LineError>) -> u64 {
    result.as_ref().map_or_else(|error| error.line, |task| task.place.number())
}

/// What is recorded is what the line says, as another reader understands it, and adds up.
fn recorded(task: &RecordedTask, line: &[u8]) {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let said: Value = serde_json::from_slice(line).unwrap_or_else(|error| panic!("{error}"));
    let statistics = &task.statistics;
    assert_eq!(said["id"], statistics.id().get());
    assert_eq!(said["annotationRequestId"], task.annotation_request_id.as_str());
    assert_eq!(said["campaignId"], statistics.campaign_id().as_str());
    let counts = said["instanceInfo"].as_object().unwrap_or_else(|| panic!("counts are an object"));
    assert_eq!(counts.len(), statistics.instance_info().iter().len());
    let sum: u128 = counts.values().map(|count| u128::from(count.as_u64().unwrap_or_else(|| panic!("{count}")))).sum();
    let numbers = [&said["instanceNum"], &said["attributeNum"]].map(|number| u128::from(number.as_u64().unwrap()));
    assert_eq!(sum, numbers.iter().sum::<u128>(), "the sums agree");
}
