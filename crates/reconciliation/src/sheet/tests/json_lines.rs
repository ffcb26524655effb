//! JSON Lines of programs.

use super::{read, values, values_of};

#[test]
fn members_are_what_columns_are_and_numbers_are_exact() {
    let lines = concat!(
        "\u{feff}{\"taskId\": 1740000000000000000, \"operationItem\": \"Car, private\", \"count\": 2, \"note\": {\"a\": [1.5]}}\n",
        "\n",
        "{\"count\": 9223372036854775807, \"operationItem\": \"bus\", \"taskId\": \"-7\", \"note\": null}\r\n",
        "{\"taskId\": 8, \"operationItem\": \"bus\", \"count\": null}\n",
        "{\"taskId\": 8, \"operationItem\": \"'=x\", \"count\": \"12\"}",
    );
    let sheet = read(lines).unwrap();
    let expected = ["1: 1740000000000000000 car 2", "3: -7 bus 9223372036854775807", "5: 8 '=x 12"];
    assert_eq!(values(&sheet), expected);
    assert_eq!((sheet.sheet_lines, sheet.ignored_columns), (3, vec!["note".to_owned()]));
}

#[test]
fn lines_may_be_of_names_items_and_sums() {
    let names = "{\"sourceName\":\"a.jpg\",\"instanceInfo\":{\"car\":1,\"bus\":2},\"frameNum\":1}\n{\"sourceName\":\"b.jpg\",\"frames\":2}";
    assert_eq!(values_of(names), ["1: a.jpg car 1", "1: a.jpg bus 2", "1: a.jpg frames 1", "2: b.jpg frames 2"]);
    assert_eq!(
        values_of("{\"item\":\"car\",\"count\":3}\n{\"item\":\"bus\",\"count\":4}"),
        ["1: all car 3", "2: all bus 4"]
    );
    assert_eq!(values_of("{\"instanceNum\":3,\"car\":2}"), ["1: all car 2", "1: all instances 3"]);
    let total = read("{\"id\":1,\"frames\":3}\n{\"id\":\"Total\",\"frames\":3}").unwrap();
    assert!(total.control_total.is_some_and(|total| total.agrees && total.line == 2));
}

#[test]
fn a_line_is_refused_with_its_reason() {
    let decimals = "a number with decimals, with an exponent or too large";
    for (lines, expected) in [
        ("{\"id\":1,\"car\":1.0}", &*format!("line 1, column car: is {decimals}, where a whole number is wanted")),
        ("{\"id\":1,\"car\":1e3}", &format!("line 1, column car: is {decimals}, where a whole number is wanted")),
        ("{\"id\":1e3,\"car\":1}", &format!("line 1, column id: is {decimals}, where the id of a task is wanted")),
        ("{\"id\":1,\"car\":-1}", "line 1, column car: -1 is negative, which no count is"),
        ("{\"id\":1,\"car\":true}", "line 1, column car: is true or false, where a whole number is wanted"),
        ("{\"id\":1,\"instanceInfo\":[]}", "line 1, column instanceInfo: must be an object of counts"),
        (
            "{\"id\":1,\"car\":1}\n{\"id\":2,",
            "line 2: is no whole JSON object (at character 8): EOF while parsing a value",
        ),
        ("{\"id\":1,\"car\":1}\n[]", "line 2: is no whole JSON object (at character 0): expected an object"),
        (
            "{\"id\":1,\"task\":1}",
            "line 1, column task: is for the same as another member of the line: leave one of both",
        ),
        ("{\"id\":1,\"car\":1,\"instanceInfo\":{\"car\":1}}", "line 1: has two numbers for one thing"),
        (
            "{\"id\":1,\"item\":\"car\"}",
            "line 1, column item: names operation items, and no column named count says how many",
        ),
        (
            "{\"id\":1,\"car\":1}\n{\"id\":1,\"item\":\"car\",\"count\":1}",
            "line 2, column item: is not in the first line, as it must be where it is in any",
        ),
        ("{\"id\":1}", "has no members that are understood: id with instanceInfo or operationItem and count"),
        (
            "{\"cutOff\":\"this export failed and is not complete; export again",
            "line 1: is no whole JSON object (at character 63): EOF while parsing a string",
        ),
    ] {
        let found = read(lines).map_or_else(|error| error.to_string(), |sheet| format!("was read: {sheet:?}"));
        assert_eq!(found, expected, "{lines}");
    }
}
