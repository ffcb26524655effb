//! Why an input was not recorded, in words for people.

use super::cancellation::Cancelled;
use crate::cli::failure::Failure;
use crate::input::{InputError, InputSource};
use annotation_statistics_domain::{
    CountingRuleConflict, CountingRuleName, ErrorChain, Place, RecordError, RegistryError,
};

/// The most faults that a dry run lists.
pub(super) const LISTED_ERRORS: usize = 20;

/// What helps where an export numbers its tasks anew.
const BY_NAME: &str = "it is another task with the same number: where exports number their tasks anew, import each into a request \
    of its own, or all of them with --task-id source-name, which makes ids of the names, into a request that has none yet";

/// What helps where a request has tasks by number and by name.
const ONE_KIND_OF_IDS: &str = "it is one task, by its number and by its name: import all exports of a request with \
    --task-id source-name, or none; to change that, delete the request first, or take another";

const OTHER_RULE: &str =
    "count it by the rule of the request (--count, --annotations), or record it in a request of its own";

/// What helps where the numbers of a rule have changed with its version.
const OLDER_REQUEST: &str = "the request was counted by an earlier version of the rule, and its numbers differ (FORMATS.md, \
    Versions of the rules): import all of its exports anew, into a request of its own, or delete the request first";
const OLDER_FILE: &str = "the file was counted by an earlier version of the rule, and its numbers differ (FORMATS.md, Versions of the \
    rules): count its exports anew with this program";

/// Where in an input something stands.
pub(super) struct FailureContext<'a> {
    pub(super) input: &'a InputSource,
    /// Tasks have numbers there, and not lines.
    pub(super) is_export: bool,
}

impl FailureContext<'_> {
    /// The failure of an import.
    pub(super) fn by(&self, fault: &RecordError) -> Failure {
        let name = self.input.name();
        let told = match fault {
            RecordError::Unavailable(_) | RecordError::Corrupt { .. } => {
                return Failure::Unavailable(format!("nothing of {name} was recorded: {}", ErrorChain(fault)));
            }
            RecordError::OutcomeUnknown(_) => {
                return self.unknown(&ErrorChain(fault).to_string());
            }
            RecordError::Input(cause) => match cause.downcast_ref::<InputError>() {
                Some(fault) => fault.of(&name),
                None => format!("{name}: {}", ErrorChain(fault)),
            },
            RecordError::CampaignConflict { place, .. } => format!("{}: {fault}", self.at(*place, "campaignId")),
            RecordError::CountingRuleConflict { place, conflict } => {
                format!("{}: {fault}: {}", self.at(*place, "countingRule"), rule_advice(conflict))
            }
            RecordError::SourceNameConflict { place, .. } => {
                format!("{}: {fault}: {BY_NAME}", self.at(*place, "sourceName"))
            }
            RecordError::SourceNameTaken { place, .. } => {
                format!("{}: {fault}: {ONE_KIND_OF_IDS}", self.at(*place, "sourceName"))
            }
            RecordError::ItemKindConflict { place, .. } => format!("{}: {fault}", self.at(*place, "itemKinds")),
            // Nothing is expected of the requests of a file.
            RecordError::PreconditionFailed(_) => format!("{name}: {fault}"),
            RecordError::DuplicateTask { place, first, .. } => {
                format!("{}: {fault} (line {first})", self.at(*place, "id"))
            }
        };
        self.failure(&told)
    }

    /// The failure of an export without tasks, whose request could not be made known.
    pub(super) fn by_registry(&self, fault: &RegistryError) -> Failure {
        let name = self.input.name();
        match fault {
            RegistryError::CountingRuleConflict(conflict) => {
                self.failure(&format!("{name}: {fault}: {}", rule_advice(conflict)))
            }
            RegistryError::OutcomeUnknown(_) => self.unknown(&ErrorChain(fault).to_string()),
            RegistryError::CampaignConflict { .. } => self.failure(&format!("{name}: {fault}")),
            RegistryError::UnknownAnnotationRequest(_)
            | RegistryError::UnknownTask { .. }
            | RegistryError::PreconditionFailed(_)
            | RegistryError::TooLarge { .. }
            | RegistryError::Unavailable(_)
            | RegistryError::Corrupt { .. } => {
                Failure::Unavailable(format!("nothing of {name} was recorded: {}", ErrorChain(fault)))
            }
        }
    }

    /// The failure of an import that a signal ended.
    pub(super) fn by_signal(&self, stopped: Cancelled) -> Failure {
        match stopped {
            Cancelled::NothingDone => Failure::Stopped,
            Cancelled::Unknown => {
                self.unknown("whether the tasks are recorded is unknown: stopped by a signal during COMMIT")
            }
        }
    }

    fn unknown(&self, cause: &str) -> Failure {
        Failure::OutcomeUnknown(format!("{} is recorded as a whole or not at all: {cause}", self.input.name()))
    }

    fn at(&self, place: Place, field: &str) -> String {
        let name = self.input.name();
        if self.is_export { format!("{name}: task number {place}") } else { format!("{name}:{place}: {field}") }
    }

    fn failure(&self, told: &str) -> Failure {
        let more = format!("; --dry-run lists up to {LISTED_ERRORS} faults at once");
        let more = if self.is_export { "" } else { &more };
        Failure::Input(format!("{told}\nnothing of {} was recorded{more}", self.input.name()))
    }
}

fn rule_advice(conflict: &CountingRuleConflict) -> &'static str {
    let parts = |rule: &CountingRuleName| {
        let (word, rest) = rule.as_str().split_once('/')?;
        let version = rest.split('/').next()?.parse::<u32>().ok()?;
        Some((word.to_owned(), version))
    };
    match conflict.recorded.as_ref().and_then(parts).zip(parts(&conflict.given)) {
        Some(((recorded, before), (given, now))) if recorded == given && before < now => OLDER_REQUEST,
        Some(((recorded, now), (given, before))) if recorded == given && before < now => OLDER_FILE,
        _ => OTHER_RULE,
    }
}
