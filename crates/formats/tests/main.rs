//! Reads small files of every format as another crate would, sound and damaged.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod counts;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod detection;
#[cfg(test)]
mod samples;

use annotation_statistics_formats::{CountingRule, Format, ReadOptions, TaskCounts, read, stable_id};

/// What was read of a file: a line a task and a line a remark of the report.
pub(crate) fn read_all(input: &[u8], format: Option<Format>, rule: CountingRule) -> Result<String, String> {
    let options = ReadOptions { format, rule, source_name: Some("file".to_owned()), ..ReadOptions::default() };
    let mut tasks = read(input, &options).map_err(|error| error.to_string())?;
    let mut lines = String::new();
    for task in &mut tasks {
        lines.push_str(&line_of(&task.map_err(|error| error.to_string())?));
    }
    lines.push_str(&tasks.report().to_string());
    Ok(lines)
}

/// A task as `id (name) | instances | attributes | frames`, without the id where it is made of the name.
fn line_of(task: &TaskCounts) -> String {
    let name = match &task.source_name {
        Some(name) if task.id == stable_id(name.as_str()) => name.to_string(),
        Some(name) => format!("{} ({name})", task.id),
        None => task.id.to_string(),
    };
    let [instances, attributes] = [&task.instances, &task.attributes].map(|counts| {
        let texts: Vec<_> = counts.iter().map(|(key, count)| format!(" {key}={count}")).collect();
        texts.concat()
    });
    format!("{name} |{instances} |{attributes} | {}\n", task.frames)
}
