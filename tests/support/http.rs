//! The service on a socket, and clients that speak to it byte for byte.

mod authority;
mod collector;
mod download;
mod envelope;
mod export_sums;
mod http2_client;
mod http2_frames;
mod metrics_page;
mod panicking;
mod panicking_service;
mod raw;
mod service;
mod tls_client;

pub use authority::{Authority, Certified};
pub use collector::Collector;
pub use download::{Download, OpenDownload};
pub use envelope::Envelope;
pub use export_sums::{Sums, csv_lines, json_lines, parquet_lines, table_sums, xlsx_lines};
pub use http2_client::{Http2Connection, Http2Request};
pub use http2_frames::Http2Frames;
pub use metrics_page::MetricsPage;
pub use panicking::{PANIC, Panicking};
pub use panicking_service::PanickingService;
pub use raw::{RawConnection, RawResponse, Wire};
pub use service::RunningService;
pub use tls_client::{TlsClient, TlsStream};
