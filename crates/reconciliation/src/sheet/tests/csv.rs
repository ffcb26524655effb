//! CSV as programs and people write it.

use super::{read, read_with, utf16, values, values_of};
use crate::sheet::{Measures, SheetOptions};
use crate::{ControlTotal, Sums};

#[test]
fn a_sheet_reads_the_same_however_it_is_written() {
    let expected = ["2: 1 car 3", "3: 1 bus 0", "4: 1740000000000000123 car 12"];
    let plain = "id,operationItem,count\n1,car,3\n1,bus,0\n1740000000000000123,car,12\n";
    let with = |separator: &str| plain.replace(',', separator);
    for (sheet, reason) in [
        (plain.as_bytes().to_vec(), "as we write it"),
        (plain.trim_end().as_bytes().to_vec(), "without a last line end"),
        (format!("\u{feff}{plain}").into_bytes(), "with a byte order mark"),
        (plain.replace('\n', "\r\n").into_bytes(), "with the line ends of Windows"),
        (plain.replace('\n', "\r").into_bytes(), "with the line ends of old programs"),
        (with(";").into_bytes(), "with semicolons"),
        (with("\t").into_bytes(), "with tabs"),
        (with("|").into_bytes(), "with bars"),
        (utf16(&with("\t"), u16::to_le_bytes), "Unicode text of Excel"),
        (utf16(&with("\t"), u16::to_be_bytes), "the same of an old Mac"),
        (plain.replace("car", "\"car\"").into_bytes(), "with quotation marks"),
        (plain.replace("car", "\"Car, private\"").into_bytes(), "with labels"),
        (plain.replace("id,operationItem,count", "Task ID, Operation_Item ,COUNT").into_bytes(), "with other names"),
        (plain.replace("id,operationItem,count", "task,class,quantity").into_bytes(), "with others yet"),
        (plain.replace("1740000000000000123", "=\"1740000000000000123\"").into_bytes(), "with an id as formula"),
        (plain.replace("1740000000000000123", "'1740000000000000123").into_bytes(), "with an id as text"),
        (plain.replace("car,3", " car , 3 ").into_bytes(), "with blanks"),
        (plain.replace("car,3", "car,3.00").into_bytes(), "with decimals that are zero"),
        (
            plain.replace("1,car,3", "\u{a0}1\u{a0},'car,3,,,").replace("'car", "car").into_bytes(),
            "with cells too many",
        ),
    ] {
        assert_eq!(values_of(sheet), expected, "{reason}");
    }
}

#[test]
fn columns_are_known_by_name_in_any_order_and_after_a_title() {
    let sheet = read(
        "Invoice 7,,,,\n\n\"for\nA. Client\",,,,\nframes,remark,instanceNum,id,attribute_num\n\n1,\"two\nlines\",4,11,\n2,,5,12,7\n",
    )
    .unwrap();
    let expected = ["7: 11 frames 1", "7: 11 instances 4", "9: 12 frames 2", "9: 12 instances 5", "9: 12 attributes 7"];
    assert_eq!(values(&sheet), expected);
    assert_eq!(sheet.ignored_columns, ["remark"]);
    assert_eq!(sheet.sheet_lines, 2);
    assert_eq!(sheet.measures, Measures { instances: true, attributes: true, frames: true, items: false });
}

#[test]
fn a_column_of_an_operation_item_is_known_by_key_label_and_prefix() {
    let sheet = "taskId,Car, bus ,instanceInfo.tram,\"Car, private\",instanceInfo.Car\n7,1,2,3,4,\n";
    assert_eq!(read(sheet).unwrap().ignored_columns, ["Car"], "a key has its case");
    assert_eq!(values_of(sheet), ["2: 7 bus 2", "2: 7 tram 3", "2: 7 car 4"]);
    assert_eq!(values_of("car,bus\n1,2\n"), ["2: all car 1", "2: all bus 2"], "sums");
    assert_eq!(values_of("item,count\nbus,1\ntree,2\n"), ["2: all bus 1", "3: all tree 2"], "sums");
    assert_eq!(values_of("instances\n1\n"), ["2: all instances 1"], "a sum");
}

#[test]
fn an_id_wins_over_a_source_name_which_is_used_where_there_is_none() {
    let both = read("id,sourceName,file,instances\n7,a.jpg,b,1\n").unwrap();
    assert_eq!((values(&both), both.ignored_columns.len()), (vec!["2: 7 instances 1".to_owned()], 0));
    assert_eq!(values_of("name,file,id,instances\na.jpg,b,7,1\n"), ["2: 7 instances 1"]);
    let names = "image,instances\na.jpg,1\n b.jpg ,2\na.jpg,3\n'=x,4\n";
    let expected = ["2: a.jpg instances 1", "3: b.jpg instances 2", "4: a.jpg instances 3", "5: =x instances 4"];
    assert_eq!(values_of(names), expected);
}

#[test]
fn a_key_wins_over_the_label_beside_it_wherever_its_column_is() {
    for sheet in ["id,operationItem,count,label\n7,car,2,Auto\n", "label,id,count,key\nAuto,7,2,car\n"] {
        let both = read(sheet).unwrap();
        assert_eq!((values(&both), both.ignored_columns.len()), (vec!["2: 7 car 2".to_owned()], 0), "{sheet}");
    }
    let lines = r#"{"label":"Auto","id":7,"operationItem":"car","count":2}"#;
    assert_eq!(values_of(lines), ["1: 7 car 2"]);
}

#[test]
fn excel_says_which_separator_it_writes() {
    assert_eq!(values_of("sep=;\r\nid;instances\r\n7;1.234\r\n"), ["3: 7 instances 1234"]);
    assert_eq!(values_of("SEP=,\nid,instances\n7,\"1,234\"\n"), ["3: 7 instances 1234"]);
}

#[test]
fn lines_that_state_nothing_are_passed_over() {
    let sheet = read("id,operationItem,count\n\n7,,\n,,\n8,car,\n9,car,1\n,,,\n").unwrap();
    assert_eq!((values(&sheet), sheet.sheet_lines), (vec!["6: 9 car 1".to_owned()], 1));
    assert_eq!(sheet.control_total, None);
}

#[test]
fn a_line_of_sums_is_checked_and_no_value() {
    let total = |line, count: Option<i128>, instances: Option<i128>, agrees| {
        let stated = Sums { count, instance_num: instances, ..Sums::default() };
        Some(ControlTotal { line, stated, agrees })
    };
    for (sheet, expected, reason) in [
        ("id,instances\n1,2\n2,3\n,5\n", total(4, None, Some(5), true), "the last line without an id"),
        ("id,instances\n1,2\n2,3\n,6\n\n,\n", total(4, None, Some(6), false), "it is wrong"),
        ("id,instances\n1,2\nTotal:,5\n2,3\n", total(3, None, Some(5), true), "a word in the place of an id"),
        ("id,item,count\n1,car,2\n1,bus,3\n合计,,5\n", total(4, Some(5), None, true), "a word, over all items"),
        ("id,item,count\n1,car,2\n1,bus,3\nSUMME,car,2\n", total(4, Some(2), None, true), "a word, of one item"),
        ("x,id,car,bus\n,1,2,3\nGesamt,,2,3\n", total(3, Some(5), None, true), "a word before, by item"),
        ("x,id,car,bus\n,1,2,3\nGesamt,,3,2\n", total(3, Some(5), None, false), "the items do not agree"),
        ("file,instances\na,2\ntotal,2\n", total(3, None, Some(2), true), "a word in the place of a name"),
        ("item,count\ncar,2\nbus,3\n,5\n", total(4, Some(5), None, true), "no item"),
        ("item,count\ncar,2\nGrand Total,5\n", total(3, Some(5), None, false), "a word in the place of an item"),
        ("id,instances\n1,2\n", None, "there is none"),
    ] {
        let sheet = read(sheet).unwrap_or_else(|error| panic!("{reason}: {error}"));
        assert_eq!(sheet.control_total, expected, "{reason}");
        assert!(sheet.stated.len() <= 2, "{reason}");
    }
}

#[test]
fn lines_may_say_of_which_request_they_are() {
    let sheet = "annotationRequestId,id,instances\nA,7,1\nA,8,2\nTotal,,3\n";
    let expected = ["2: 7 instances 1", "3: 8 instances 2"];
    assert_eq!(values_of(sheet), expected);
    let request =
        |id: &str| SheetOptions { request: Some(id.to_owned().try_into().unwrap()), ..SheetOptions::default() };
    assert_eq!(values(&read_with(sheet, &request("A")).unwrap()), expected);
    let refused = read_with(sheet, &request("B")).unwrap_err().to_string();
    assert_eq!(refused, "line 2, column annotationRequestId: \"A\" is not \"B\", which the sheet is compared with");
}

#[test]
fn ids_are_exact_and_a_long_one_may_end_in_zeros_where_another_does_not() {
    let sheet = "id,instances\n-9223372036854775808,1\n9223372036854775807,1\n1740000000000000000,1\n0007,1\n";
    let expected = ["2: -9223372036854775808", "3: 9223372036854775807", "4: 1740000000000000000", "5: 7"];
    assert_eq!(values_of(sheet), expected.map(|value| format!("{value} instances 1")));
}
