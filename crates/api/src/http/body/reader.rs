//! Reads the chunks of a body within the limits of time, size and memory.

use crate::http::body::body_limit::BodyLimit;
use crate::http::{Caller, HeldMemory};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiSettings, ApiState, ResponseCode};
use actix_web::error::PayloadError;
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Reads a body within a size, a time and its caller's share of the memory.
pub(super) struct BodyReader<P> {
    payload: P,
    settings: Arc<ApiSettings>,
    begun: Instant,
    received: usize,
    max: usize,
    held: HeldMemory,
}

impl<P: Stream<Item = Result<Bytes, PayloadError>> + Unpin> BodyReader<P> {
    pub(super) fn new(payload: P, caller: Caller, state: &ApiState) -> Self {
        Self::within(BodyLimit::Usual, payload, caller, state)
    }

    /// With the limits of such a body.
    pub(super) fn within(limit: BodyLimit, payload: P, caller: Caller, state: &ApiState) -> Self {
        let (max, held) = (limit.max(&state.settings), limit.memory(state).hold(caller));
        Self { payload, settings: Arc::clone(&state.settings), begun: Instant::now(), received: 0, max, held }
    }

    /// The next chunk, whose memory is reserved; `None` at the end.
    ///
    /// # Errors
    /// When the body is too slow, too large or cut off, or when the bodies of other requests take all the memory.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        let left = deadline(self.received, &self.settings).saturating_sub(self.begun.elapsed());
        let came = timeout(left, self.payload.next()).await;
        let came = came.map_err(|_| ApiError::Refused(ResponseCode::RequestTimeout))?;
        let chunk = came.transpose().map_err(|_| InvalidParameter("the body ends too early".to_owned()))?;
        if let Some(chunk) = &chunk {
            self.received = self.received.saturating_add(chunk.len());
            if self.received > self.max {
                return Err(ApiError::Refused(ResponseCode::PayloadTooLarge));
            }
            self.held.take(chunk.len())?;
        }
        Ok(chunk)
    }

    /// The memory of what was read, released when this is dropped.
    pub(super) fn into_held(self) -> HeldMemory {
        self.held
    }
}

/// By when the next chunk must arrive, from the start of the body: each received byte extends the deadline.
fn deadline(received: usize, settings: &ApiSettings) -> Duration {
    let rate = u64::try_from(settings.body_min_rate.get()).unwrap_or(u64::MAX);
    let bought = u64::try_from(received).unwrap_or(u64::MAX).saturating_mul(1000) / rate;
    settings.body_grace.saturating_add(Duration::from_millis(bought)).min(settings.body_timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroUsize;

    #[test]
    fn each_byte_buys_time_up_to_the_longest() {
        let settings = ApiSettings {
            body_grace: Duration::from_secs(5),
            body_min_rate: NonZeroUsize::new(1000).unwrap(),
            body_timeout: Duration::from_secs(30),
            ..ApiSettings::default()
        };
        for (received, milliseconds, reason) in [
            (0, 5_000, "nothing has come, and it may take a while"),
            (1, 5_001, "a byte buys a thousandth of a second"),
            (10_000, 15_000, "ten thousand buy ten seconds"),
            (25_000, 30_000, "up to the longest time"),
            (usize::MAX, 30_000, "however much has come"),
        ] {
            assert_eq!(deadline(received, &settings), Duration::from_millis(milliseconds), "{reason}");
        }
    }
}
