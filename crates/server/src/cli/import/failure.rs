//! Why an input was not recorded, with the next step.

use super::cancellation::Cancelled;
use crate::cli::failure::Failure;
use crate::input::{InputError, InputSource};
use annotation_statistics_domain::{
    CountingRuleConflict, CountingRuleName, ErrorChain, Place, RecordError, RegistryError,
};

/// The most errors that a dry run lists.
pub(super) const LISTED_ERRORS: usize = 20;

/// The next step where annotation files number their tasks from the start, each.
const BY_NAME: &str = "it is another task with the same number: where each export numbers its tasks from the start, import each \
    into a request of its own, or all of them with --task-id source-name, which makes ids of the names, into a request \
    that has none yet";

/// The next step where a request has tasks by number and by name.
const ONE_KIND_OF_IDS: &str = "it is one task, by its number and by its name: import all exports of a request with \
    --task-id source-name, or none; to change that, delete the request first, or take another";

const OTHER_RULE: &str =
    "count it by the rule of the request (--count, --annotations), or record it in a request of its own";

/// The next step where the counts of a rule have changed with its version.
const OLDER_REQUEST: &str = "the request was counted by an earlier version of the rule, and its numbers differ (FORMATS.md, \
    Versions of the rules): import all of its exports again, into a request of its own, or delete the request first";
const OLDER_FILE: &str = "the file was counted by an earlier version of the rule, and its numbers differ (FORMATS.md, Versions of the \
    rules): count its exports again with this program";

/// The input that an error is about.
pub(super) struct FailureContext<'a> {
    pub(super) input: &'a InputSource,
    /// Its tasks have numbers instead of lines.
    pub(super) is_annotation_file: bool,
}

impl FailureContext<'_> {
    /// The failure of recording.
    pub(super) fn of_recording(&self, error: &RecordError) -> Failure {
        let name = self.input.name();
        let reason = match error {
            RecordError::Unavailable(_) | RecordError::Corrupt { .. } => {
                return Failure::Unavailable(format!("nothing of {name} was recorded: {}", ErrorChain(error)));
            }
            RecordError::OutcomeUnknown(_) => {
                return self.unknown(&ErrorChain(error).to_string());
            }
            RecordError::Input(cause) => match cause.downcast_ref::<InputError>() {
                Some(error) => error.of(&name),
                None => format!("{name}: {}", ErrorChain(error)),
            },
            RecordError::CampaignConflict { place, .. } => format!("{}: {error}", self.at(*place, "campaignId")),
            RecordError::CountingRuleConflict { place, conflict } => {
                format!("{}: {error}: {}", self.at(*place, "countingRule"), rule_advice(conflict))
            }
            RecordError::SourceNameConflict { place, .. } => {
                format!("{}: {error}: {BY_NAME}", self.at(*place, "sourceName"))
            }
            RecordError::SourceNameTaken { place, .. } => {
                format!("{}: {error}: {ONE_KIND_OF_IDS}", self.at(*place, "sourceName"))
            }
            RecordError::ItemKindConflict { place, .. } => format!("{}: {error}", self.at(*place, "itemKinds")),
            // An import has no precondition.
            RecordError::PreconditionFailed(_) => format!("{name}: {error}"),
            RecordError::DuplicateTask { place, first, .. } => {
                format!("{}: {error} (line {first})", self.at(*place, "id"))
            }
        };
        self.failure(&reason)
    }

    /// The failure of an annotation file without tasks, whose request could not be registered.
    pub(super) fn of_registration(&self, error: &RegistryError) -> Failure {
        let name = self.input.name();
        match error {
            RegistryError::CountingRuleConflict(conflict) => {
                self.failure(&format!("{name}: {error}: {}", rule_advice(conflict)))
            }
            RegistryError::OutcomeUnknown(_) => self.unknown(&ErrorChain(error).to_string()),
            RegistryError::CampaignConflict { .. } => self.failure(&format!("{name}: {error}")),
            RegistryError::UnknownAnnotationRequest(_)
            | RegistryError::UnknownTask { .. }
            | RegistryError::PreconditionFailed(_)
            | RegistryError::HasStatements { .. }
            | RegistryError::TooLarge { .. }
            | RegistryError::Unavailable(_)
            | RegistryError::Corrupt { .. } => {
                Failure::Unavailable(format!("nothing of {name} was recorded: {}", ErrorChain(error)))
            }
        }
    }

    /// The failure of an import that a signal ended.
    pub(super) fn of_signal(&self, stopped: Cancelled) -> Failure {
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
        if self.is_annotation_file {
            format!("{name}: task number {place}")
        } else {
            format!("{name}:{place}: {field}")
        }
    }

    fn failure(&self, reason: &str) -> Failure {
        let more = format!("; --dry-run lists up to {LISTED_ERRORS} errors at once");
        let more = if self.is_annotation_file { "" } else { &more };
        Failure::Input(format!("{reason}\nnothing of {} was recorded{more}", self.input.name()))
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
