//! Responses are sent in pieces, each of which has a deadline on its connection.

use super::deadlines::ConnectionDeadlines;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

/// The most bytes of a response that are passed to the server at once. The server copies them, and a client may read
/// slowly: no connection buffers more than this, however large its response is.
const MAX_PIECE: usize = 32_768;

/// Notifies the connection of a request of its start, of each piece of its response, and of its end.
pub(super) async fn track_response(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<ResponsePieces>, Error> {
    let in_flight = connection_of(&request).as_ref().map(InFlight::begin);
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| ResponsePieces { body, rest: Bytes::new(), in_flight }))
}

/// HTTP/1.1 keeps it with the connection, HTTP/2 with each request.
fn connection_of(request: &ServiceRequest) -> Option<Rc<ConnectionDeadlines>> {
    let of_request = || request.extensions().get::<Rc<ConnectionDeadlines>>().cloned();
    request.conn_data::<Rc<ConnectionDeadlines>>().cloned().or_else(of_request)
}

/// An in-flight request, until this is dropped.
struct InFlight {
    connection: Rc<ConnectionDeadlines>,
    number: u64,
}

impl InFlight {
    fn begin(connection: &Rc<ConnectionDeadlines>) -> Self {
        Self { connection: Rc::clone(connection), number: connection.begin() }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.connection.end(self.number);
    }
}

/// The body of a response, in pieces; the request is in flight until the last of them is passed on.
pub(super) struct ResponsePieces {
    body: BoxBody,
    rest: Bytes,
    in_flight: Option<InFlight>,
}

impl MessageBody for ResponsePieces {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(InFlight { connection, number }) = &self.in_flight {
            connection.next_piece(*number);
        }
        if self.rest.is_empty() {
            match ready!(self.body.as_pin_mut().poll_next(context)) {
                Some(Ok(chunk)) => self.rest = chunk,
                end => return Poll::Ready(end),
            }
        }
        if let Some(InFlight { connection, number }) = &self.in_flight {
            connection.piece(*number);
        }
        let piece = self.rest.len().min(MAX_PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(piece))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[actix_web::test]
    async fn a_large_response_is_handed_over_in_pieces_and_nothing_is_lost() {
        let whole: Vec<u8> = (0..=250).cycle().take(100_000).collect();
        let mut body = ResponsePieces { body: BoxBody::new(whole.clone()), rest: Bytes::new(), in_flight: None };
        assert_eq!(body.size(), BodySize::Sized(100_000));
        let (mut sizes, mut got) = (Vec::new(), Vec::new());
        while let Some(piece) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {
            let piece = piece.unwrap();
            sizes.push(piece.len());
            got.extend_from_slice(&piece);
        }
        assert_eq!((sizes, got == whole), (vec![MAX_PIECE, MAX_PIECE, MAX_PIECE, 1_696], true));
    }
}
