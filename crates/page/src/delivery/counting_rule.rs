//! What the rules count by, in words.

use std::collections::BTreeSet;

/// What a rule counts as an instance; the words of `docs/FORMATS.md`.
const RULES: [(&str, &str); 3] = [
    ("objects", "an object counts once, however many frames show it"),
    ("appearances", "an object counts once in each frame in which it is visible"),
    ("keyframes", "each shape that an annotator drew counts once"),
];

/// Whose work counts where several people annotated a task.
const ANNOTATIONS: [(&str, &str); 4] = [
    ("first", "; of several annotations of a task the first one"),
    ("last", "; of several annotations of a task the last one"),
    ("accepted", "; of several annotations of a task the accepted one"),
    ("ground-truth", "; of several annotations of a task the ground truth"),
];

/// By which rules the numbers were counted, in a sentence. `None` is a rule that was not stated.
pub(crate) fn in_words<'a>(rules: impl Iterator<Item = Option<&'a str>>) -> String {
    let rules: BTreeSet<Option<&str>> = rules.collect();
    match rules.into_iter().collect::<Vec<_>>().as_slice() {
        [] | [None] => "The counting rule is not stated.".into(),
        [Some(rule)] => match meaning(rule) {
            Some(meaning) => format!("Counted by the rule {rule}: {meaning}."),
            None => format!("Counted by the rule {rule}."),
        },
        rules => {
            let each = rules.iter().map(|rule| match (rule, rule.and_then(meaning)) {
                (Some(rule), Some(meaning)) => format!("{rule} ({meaning})"),
                (Some(rule), None) => (*rule).to_owned(),
                (None, _) => "not stated".to_owned(),
            });
            format!(
                "Counted by different rules, so compare the sums with care: {}.",
                each.collect::<Vec<_>>().join(", ")
            )
        }
    }
}

/// What a rule of this service means; nothing is known of those of others.
fn meaning(rule: &str) -> Option<String> {
    let mut parts = rule.split('/');
    let (name, version, choice) = (parts.next()?, parts.next()?, parts.next());
    let known = RULES.iter().find(|(known, _)| *known == name).filter(|_| ["1", "2"].contains(&version));
    let whose = choice.map(|choice| ANNOTATIONS.iter().find(|(known, _)| *known == choice));
    match (known, whose, parts.next()) {
        (Some((_, meaning)), None, None) => Some((*meaning).to_owned()),
        (Some((_, meaning)), Some(Some((_, whose))), None) => Some(format!("{meaning}{whose}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_ours_is_explained_and_any_other_is_named() {
        for (rules, expected) in [
            (vec![None], "The counting rule is not stated."),
            (
                vec![Some("objects/2"), Some("objects/2")],
                "Counted by the rule objects/2: an object counts once, however many frames show it.",
            ),
            (
                vec![Some("keyframes/2/last")],
                "Counted by the rule keyframes/2/last: each shape that an annotator drew counts once; of several \
                 annotations of a task the last one.",
            ),
            (vec![Some("objects/3")], "Counted by the rule objects/3."),
            (vec![Some("objects/2/x")], "Counted by the rule objects/2/x."),
            (vec![Some("helix")], "Counted by the rule helix."),
            (
                vec![Some("helix"), None, Some("appearances/2")],
                "Counted by different rules, so compare the sums with care: not stated, appearances/2 (an object \
                 counts once in each frame in which it is visible), helix.",
            ),
        ] {
            assert_eq!(in_words(rules.into_iter()), expected);
        }
    }
}
