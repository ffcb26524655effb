//! What counts as one.

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
/// | `objects/1` | an object, however many frames show it | a key that an object has a value for, in whichever frame |
/// | `appearances/1` | an object in a frame in which it is visible | a key that it has a value for in that frame |
/// | `keyframes/1` | a shape that somebody drew: what lies between two of them is computed | a value of such a shape |
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CountingRule {
    /// A tracked object counts once.
    #[default]
    Objects,
    /// A tracked object counts once in each frame in which it is visible.
    Appearances,
    /// Each shape that somebody drew counts once.
    Keyframes,
}

/// A text that names no counting rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a counting rule: it must be one of objects, appearances, keyframes")]
pub struct UnknownCountingRule(pub String);

impl CountingRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Objects, Self::Appearances, Self::Keyframes];

    /// The name with the version, as it is stored: `objects/1`.
    pub fn name(self) -> CountingRuleName {
        match self {
            Self::Objects => CountingRuleName::OBJECTS_1,
            Self::Appearances => CountingRuleName::APPEARANCES_1,
            Self::Keyframes => CountingRuleName::KEYFRAMES_1,
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
        let is_named = |rule: &Self| {
            let name = rule.name();
            name.as_str() == text || name.as_str().strip_suffix("/1") == Some(text)
        };
        Self::ALL.into_iter().find(is_named).ok_or_else(|| UnknownCountingRule(text.to_owned()))
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
        for wrong in ["", "objects/2", "Objects", "objects/"] {
            assert_eq!(wrong.parse::<CountingRule>(), Err(UnknownCountingRule(wrong.to_owned())));
        }
    }
}
