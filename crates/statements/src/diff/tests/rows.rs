//! How rows are read, and what is said of those that cannot be.

use super::*;
use crate::frame::FrameWriter;

fn many(ids: impl Iterator<Item = i64>) -> Vec<Statistics> {
    ids.map(|id| task(id, DONE, 11, &[("car", id.rem_euclid(7))])).collect()
}

fn frames(tasks: &[Statistics]) -> Vec<Result<annotation_statistics_domain::RowFrame, BoxError>> {
    let mut writer = FrameWriter::new().unwrap();
    let rows = text(tasks);
    let tasks = annotation_statistics_formats::JsonLines::new(rows.as_slice());
    let mut frames: Vec<_> = tasks.filter_map(|task| writer.push(&task.unwrap()).unwrap()).map(Ok).collect();
    frames.extend(writer.finish().unwrap().0.map(Ok));
    frames
}

#[test]
fn the_rows_of_frames_are_those_of_their_text() {
    for count in [0, 1, 255, 256, 257, 700] {
        let tasks = many(0..count);
        let mut lines = FrameLines::new(frames(&tasks).into_iter()).unwrap();
        let mut read = Vec::new();
        while let Some(line) = lines.line() {
            read.extend(line);
            read.push(b'\n');
            lines.advance().unwrap();
        }
        assert_eq!(read, text(&tasks), "{count}");
        lines.advance().unwrap();
        assert_eq!(lines.line(), None);
    }
}

#[test]
fn statements_are_compared_frame_by_frame_wherever_tasks_were_added() {
    let from = many(0..1_000);
    let to: Vec<_> = many(-3..1_100).into_iter().filter(|task| task.id().get() % 100 != 50).collect();
    let known = Some([sums(&from), sums(&to)]);
    let earlier = FrameLines::new(frames(&from).into_iter()).unwrap();
    let mut comparison = Comparison::new(earlier, known, FirstLines::new(4)).unwrap();
    comparison.take_all(FrameLines::new(frames(&to).into_iter()).unwrap()).unwrap();
    let (diff, lines) = comparison.finish().unwrap();
    let expected =
        TaskCounts { added: 102, removed: 10, unchanged: 990, delivered: 102, reopened: 10, ..TaskCounts::default() };
    assert_eq!(diff.tasks, expected);
    assert_eq!(lines.lines().iter().map(|line| line.id.get()).collect::<Vec<_>>(), [-3, -2, -1, 50]);
    assert!(lines.has_more());
}

#[test]
fn a_frame_that_cannot_be_read_names_its_side() {
    let broken = |mut frames: Vec<Result<annotation_statistics_domain::RowFrame, BoxError>>| {
        frames[1].as_mut().unwrap().zstd.truncate(9);
        FrameLines::new(frames.into_iter()).unwrap()
    };
    let whole = || FrameLines::new(frames(&many(0..600)).into_iter()).unwrap();
    for (from, to, side) in
        [(broken(frames(&many(0..600))), whole(), Side::From), (whole(), broken(frames(&many(0..600))), Side::To)]
    {
        let known = Some([sums(&many(0..600)), sums(&many(0..600))]);
        let mut comparison = Comparison::new(from, known, FirstLines::new(4)).unwrap();
        let error = comparison.take_all(to).unwrap_err();
        assert!(matches!(&error, DiffError::Unread { side: of, .. } if *of == side), "{error:?}");
    }
}

#[test]
fn rows_of_files_may_have_blank_lines_and_line_ends_of_windows() {
    let tasks = many(0..3);
    let rows = String::from_utf8(text(&tasks)).unwrap();
    let other = format!("\n{}", rows.replace('\n', "\r\n\r\n"));
    let (diff, _) = compare_texts(rows.as_bytes(), other.trim_end().as_bytes(), None, FirstLines::new(1)).unwrap();
    assert_eq!(diff.tasks, TaskCounts { unchanged: 3, ..TaskCounts::default() });
}

#[test]
fn rows_that_do_not_ascend_or_are_none_are_named() {
    let good = text(&many(1..4));
    let (unordered, twice) = (text(&many([1, 3, 2].into_iter())), text(&many([1, 2, 2].into_iter())));
    let broken = String::from_utf8(good.clone()).unwrap().replacen("\"status\":11", "\"status\":\"x\"", 2).into_bytes();
    let wrong = "status: invalid type: string \"x\", expected a whole number within its range";
    for (from, to, expected) in [
        (&unordered, &good, "`from`, row 3: the task 2 is not behind the one before; the ids must ascend".to_owned()),
        (&good, &unordered, "`to`, row 3: the task 2 is not behind the one before; the ids must ascend".to_owned()),
        (&twice, &twice, "`to`, row 3: the task 2 is not behind the one before; the ids must ascend".to_owned()),
        (&twice, &good, "`from`, row 3: the task 2 is not behind the one before; the ids must ascend".to_owned()),
        (&good, &broken, format!("`to`, row 1: {wrong}")),
        (&broken, &good, format!("`from`, row 1: {wrong}")),
    ] {
        let error = compare_texts(from, to, None, FirstLines::new(1)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
