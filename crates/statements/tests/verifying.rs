//! What is verified, and what is said of a statement that is not.

use crate::sample::{Made, keys, make, resigned, sample, task, tasks};
use annotation_statistics_domain::PoolType;
use annotation_statistics_statements::{Verified, verify};
use std::io::{self, Read};

fn check(made: &Made, rows: &[u8]) -> Result<Verified, String> {
    verify(&made.statement.body, &made.statement.signature, &keys(), rows).map_err(|error| error.to_string())
}

/// Six tasks with a change of their lines.
fn with_lines(change: impl FnOnce(&mut Vec<String>)) -> Result<Verified, String> {
    let made = make(&sample(tasks(6))).unwrap();
    check(&made, &changed_lines(&made, change))
}

pub(crate) fn changed_lines(made: &Made, change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let text = String::from_utf8(made.rows()).unwrap();
    let mut lines = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    lines.concat().into_bytes()
}

#[test]
fn a_statement_is_verified_with_its_rows_plain_or_compressed() {
    for number in [0, 1, 256, 257, 600] {
        let made = make(&sample(tasks(number))).unwrap();
        let verified = check(&made, &made.rows()).unwrap();
        assert_eq!(check(&made, &made.zstd()).as_ref(), Ok(&verified));
        assert_eq!((verified.sha256, verified.envelope.number.get()), (made.statement.sha256, 3));
        assert_eq!(verified.envelope.rows.tasks, u64::try_from(number).unwrap());
    }
}

pub(crate) type Change = fn(&mut Vec<String>);

/// What is changed in the lines, and what is said then.
pub(crate) const WRONG: [(Change, &str); 16] = [
    (|lines| lines.swap(2, 3), "line 4 (task 3): it comes behind task 4, but the ids ascend and none is there twice"),
    (|lines| lines.insert(3, lines[2].clone()), "line 4 (task 3): it comes behind task 3, but the ids ascend"),
    (|lines| lines.push("\n".to_owned()), "line 7: there is more than the document says that there is"),
    (|lines| lines[3] = "\n".to_owned(), "line 4: it is blank"),
    (|lines| lines[3] = "{\n".to_owned(), "line 4: not JSON at byte 1: EOF while parsing an object"),
    (|lines| lines[5] = lines[5].replace('\n', ""), "line 6: it has no line break at its end"),
    (|lines| drop(lines.remove(3)), "their number is 5, in the document 6"),
    (|lines| drop(lines.pop()), "their number is 5, in the document 6"),
    (|lines| lines[0].insert(1, ' '), "line 1 (task 1): it is not written as statements write it, from byte 2 on"),
    (|lines| lines[0].insert(0, '\u{feff}'), "line 1 (task 1): it is not written as statements write it, from byte 1"),
    (
        |lines| lines[3] = lines[3].replacen("\"R\"", "\"S\"", 1),
        "line 4 (task 4): it is of the annotation request `S`, not of `R`",
    ),
    (
        |lines| lines[3] = lines[3].replacen("1001", "1002", 1),
        "line 4 (task 4): it is of the campaign `1002`, not of `1001`",
    ),
    (|lines| lines[3] = lines[3].replacen("s/2", "s/3", 1), "line 4 (task 4): it is counted by another rule than"),
    (
        |lines| lines[3] = lines[3].replacen("car\"", "cab\"", 1),
        "line 4 (task 4): the operation item `cab` is not in the",
    ),
    (
        |lines| lines[3] = lines[3].replacen("\"status\":11", "\"status\":12", 1),
        "line 4 (task 4): the document has no group of pool type 5 and status 12",
    ),
    (
        |lines| lines[3] = lines[3].replacen("\"car\":2", "\"car\":3", 1),
        "line 4: instanceInfo adds up to 3, but instanceNum + attributeNum is 2 + 0",
    ),
];

#[test]
fn a_wrong_line_is_named_with_its_task() {
    let replace = |lines: &mut Vec<String>, from: &str, to: &str| lines[3] = lines[3].replacen(from, to, 1);
    for (change, expected) in WRONG {
        let error = with_lines(change).unwrap_err();
        assert!(error.starts_with(&format!("the rows: {expected}")), "{error}");
        assert!(error.ends_with("These are not the rows that were signed"), "{error}");
    }
    let other_frames = with_lines(|lines| replace(lines, "\"frameNum\":2", "\"frameNum\":3")).unwrap_err();
    assert!(other_frames.starts_with("the rows: their SHA-256 is "), "{other_frames}");
}

#[test]
fn rows_of_another_statement_are_refused() {
    let (one, other) = (make(&sample(tasks(300))).unwrap(), make(&sample(tasks(299))).unwrap());
    for rows in [other.rows(), other.zstd()] {
        let error = check(&one, &rows).unwrap_err();
        assert!(error.starts_with("the rows: their number is 299, in the document 300"), "{error}");
    }
    let error = verify(&one.statement.body, &other.statement.signature, &keys(), &*one.rows()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the signature is not that of this document by the key 21fe31dfa154a261: one of the two was changed after signing, \
         or they are of two statements"
    );
}

#[test]
fn cut_off_doubled_and_added_frames_are_refused() {
    let made = make(&sample(tasks(600))).unwrap();
    let frames: Vec<_> = made.frames.iter().map(|frame| frame.zstd.as_slice()).collect();
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
    let whole = frames.concat();
    for (file, expected, reason) in [
        (frames[..1].concat(), "the rows: their number is 256, in the document 600", "one of three"),
        (frames[..2].concat(), "the rows: their number is 512, in the document 600", "two of three"),
        (frames[1..].concat(), "the rows: their number is 344, in the document 600", "the first is missing"),
        (vec![], "the rows: their number is 0, in the document 600", "none"),
        ([frames[0], &whole].concat(), "the rows: line 257 (task 1): it comes behind task 256", "the first twice"),
        ([frames[1], frames[0], frames[2]].concat(), "the rows: line 257 (task 1): it comes behind", "another order"),
        ([&whole, frames[2]].concat(), "the rows: line 601: there is more than", "the last twice"),
        ([&whole, &whole[..]].concat(), "the rows: line 601: there is more than", "the file twice"),
        ([&whole, &skipped[..]].concat(), "the rows cannot be read behind line 600: it is not a frame", "passed over"),
        ([&whole, &b"x"[..]].concat(), "the rows cannot be read behind line 600: it is not a frame", "a byte more"),
        (
            [&whole, &made.rows()[..]].concat(),
            "the rows cannot be read behind line 600: it is not a frame",
            "plain rows",
        ),
        ([&made.rows()[..], &whole].concat(), "the rows: line 601: there is more than", "frames behind plain rows"),
    ] {
        let error = check(&made, &file).unwrap_err();
        assert!(error.starts_with(expected), "{reason}: {error}");
    }
    for end in (1..whole.len()).step_by(7) {
        check(&made, &whole[..end]).unwrap_err();
    }
}

#[test]
fn rows_that_were_signed_and_do_not_add_up_are_the_error_of_who_signed() {
    let made = make(&sample(tasks(6))).unwrap();
    for (changes, expected) in [
        (
            &[("\"poolType\": 2", "\"poolType\": 3")][..],
            "the rows: line 3 (task 3): the document has no group of pool type 2 and status 11",
        ),
        (
            &[("\"count\": 12", "\"count\": 11"), ("\"count\": 3", "\"count\": 4")],
            "the rows: operationItems, key `car`, count: they add up to 12, the document has 11. They are the rows that were \
             signed: the statement itself is wrong",
        ),
        (
            &[("\"frameNum\": 12", "\"frameNum\": 11"), ("\"frameNum\": 4", "\"frameNum\": 3")],
            "the rows: groups, pool type 2, status 11, frameNum: they add up to 4, the document has 3",
        ),
    ] {
        let changed = resigned(&made, changes);
        let error = check(&changed, &made.rows()).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn rows_that_cannot_be_read_say_nothing_of_the_statement() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let made = make(&sample(tasks(6))).unwrap();
    let rows = made.rows();
    for (start, line) in [(0, 0), (2, 0), (600, 2)] {
        let input = (&rows[..start]).chain(Broken);
        let error = verify(&made.statement.body, &made.statement.signature, &keys(), input).unwrap_err();
        assert_eq!(error.to_string(), format!("the rows cannot be read behind line {line}: the disk is gone"));
        assert!(error.is_unreadable());
    }
    let error = verify(&made.statement.body, &made.statement.signature, &keys(), &made.zstd()[..30]).unwrap_err();
    assert!(!error.is_unreadable(), "{error}");
}

#[test]
fn unusual_lines_are_verified_like_the_others() {
    let described = |id, name: &str, item: &str| {
        let task = task(id, PoolType::Complete, &[("car", 5), ("car/color", 2), ("zero", 0), ("a\"b", 1)], 1);
        crate::sample::described(task, name, item, annotation_statistics_domain::ItemKind::Slot)
    };
    let odd =
        vec![described(1, "tab\t.jpg", "car"), described(2, "é\\\u{1}", "zero"), task(3, PoolType::Check, &[], 0)];
    let made = make(&sample(odd)).unwrap();
    assert!(check(&made, &made.rows()).is_ok());
}
