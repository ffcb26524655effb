//! The `Counting-Rule` header: by which rules the numbers of a response are counted.

use actix_web::http::header::HeaderValue;
use annotation_statistics_domain::CountingRuleName;
use std::collections::HashSet;

/// Instead of a longer list the header is `various`.
pub(crate) const MAX_COUNTING_RULE_BYTES: usize = 1_024;

const UNSTATED: &str = "unstated";
const VARIOUS: HeaderValue = HeaderValue::from_static("various");

/// The distinct rules of annotation requests, in order; a missing rule is `unstated`.
pub(crate) fn counting_rules(rules: &[Option<CountingRuleName>]) -> HeaderValue {
    if let [rule] = rules {
        let name = rule.as_ref().map_or(UNSTATED, CountingRuleName::as_str);
        return HeaderValue::from_str(name).unwrap_or(VARIOUS);
    }
    let mut seen = HashSet::new();
    let mut list = String::new();
    for rule in rules {
        let name = rule.as_ref().map_or(UNSTATED, CountingRuleName::as_str);
        if seen.insert(name) {
            let separator = if list.is_empty() { "" } else { ", " };
            list.extend([separator, name]);
        }
        if list.len() > MAX_COUNTING_RULE_BYTES {
            return VARIOUS;
        }
    }
    HeaderValue::try_from(list).unwrap_or(VARIOUS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> String {
        let rule = |name: &&str| (!name.is_empty()).then(|| CountingRuleName::new((*name).to_owned()).unwrap());
        counting_rules(&names.iter().map(rule).collect::<Vec<_>>()).to_str().unwrap().to_owned()
    }

    #[test]
    fn each_rule_is_listed_once_in_order() {
        for (names, expected) in [
            (vec![""], "unstated"),
            (vec!["objects/2", "objects/2"], "objects/2"),
            (vec!["keyframes/2", "", "objects/2", "", "keyframes/2"], "keyframes/2, unstated, objects/2"),
        ] {
            assert_eq!(header(&names), expected);
        }
    }

    #[test]
    fn more_rules_than_a_header_holds_are_various() {
        // Each takes 64 bytes and two for its separator, but for the first.
        let names: Vec<String> = (10..26).map(|number| format!("{number}{}", "r".repeat(62))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(header(&names[..15]).len(), 988);
        assert_eq!(header(&names), "various");
        let short = "r".repeat(34);
        let fits = [&names[..15], &[short.as_str()]].concat();
        assert_eq!(header(&fits).len(), MAX_COUNTING_RULE_BYTES);
    }
}
