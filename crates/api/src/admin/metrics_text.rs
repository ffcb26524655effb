//! `GET /metrics` of the admin listener.

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, web};
use std::fmt;
use std::sync::Arc;

/// The text format that Prometheus reads.
const PROMETHEUS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// Renders the current metrics in the text format of Prometheus.
#[derive(Clone)]
pub struct MetricsText(Arc<dyn Fn() -> String + Send + Sync>);

impl MetricsText {
    /// Renders by this function.
    pub fn new(write: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }
}

impl fmt::Debug for MetricsText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MetricsText")
    }
}

pub(crate) async fn metrics(text: web::Data<MetricsText>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, PROMETHEUS)).body((text.0)())
}
