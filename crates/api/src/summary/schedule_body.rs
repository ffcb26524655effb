//! The progress of an annotation request as it is answered.

use crate::response::Envelope;
#[cfg(feature = "openapi")]
use crate::response::schema::{AnnotationRequestIdText, schema_types};
use annotation_statistics_domain::Completion;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
#[cfg(feature = "openapi")]
use utoipa::{
    IntoParams,
    openapi::{ObjectBuilder, schema::Type},
};

const COMPLETED: &str = "Completed";
const IN_PROGRESS: &str = "In Progress";

#[cfg(feature = "openapi")]
schema_types! {
    ScheduleStatus = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([COMPLETED, IN_PROGRESS]));
    PerCent = ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0)).maximum(Some(100));
    NoScenes = ObjectBuilder::new().max_properties(Some(0));
}

/// The annotation request, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct OneRequestParam {
    /// The annotation request: one. At most 255 bytes of UTF-8.
    #[param(inline, example = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b")]
    annotation_request_id: AnnotationRequestIdText,
}

// The data of the progress.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScheduleBody {
    /// `Completed` where all tasks are in the complete pool, and there are any.
    #[schema(inline, value_type = ScheduleStatus)]
    status: &'static str,
    /// Per cent of the tasks in the complete pool, rounded down to two decimals, so that 100 means all. 0 without tasks.
    #[schema(inline, value_type = PerCent)]
    completion_pool_schedule: f64,
    /// Always empty: tasks are recorded without a scene.
    #[schema(inline, value_type = NoScenes)]
    completion_scene_map: BTreeMap<&'static str, f64>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ScheduleEnvelope(#[schema(inline)] Envelope<'static, ScheduleBody>);

impl ScheduleBody {
    pub(super) fn of(completion: Completion) -> Self {
        Self {
            status: if completion.is_all() { COMPLETED } else { IN_PROGRESS },
            completion_pool_schedule: f64::from(completion.hundredths_of_a_per_cent()) / 100.0,
            completion_scene_map: BTreeMap::new(),
        }
    }
}
