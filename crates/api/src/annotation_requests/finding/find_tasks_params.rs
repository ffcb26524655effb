//! The parameters of a search for a task.

use crate::annotation_requests::finding::cursor::{self, CURSOR};
use crate::annotation_requests::finding::query_values::QueryValues;
use crate::http::parameters::{DEFAULT_LIMIT, LIMIT, task_number};
use crate::response::{InvalidParameter, invalid};
#[cfg(feature = "openapi")]
use crate::{http::parameters::LimitNumber, response::schema::SourceNameText};
use annotation_statistics_domain::{SourceName, TaskPosition, TaskSearch, TaskTerm};
use std::num::NonZeroU32;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

const TASK_ID: &str = "taskId";
const SOURCE_NAME: &str = "sourceName";

/// The parameters, as the document declares them.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct TaskParams {
    /// The id of the task; this or `sourceName` must be given, not both.
    #[param(required = false, example = 7)]
    task_id: i64,
    /// What the task was made of, at most 1,024 bytes of UTF-8; compared byte by byte.
    #[param(inline, required = false)]
    source_name: SourceNameText,
    /// The `next` of a page of the same search.
    #[param(required = false)]
    cursor: String,
    /// Tasks per page; above {max-limit} it is lowered to {max-limit}.
    #[param(inline, required = false)]
    limit: LimitNumber,
}

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FindTasksParams {
    pub(super) search: TaskSearch,
    identity: String,
}

impl FindTasksParams {
    /// Reads a raw query string.
    pub(super) fn parse(query: &str, max_limit: NonZeroU32) -> Result<Self, InvalidParameter> {
        let values = QueryValues::parse(query, &[TASK_ID, SOURCE_NAME, CURSOR, LIMIT])?;
        let task = values.read(TASK_ID, task_number)?;
        let term = match (task, values.read(SOURCE_NAME, SourceName::new)?) {
            (Some(task), None) => TaskTerm::Id(task),
            (None, Some(name)) => TaskTerm::SourceName(name),
            _ => return Err(invalid(TASK_ID, "or sourceName must be given, and not both")),
        };
        let identity = match &term {
            TaskTerm::Id(task) => format!("{TASK_ID}\0{task}"),
            TaskTerm::SourceName(name) => format!("{SOURCE_NAME}\0{name}"),
        };
        let after = values.text(CURSOR).map(|text| cursor::task(&identity, text)).transpose()?;
        let limit = values.limit(LIMIT, DEFAULT_LIMIT, max_limit)?;
        Ok(Self { search: TaskSearch { term, after, limit }, identity })
    }

    /// The cursor of a place among these tasks.
    pub(super) fn cursor(&self, place: &TaskPosition) -> String {
        cursor::of_task(&self.identity, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::{AnnotationRequestId, TaskId};

    const MAX: NonZeroU32 = NonZeroU32::new(100).unwrap();

    fn parse(query: &str) -> Result<TaskSearch, String> {
        FindTasksParams::parse(query, MAX).map(|params| params.search).map_err(|error| error.to_string())
    }

    #[test]
    fn a_task_is_searched_by_its_id_or_by_what_it_was_made_of() {
        let search = |term, limit| Ok(TaskSearch { term, after: None, limit: NonZeroU32::new(limit).unwrap() });
        assert_eq!(parse("taskId=-7"), search(TaskTerm::Id(TaskId::from(-7)), 10));
        let name = TaskTerm::SourceName(SourceName::new("a/b c.jpg").unwrap());
        assert_eq!(parse("sourceName=a%2Fb+c.jpg&limit=200&x"), search(name, 100));
        let place = TaskPosition { annotation_request_id: AnnotationRequestId::new("a").unwrap(), position: 3 };
        let cursor = FindTasksParams::parse("taskId=7", MAX).unwrap().cursor(&place);
        assert_eq!(parse(&format!("taskId=7&cursor={cursor}")).unwrap().after, Some(place));
        assert!(parse(&format!("sourceName=7&cursor={cursor}")).is_err());
    }

    #[test]
    fn what_names_no_task_is_refused_with_its_reason() {
        for (query, why) in [
            ("", "taskId or sourceName must be given, and not both"),
            ("taskId=1&sourceName=a", "taskId or sourceName must be given, and not both"),
            ("taskId=1e3", "taskId must be a whole number of 64 bits, got \"1e3\""),
            ("sourceName=", "sourceName must not be empty"),
            ("status=5", "status is no parameter here, where there are taskId, sourceName, cursor, limit"),
        ] {
            assert_eq!(parse(query), Err(why.to_owned()), "{query}");
        }
    }
}
