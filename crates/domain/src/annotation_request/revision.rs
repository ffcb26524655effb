//! The state of a request, as a number.

/// The state of a request: another one after every change of it, and never the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(i64);

impl Revision {
    /// The number itself; it only grows.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl From<i64> for Revision {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

/// What must hold of a request for a change of it to be made; checked together with the change, so that no other change
/// comes in between (ADR 28).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Precondition {
    /// Nothing.
    #[default]
    None,
    /// It is known.
    Known,
    /// It is known and has one of these revisions.
    Revision(Vec<Revision>),
}

impl Precondition {
    /// Whether a request in this state may be changed; `None` is a request that is unknown.
    pub fn holds(&self, state: Option<Revision>) -> bool {
        match (self, state) {
            (Self::None, _) | (Self::Known, Some(_)) => true,
            (Self::Known | Self::Revision(_), None) => false,
            (Self::Revision(accepted), Some(revision)) => accepted.contains(&revision),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precondition_holds_of_the_states_it_names() {
        let [one, two] = [1, 2].map(Revision::from);
        for (precondition, of_unknown, of_one, of_two) in [
            (Precondition::None, true, true, true),
            (Precondition::Known, false, true, true),
            (Precondition::Revision(vec![one]), false, true, false),
            (Precondition::Revision(vec![]), false, false, false),
        ] {
            let holds = [None, Some(one), Some(two)].map(|state| precondition.holds(state));
            assert_eq!(holds, [of_unknown, of_one, of_two], "{precondition:?}");
        }
    }
}
