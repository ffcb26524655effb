//! What a Label Studio task was made of.

use annotation_statistics_domain::SourceName;

/// Where Label Studio serves files of the machine that it runs on; their path is the parameter `d`.
const LOCAL_FILES: &str = "/data/local-files";

/// The extensions of files that have tasks in them, and are not what a task is made of.
const LISTS_OF_TASKS: [&str; 5] = ["json", "jsonl", "csv", "tsv", "txt"];

/// The name of what a task was made of: of the file that was uploaded, unless that had many tasks in it and the task's
/// `data` has a name of its own.
pub(super) fn source_name(file_upload: Option<String>, of_data: Option<String>) -> Option<String> {
    let is_blank = |name: &str| name.chars().all(|character| character.is_whitespace() || character.is_control());
    let file_upload = file_upload.filter(|name| !is_blank(name));
    match of_data {
        Some(name) if file_upload.as_deref().is_none_or(is_list_of_tasks) => Some(name),
        _ => file_upload,
    }
}

/// The name of the file that a value of a task's `data` refers to, if it looks like a path or an address.
pub(super) fn name_of(value: &str) -> Option<&str> {
    if let Some(path) = local_file(value) {
        return Some(path).filter(|path| is_name(path));
    }
    let is_path = value.contains('/') || extension(value).is_some();
    // A text, a page or the file itself.
    let is_content =
        value.contains(char::is_whitespace) || value.contains(['<', '>', '"']) || value.starts_with("data:");
    let name = without_query(value);
    (is_path && !is_content && is_name(name)).then_some(name)
}

fn local_file(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once(LOCAL_FILES)?;
    let query = rest.trim_start_matches('/').strip_prefix('?')?;
    query.split('&').find_map(|parameter| parameter.strip_prefix("d="))
}

/// An address without what changes with each export, as signatures do. In the names of files, and of objects in a
/// storage, `?` and `#` are characters as any other.
fn without_query(value: &str) -> &str {
    let is_address = ["http://", "https://", "/data/"].iter().any(|start| value.starts_with(start));
    let end = value.find(['?', '#']).filter(|_| is_address);
    end.and_then(|end| value.get(..end)).unwrap_or(value)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= SourceName::MAX_BYTES
}

fn is_list_of_tasks(name: &str) -> bool {
    extension(name).is_some_and(|extension| LISTS_OF_TASKS.iter().any(|list| extension.eq_ignore_ascii_case(list)))
}

/// The end of a file name, after its last dot.
fn extension(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let is_short = (2..=8).contains(&extension.len());
    let is_word = extension.chars().all(|letter| letter.is_ascii_alphanumeric());
    let is_number = extension.chars().all(|letter| letter.is_ascii_digit());
    (!stem.is_empty() && is_short && is_word && !is_number).then_some(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_a_value_is_a_path_or_an_address_without_what_changes() {
        let (long, short) = (format!("a/{}", "x".repeat(1_023)), format!("a/{}", "x".repeat(1_022)));
        let signed = format!("https://b.example/x.jpg?X-Amz-Signature={}", "0".repeat(2_000));
        for (value, expected, reason) in [
            ("a.jpg", Some("a.jpg"), "a file"),
            ("dir/a", Some("dir/a"), "a path"),
            ("/data/upload/1/ab12-a.jpg", Some("/data/upload/1/ab12-a.jpg"), "an upload"),
            (signed.as_str(), Some("https://b.example/x.jpg"), "a signed address"),
            ("https://b.example/x.mp4#t=10", Some("https://b.example/x.mp4"), "an address with a fragment"),
            ("s3://bucket/dir/a#1.jpg", Some("s3://bucket/dir/a#1.jpg"), "an object of a storage"),
            ("/data/local-files/?d=dir/a.jpg", Some("dir/a.jpg"), "a file of the machine"),
            (
                "http://localhost:8080/data/local-files/?id=3&d=dir/my a.jpg&x=1",
                Some("dir/my a.jpg"),
                "the same, with a host",
            ),
            ("/data/local-files/?d=", None, "no file of the machine"),
            ("data:image/png;base64,AAAA", None, "the file itself"),
            ("<p>Hello</p>", None, "a page"),
            ("the end. See a/b", None, "a text"),
            ("Hello.", None, "a word at the end of a sentence"),
            ("3.14", None, "a number"),
            ("word", None, "a word"),
            ("", None, "nothing"),
            (long.as_str(), None, "too long"),
            (short.as_str(), Some(short.as_str()), "as long as can be"),
        ] {
            assert_eq!(name_of(value), expected, "{reason}");
        }
    }

    #[test]
    fn a_file_that_had_many_tasks_in_it_is_not_what_one_was_made_of() {
        for (file_upload, of_data, expected) in [
            (Some("ab12-a.jpg"), Some("/data/upload/1/ab12-a.jpg"), Some("ab12-a.jpg")),
            (Some("ab12-tasks.JSON"), Some("s3://b/a.jpg"), Some("s3://b/a.jpg")),
            (Some("ab12-tasks.csv"), None, Some("ab12-tasks.csv")),
            (Some(" "), Some("a.jpg"), Some("a.jpg")),
            (None, Some("a.jpg"), Some("a.jpg")),
            (Some(""), None, None),
            (Some("\u{7F}"), None, None),
            (None, None, None),
        ] {
            let name = source_name(file_upload.map(str::to_owned), of_data.map(str::to_owned));
            assert_eq!(name.as_deref(), expected, "{file_upload:?} {of_data:?}");
        }
    }
}
