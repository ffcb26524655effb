//! A client that checks whom it talks to.

use super::authority::Authority;
use super::raw::{RawConnection, narrow_stream};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, DEFAULT_VERSIONS, RootCertStore, StreamOwned};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

/// A client that trusts one authority.
pub struct TlsClient {
    trusted: RootCertStore,
}

/// A connection whose handshake is done.
pub type TlsStream = StreamOwned<ClientConnection, TcpStream>;

impl TlsClient {
    /// One that trusts this authority and no other one.
    pub fn trusting(authority: &Authority) -> Self {
        let mut trusted = RootCertStore::empty();
        trusted.add(CertificateDer::from_pem_slice(authority.certificate().as_bytes()).unwrap()).unwrap();
        Self { trusted }
    }

    /// Connects to a server that must be called `host`, and offers these protocols.
    ///
    /// # Errors
    /// If the certificate is invalid, or the handshake fails.
    pub fn shake_hands(&self, address: SocketAddr, host: &'static str, offers: &[&str]) -> io::Result<TlsStream> {
        let host = ServerName::try_from(host).unwrap();
        let mut connection = ClientConnection::new(Arc::new(self.config(offers)), host).unwrap();
        let mut stream = narrow_stream(address)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream)?;
        }
        Ok(StreamOwned::new(connection, stream))
    }

    /// What a handshake needs in which these protocols are offered.
    pub fn config(&self, offers: &[&str]) -> ClientConfig {
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(DEFAULT_VERSIONS)
            .unwrap()
            .with_root_certificates(self.trusted.clone())
            .with_no_client_auth();
        config.alpn_protocols = offers.iter().map(|offer| offer.as_bytes().to_vec()).collect();
        config
    }

    /// A connection for HTTP/1.1 to a server that must be called `localhost`.
    ///
    /// # Errors
    /// If the certificate is invalid, or the handshake fails.
    pub fn connect(&self, address: SocketAddr) -> io::Result<RawConnection> {
        self.shake_hands(address, "localhost", &["http/1.1"]).map(RawConnection::over)
    }
}
