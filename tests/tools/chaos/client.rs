//! Clients with access keys, each of which signs its requests by both schemes in turn.

use crate::probe::{Probe, Response};
use crate::scheme::Scheme;
use annotation_statistics_tests::{RawConnection, RawResponse, Signer, TlsClient};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// A client of a service.
#[derive(Clone)]
pub(crate) struct Clients {
    address: SocketAddr,
    keys: Arc<[Signer]>,
    tls: Option<Arc<TlsClient>>,
}

/// One of them, with a connection of its own.
pub(crate) struct Client {
    clients: Clients,
    signer: Signer,
    connection: Option<RawConnection>,
    requested: usize,
}

impl Clients {
    /// Clients of the service at this address, with these keys.
    pub(crate) fn of(address: SocketAddr, keys: &Arc<[Signer]>) -> Self {
        Self { address, keys: Arc::clone(keys), tls: None }
    }

    /// The same, to a service that encrypts.
    pub(crate) fn trusting(self, tls: TlsClient) -> Self {
        Self { tls: Some(Arc::new(tls)), ..self }
    }

    /// The client of this number. Keys go round.
    pub(crate) fn client(&self, number: usize) -> Client {
        Client { clients: self.clone(), signer: self.signer(number).clone(), connection: None, requested: 0 }
    }

    /// The key of the client of this number.
    pub(crate) fn signer(&self, number: usize) -> &Signer {
        &self.keys[number % self.keys.len()]
    }

    /// Where the service listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn connect(&self) -> io::Result<RawConnection> {
        match &self.tls {
            Some(tls) => tls.connect(self.address),
            None => RawConnection::try_open(self.address),
        }
    }
}

impl Client {
    /// The same with another connection.
    pub(crate) fn reconnected(&mut self) -> &mut Self {
        self.connection = None;
        self
    }

    /// Sends a request, on its connection where that is still open.
    pub(crate) fn fetch(&mut self, probe: &Probe) -> Response {
        let scheme = probe.schemes()[self.requested % 2];
        self.requested += 1;
        let headers = self.signature(scheme, probe);
        let sent = Instant::now();
        let outcome = probe.outcome(&self.exchange(probe, &headers));
        Response { sent, took: sent.elapsed(), scheme, outcome }
    }

    /// A read whose right response is the one of now.
    pub(crate) fn probe(&mut self, target: &str) -> Probe {
        let probe = Probe::reading(target);
        let right = self.response_to(&probe);
        probe.expecting(&right)
    }

    /// The right response, of a service that all is well with.
    pub(crate) fn response_to(&mut self, probe: &Probe) -> RawResponse {
        let response = self.exchange(probe, &self.signature(Scheme::V2, probe)).unwrap();
        assert_eq!(response.status, 200, "{response:?}");
        response
    }

    fn exchange(&mut self, probe: &Probe, headers: &str) -> io::Result<RawResponse> {
        let mut open = match self.connection.take() {
            Some(open) => open,
            None => self.clients.connect()?,
        };
        let response = open.try_fetch(probe.method, &probe.target, headers, &probe.body)?;
        self.connection = (response.header("connection") != Some("close")).then_some(open);
        Ok(response)
    }

    fn signature(&self, scheme: Scheme, probe: &Probe) -> String {
        match scheme {
            Scheme::Open => String::new(),
            Scheme::V1 => self.signer.v1(),
            Scheme::V2 => self.signer.v2(probe.method, &probe.target, &probe.body),
        }
    }
}
