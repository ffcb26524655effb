//! The HTTP interface of annotation statistics.
//!
//! Depend on this crate when you serve the interface: give [`app`] an [`ApiState`] for each worker. It knows HTTP and
//! the ports of the domain; it knows no database, reads no environment and opens no socket.
//!
//! Every response is the envelope of six fields, whatever its status. A request passes, from outside to inside: the
//! request context (request id, date, span), the observation, the panic guard, compression, the conversion of errors into
//! envelopes, the checks of target and host, the body limit, the routes, and in front of most resources the authorization.
//!
//! ```
//! use annotation_statistics_api::{ApiSettings, ApiState, Ports, app};
//!
//! # fn serve(ports: Ports, settings: ApiSettings) {
//! let state = ApiState::new(ports, settings);
//! let server = actix_web::HttpServer::new(move || app(state.clone()));
//! # }
//! ```

// Without a document to make, nothing reads the descriptions of what it would have.
#[cfg(not(feature = "openapi"))]
extern crate annotation_statistics_no_openapi as utoipa;

mod admin;
mod annotation_requests;
mod application;
mod auth;
mod consistency;
mod export;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod html;
mod http;
mod middleware;
mod openapi;
mod paths;
mod response;
mod routes;
mod settings;
mod state;
mod statistics;
mod summary;

#[cfg(test)]
mod test_support;

pub use admin::metrics_text::MetricsText;
pub use annotation_requests::finding::start_time;
pub use annotation_requests::taxonomy::read_taxonomy;
pub use application::{admin_app, app};
pub use auth::AccessSettings;
pub use html::session::share::share_query;
pub use http::{
    AllowedHosts, BasePath, BasePathError, Clock, ForwardedHeader, InvalidHostName, InvalidNetwork, InvalidProxyUsers,
    ParentSpan, ProxyUsers, RequestId, RequestIds, SpanId, Stopwatch, TrustedProxies, current_caller, network,
};
#[cfg(feature = "openapi")]
pub use openapi::generated::openapi_json;
pub use response::ResponseCode;
pub use settings::{
    ApiSettings, PageSettings, ReconciliationSettings, SignInSettings, StatementSettings, UnknownTimeZone,
};
pub use state::{
    ACCESS_OUTCOMES, ApiState, EndedRequest, Observer, Ports, PrimaryPorts, ROWS_OF_A_BODY, ReadyChecks,
    ShutdownSignal, SigningSource,
};
