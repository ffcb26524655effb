//! The HTTP interface of annotation statistics.
//!
//! Depend on this crate when you serve the interface: give [`app`] an [`ApiState`] for each worker. It knows HTTP and
//! the ports of the domain; it knows no database, reads no environment and opens no socket.
//!
//! Every answer is the envelope of six fields, whatever its status. A request passes, from outside to inside: the
//! context (request id, date, span), the observation, the panic guard, compression, the conversion of every error into an envelope, the
//! check of target and host, the body limit, the routes.
//!
//! ```
//! use annotation_statistics_api::{ApiSettings, ApiState, Ports, app};
//!
//! # fn serve(ports: Ports) {
//! let state = ApiState::new(ports, ApiSettings::default());
//! let server = actix_web::HttpServer::new(move || app(state.clone()));
//! # }
//! ```

mod admin;
mod annotation_requests;
mod application;
mod auth;
mod body;
mod consistency;
mod export;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod html;
mod http;
mod middleware;
mod openapi;
mod parameters;
mod paths;
mod recording;
mod response;
mod routes;
mod settings;
mod state;
mod statistics;
mod summary;
mod tasks;

#[cfg(test)]
mod test_support;

pub use admin::metrics_text::MetricsText;
pub use application::{admin_app, app};
pub use auth::access_settings::AccessSettings;
pub use http::allowed_hosts::{AllowedHosts, NoHostName};
pub use http::base_path::{BasePath, BasePathError};
pub use http::caller::{current_caller, network};
pub use http::client_address::{ForwardedHeader, NoNetwork, TrustedProxies};
pub use http::clock::Clock;
pub use http::request_id::{RequestId, RequestIds};
pub use http::stopwatch::Stopwatch;
pub use http::trace_parent::{ParentSpan, SpanId};
pub use openapi::document::openapi_json;
pub use response::code::ResponseCode;
pub use settings::ApiSettings;
pub use state::api_state::{ApiState, ROWS_OF_A_BODY};
pub use state::graceful_shutdown::Drain;
pub use state::observer::{ACCESS_OUTCOMES, EndedRequest, Observer};
pub use state::ports::{Ports, PrimaryPorts};
pub use state::readiness::ReadyChecks;
