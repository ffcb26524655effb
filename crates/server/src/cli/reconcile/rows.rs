//! The tasks of files, in place of a database.

use crate::cli::failure::Failure;
use crate::input::{AnnotationFileArguments, InputError, InputSource, TaskSource};
use annotation_statistics_domain::{AnnotationRequestId, Statistics};
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// A request or campaign of tasks of annotation files, which name none. It is compared with nothing.
const UNNAMED: &str = "-";

/// Files of tasks. They are read twice: for the names of their operation items, which a sheet may have as columns, and to be
/// compared.
#[derive(Clone)]
pub(super) struct Rows {
    inputs: Vec<InputSource>,
    request: Option<AnnotationRequestId>,
    counting: AnnotationFileArguments,
}

/// What the files have.
#[derive(Default)]
pub(super) struct Survey {
    /// The annotation request, where the files name one.
    pub(super) request: Option<AnnotationRequestId>,
    /// The keys of operation items.
    pub(super) items: HashSet<String>,
}

impl Rows {
    /// Of these files; of JSON Lines, the tasks of `request`.
    pub(super) fn new(
        files: &[PathBuf],
        request: Option<AnnotationRequestId>,
        counting: &AnnotationFileArguments,
    ) -> Result<Self, Failure> {
        for file in files {
            let is_file = file.as_os_str() != "-" && fs::metadata(file).map_or(true, |metadata| metadata.is_file());
            if !is_file {
                let name = file.display();
                return Err(Failure::CommandLine(format!("--rows {name}: it must be a file, as it is read twice")));
            }
        }
        let counting = AnnotationFileArguments {
            annotation_request_id: Some(UNNAMED.into()),
            campaign_id: Some(UNNAMED.into()),
            ..counting.clone()
        };
        Ok(Self { inputs: InputSource::all(files), request, counting })
    }

    /// What they are called in a sentence.
    pub(super) fn name(&self) -> String {
        match self.inputs.as_slice() {
            [one] => one.name(),
            inputs => format!("the tasks of {} files", inputs.len()),
        }
    }

    /// Reads them for the first time. Refuses tasks of several requests, and tasks that are there twice.
    pub(super) fn survey(&self, is_stopped: &AtomicBool) -> Result<Survey, Failure> {
        let (mut survey, mut ids) = (Survey::default(), Vec::new());
        self.each(is_stopped, |task, input, request| {
            match (&survey.request, request) {
                (None, Some(request)) => survey.request = Some(request.clone()),
                (Some(known), Some(request)) if known != request => {
                    return Err(Failure::Input(of_several(input, [known, request])));
                }
                _ => {}
            }
            for (key, _) in task.instance_info().iter() {
                if !survey.items.contains(key) {
                    survey.items.insert(key.to_owned());
                }
            }
            ids.push(task.id());
            Ok(())
        })?;
        if let Some(request) = self.request.as_ref().filter(|_| ids.is_empty()) {
            return Err(Failure::Input(format!("{}: has no task of `{request}`", self.name())));
        }
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair.first() == pair.last()).and_then(<[_]>::first) {
            Some(twice) => Err(Failure::Input(format!("{}: has the task {twice} twice", self.name()))),
            None => Ok(survey),
        }
    }

    /// Passes each task on, with its file and the request that it names.
    pub(super) fn each(
        &self,
        is_stopped: &AtomicBool,
        mut take: impl FnMut(&Statistics, &InputSource, Option<&AnnotationRequestId>) -> Result<(), Failure>,
    ) -> Result<Vec<String>, Failure> {
        let counted = TaskSource::new(&self.counting, &self.inputs)?;
        let mut remarks = Vec::new();
        for input in &self.inputs {
            let refused = |error: &InputError| Failure::Input(error.of(&input.name()));
            let format = input.annotation_format().map_err(|error| refused(&error.into()))?;
            let source = if format.is_some() { &counted } else { &TaskSource::JsonLines };
            let opened = source.open(input).map_err(|error| refused(&error))?;
            for task in opened.tasks {
                let task = task.map_err(|error| refused(&error))?;
                if is_stopped.load(Ordering::Acquire) {
                    return Err(Failure::ComparisonStopped);
                }
                let request = format.is_none().then_some(&task.annotation_request_id);
                if self.is_meant(request) {
                    take(&task.statistics, input, request)?;
                }
            }
            opened.progress.finish();
            remarks.extend(opened.remarks.lines(input));
        }
        Ok(remarks)
    }

    fn is_meant(&self, request: Option<&AnnotationRequestId>) -> bool {
        self.request.as_ref().zip(request).is_none_or(|(meant, request)| meant == request)
    }
}

fn of_several(input: &InputSource, [one, other]: [&AnnotationRequestId; 2]) -> String {
    format!(
        "{}: has tasks of several annotation requests, such as `{one}` and `{other}`: name the one that is meant with \
         --annotation-request-id",
        input.name()
    )
}
