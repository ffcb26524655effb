use crate::test_support::{Answer, answering, page, send};
use actix_web::test::TestRequest;
use std::io::{Cursor, Read};

const URL: &str = "/rosetta-open/statistics?annotationRequestId=a&limit=100";

async fn ask(rows: usize, accept_encoding: &str) -> Answer {
    let request = TestRequest::get().uri(URL).insert_header(("Accept-Encoding", accept_encoding));
    send(answering(move || Ok(page(100, rows))), request).await
}

fn decoded(answer: &Answer) -> Vec<u8> {
    let body = Cursor::new(answer.body.clone());
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap(),
        Some("br") => brotli::Decompressor::new(body, 4_096).read_to_end(&mut plain).unwrap(),
        Some("zstd") => zstd::stream::Decoder::new(body).unwrap().read_to_end(&mut plain).unwrap(),
        other => panic!("{other:?}"),
    };
    plain
}

#[actix_web::test]
async fn a_large_answer_is_compressed_as_the_client_likes_it() {
    // Small enough to be compressed at once, and so large that another thread does it.
    for rows in [100, 1_000] {
        let plain = ask(rows, "identity").await;
        for coding in ["gzip", "br", "zstd"] {
            let answer = ask(rows, coding).await;
            assert_eq!(answer.header("content-encoding"), Some(coding));
            assert_eq!(answer.header("vary"), Some("accept-encoding"));
            assert!(answer.body.len() * 10 < plain.body.len(), "{coding}: {} bytes", answer.body.len());
            assert_eq!(decoded(&answer), plain.body, "{coding}");
        }
    }
}

#[actix_web::test]
async fn a_small_answer_is_sent_plain() {
    let answer = ask(1, "gzip, br, zstd").await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, Some("accept-encoding")));
    assert!(answer.text().starts_with(r#"{"code":2000"#));
}

#[actix_web::test]
async fn a_client_that_accepts_nothing_of_ours_gets_a_plain_answer() {
    for accept_encoding in ["identity;q=0", "*;q=0", "compress", "", ";;,q=", "gzip;q=0, identity;q=0"] {
        let answer = ask(100, accept_encoding).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None), "{accept_encoding}");
        assert!(answer.text().starts_with(r#"{"code":2000"#), "{accept_encoding}");
    }
}
