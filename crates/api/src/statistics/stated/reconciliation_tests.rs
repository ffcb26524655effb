use super::fixture::{Kept, tasks};
use crate::test_support::{TestResponse, refusal, send};
use actix_web::test::TestRequest;
use annotation_statistics_domain::AnnotationRequestId;
use std::fmt::Write as _;

const URL: &str = "/rosetta-open/annotation-requests/a/reconciliations?against=statement:2026-11";

/// Compares a sheet with the statement of 300 tasks; nothing else may be read.
async fn compare(sheet: &str, query: &str) -> TestResponse {
    let request = TestRequest::post().uri(&format!("{URL}{query}")).set_payload(sheet.to_owned());
    let request = request.insert_header(("Content-Type", "text/csv")).insert_header(("Accept", "text/csv"));
    send(Kept::of(&[("a", 300)]).state(), request).await
}

#[actix_web::test]
async fn a_sheet_is_compared_with_the_rows_of_a_statement() {
    let mut sheet = "id,operationItem,count\n".to_owned();
    for task in tasks("a", 300) {
        let statistics = &task.statistics;
        let items = statistics.instance_info().iter().filter(|(_, count)| u64::from(*count) > 0);
        for (key, count) in items {
            writeln!(sheet, "{},{key},{count}", statistics.id()).unwrap();
        }
    }
    let header = "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure\r\n";
    let agreed = compare(&sheet, "&lines=differences").await;
    assert_eq!((agreed.status, agreed.text()), (200, header));
    assert_eq!(agreed.header("statement"), Some("2026-11"));
    assert_eq!(agreed.header("revision"), Some("1744122000000000"));
    let wrong = sheet.replace("1000000000000000299,car,4", "1000000000000000299,car,5");
    let differing = compare(&wrong, "&lines=differences").await;
    assert_eq!(differing.text(), format!("{header}differing,390,1000000000000000299,car,,4,5,-1,,count\r\n"));
}

#[actix_web::test]
async fn a_sheet_of_sums_is_compared_with_the_document_of_a_statement() {
    let header = "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure\r\n";
    let compared = compare("operationItem,count\ncar,601\ncar/color,150\n", "").await;
    let lines = "differing,2,,car,,600,601,-1,,count\r\nmatched,3,,car/color,,150,150,0,,count\r\n";
    assert_eq!((compared.status, compared.text()), (200, format!("{header}{lines}").as_str()));
}

#[actix_web::test]
async fn a_sheet_is_compared_with_no_other_statement() {
    let request = TestRequest::post().uri(URL).set_payload("operationItem,count\ncar,1\n");
    let unstated = vec![AnnotationRequestId::new("a").unwrap()];
    let response = send(Kept { unstated, ..Kept::default() }.state(), request).await;
    assert_eq!(
        (response.status, response.text()),
        (404, refusal(404, "Not Found: no statement `2026-11` of a").as_str())
    );
}
