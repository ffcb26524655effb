use super::*;
use actix_web::http::header::{ACCEPT, HeaderValue};
use annotation_statistics_domain::AnnotationRequestId;

fn parse(query: &str, accept: &[&str]) -> Result<ExportParams, String> {
    let mut headers = HeaderMap::new();
    for value in accept {
        headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
    }
    ExportParams::parse(query, &headers, &ApiSettings::default()).map_err(|error| error.to_string())
}

#[test]
fn the_format_is_named_by_the_query_or_else_by_what_is_accepted() {
    let (csv, lines) = (ExportFormat::Csv, ExportFormat::JsonLines);
    let (xlsx, parquet) = (ExportFormat::Xlsx, ExportFormat::Parquet);
    let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    for (query, accept, expected, reason) in [
        ("annotationRequestId=a", vec![], csv, "nothing is said"),
        ("annotationRequestId=a", vec!["*/*"], csv, "anything"),
        ("annotationRequestId=a", vec![browser], csv, "a browser takes anything"),
        ("annotationRequestId=a", vec![" Text/CSV ; charset=utf-8"], csv, "case and parameters do not matter"),
        ("annotationRequestId=a", vec!["text/*"], csv, "the only text"),
        ("annotationRequestId=a", vec!["application/x-ndjson"], lines, "its name"),
        ("annotationRequestId=a", vec!["application/jsonl"], lines, "another name of it"),
        ("annotationRequestId=a", vec![workbook], xlsx, "its name"),
        ("annotationRequestId=a", vec!["application/vnd.apache.parquet"], parquet, "its name"),
        ("annotationRequestId=a", vec!["text/csv;q=0.5, application/x-ndjson"], lines, "liked better"),
        ("annotationRequestId=a", vec!["text/csv;q=0.5", "application/jsonl;q=0.6"], lines, "two headers are one list"),
        ("annotationRequestId=a", vec!["text/csv;q=0, */*"], lines, "anything but that"),
        ("annotationRequestId=a&format=xlsx", vec!["text/csv"], xlsx, "the query is louder"),
        ("format=%6Asonl&annotationRequestId=a", vec!["image/png"], lines, "decoded once"),
    ] {
        assert_eq!(parse(query, &accept).map(|params| params.options.format), Ok(expected), "{reason}");
    }
}

#[test]
fn the_form_is_read_beside_the_list() {
    let params = parse("layout=long&annotationRequestId[]=b&bom=true&annotationRequestId=a&limit=5&_=y", &[]).unwrap();
    assert_eq!(params.requests.as_slice().iter().map(AnnotationRequestId::as_str).collect::<Vec<_>>(), ["b", "a"]);
    let options = ExportOptions { layout: Layout::Long, byte_order_mark: true, ..ExportOptions::of(ExportFormat::Csv) };
    assert_eq!(params.options, options);
}

#[test]
fn a_reader_may_name_a_time_zone() {
    let zone = |query: &str| {
        let params = parse(&format!("annotationRequestId=a{query}"), &[]).unwrap();
        params.zone.map(|zone| zone.name().to_owned())
    };
    assert_eq!((zone("&tz=Etc%2FGMT%2B8").as_deref(), zone("")), (Some("Etc/GMT+8"), None));
}

#[test]
fn what_the_format_does_not_have_is_ignored() {
    for (query, format) in [
        ("annotationRequestId=a&layout=long&format=jsonl", ExportFormat::JsonLines),
        ("annotationRequestId=a&bom=true&format=xlsx", ExportFormat::Xlsx),
        ("annotationRequestId=a&format=parquet&layout=wide&bom=true", ExportFormat::Parquet),
    ] {
        assert_eq!(parse(query, &[]).map(|params| params.options), Ok(ExportOptions::of(format)), "{query}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_reason() {
    let unacceptable = "Accept must allow one of text/csv, application/x-ndjson, \
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.apache.parquet; \
        or name the format: format=csv";
    for (query, accept, expected) in [
        ("format=csv", vec![], "annotationRequestId must be given at least once"),
        ("annotationRequestId=a&format=pdf", vec![], "format must be csv, jsonl, xlsx or parquet, got \"pdf\""),
        ("annotationRequestId=a&format=CSV", vec![], "format must be csv, jsonl, xlsx or parquet, got \"CSV\""),
        ("annotationRequestId=a&format", vec![], "format must be csv, jsonl, xlsx or parquet, got \"\""),
        ("annotationRequestId=a&format=csv&format=csv", vec![], "format must be given only once"),
        (
            "annotationRequestId=a&pool=5",
            vec![],
            "\"pool\" is no parameter of this operation, which has annotationRequestId, statement, status, poolType, campaignId, format, \
             layout, bom and tz",
        ),
        ("annotationRequestId=a&cursor=5", vec![], "cursor is no filter of this operation"),
        ("annotationRequestId=a&layout=tall", vec![], "layout must be wide or long, got \"tall\""),
        ("annotationRequestId=a&bom=1", vec![], "bom must be true or false, got \"1\""),
        ("annotationRequestId=a&bom=%zz", vec![], "bom has a % without two hexadecimal digits after it, got \"%zz\""),
        ("annotationRequestId=a&tz=Berlin", vec![], "tz must be a time zone, such as Europe/Berlin, got \"Berlin\""),
        ("annotationRequestId=a&tz=UTC&tz=UTC", vec![], "tz must be given only once"),
        ("annotationRequestId=a", vec!["application/json"], unacceptable),
        ("annotationRequestId=a", vec!["*/*;q=0"], unacceptable),
        ("annotationRequestId=a", vec![";;,q="], unacceptable),
    ] {
        assert_eq!(parse(query, &accept), Err(expected.to_owned()), "{query} {accept:?}");
    }
}
