//! A client that speaks HTTP/2.

use super::tls_client::TlsClient;
use actix_web::web::Bytes;
use h2_client::client::{Builder, ResponseFuture, SendRequest};
use rustls::pki_types::ServerName;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// What does not happen within this hangs.
const DEADLINE: Duration = Duration::from_secs(60);

/// A connection to a server that is called `localhost`.
pub struct Http2Connection {
    requests: SendRequest<Bytes>,
    /// Responds to the server's pings until the connection is closed.
    driver: JoinHandle<Result<(), h2_client::Error>>,
}

/// A request on its way.
pub struct Http2Request(ResponseFuture);

impl Http2Connection {
    /// Connects. Of each response, the server may send no more than `window` bytes.
    pub async fn open(client: &TlsClient, address: SocketAddr, window: u32) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let host = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(client.config(&["h2"]))).connect(host, stream).await.unwrap();
        let (requests, connection) = Builder::new().initial_window_size(window).handshake(stream).await.unwrap();
        Self { requests, driver: tokio::spawn(connection) }
    }

    /// Sends a plain GET.
    pub async fn send(&self, target: &str) -> Http2Request {
        let request = http_client::Request::get(format!("https://localhost{target}")).body(()).unwrap();
        let ready = within_deadline(self.requests.clone().ready()).await;
        Http2Request(ready.unwrap().send_request(request, true).unwrap().0)
    }

    /// Sends a plain GET to a server that may have closed the connection; returns the status.
    ///
    /// # Errors
    /// When it has.
    pub async fn try_get(&self, target: &str) -> Result<u16, h2_client::Error> {
        let request = http_client::Request::get(format!("https://localhost{target}")).body(()).unwrap();
        let (response, _) = within_deadline(self.requests.clone().ready()).await?.send_request(request, true)?;
        Ok(within_deadline(response).await?.status().as_u16())
    }

    /// Waits until the server has closed it.
    pub async fn closed(self) {
        // An error is an end, too: the server need not say goodbye to a client that takes too long.
        let _how = within_deadline(self.driver).await.unwrap();
    }

    /// Whether the server has closed it.
    pub fn is_closed(&self) -> bool {
        self.driver.is_finished()
    }
}

impl Http2Request {
    /// Waits for the beginning of the response; returns the status and the body to come.
    pub async fn begun(self) -> (u16, h2_client::RecvStream) {
        let (head, body) = within_deadline(self.0).await.unwrap().into_parts();
        (head.status.as_u16(), body)
    }

    /// Waits for the response; returns the status and how large the body is.
    pub async fn response(self) -> (u16, usize) {
        let (status, mut body) = self.begun().await;
        let mut size = 0;
        while let Some(piece) = within_deadline(body.data()).await {
            let piece = piece.unwrap().len();
            body.flow_control().release_capacity(piece).unwrap();
            size += piece;
        }
        (status, size)
    }
}

async fn within_deadline<T>(happens: impl Future<Output = T>) -> T {
    timeout(DEADLINE, happens).await.expect("it hangs")
}
