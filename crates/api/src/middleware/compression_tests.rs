use crate::test_support::{TestResponse, page, responding, send};
use actix_web::test::TestRequest;
use std::io::{Cursor, Read};

const URL: &str = "/rosetta-open/statistics?annotationRequestId=a&limit=100";

async fn call(rows: usize, accept_encoding: &str) -> TestResponse {
    let request = TestRequest::get().uri(URL).insert_header(("Accept-Encoding", accept_encoding));
    send(responding(move || Ok(page(100, rows))), request).await
}

fn decoded(response: &TestResponse) -> Vec<u8> {
    let body = Cursor::new(response.body.clone());
    let mut plain = Vec::new();
    match response.header("content-encoding") {
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap(),
        Some("br") => brotli::Decompressor::new(body, 4_096).read_to_end(&mut plain).unwrap(),
        Some("zstd") => zstd::stream::Decoder::new(body).unwrap().read_to_end(&mut plain).unwrap(),
        other => panic!("{other:?}"),
    };
    plain
}

#[actix_web::test]
async fn a_large_response_is_compressed_as_the_client_prefers() {
    // Small enough to be compressed inline, and large enough for another thread.
    for rows in [100, 1_000] {
        let plain = call(rows, "identity").await;
        for coding in ["gzip", "br", "zstd"] {
            let response = call(rows, coding).await;
            assert_eq!(response.header("content-encoding"), Some(coding));
            assert_eq!(response.header("vary"), Some("accept-encoding"));
            assert!(response.body.len() * 10 < plain.body.len(), "{coding}: {} bytes", response.body.len());
            assert_eq!(decoded(&response), plain.body, "{coding}");
        }
    }
}

#[actix_web::test]
async fn a_small_response_is_sent_plain() {
    let response = call(1, "gzip, br, zstd").await;
    assert_eq!((response.header("content-encoding"), response.header("vary")), (None, Some("accept-encoding")));
    assert!(response.text().starts_with(r#"{"code":2000"#));
}

#[actix_web::test]
async fn a_client_that_accepts_nothing_of_ours_gets_a_plain_response() {
    for accept_encoding in ["identity;q=0", "*;q=0", "compress", "", ";;,q=", "gzip;q=0, identity;q=0"] {
        let response = call(100, accept_encoding).await;
        assert_eq!((response.status, response.header("content-encoding")), (200, None), "{accept_encoding}");
        assert!(response.text().starts_with(r#"{"code":2000"#), "{accept_encoding}");
    }
}
