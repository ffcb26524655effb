//! Summaries as files, and what is read back from them.

use crate::sample::clock;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemCell, ItemKind, ItemLabel, ItemSums, ItemsBy,
    OperationItemKey, PoolType, RequestTotals, Revision, StatedItem, Summary, SummaryQuery, TaskFilter, TaskStatus,
    Totals,
};
use annotation_statistics_exports::{SummaryFile, SummaryFormat};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// Of a request with a formula in its id, and of one without a rule whose sum is past what a spreadsheet can hold.
fn file(format: SummaryFormat, filter: TaskFilter) -> SummaryFile {
    let totals = |tasks, instances| Totals { tasks, instances, attributes: 0, frames: tasks.into() };
    let request = |id: &str, rule: Option<CountingRuleName>, instances| RequestTotals {
        id: AnnotationRequestId::new(id).unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: rule,
        revision: Revision::from(1),
        task_count: 2,
        groups: vec![(PoolType::Complete, TaskStatus::from(11), totals(2, instances))],
    };
    let cell = |id: &str, count| ItemCell {
        request: Some(AnnotationRequestId::new(id).unwrap()),
        pool_type: PoolType::Complete,
        status: TaskStatus::from(11),
        sums: ItemSums {
            key: OperationItemKey::new("car, red").unwrap(),
            count,
            tasks: 2,
            tasks_of_slots: 2,
            tasks_of_inputs: 0,
            stated_kind: None,
        },
    };
    let items_by = ItemsBy { request: true, pool_type: true, status: false };
    let query = SummaryQuery { filter: filter.clone(), items_by };
    let requests =
        vec![request("=1+1", Some(CountingRuleName::OBJECTS_2), 3), request("b", None, u128::from(u64::MAX))];
    let cells = vec![cell("=1+1", 3), cell("b", u128::from(u64::MAX))];
    let stated = StatedItem {
        key: OperationItemKey::new("car, red").unwrap(),
        label: Some(ItemLabel::new("Red car").unwrap()),
        kind: Some(ItemKind::Slot),
        is_found: false,
        is_whitelisted: true,
    };
    let summary = Summary::of_cells(requests, cells, &query).unwrap().with_stated_items(vec![stated]);
    SummaryFile { summary, filter, format, byte_order_mark: false, exported_at: clock() }
}

const CSV: &str = "\
of,annotationRequestId,campaignId,countingRule,operationItem,label,kind,poolType,status,taskNum,instanceNum,attributeNum,frameNum,count\r\n\
filter,,,,,,,5,,,,,,\r\n\
filter,,,,,,,,11,,,,,\r\n\
total,,,,,,,,,4,18446744073709551618,0,4,\r\n\
operationItem,,,,\"car, red\",Red car,slot,,,4,,,,18446744073709551618\r\n\
operationItemPart,'=1+1,,,\"car, red\",,,5,,2,,,,3\r\n\
operationItemPart,b,,,\"car, red\",,,5,,2,,,,18446744073709551615\r\n\
poolType,,,,,,,5,,4,18446744073709551618,0,4,\r\n\
status,,,,,,,,11,4,18446744073709551618,0,4,\r\n\
annotationRequest,'=1+1,1001,objects/2,,,,,,2,3,0,2,\r\n\
annotationRequest,b,1001,,,,,,,2,18446744073709551615,0,2,\r\n";

fn complete() -> TaskFilter {
    TaskFilter {
        pool_types: [PoolType::Complete].into(),
        statuses: [TaskStatus::from(11)].into(),
        ..TaskFilter::default()
    }
}

#[test]
fn csv_is_one_table_with_the_filter_first() {
    let written = file(SummaryFormat::Csv, complete()).write().unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), CSV);
    let marked = SummaryFile { byte_order_mark: true, ..file(SummaryFormat::Csv, complete()) };
    assert_eq!(String::from_utf8(marked.write().unwrap()).unwrap(), format!("\u{feff}{CSV}"));
}

#[test]
fn a_workbook_has_a_sheet_for_each_kind_of_sums_with_texts_as_texts_and_numbers_as_numbers() {
    let mut workbook =
        Xlsx::new(Cursor::new(file(SummaryFormat::Xlsx, TaskFilter::default()).write().unwrap())).unwrap();
    let sheets = ["total", "operationItem", "operationItemPart", "poolType", "status", "annotationRequest"];
    assert_eq!(workbook.sheet_names(), sheets, "without a filter there is none");
    let mut lines = |sheet: &str| {
        let range = workbook.worksheet_range(sheet).unwrap();
        range.rows().map(<[Data]>::to_vec).collect::<Vec<_>>()
    };
    let text = |text: &str| Data::String(text.to_owned());
    let parts = lines("operationItemPart");
    assert_eq!(
        parts[1],
        [text("=1+1"), text("car, red"), Data::Float(5.0), Data::Empty, Data::Float(2.0), Data::Float(3.0)]
    );
    assert_eq!(parts[2][5], text("18446744073709551615"), "a number that would be rounded is a text");
    let requests = lines("annotationRequest");
    let header =
        ["annotationRequestId", "campaignId", "countingRule", "taskNum", "instanceNum", "attributeNum", "frameNum"];
    assert_eq!(requests[0], header.map(text));
    assert_eq!(requests.len(), 3);
}
