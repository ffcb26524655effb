//! Arguments for annotation files: how they are read, and the request of their tasks.

use super::error::InvalidArguments;
use super::source::InputSource;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, InstanceInfoError, ItemKinds, NewAnnotationRequest, Place,
    PoolName, PoolType, RecordedTask, SourceName, TaskStatus,
};
use annotation_statistics_formats::{
    AnnotationChoice, CountingRule, Format, ReadOptions, TaskCounts, TaskIds, TaskStage,
};
use clap::Args;
use std::fmt::Display;

/// The pool of tasks that are done.
const COMPLETE_POOL: &str = "complete pool";

/// How annotation files are read, and the request of their tasks.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Annotation files")]
pub struct AnnotationFileArguments {
    /// The annotation request that the tasks of annotation files belong to
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: Option<String>,
    /// The campaign that the annotation request belongs to
    #[arg(long, value_name = "ID")]
    pub campaign_id: Option<String>,
    /// The kind of pool that the tasks are in, 0 to 5 [default: 5, complete]
    #[arg(long, value_name = "NUMBER")]
    pub pool_type: Option<i16>,
    /// The name of that pool [default: complete pool]
    #[arg(long, value_name = "NAME")]
    pub pool_name: Option<String>,
    /// The status of the tasks [default: 11, labels approved]
    #[arg(long, value_name = "NUMBER")]
    pub status: Option<i32>,
    /// The format of the files: coco, label-studio, cvat, openlabel, scalabel, datumaro or platform; without it, it is
    /// detected from the content
    #[arg(long)]
    pub format: Option<Format>,
    /// What counts as one: objects, appearances or keyframes [default: objects]
    #[arg(long, value_name = "RULE")]
    pub count: Option<CountingRule>,
    /// Whose work counts where several people annotated one task: all, first, last, accepted or ground-truth
    /// [default: all]
    #[arg(long, value_name = "WHOSE")]
    pub annotations: Option<AnnotationChoice>,
    /// What the ids of tasks are: number, as in the file, or source-name, made of the names of images, items and files, which
    /// are the same in every annotation file and every split [default: number]
    #[arg(long, value_name = "WHAT")]
    pub task_id: Option<TaskIds>,
    /// The name of the annotation file; needed for standard input where the id of a task is made of it [default: the name
    /// of the file]
    #[arg(long, value_name = "NAME")]
    pub source_name: Option<String>,
}

/// The request and stage of the tasks of annotation files, and the rule by which they are counted.
#[derive(Debug, Clone)]
pub(crate) struct RecordingTarget {
    request: AnnotationRequestId,
    stage: TaskStage,
    rule: CountingRuleName,
}

impl AnnotationFileArguments {
    /// The request and stage of the tasks; `None` where no option of annotation files was given.
    pub(super) fn target(&self) -> Result<Option<RecordingTarget>, InvalidArguments> {
        let (request, campaign) = match (&self.annotation_request_id, &self.campaign_id) {
            (Some(request), Some(campaign)) => (request, campaign),
            (Some(_), None) => {
                let reason = "--annotation-request-id needs --campaign-id: the campaign that the request belongs to";
                return Err(InvalidArguments(reason.into()));
            }
            (None, _) => return self.given().map_or(Ok(None), |option| Err(without_request(option))),
        };
        let stage = TaskStage {
            campaign_id: CampaignId::new(campaign.as_str()).map_err(|error| refused("campaign-id", &error))?,
            pool_name: PoolName::new(self.pool_name.as_deref().unwrap_or(COMPLETE_POOL))
                .map_err(|error| refused("pool-name", &error))?,
            pool_type: self
                .pool_type
                .map_or(Ok(PoolType::Complete), PoolType::try_from)
                .map_err(|error| refused("pool-type", &error))?,
            status: self.status.map_or(TaskStatus::LABELS_APPROVED, TaskStatus::from),
        };
        let request =
            AnnotationRequestId::new(request.as_str()).map_err(|error| refused("annotation-request-id", &error))?;
        Ok(Some(RecordingTarget { request, stage, rule: self.rule() }))
    }

    /// The rule by which the tasks are counted.
    pub(crate) fn rule(&self) -> CountingRuleName {
        self.count.unwrap_or_default().name_with(self.annotations.unwrap_or_default())
    }

    /// Whether any of what an annotation file cannot know was given.
    pub(crate) fn names_request_or_stage(&self) -> bool {
        let texts = [&self.annotation_request_id, &self.campaign_id, &self.pool_name];
        texts.into_iter().any(Option::is_some) || self.pool_type.is_some() || self.status.is_some()
    }

    /// How to read an annotation file from this input.
    pub(crate) fn read_options(&self, input: &InputSource) -> ReadOptions {
        ReadOptions {
            format: self.format,
            rule: self.count.unwrap_or_default(),
            annotations: self.annotations.unwrap_or_default(),
            task_ids: self.task_id.unwrap_or_default(),
            source_name: self.source_name.clone().or_else(|| input.source_name()),
        }
    }

    /// Refuses one name for several inputs.
    pub(crate) fn check_source_name(&self, inputs: &[InputSource]) -> Result<(), InvalidArguments> {
        let Some(name) = &self.source_name else { return Ok(()) };
        SourceName::new(name.as_str()).map_err(|error| refused("source-name", &error))?;
        if inputs.len() == 1 {
            return Ok(());
        }
        Err(refused("source-name", &"names one input, and there are several: leave it out, or name one file"))
    }

    /// An option that was given and is about annotation files only.
    fn given(&self) -> Option<&'static str> {
        let given = [
            ("campaign-id", self.campaign_id.is_some()),
            ("pool-type", self.pool_type.is_some()),
            ("pool-name", self.pool_name.is_some()),
            ("status", self.status.is_some()),
            ("format", self.format.is_some()),
            ("count", self.count.is_some()),
            ("annotations", self.annotations.is_some()),
            ("task-id", self.task_id.is_some()),
            ("source-name", self.source_name.is_some()),
        ];
        given.into_iter().find_map(|(option, is_given)| is_given.then_some(option))
    }
}

fn without_request(option: &str) -> InvalidArguments {
    InvalidArguments(format!(
        "--{option} is about annotation files: name the request of their tasks with --annotation-request-id and \
         --campaign-id; to import JSON Lines, which say this themselves, leave --{option} out"
    ))
}

fn refused(option: &str, error: &dyn Display) -> InvalidArguments {
    InvalidArguments(format!("--{option}: {error}"))
}

impl RecordingTarget {
    /// The annotation request of the tasks, to be registered.
    pub(super) fn request(&self) -> NewAnnotationRequest {
        NewAnnotationRequest {
            id: self.request.clone(),
            campaign_id: self.stage.campaign_id.clone(),
            counting_rule: Some(self.rule.clone()),
        }
    }

    /// The task at a place of its file, ready to be recorded.
    pub(super) fn recorded(
        &self,
        place: Place,
        task: TaskCounts,
        item_kinds: ItemKinds,
    ) -> Result<RecordedTask, InstanceInfoError> {
        Ok(RecordedTask {
            place,
            annotation_request_id: self.request.clone(),
            counting_rule: Some(self.rule.clone()),
            item_kinds,
            statistics: task.into_statistics(&self.stage)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments() -> AnnotationFileArguments {
        let text = |text: &str| Some(text.to_owned());
        AnnotationFileArguments {
            annotation_request_id: text("R"),
            campaign_id: text("C"),
            ..AnnotationFileArguments::default()
        }
    }

    #[test]
    fn exports_need_a_request_and_its_campaign_and_the_rest_has_defaults() {
        assert!(AnnotationFileArguments::default().target().unwrap().is_none());
        let target = arguments().target().unwrap().unwrap();
        assert_eq!((target.request.as_str(), target.stage.campaign_id.as_str()), ("R", "C"));
        assert_eq!((target.stage.pool_name.as_str(), target.stage.pool_type), (COMPLETE_POOL, PoolType::Complete));
        assert_eq!((target.stage.status.code(), target.rule), (11, CountingRuleName::OBJECTS_2));
    }

    #[test]
    fn what_cannot_be_used_is_named_with_the_next_step() {
        for (wrong, expected) in [
            (
                AnnotationFileArguments { campaign_id: None, ..arguments() },
                "--annotation-request-id needs --campaign-id",
            ),
            (
                AnnotationFileArguments { annotation_request_id: None, ..arguments() },
                "--campaign-id is about annotation files",
            ),
            (
                AnnotationFileArguments { format: Some(Format::Coco), ..AnnotationFileArguments::default() },
                "--format is about",
            ),
            (
                AnnotationFileArguments { count: Some(CountingRule::Objects), ..AnnotationFileArguments::default() },
                "--count is about",
            ),
            (AnnotationFileArguments { pool_type: Some(9), ..arguments() }, "--pool-type: 9 is not a pool type"),
            (
                AnnotationFileArguments { pool_name: Some(String::new()), ..arguments() },
                "--pool-name: must not be empty",
            ),
            (
                AnnotationFileArguments { annotation_request_id: Some(String::new()), ..arguments() },
                "--annotation-request-id: must not be empty",
            ),
        ] {
            let error = wrong.target().unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}
