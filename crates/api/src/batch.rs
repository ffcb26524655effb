//! A batch of rows to record: a JSON list, or a JSON object a line.

use crate::batch_faults::{BatchFaults, RowPlace};
use crate::json_fault::{JsonFault, read_object, reason_of, syntax};
use crate::media_type::MediaType;
use crate::statistics_params::InvalidParameter;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, InstanceInfo, ItemKinds, Place, PoolName, PoolType, RecordedTask,
    SourceName, Statistics, StatisticsParts, TaskId, TaskStatus,
};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;

/// Reads the rows of a batch, all of the same request.
#[derive(Debug)]
pub(crate) struct Batch {
    kind: MediaType,
    request: AnnotationRequestId,
    campaign: CampaignId,
    max_rows: usize,
    rows: Vec<RecordedTask>,
    places: HashMap<TaskId, RowPlace>,
    faults: BatchFaults,
    read: usize,
}

/// More rows than a batch may have.
struct TooManyRows;

/// The fields of a row as it is sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: TaskId,
    status: TaskStatus,
    #[serde(default)]
    campaign_id: Option<CampaignId>,
    pool_name: PoolName,
    pool_type: PoolType,
    instance_info: InstanceInfo,
    instance_num: Count,
    attribute_num: Count,
    frame_num: Count,
    #[serde(default)]
    source_name: Option<SourceName>,
    #[serde(default)]
    item_kinds: Option<ItemKinds>,
}

impl Batch {
    /// For rows of this request.
    pub(crate) fn new(kind: MediaType, request: AnnotationRequestId, campaign: CampaignId, max_rows: usize) -> Self {
        let (rows, places, faults) = (Vec::new(), HashMap::new(), BatchFaults::default());
        Self { kind, request, campaign, max_rows, rows, places, faults, read: 0 }
    }

    /// The rows in their order.
    ///
    /// # Errors
    /// When the body is not what it says to be, has too many rows, or any of them is wrong.
    pub(crate) fn read(mut self, text: &str) -> Result<Vec<RecordedTask>, InvalidParameter> {
        match self.kind {
            MediaType::Json => self.read_list(text)?,
            MediaType::JsonLines => self.read_lines(text).map_err(|TooManyRows| self.too_many())?,
        }
        self.faults.none()?;
        Ok(self.rows)
    }

    fn read_list(&mut self, text: &str) -> Result<(), InvalidParameter> {
        let mut json = serde_json::Deserializer::from_str(text);
        let read = Rows(self).deserialize(&mut json).and_then(|()| json.end());
        read.map_err(|error| match error.classify() {
            serde_json::error::Category::Data if self.read > self.max_rows => self.too_many(),
            serde_json::error::Category::Data => InvalidParameter(format!("the body: {}", reason_of(&error))),
            serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof
            | serde_json::error::Category::Io => InvalidParameter(format!("the body {}", syntax(&error))),
        })
    }

    fn read_lines(&mut self, text: &str) -> Result<(), TooManyRows> {
        for (number, line) in (1..).zip(text.lines()) {
            if !line.trim_ascii().is_empty() {
                self.add(number, line)?;
            }
        }
        Ok(())
    }

    /// A wrong row does not keep the next ones from being looked at.
    fn add(&mut self, number: u64, text: &str) -> Result<(), TooManyRows> {
        self.read += 1;
        if self.read > self.max_rows {
            return Err(TooManyRows);
        }
        let place = RowPlace { kind: self.kind, number };
        match self.row(place, text) {
            Ok(row) => self.rows.push(row),
            Err(Some(fault)) => self.faults.tell(place, &fault),
            Err(None) => self.faults.count_one(),
        }
        Ok(())
    }

    fn row(&mut self, place: RowPlace, text: &str) -> Result<RecordedTask, Option<JsonFault>> {
        let row = if self.faults.has_room() {
            read_object::<Row>(text).map_err(Some)?
        } else {
            serde_json::from_str::<Row>(text).map_err(|_| None)?
        };
        if let Some(other) = row.campaign_id.filter(|given| *given != self.campaign) {
            let reason = format!("`{other}` is not the campaign of the annotation request, `{}`", self.campaign);
            return Err(Some(JsonFault::field("campaignId", reason)));
        }
        if let Some(first) = self.places.insert(row.id, place) {
            self.places.insert(row.id, first);
            return Err(Some(JsonFault::field("id", format!("task {} was already given at {first}", row.id))));
        }
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
        .map_err(|fault| Some(JsonFault::whole(fault.to_string())))?;
        let item_kinds = row.item_kinds.unwrap_or_default();
        item_kinds.check(&statistics).map_err(|fault| Some(JsonFault::field("itemKinds", fault.to_string())))?;
        let (place, annotation_request_id) = (Place::from(place.number), self.request.clone());
        Ok(RecordedTask { place, annotation_request_id, counting_rule: None, item_kinds, statistics })
    }

    fn too_many(&self) -> InvalidParameter {
        InvalidParameter(format!("the body may have at most {} rows: send the others in another", self.max_rows))
    }
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
            self.0.add(number, row.get()).map_err(|TooManyRows| S::Error::custom("too many rows"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
