//! Held against what it replaces: a map that `serde_json` reads and writes.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn key(name: &str) -> OperationItemKey {
    OperationItemKey::new(name).unwrap()
}

fn count(number: i64) -> Count {
    Count::try_from(number).unwrap()
}

fn info(counts: &[(&str, i64)]) -> Result<InstanceInfo, InstanceInfoError> {
    InstanceInfo::new(counts.iter().map(|(name, number)| (key(name), count(*number))))
}

/// Keys of all kinds: short and long, with a common start, escaped in JSON, of several bytes a character, as large as may be.
fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{1,3}",
        4 => "select-\\[e000[0-9a-f]\\]",
        2 => "[a-h]{7,9}",
        2 => "[\u{1}-\u{7f}]{1,12}",
        2 => "[\"\\\\/\n\r\t\u{8}\u{c}\u{1f}\u{7f}차é😀\u{2028}]{1,10}",
        1 => "\\PC{1,40}",
        1 => Just("é".repeat(512)),
        1 => Just("\u{1}".repeat(1024)),
    ]
}

fn counts() -> impl Strategy<Value = i64> {
    prop_oneof![0..40_i64, 0..=i64::MAX / 64, Just(0), Just(i64::MAX)]
}

/// The map as the simple reader and writer have it; `None` where the total is too large.
fn checked(map: BTreeMap<String, i64>) -> Option<BTreeMap<String, i64>> {
    map.values().try_fold(0_i64, |sum, number| sum.checked_add(*number))?;
    Some(map)
}

proptest! {
    #[test]
    fn zeros_are_added_for_keys_that_have_no_count_and_nothing_else_changes(
        given in prop::collection::btree_map(keys(), 0..40_i64, 0..40),
        ordered in prop::collection::btree_set(keys(), 0..40),
        twice in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let mut ordered: BTreeSet<OperationItemKey> = ordered.iter().map(|name| key(name)).collect();
        if !given.is_empty() {
            ordered.extend(twice.iter().filter_map(|index| given.keys().nth(index.index(given.len()))).map(|name| key(name)));
        }
        let of = |counts: &BTreeMap<String, i64>| {
            InstanceInfo::new(counts.iter().map(|(name, number)| (key(name), count(*number)))).unwrap()
        };
        let mut expected = given.clone();
        for key in &ordered {
            expected.entry(key.as_str().to_owned()).or_default();
        }
        prop_assert_eq!(of(&given).with_zeros(&ordered), of(&expected));
    }

    #[test]
    fn any_counts_are_iterated_found_and_compared_like_a_map_of_them(
        given in prop::collection::vec((keys(), counts()), 0..40),
        other in prop::collection::vec((keys(), counts()), 0..3),
    ) {
        let made = InstanceInfo::new(given.iter().map(|(name, number)| (key(name), count(*number))));
        let map: BTreeMap<String, i64> = given.iter().cloned().collect();
        let (is_unique, map) = (map.len() == given.len(), checked(map));
        let (Some(map), true) = (map, is_unique) else {
            prop_assert!(made.is_err());
            return Ok(());
        };
        let made = made.unwrap();
        let iterated: Vec<_> = made.iter().map(|(name, number)| (name.to_owned(), number.get())).collect();
        prop_assert_eq!(made.iter().len(), map.len());
        prop_assert_eq!(&iterated, &map.clone().into_iter().collect::<Vec<_>>());
        prop_assert_eq!(made.total().get(), map.values().sum::<i64>());
        for name in map.keys().chain(other.iter().map(|(name, _)| name)) {
            prop_assert_eq!(made.count_of(&key(name)).get(), map.get(name).copied().unwrap_or_default());
        }
        let mut backwards = given;
        backwards.reverse();
        let backwards = InstanceInfo::new(backwards.iter().map(|(name, number)| (key(name), count(*number)))).unwrap();
        prop_assert_eq!(&backwards, &made);
    }
}

#[cfg(feature = "serde")]
mod json {
    use super::*;

    /// Members as a writer has them, with blanks between them and perhaps a mistake.
    fn texts() -> impl Strategy<Value = String> {
        let number = prop_oneof![
            8 => counts().prop_map(|number| number.to_string()),
            1 => prop::sample::select(vec![
                "-1", "-0", "01", "1.0", "1e3", "9223372036854775808", "99999999999999999999", "", "null", "\"1\"", "{}",
            ]).prop_map(str::to_owned),
        ];
        let name = prop_oneof![
            20 => keys().prop_map(|key| serde_json::to_string(&key).unwrap()),
            1 => prop::sample::select(vec![
                r#""""#, r#""\u0000""#, r#""\u0061""#, r#""\ud800""#, r#""\x""#, "\"a\nb\"", "a", r#""a"#,
            ]).prop_map(str::to_owned),
            1 => Just(format!("\"{}\"", "a".repeat(1_025))),
        ];
        let blank = prop::sample::select(vec!["", " ", "  ", "\n\t", "\r "]);
        let member = (blank.clone(), name, blank.clone(), number, blank.clone())
            .prop_map(|(before, name, colon, number, after)| format!("{before}{name}{after}:{colon}{number}"));
        let end = prop::sample::select(vec!["}", "}", "}", "}", " } ", ",}", "", "}x", "]"]);
        let members = prop::collection::vec(member, 0..12).prop_map(|members| members.join(","));
        (blank, members, end).prop_map(|(start, members, end)| format!("{start}{{{members}{end}"))
    }

    /// The simple reader: a list of members, each checked as a key and a count.
    fn reference(json: &[u8]) -> Option<BTreeMap<String, i64>> {
        let read: InReadingOrder = serde_json::from_slice(json).ok()?;
        let map: BTreeMap<String, i64> = read.0.iter().cloned().collect();
        let is_valid = map.len() == read.0.len()
            && map.iter().all(|(name, number)| OperationItemKey::new(name.as_str()).is_ok() && *number >= 0);
        checked(map).filter(|_| is_valid)
    }

    struct InReadingOrder(Vec<(String, i64)>);

    impl<'de> serde::Deserialize<'de> for InReadingOrder {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Members;
            impl<'de> serde::de::Visitor<'de> for Members {
                type Value = InReadingOrder;

                fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str("an object")
                }

                fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<InReadingOrder, M::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(InReadingOrder(members))
                }
            }
            deserializer.deserialize_map(Members)
        }
    }

    fn as_map(info: &InstanceInfo) -> BTreeMap<String, i64> {
        info.iter().map(|(name, number)| (name.to_owned(), number.get())).collect()
    }

    proptest! {
        #[test]
        fn any_text_is_read_by_both_readers_like_by_the_simple_one(text in texts()) {
            let (expected, read) = (reference(text.as_bytes()), serde_json::from_str::<InstanceInfo>(&text).ok());
            prop_assert_eq!(read.as_ref().map(as_map), expected);
            let plain = InstanceInfo::from_plain_json(text.as_bytes());
            prop_assert!(plain.is_none() || plain == read, "{:?} of {}", plain, text);
        }

        #[test]
        fn what_postgres_writes_is_read_by_the_quick_reader_and_written_as_serde_json_writes_a_map(
            map in prop::collection::btree_map(keys(), 0..=i64::MAX / 64, 0..40),
        ) {
            let mut stored: Vec<_> = map.iter().collect();
            stored.sort_by_key(|(name, _)| (name.len(), *name));
            let member = |(name, number): (&String, &i64)| format!("{}: {number}", serde_json::to_string(name).unwrap());
            let stored = format!("{{{}}}", stored.into_iter().map(member).collect::<Vec<_>>().join(", "));
            let read: InstanceInfo = serde_json::from_str(&stored).unwrap();
            let (written, expected) = (serde_json::to_string(&read).unwrap(), serde_json::to_string(&map).unwrap());
            prop_assert_eq!((read.as_json(), written.as_str()), (expected.as_str(), expected.as_str()));
            let is_plain = !stored.contains('\\') && map.values().all(|number| number.to_string().len() <= 18);
            prop_assert_eq!(InstanceInfo::from_plain_json(stored.as_bytes()), is_plain.then_some(read));
        }

        #[test]
        fn bytes_that_are_no_text_are_not_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let expected = reference(&bytes);
            let read = InstanceInfo::from_plain_json(&bytes);
            prop_assert!(read.is_none() || read.as_ref().map(as_map) == expected);
        }
    }

    #[test]
    fn as_many_keys_as_a_task_may_have_are_read_and_one_more_is_refused() {
        let text = |keys: usize| {
            let members: Vec<_> = (0..keys).map(|number| format!("\"{number}\": {number}")).collect();
            format!("{{{}}}", members.join(", "))
        };
        let most = text(InstanceInfo::MAX_KEYS);
        let read = InstanceInfo::from_plain_json(most.as_bytes()).unwrap();
        assert_eq!(read.iter().len(), InstanceInfo::MAX_KEYS);
        assert_eq!(serde_json::from_str::<InstanceInfo>(&most).unwrap(), read);
        let more = text(InstanceInfo::MAX_KEYS + 1);
        assert_eq!(InstanceInfo::from_plain_json(more.as_bytes()), None);
        let error = serde_json::from_str::<InstanceInfo>(&more).unwrap_err().to_string();
        assert!(error.starts_with("there are more than 10000 keys"), "{error}");
    }

    #[test]
    fn json_with_a_key_given_twice_is_refused() {
        let error = serde_json::from_str::<InstanceInfo>(r#"{"a":1,"a":2}"#).unwrap_err();
        assert!(error.to_string().starts_with("the key `a` is given twice"), "{error}");
        assert_eq!(InstanceInfo::from_plain_json(br#"{"a":1,"a":2}"#), None);
    }
}

#[test]
fn keys_come_in_byte_order_whatever_order_they_were_given_in() {
    let made = info(&[("b", 2), ("a-long-key", 40)]).unwrap();
    let names: Vec<_> = made.iter().map(|(key, _)| key).collect();
    assert_eq!(names, ["a-long-key", "b"]);
    assert_eq!(made.total(), count(42));
    assert_eq!(made.count_of(&key("b")), count(2));
    assert_eq!(made.count_of(&key("c")), Count::ZERO);
}

#[test]
fn no_counts_are_an_empty_object() {
    let none = info(&[]).unwrap();
    assert_eq!((none.as_json(), none.iter().len(), none.total()), ("{}", 0, Count::ZERO));
    assert_eq!(none, InstanceInfo::default());
    assert_eq!(InstanceInfo::from_plain_json(b"{}"), Some(none));
}

#[test]
fn counts_that_cannot_be_right_are_refused() {
    assert_eq!(info(&[("a", 1), ("a", 1)]), Err(InstanceInfoError::DuplicateKey("a".into())));
    assert_eq!(info(&[("a", i64::MAX), ("b", 1)]), Err(InstanceInfoError::TotalTooLarge));
    let many = InstanceInfo::new((0..=InstanceInfo::MAX_KEYS).map(|n| (key(&n.to_string()), Count::ONE)));
    assert_eq!(many, Err(InstanceInfoError::TooManyKeys));
}
