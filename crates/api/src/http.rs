//! HTTP: values, headers and encodings that know neither the handlers nor the state.

mod allowed_hosts;
mod base_path;
pub(crate) mod body;
mod body_memory;
mod caller;
mod client_address;
mod clock;
mod content_coding;
mod database_time;
mod entity_tag_list;
mod form_encoding;
pub(crate) mod parameters;
mod proxy_users;
mod request_context;
mod request_id;
mod stopwatch;
mod trace_parent;

pub use allowed_hosts::{AllowedHosts, InvalidHostName};
pub use base_path::{BasePath, BasePathError};
pub(crate) use body_memory::{BodiesTooMany, BodyMemory, HeldMemory};
pub(crate) use caller::{Admitted, Caller};
pub use caller::{current_caller, network};
pub(crate) use client_address::address_text;
pub use client_address::{ForwardedHeader, InvalidNetwork, TrustedProxies};
pub use clock::Clock;
pub(crate) use content_coding::{BEST, ContentCoding, quality};
pub(crate) use database_time::DatabaseTime;
pub(crate) use entity_tag_list::{EntityTagList, InvalidEntityTagList, ListedTag};
pub(crate) use form_encoding::{decode, decode_path, encode_into, encoded};
pub use proxy_users::{InvalidProxyUsers, ProxyUsers};
pub(crate) use request_context::RequestContext;
pub use request_id::{RequestId, RequestIds};
pub use stopwatch::Stopwatch;
pub(crate) use trace_parent::TraceParent;
pub use trace_parent::{ParentSpan, SpanId};
