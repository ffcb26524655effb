//! Both ways to read JSON say the same.

use crate::input::json::both_ways::json_both_ways;
use proptest::prelude::*;

fn same(text: &[u8], steps: &[u8], buffer: usize) -> Result<(), TestCaseError> {
    let [fast, careful] = json_both_ways(text, steps, buffer);
    prop_assert_eq!(fast, careful, "{}", String::from_utf8_lossy(text));
    Ok(())
}

/// A valid document, with what parsers read in different ways.
fn document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "-?(0|[1-9][0-9]{0,4})",
        "-?[0-9][.][0-9]{1,21}",
        "-?[1-9][0-9]{17,42}",
        "[1-9](e|E)[+-]?[0-9]{1,4}",
        "\"[a-z é\u{1F600}]{0,12}\"",
        proptest::sample::select(vec![
            "-0",
            "-0.0",
            "null",
            "true",
            "false",
            "NaN",
            "-Infinity",
            "\"\"",
            "\"a\\u00e9\\n\"",
            "\"\\ud83d\\ude00\"",
            "\"\\udead\"",
            "\"0\"",
            "[]",
            "{}",
        ])
        .prop_map(str::to_owned),
    ];
    let blank = proptest::sample::select(vec!["", "", "", " ", "\n", "\r\n", "\r", "\t \n"]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let items = proptest::collection::vec((blank.clone(), inner.clone()), 0..6);
        let name = proptest::sample::select(vec!["a", "b", "é", "NaN", "outside", "a\\n", "\\u0061"]);
        let members = proptest::collection::vec((blank.clone(), name, inner), 0..6);
        let item = |(blank, value): (&str, String)| format!("{blank}{value}{blank}");
        let member = |(blank, name, value): (&str, &str, String)| format!("{blank}\"{name}\"{blank}:{blank}{value}");
        prop_oneof![
            items.prop_map(move |items| format!("[{}]", items.into_iter().map(item).collect::<Vec<_>>().join(","))),
            members.prop_map(move |all| format!("{{{}}}", all.into_iter().map(member).collect::<Vec<_>>().join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn a_valid_document_is_read_alike(
        documents in proptest::collection::vec(document(), 1..4),
        steps in proptest::collection::vec(any::<u8>(), 1..40),
        buffer in prop_oneof![1_usize..40, Just(1 << 16)],
    ) {
        same(documents.join("\n").as_bytes(), &steps, buffer)?;
    }

    #[test]
    fn a_broken_document_has_the_same_error_at_the_same_place(
        document in document(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..4,
        put in proptest::sample::select(vec![
            &b""[..], b",", b":", b"\"", b"[", b"}", b"]", b"{", b"x", b"0", b"-", b"\\", b"\xE9", b"\xF0\x9F", b"/", b"\x01",
            b"nul", b"[[[[", b"NaN", b"\xEF\xBB\xBF",
        ]),
        steps in proptest::collection::vec(any::<u8>(), 1..40),
        buffer in prop_oneof![1_usize..40, Just(1 << 16)],
    ) {
        let mut text = document.into_bytes();
        let start = at.index(text.len() + 1);
        text.splice(start..text.len().min(start + cut), put.iter().copied());
        same(&text, &steps, buffer)?;
    }
}

#[test]
fn what_is_longer_than_memory_should_hold_is_read_alike() {
    let long = "[1.25,-3] ".repeat(30_000).replace("] [", "],[");
    for (text, steps) in [
        (format!("{{\"a\":[{long}],\"b\":[{long}{{}} x]}}"), &[23, 23, 1][..]),
        (format!("{{\"a\":[{long}],\"b\":[{long}]}}"), &[22]),
        (format!("[[{long}],{}[{long}]]", " \r\n".repeat(1_500_000)), &[0, 1]),
        (format!("[\"{}\",-0]", "é".repeat(2_200_000)), &[0, 23]),
        (format!("{{\"{}\":7}}", "é".repeat(2_200_000)), &[0, 1]),
        (format!("{{\"a\":{}1{}}}", "[".repeat(99), "]".repeat(99)), &[23]),
        (format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100)), &[23]),
        (format!("[{}]", "[],".repeat(200) + "7"), &[1]),
    ] {
        same(text.as_bytes(), steps, 1 << 13).unwrap();
    }
}
