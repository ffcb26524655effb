//! What is refused, where, and why.

use super::{read, read_with};
use crate::sheet::{SheetLimits, SheetOptions};

fn refused(sheet: impl AsRef<[u8]>) -> String {
    read(sheet).map_or_else(|error| error.to_string(), |sheet| format!("was read: {sheet:?}"))
}

#[test]
fn a_header_is_refused_with_its_reason() {
    let understood = "understood are the columns id (or sourceName) with operationItem and count, with instanceNum, attributeNum or \
                      frameNum, or with a column for each operation item; and operationItem with count";
    for (sheet, expected) in [
        ("", "is empty"),
        ("\n\n", &format!("has no line with the names of its columns; {understood}")),
        ("a,b\n1,2\n", &format!("line 1: has no columns that are understood, but \"a\", \"b\"; {understood}")),
        ("a;b;c\n", &format!("line 1: has no columns that are understood, but \"a\", \"b\", \"c\"; {understood}")),
        (
            "id,operationItem,class,count\n",
            "line 1, column class: is for the same as the column operationItem: leave one of both",
        ),
        ("id,frames,frame num\n", "line 1, column frame num: is for the same as the column frames: leave one of both"),
        (
            "id,car,instanceInfo.car\n",
            "line 1, column instanceInfo.car: is for the same as the column car: leave one of both",
        ),
        ("id,item\n", "line 1, column item: names operation items, and no column named count says how many"),
        ("id,count\n", "line 1, column count: has counts, and no column named operationItem says of what"),
        (
            "id,item,count,bus\n",
            "line 1, column item: names operation items, which have columns of their own, too: leave one of both",
        ),
        (
            "id,Sign\n",
            "line 1, column Sign: \"Sign\" is the label of several operation items: write the key, of sign-1, sign-2",
        ),
        (
            "id,instances\n1,2\n2,\"3\n\n3,4\n",
            "line 3: has a cell whose quotation marks are not closed before the end of the sheet",
        ),
    ] {
        assert_eq!(refused(sheet), expected, "{sheet:?}");
    }
    assert!(refused("\n".repeat(20) + "id,car\n").starts_with("has no line with"), "line 21 is too late");
    assert_eq!(read("\n".repeat(19) + "id,car\n1,2\n").unwrap().stated.len(), 1);
}

#[test]
fn an_id_is_refused_with_its_line_column_and_reason() {
    let rounded = "was rounded by a spreadsheet, which keeps 15 digits of a number: import the file with this column as text, or send \
                   JSON Lines";
    for (cells, expected) in [
        ("x,1", "line 2, column id: \"x\" is no id: it has 1 to 19 digits".to_owned()),
        ("1.0,1", "line 2, column id: \"1.0\" is no id: it has 1 to 19 digits".to_owned()),
        ("1 000,1", "line 2, column id: \"1 000\" is no id: it has 1 to 19 digits".to_owned()),
        ("+1,1", "line 2, column id: \"+1\" is no id: it has 1 to 19 digits".to_owned()),
        (
            "12345678901234567890,1",
            "line 2, column id: \"12345678901234567890\" is no id: it has 1 to 19 digits".to_owned(),
        ),
        ("9223372036854775808,1", "line 2, column id: \"9223372036854775808\" is larger than an id can be".to_owned()),
        ("1.74E+18,1", format!("line 2, column id: \"1.74E+18\" {rounded}")),
        ("\"1,74E+18\",1", format!("line 2, column id: \"1,74E+18\" {rounded}")),
        (
            "1740000000000000000,1",
            format!("line 2, column id: 1740000000000000000 {rounded} (as are all of more than 15 digits)"),
        ),
    ] {
        assert_eq!(refused(format!("id,instances\n{cells}\n")), expected, "{cells}");
    }
}

#[test]
fn a_count_is_refused_with_its_line_column_and_reason() {
    for (cells, expected) in [
        ("1,-1", "line 2, column instances: \"-1\" is negative, which no count is".to_owned()),
        ("1,1.5", "line 2, column instances: \"1.5\" has decimals: only whole numbers are counts".to_owned()),
        (
            "1,1E+05",
            "line 2, column instances: \"1E+05\" was rounded by a spreadsheet: format the column as a number without decimals"
                .to_owned(),
        ),
        ("1,many", "line 2, column instances: \"many\" is no whole number".to_owned()),
        ("1,\u{ff11}", "line 2, column instances: \"\u{ff11}\" is no whole number".to_owned()),
        ("1,#REF!", "line 2, column instances: \"#REF!\" is no whole number".to_owned()),
        ("1,50%", "line 2, column instances: \"50%\" is no whole number".to_owned()),
        (
            "1,9223372036854775808",
            "line 2, column instances: \"9223372036854775808\" is larger than 9223372036854775807".to_owned(),
        ),
        (
            &format!("1,{}", "x".repeat(50)),
            format!("line 2, column instances: \"{}...\" is no whole number", "x".repeat(40)),
        ),
        (
            ",2\n1,2",
            "line 2: has numbers, and does not say what they are of: only the last line may, as a line of sums".to_owned(),
        ),
        (
            "total,2\ntotal,2",
            "line 3: is a second line of sums, after line 2: only one for the whole sheet is checked".to_owned(),
        ),
    ] {
        assert_eq!(refused(format!("id,instances\n{cells}\n")), expected, "{cells}");
    }
}

#[test]
fn a_name_is_refused_with_its_line_column_and_reason() {
    let long = "x".repeat(1025);
    for (sheet, expected) in [
        ("id,item,count\n1,,2\n2,bus,1\n", "line 2: has a count, and no operation item that it is of".to_owned()),
        (
            "id,item,count\n1,Sign,2\n",
            "line 2, column item: \"Sign\" is the label of several operation items: write the key, of sign-1, sign-2"
                .to_owned(),
        ),
        (
            &format!("id,item,count\n1,{long},2\n"),
            "line 2, column item: an operation item is 1025 bytes long, at most 1024 are allowed".to_owned(),
        ),
        (
            &format!("name,instances\n{long},2\n"),
            "line 2: a source name is 1025 bytes long, at most 1024 are allowed".to_owned(),
        ),
        (
            "annotationRequestId,id,instances\nA,1,2\nB,2,2\n",
            "line 3, column annotationRequestId: \"B\" is not \"A\", which the sheet is compared with".to_owned(),
        ),
    ] {
        assert_eq!(refused(sheet), expected, "{sheet}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_the_way_out() {
    for (sheet, expected) in [
        (
            &b"id,instances,remark\n1,2,a\n2,3,Stra\xdfe\n"[..],
            "line 3: is not UTF-8: save the sheet as \"CSV UTF-8\" or \"Unicode text\", or send it as XLSX",
        ),
        (
            b"Stra\xdfe\nid,instances\n",
            "line 1: is not UTF-8: save the sheet as \"CSV UTF-8\" or \"Unicode text\", or send it as XLSX",
        ),
        (b"i\0d\0,\0c\0a\0r\0", "is not text: save it as \"CSV UTF-8\""),
        (b"\xff\xfei\0d\0\x00\xdc\x00\xdc", "is not UTF-16, as it says: save it as \"CSV UTF-8\""),
        (b"\xff\xfei\0d\0,", "ends within a character: it is cut off"),
    ] {
        assert_eq!(refused(sheet), expected, "{}", String::from_utf8_lossy(sheet));
    }
}

#[test]
fn a_sheet_is_read_within_its_limits() {
    let of =
        |max_lines, max_bytes| SheetOptions { limits: SheetLimits { max_lines, max_bytes }, ..SheetOptions::default() };
    let sheet = "id,car,bus\n1,2,3\n2,3,4\n";
    assert_eq!(read_with(sheet, &of(4, 23)).unwrap().stated.len(), 4);
    let error = |options| read_with(sheet, &options).unwrap_err().to_string();
    assert_eq!(error(of(3, 23)), "line 3: the sheet has more than 3 values: split it");
    assert_eq!(error(of(4, 22)), "has 23 bytes, of which 22 are allowed: split it");
    let many: Vec<String> = (0..10_001).map(|item| format!("1,item {item},1\n")).collect();
    let many = refused(format!("id,item,count\n{}", many.concat()));
    assert_eq!(many, "line 10002, column item: has more than 10000 operation items: split it");
    let open = refused(format!("id,car\n1,2\n2,\"{}\n", "x\n".repeat(600_000)));
    assert!(
        open.contains("is longer than 1048576 bytes with the lines before it: is a quotation mark not closed?"),
        "{open}"
    );
}
