//! What an export is of, and when it was made.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemKind, ItemLabel, ItemTotal, OperationItemKey, RequestTotals,
    Revision, StatementOrigin, Summary, TaskFilter,
};
use jiff::{Timestamp, ZonedDateTime};
use serde_json::{Value, json};

/// The name of the property with the time of the export.
pub(crate) const EXPORTED_AT: &str = "exportedAt";

/// The name of the property with that time in the time zone of the reader, where that is known.
pub(crate) const EXPORTED_AT_LOCAL: &str = "exportedAtLocal";

/// The name of the property with the filter, where there is one.
pub(crate) const FILTER: &str = "filter";

/// The name of the property with the statements, where it is of any.
const STATEMENTS: &str = "statements";

/// The name of the property with the operation items, where they have labels.
const ITEMS: &str = "operationItems";

/// What an export is of, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// When it was made, after its snapshot was taken, in the time zone of its reader; in UTC where that is not known.
    pub exported_at: ZonedDateTime,
    /// The annotation requests, in the order of the file.
    pub requests: Vec<ExportedRequest>,
    /// The statements that it is of, one of each request; none where it is of what is recorded.
    pub statements: Vec<StatementOrigin>,
    /// Which of their tasks are in it.
    pub filter: TaskFilter,
    /// Its operation items in byte order of their keys, where taxonomies give one of them a label; none otherwise.
    pub items: Vec<ExportedItem>,
}

/// An operation item of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedItem {
    /// Its key.
    pub key: OperationItemKey,
    /// What it counts, where that is known.
    pub kind: Option<ItemKind>,
    /// Its name for people, where taxonomies give it one.
    pub label: Option<ItemLabel>,
}

/// An annotation request in the state that was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedRequest {
    /// Its id.
    pub id: AnnotationRequestId,
    /// The campaign that it belongs to.
    pub campaign_id: CampaignId,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// Its state.
    pub revision: Revision,
}

impl Provenance {
    /// That of an export with these sums, made at this time.
    pub fn new(summary: &Summary, exported_at: ZonedDateTime) -> Self {
        let request = |request: &RequestTotals| ExportedRequest {
            id: request.id.clone(),
            campaign_id: request.campaign_id.clone(),
            counting_rule: request.counting_rule.clone(),
            revision: request.revision,
        };
        let requests = summary.requests().iter().map(|(totals, _)| request(totals)).collect();
        let (statements, filter) = (summary.statements().to_vec(), summary.filter().clone());
        Self { exported_at, requests, statements, filter, items: items_of(summary) }
    }

    /// The time of the export as text, in whole seconds: `2026-11-30T12:00:00Z`.
    pub fn exported_at_text(&self) -> String {
        self.exported_at.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The same in the time zone of its reader: `2026-11-30T13:00:00+01:00[Europe/Berlin]` (RFC 9557). `None` where that is not
    /// known, or is UTC.
    pub fn exported_at_local_text(&self) -> Option<String> {
        self.local_zone().map(|zone| format!("{}[{zone}]", self.exported_at.strftime("%Y-%m-%dT%H:%M:%S%:z")))
    }

    /// The name of the time zone of its reader, where that is known and not UTC.
    pub(crate) fn local_zone(&self) -> Option<&str> {
        self.exported_at.time_zone().iana_name().filter(|name| *name != "UTC")
    }

    /// Which tasks are in it, in the words of the API, such as `poolType=5, status=11`; `None` where all are.
    pub fn filter_text(&self) -> Option<String> {
        let parts = self.filter_parts();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The same as several texts, of which none is longer than `most` characters, if no value is.
    pub(crate) fn filter_texts(&self, most: usize) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for part in self.filter_parts() {
            match texts.last_mut() {
                Some(last) if last.chars().count() + 2 + part.chars().count() <= most => last.extend([", ", &part]),
                _ => texts.push(part),
            }
        }
        texts
    }

    fn filter_parts(&self) -> Vec<String> {
        let TaskFilter { campaigns, pool_types, statuses } = &self.filter;
        let campaigns = campaigns.iter().map(|campaign| format!("campaignId={campaign}"));
        let pool_types = pool_types.iter().map(|pool_type| format!("poolType={}", pool_type.number()));
        let statuses = statuses.iter().map(|status| format!("status={}", status.code()));
        campaigns.chain(pool_types).chain(statuses).collect()
    }

    /// What is stored beside the lines of a file: names and texts.
    pub(crate) fn properties(&self) -> impl Iterator<Item = (&'static str, String)> {
        let requests: Value = self.requests.iter().map(ExportedRequest::to_json).collect();
        let always = [(EXPORTED_AT, self.exported_at_text()), ("annotationRequests", requests.to_string())];
        let statements = (!self.statements.is_empty()).then(|| {
            let statements: Value = self.statements.iter().map(origin_to_json).collect();
            (STATEMENTS, statements.to_string())
        });
        let items = (!self.items.is_empty()).then(|| {
            let items: Value = self.items.iter().map(ExportedItem::to_json).collect();
            (ITEMS, items.to_string())
        });
        let local = self.exported_at_local_text().map(|text| (EXPORTED_AT_LOCAL, text));
        let of = always.into_iter().chain(statements).chain(local);
        of.chain(self.filter_text().map(|text| (FILTER, text))).chain(items)
    }
}

fn items_of(summary: &Summary) -> Vec<ExportedItem> {
    let item = |item: &ItemTotal| ExportedItem {
        key: item.key.clone(),
        kind: item.kind,
        label: summary.label_of(&item.key).cloned(),
    };
    let items: Vec<_> = summary.items().iter().map(item).collect();
    if items.iter().any(|item| item.label.is_some()) { items } else { Vec::new() }
}

fn origin_to_json(statement: &StatementOrigin) -> Value {
    json!({
        "annotationRequestId": statement.annotation_request_id.as_str(),
        "name": statement.name.as_str(),
        "number": statement.number,
        "sha256": statement.sha256.to_string(),
    })
}

impl ExportedItem {
    fn to_json(&self) -> Value {
        json!({
            "key": self.key.as_str(),
            "kind": self.kind.map(ItemKind::name),
            "label": self.label.as_ref().map(ItemLabel::as_str),
        })
    }
}

impl ExportedRequest {
    /// When it was last changed: its revision is that time in microseconds. `None` where no calendar has it.
    pub fn changed_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.revision.number()).ok()
    }

    /// The same as text, with microseconds, as two changes may follow in one second.
    pub fn changed_at_text(&self) -> Option<String> {
        self.changed_at().map(|time| format!("{time:.6}"))
    }

    fn to_json(&self) -> Value {
        json!({
            "annotationRequestId": self.id.as_str(),
            "campaignId": self.campaign_id.as_str(),
            "countingRule": self.counting_rule.as_ref().map(CountingRuleName::as_str),
            "revision": self.revision.number(),
            "changedAt": self.changed_at_text(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::{
        PoolType, RowsDigest, Sha256, SigningKeyId, StatementHead, StatementName, SummaryQuery, TaskStatus,
    };
    use jiff::tz::TimeZone;

    #[test]
    fn a_file_of_a_statement_says_of_which() {
        let head = StatementHead {
            annotation_request_id: AnnotationRequestId::new("a").unwrap(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: None,
            number: 3.try_into().unwrap(),
            name: StatementName::new("2026-11").unwrap(),
            revision: Revision::from(7),
            task_count: 0,
            rows: RowsDigest { sha256: Sha256([0; 32]), bytes: 0 },
            sha256: Sha256([0xAB; 32]),
            key_id: SigningKeyId::try_from("0123456789abcdef".to_owned()).unwrap(),
            actor: "a test".to_owned(),
            created_at: std::time::UNIX_EPOCH,
        };
        let summary = Summary::new(Vec::new(), Vec::new()).unwrap().of_statements(&[head]);
        let provenance = Provenance::new(&summary, Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC));
        let digest = "ab".repeat(32);
        let expected = format!(r#"[{{"annotationRequestId":"a","name":"2026-11","number":3,"sha256":"{digest}"}}]"#);
        assert!(provenance.properties().any(|property| property == (STATEMENTS, expected.clone())));
    }

    #[test]
    fn a_file_of_some_tasks_says_which() {
        let filter = TaskFilter {
            campaigns: [CampaignId::new("1001".to_owned()).unwrap()].into(),
            pool_types: [PoolType::Complete].into(),
            statuses: [TaskStatus::from(3), TaskStatus::from(11)].into(),
        };
        let some = Summary::of_cells(Vec::new(), Vec::new(), &SummaryQuery::of(filter)).unwrap();
        let properties = |summary| {
            Provenance::new(summary, Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC))
                .properties()
                .collect::<Vec<_>>()
        };
        let always = [(EXPORTED_AT, "1970-01-01T00:00:00Z".to_owned()), ("annotationRequests", "[]".to_owned())];
        let filtered = [(FILTER, "campaignId=1001, poolType=5, status=3, status=11".to_owned())];
        assert_eq!(properties(&some), [&always[..], &filtered].concat());
        assert_eq!(properties(&Summary::new(Vec::new(), Vec::new()).unwrap()), always);
    }
}
