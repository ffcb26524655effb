//! Sends a response by HTTP/2.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONNECTION, CONTENT_LENGTH, DATE, Date, HeaderName, TRANSFER_ENCODING, TryIntoHeaderValue, UPGRADE,
};
use actix_web::web::Bytes;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::SystemTime;

/// Headers of a connection of HTTP/1.1, which HTTP/2 forbids.
const CONNECTION_HEADERS: [HeaderName; 5] = [
    CONNECTION,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Sends a response, its body as fast as the flow control of the client allows. A stream whose body fails is reset, so
/// that the client does not take a part for the whole.
pub(super) async fn send(response: HttpResponse, mut to: SendResponse<Bytes>, is_head: bool) -> Result<(), h2::Error> {
    let (response, body) = response.into_parts();
    let size = body.size();
    let has_no_body = is_head || size.is_eof();
    let mut stream = to.send_response(head(&response, size), has_no_body)?;
    if has_no_body {
        return Ok(());
    }
    send_body(body, &mut stream).await
}

fn head(response: &HttpResponse<()>, size: BodySize) -> http::Response<()> {
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.version_mut() = http::Version::HTTP_2;
    for (name, value) in response.headers() {
        if !CONNECTION_HEADERS.contains(name) && *name != CONTENT_LENGTH {
            head.headers_mut().append(name, value.clone());
        }
    }
    if let BodySize::Sized(size) = size
        && response.status() != StatusCode::NO_CONTENT
    {
        head.headers_mut().insert(CONTENT_LENGTH, size.into());
    }
    if let Ok(now) = Date(SystemTime::now().into()).try_into_value() {
        head.headers_mut().entry(DATE).or_insert(now);
    }
    head
}

async fn send_body(body: BoxBody, stream: &mut SendStream<Bytes>) -> Result<(), h2::Error> {
    let mut body = pin!(body);
    while let Some(piece) = next_piece(body.as_mut()).await {
        let Ok(mut piece) = piece else {
            stream.send_reset(Reason::INTERNAL_ERROR);
            return Ok(());
        };
        while !piece.is_empty() {
            stream.reserve_capacity(piece.len());
            // None: the client has reset it.
            let Some(room) = poll_fn(|context| stream.poll_capacity(context)).await else { return Ok(()) };
            let fitting = piece.len().min(room?);
            stream.send_data(piece.split_to(fitting), false)?;
        }
    }
    stream.send_data(Bytes::new(), true)
}

async fn next_piece(mut body: Pin<&mut BoxBody>) -> Option<Result<Bytes, <BoxBody as MessageBody>::Error>> {
    poll_fn(|context| body.as_mut().poll_next(context)).await
}
