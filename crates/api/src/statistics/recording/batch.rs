//! A batch of rows to record: a JSON list, or one JSON object per line. See ADR 29.

use crate::ApiState;
use crate::http::body::{JsonError, MediaType, read_object, reason_of, syntax};
use crate::http::{BodiesTooMany, HeldMemory};
#[cfg(feature = "openapi")]
use crate::response::schema;
use crate::response::{ApiError, InvalidParameter};
use crate::statistics::recording::batch_errors::{BatchErrors, RowPlace};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, InstanceInfo, ItemKinds, Place, PoolName, PoolType, RecordedTask,
    SourceName, Statistics, StatisticsParts, TaskId, TaskStatus,
};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use utoipa::ToSchema;

/// The approximate memory of a row besides its items, in bytes.
const ROW_BYTES: usize = 1_024;
/// The approximate memory of a count, and of a stated kind, besides its key.
const COUNT_BYTES: usize = 24;
const KIND_BYTES: usize = 64;

/// Why a batch is not recorded.
#[derive(Debug, thiserror::Error)]
pub(super) enum BatchError {
    #[error(transparent)]
    Invalid(#[from] InvalidParameter),
    #[error(transparent)]
    BodiesTooMany(#[from] BodiesTooMany),
}

impl From<BatchError> for ApiError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Invalid(error) => error.into(),
            BatchError::BodiesTooMany(error) => error.into(),
        }
    }
}

/// Reads the rows of a batch, all of the same request.
#[derive(Debug)]
pub(super) struct Batch {
    kind: MediaType,
    request: AnnotationRequestId,
    campaign: CampaignId,
    max_rows: usize,
    max_items: usize,
    held: HeldMemory,
    rows: Vec<RecordedTask>,
    places: HashMap<TaskId, RowPlace>,
    errors: BatchErrors,
    read: usize,
    /// Why no more rows are read.
    stopped: Option<BatchError>,
}

/// No more rows are read.
struct Stopped;

/// What was annotated in one task. The counts of `instanceInfo` add up to `instanceNum` + `attributeNum`. `campaignId` may
/// be there, if it is that of the annotation request; other fields are ignored.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[schema(schema_with = schema::task_id)]
    id: TaskId,
    #[schema(schema_with = schema::task_status)]
    status: TaskStatus,
    #[serde(default)]
    #[schema(ignore)]
    campaign_id: Option<CampaignId>,
    #[schema(schema_with = schema::pool_name)]
    pool_name: PoolName,
    #[schema(schema_with = schema::pool_type)]
    pool_type: PoolType,
    #[schema(schema_with = schema::instance_info)]
    instance_info: InstanceInfo,
    #[schema(schema_with = schema::instance_num)]
    instance_num: Count,
    #[schema(schema_with = schema::attribute_num)]
    attribute_num: Count,
    #[schema(schema_with = schema::frame_num)]
    frame_num: Count,
    #[serde(default)]
    #[schema(schema_with = schema::given_source_name)]
    source_name: Option<SourceName>,
    #[serde(default)]
    #[schema(schema_with = schema::item_kinds)]
    item_kinds: Option<ItemKinds>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct RowList(Vec<Row>);

/// A row a line, each as an element of the list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct RowLines(String);

impl Batch {
    /// For rows of this annotation request, whose memory is reserved from `held`.
    pub(super) fn new(
        kind: MediaType,
        request: AnnotationRequestId,
        campaign: CampaignId,
        state: &ApiState,
        held: HeldMemory,
    ) -> Self {
        Self {
            kind,
            request,
            campaign,
            max_rows: state.settings.max_batch.get(),
            max_items: state.settings.max_items.get(),
            held,
            rows: Vec::new(),
            places: HashMap::new(),
            errors: BatchErrors::default(),
            read: 0,
            stopped: None,
        }
    }

    /// The rows in their order, and the memory that is reserved for them besides the body.
    ///
    /// # Errors
    /// When the body is not of its media type, has too many rows or an invalid one; when the bodies of other
    /// requests take all the memory.
    pub(super) fn read(mut self, text: &str) -> Result<(Vec<RecordedTask>, HeldMemory), BatchError> {
        let read = match self.kind {
            MediaType::Json => self.read_list(text),
            MediaType::JsonLines => self.read_lines(text).or(Ok(())),
        };
        if let Some(stopped) = self.stopped {
            return Err(stopped);
        }
        read?;
        self.errors.none()?;
        Ok((self.rows, self.held))
    }

    fn read_list(&mut self, text: &str) -> Result<(), InvalidParameter> {
        let mut json = serde_json::Deserializer::from_str(text);
        let read = Rows(self).deserialize(&mut json).and_then(|()| json.end());
        read.map_err(|error| match error.classify() {
            serde_json::error::Category::Data => InvalidParameter(format!("the body: {}", reason_of(&error))),
            serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof
            | serde_json::error::Category::Io => InvalidParameter(format!("the body {}", syntax(&error))),
        })
    }

    fn read_lines(&mut self, text: &str) -> Result<(), Stopped> {
        for (number, line) in (1..).zip(text.lines()) {
            if !line.trim_ascii().is_empty() {
                self.add(number, line)?;
            }
        }
        Ok(())
    }

    /// An invalid row does not stop the check of the next ones.
    fn add(&mut self, number: u64, text: &str) -> Result<(), Stopped> {
        self.read += 1;
        if self.read > self.max_rows {
            return Err(self.stop(self.too_many().into()));
        }
        let place = RowPlace { kind: self.kind, number };
        match self.row(place, text) {
            Ok(row) => {
                self.held.take_for_rows(bytes_of(&row)).map_err(|error| self.stop(error.into()))?;
                self.rows.push(row);
            }
            Err(Some(error)) => self.errors.report(place, &error),
            Err(None) => self.errors.count_one(),
        }
        Ok(())
    }

    /// Without a reason once no more errors are reported: finding the reason costs a second parse.
    fn row(&mut self, place: RowPlace, text: &str) -> Result<RecordedTask, Option<JsonError>> {
        let row = if self.errors.has_room() {
            read_object::<Row>(text).map_err(Some)?
        } else {
            serde_json::from_str::<Row>(text).map_err(|_| None)?
        };
        self.check(&row, place)?;
        Ok(self.task(row, place)?)
    }

    fn check(&mut self, row: &Row, place: RowPlace) -> Result<(), JsonError> {
        let items = row.instance_info.iter().len();
        if items > self.max_items {
            let reason = format!("has {items} keys, at most {} are allowed", self.max_items);
            return Err(JsonError::field("instanceInfo", reason));
        }
        if let Some(other) = row.campaign_id.as_ref().filter(|given| **given != self.campaign) {
            let reason = format!("`{other}` is not the campaign of the annotation request, `{}`", self.campaign);
            return Err(JsonError::field("campaignId", reason));
        }
        if let Some(first) = self.places.insert(row.id, place) {
            self.places.insert(row.id, first);
            return Err(JsonError::field("id", format!("task {} was already given at {first}", row.id)));
        }
        Ok(())
    }

    fn task(&self, row: Row, place: RowPlace) -> Result<RecordedTask, JsonError> {
        let statistics = Statistics::new(StatisticsParts {
            id: row.id,
            source_name: row.source_name,
            status: row.status,
            campaign_id: self.campaign.clone(),
            pool_name: row.pool_name,
            pool_type: row.pool_type,
            instance_info: row.instance_info,
            instance_num: row.instance_num,
            attribute_num: row.attribute_num,
            frame_num: row.frame_num,
        })
        .map_err(|error| JsonError::whole(error.to_string()))?;
        let item_kinds = row.item_kinds.unwrap_or_default();
        item_kinds.check(&statistics).map_err(|error| JsonError::field("itemKinds", error.to_string()))?;
        let (place, annotation_request_id) = (Place::from(place.number), self.request.clone());
        Ok(RecordedTask { place, annotation_request_id, counting_rule: None, item_kinds, statistics })
    }

    fn stop(&mut self, why: BatchError) -> Stopped {
        self.stopped = Some(why);
        Stopped
    }

    fn too_many(&self) -> InvalidParameter {
        InvalidParameter(format!("the body may have at most {} rows: send the others in another", self.max_rows))
    }
}

/// The approximate memory of a row until it is recorded; its items twice, as they are copied for the database.
fn bytes_of(row: &RecordedTask) -> usize {
    let counted = row.statistics.instance_info().iter().map(|(key, _)| key.len() + COUNT_BYTES);
    let stated = row.item_kinds.iter().map(|(key, _)| key.as_str().len() + KIND_BYTES);
    2 * counted.chain(stated).sum::<usize>() + ROW_BYTES
}

/// Reads a list row by row, so that no list of them is built first.
struct Rows<'a>(&'a mut Batch);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of rows")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        for number in 0.. {
            let Some(row) = list.next_element::<&RawValue>()? else {
                break;
            };
            self.0.add(number, row.get()).map_err(|Stopped| S::Error::custom("no more rows are read"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
