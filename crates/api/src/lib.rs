//! The HTTP interface of annotation statistics.
//!
//! Depend on this crate when you serve the interface: give [`app`] an [`ApiState`] for each worker. It knows HTTP and
//! the ports of the domain; it knows no database, reads no environment and opens no socket.
//!
//! Every answer is the envelope of six fields, whatever its status. A request passes, from outside to inside: the
//! stamp (request id, date, span), the observation, the panic guard, compression, the conversion of every error into an envelope, the
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

mod access_fault;
mod access_guard;
mod access_settings;
mod allowed_hosts;
mod annotation_request_body;
mod api_settings;
mod api_state;
mod application;
mod base_path;
mod batch;
mod batch_faults;
mod body_limit;
mod body_memory;
mod body_reader;
mod bounded_body;
mod caller;
mod caller_prefix;
mod caller_scope;
mod canonical;
mod client_address;
mod clock;
mod compression;
mod content_coding;
mod counting_rules;
mod database_time;
mod delete_annotation_request;
mod documentation;
mod drain;
mod entity_tag;
mod entity_tag_list;
mod envelope;
mod error;
mod error_answers;
mod export_accept;
mod export_params;
mod export_pipe;
mod export_statistics;
mod form_encoding;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod get_annotation_request;
mod get_named_tasks;
mod get_task;
mod health;
mod if_match;
mod json_fault;
mod key_headers;
mod known_state;
mod media_type;
mod metrics_text;
mod observation;
mod observer;
mod openapi;
mod openapi_export;
mod openapi_query;
mod openapi_responses;
mod openapi_schemas;
mod openapi_security;
mod openapi_summary;
mod openapi_write_schemas;
mod openapi_writes;
mod page;
mod page_answer;
mod page_links;
mod page_question;
mod panic_guard;
mod path_ids;
mod put_annotation_request;
mod put_statistics;
mod query_body;
mod rate_limits;
mod readiness;
mod request_body;
mod request_id;
mod response_code;
mod routes;
mod signature;
mod signed_body;
mod source_name_params;
mod sources;
mod stamp;
mod statistics;
mod statistics_page;
mod statistics_params;
mod statistics_query;
mod stopwatch;
mod summary;
mod summary_body;
mod trace_parent;
mod unambiguous;

#[cfg(test)]
mod api_document;
#[cfg(test)]
mod test_keys;
#[cfg(test)]
mod test_support;

pub use access_settings::AccessSettings;
pub use allowed_hosts::{AllowedHosts, NoHostName};
pub use api_settings::ApiSettings;
pub use api_state::{ApiState, Ports, ROWS_OF_A_BODY};
pub use application::{admin_app, app};
pub use base_path::{BasePath, BasePathError};
pub use caller::{current_caller, network};
pub use client_address::{ForwardedHeader, NoNetwork, TrustedProxies};
pub use clock::Clock;
pub use drain::Drain;
pub use metrics_text::MetricsText;
pub use observer::{ACCESS_OUTCOMES, EndedRequest, Observer};
pub use openapi::openapi_json;
pub use readiness::ReadyChecks;
pub use request_id::{RequestId, RequestIds};
pub use response_code::ResponseCode;
pub use sources::PrimaryPorts;
pub use stopwatch::Stopwatch;
pub use trace_parent::{ParentSpan, SpanId};
