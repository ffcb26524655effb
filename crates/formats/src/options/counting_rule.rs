//! What counts as one.

use crate::AnnotationChoice;
use annotation_statistics_domain::CountingRuleName;
use std::fmt;
use std::str::FromStr;

/// What counts as one instance, and with it as one attribute. Named and versioned, because a count without its rule
/// cannot be compared or billed: on real files the rules differ by 20 to 60 times.
///
/// Where nothing is tracked over frames all rules agree.
///
/// | rule | an instance is | an attribute is |
/// | --- | --- | --- |
/// | `objects/2` | an object that is visible in any frame, however many show it | a key that an object has a value for, in whichever frame |
/// | `appearances/2` | an object in a frame in which it is visible | a key that it has a value for in that frame |
/// | `keyframes/2` | a shape that a person drew: what lies between two of them is computed | a value of such a shape |
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CountingRule {
    /// A tracked object counts once.
    #[default]
    Objects,
    /// A tracked object counts once in each frame in which it is visible.
    Appearances,
    /// Each shape that a person drew counts once.
    Keyframes,
}

/// A text that names no counting rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCountingRule {
    /// No rule has this name.
    #[error("`{0}` is not a counting rule: it must be one of objects, appearances, keyframes")]
    Name(String),
    /// The rule is known, in another version.
    #[error("`{given}` is not the version of the rule that this program counts by, which is `{known}`")]
    Version {
        /// The version requested.
        given: String,
        /// The version that there is.
        known: CountingRule,
    },
}

/// The name of a rule with a choice, made when this is compiled: a name that is made later could be none.
macro_rules! names {
    ($rule:literal, $choice:expr) => {
        match $choice {
            AnnotationChoice::All => const { CountingRuleName::literal($rule) },
            AnnotationChoice::First => const { CountingRuleName::literal(concat!($rule, "/first")) },
            AnnotationChoice::Last => const { CountingRuleName::literal(concat!($rule, "/last")) },
            AnnotationChoice::Accepted => const { CountingRuleName::literal(concat!($rule, "/accepted")) },
            AnnotationChoice::GroundTruth => const { CountingRuleName::literal(concat!($rule, "/ground-truth")) },
        }
    };
}

impl CountingRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Objects, Self::Appearances, Self::Keyframes];

    /// The name with the version, as it is stored: `objects/2`.
    pub fn name(self) -> CountingRuleName {
        self.name_with(AnnotationChoice::All)
    }

    /// The name with the version and whose work counts, as it is stored: `objects/2/first`, and `objects/2` for all.
    pub fn name_with(self, choice: AnnotationChoice) -> CountingRuleName {
        match self {
            Self::Objects => names!("objects/2", choice),
            Self::Appearances => names!("appearances/2", choice),
            Self::Keyframes => names!("keyframes/2", choice),
        }
    }
}

impl fmt::Display for CountingRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name().as_str())
    }
}

impl FromStr for CountingRule {
    type Err = UnknownCountingRule;

    /// Reads a name with its version, or without: then the version that this program counts by is meant.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, version) = text.split_once('/').map_or((text, None), |(word, version)| (word, Some(version)));
        let is_named = |rule: &Self| rule.name().as_str().split_once('/').is_some_and(|(name, _)| name == word);
        let unknown = || UnknownCountingRule::Name(text.to_owned());
        let known = Self::ALL.into_iter().find(is_named).ok_or_else(unknown)?;
        let is_number = |version: &str| version.parse::<u32>().is_ok();
        match version {
            None => Ok(known),
            Some(_) if known.name().as_str() == text => Ok(known),
            Some(version) if is_number(version) => Err(UnknownCountingRule::Version { given: text.to_owned(), known }),
            Some(_) => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_with_and_without_its_version() {
        for rule in CountingRule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        assert_eq!("appearances".parse(), Ok(CountingRule::Appearances));
        for wrong in ["", "Objects", "objects/", "objects/x"] {
            assert_eq!(wrong.parse::<CountingRule>(), Err(UnknownCountingRule::Name(wrong.to_owned())));
        }
        let earlier = "objects/1".parse::<CountingRule>().unwrap_err();
        assert_eq!(
            earlier.to_string(),
            "`objects/1` is not the version of the rule that this program counts by, which is `objects/2`"
        );
    }

    #[test]
    fn whose_work_counts_is_part_of_the_name_unless_it_is_everybodys() {
        assert_eq!(
            CountingRule::Keyframes.name_with(AnnotationChoice::GroundTruth).as_str(),
            "keyframes/2/ground-truth"
        );
        for rule in CountingRule::ALL {
            assert_eq!(rule.name_with(AnnotationChoice::All), rule.name());
        }
    }
}
