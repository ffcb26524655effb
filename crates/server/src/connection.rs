//! Connections of clients: the listener, encryption, HTTP/1.1 and HTTP/2, and their limits and deadlines.

mod certificate_validity;
mod deadlines;
mod http2;
mod http2_response;
mod http_version;
mod open_files;
mod per_address;
mod protocols;
mod public_listener;
mod response_pieces;
mod timed_stream;
mod tls;

pub(crate) use public_listener::{PublicListener, serve_public};
pub use tls::TlsError;
pub(crate) use tls::{ServerTls, reload_signal};
