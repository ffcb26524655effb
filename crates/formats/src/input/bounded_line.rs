//! One line at a time, of a size that is bounded whatever the input.

use std::io::{self, BufRead, Read};

/// The largest line that is read, in bytes without its line break: 128 MiB.
///
/// No task has a larger one: 10,000 keys of 1,024 bytes, each of six characters in JSON, with their counts and their
/// kinds, are 123 million bytes. Whatever an export writes is read back.
pub const MAX_LINE_BYTES: usize = 128 << 20;

/// A line that is read into the caller's buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The buffer holds the line, without its line break.
    Whole,
    /// The line is larger than the limit: it was skipped and the buffer is empty.
    TooLong,
    /// There is no further line.
    End,
}

/// Reads the next line into `buffer`, which never grows past `limit` and a few bytes.
pub(crate) fn read_line(input: &mut impl BufRead, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    buffer.clear();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(2);
    if input.by_ref().take(most).read_until(b'\n', buffer)? == 0 {
        return Ok(Line::End);
    }
    let complete = buffer.pop_if(|byte| *byte == b'\n').is_some();
    let carriage_return = buffer.pop_if(|byte| *byte == b'\r').is_some();
    if buffer.len() <= limit && (complete || !carriage_return || input.fill_buf()?.is_empty()) {
        return Ok(Line::Whole);
    }
    if !complete {
        input.skip_until(b'\n')?;
    }
    buffer.clear();
    Ok(Line::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &str) -> Vec<Result<String, Line>> {
        let mut input = input.as_bytes();
        let mut buffer = Vec::new();
        let mut lines = Vec::new();
        loop {
            match read_line(&mut input, &mut buffer, 4).unwrap() {
                Line::Whole => lines.push(Ok(String::from_utf8(buffer.clone()).unwrap())),
                Line::TooLong => lines.push(Err(Line::TooLong)),
                Line::End => return lines,
            }
        }
    }

    #[test]
    fn lines_end_at_any_line_break_and_at_the_end_of_the_input() {
        let line = |text: &str| Ok(text.to_owned());
        let long = || Err(Line::TooLong);
        for (input, expected, reason) in [
            ("", vec![], "nothing is no line"),
            ("a\nb\n", vec![line("a"), line("b")], "the last line break ends a line and begins none"),
            ("a\r\n\r\nb", vec![line("a"), line(""), line("b")], "line breaks of Windows, and none at the end"),
            ("1234\r\n1234\n1234", vec![line("1234"), line("1234"), line("1234")], "the limit is without the break"),
            ("12345\na", vec![long(), line("a")], "a byte too many"),
            ("12345\r\na", vec![long(), line("a")], "a byte too many before a line break of Windows"),
            ("1234\rx\na", vec![long(), line("a")], "a lone carriage return ends no line"),
            ("1234567890\na\n", vec![long(), line("a")], "the rest of a long line is skipped"),
            ("1234567890", vec![long()], "a long line at the end"),
        ] {
            assert_eq!(lines(input), expected, "{reason}");
        }
    }
}
