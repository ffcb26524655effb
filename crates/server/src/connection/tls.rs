//! The certificate of the service, reloaded while it serves.

use super::certificate_validity::{ExpiryWarning, ExpiryWatch, Validity};
use crate::settings::TlsSettings;
use crate::telemetry::{Metrics, STATE};
use jiff::Timestamp;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{DEFAULT_VERSIONS, ServerConfig};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{setting}: {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The setting with its path.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A file has other contents.
    #[error("{setting}: {} holds no {what} in PEM form", path.display())]
    NotPem {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// The expected contents.
        what: &'static str,
    },
    /// The certificate is not valid now.
    #[error("tls.certificate_file: {} is not good now: {validity}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Its validity.
        validity: String,
    },
    /// Certificate and key do not match, or their kind is not supported.
    #[error("tls.certificate_file and tls.private_key_file cannot be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The protocols of ALPN, preferred ones first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Encryption for a listener.
pub(crate) struct ServerTls {
    files: CertificateFiles,
    /// The contents of the files when they were last read, valid or not: each is reported once.
    seen: FileContents,
    current: Arc<CurrentCertificate>,
    /// Of the current certificate; `None` where it cannot be parsed.
    validity: Option<Validity>,
    expiry: ExpiryWatch,
    config: ServerConfig,
    reload_interval: Duration,
    handshake_timeout: Duration,
}

impl ServerTls {
    /// With the certificate and the private key in these files.
    pub(crate) fn open((certificate, private_key): (&Path, &Path), settings: &TlsSettings) -> Result<Self, TlsError> {
        let files = CertificateFiles { certificate: certificate.into(), private_key: private_key.into() };
        let provider = Arc::new(ring::default_provider());
        let seen = files.read()?;
        let certified = files.parse(&seen, &provider)?;
        let validity = validity_of(&certified);
        let current = Arc::new(CurrentCertificate(RwLock::new(Arc::new(certified))));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(DEFAULT_VERSIONS)
            .map_err(TlsError::from)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<CurrentCertificate>::clone(&current));
        config.alpn_protocols = PROTOCOLS.map(Vec::from).into();
        let (reload_interval, handshake_timeout) = (settings.reload_interval.get(), settings.handshake_timeout.get());
        let expiry = ExpiryWatch::new(settings.expiry_warning_days);
        Ok(Self { files, seen, current, validity, expiry, config, reload_interval, handshake_timeout })
    }

    /// The configuration of a listener.
    pub(super) fn config(&self) -> ServerConfig {
        self.config.clone()
    }

    /// The timeout of a handshake.
    pub(super) fn handshake_timeout(&self) -> Duration {
        self.handshake_timeout
    }

    /// Reloads the certificate at SIGHUP and at intervals, for as long as it is polled. One that cannot be used is
    /// reported, and the current one is kept. Warns before the current one expires.
    pub(crate) async fn keep_current(mut self, mut reload_signal: Signal, metrics: Metrics) {
        loop {
            self.report_expiry(&metrics, Timestamp::now());
            tokio::select! {
                Some(()) = reload_signal.recv() => {}
                () = sleep(self.reload_interval) => {}
            }
            match self.reload() {
                Ok(true) => tracing::info!(target: STATE, "the certificate was reloaded"),
                Ok(false) => {}
                Err(error) => tracing::warn!(fault = %error, "the current certificate is kept"),
            }
        }
    }

    fn report_expiry(&mut self, metrics: &Metrics, now: Timestamp) {
        let Some(validity) = self.validity else { return };
        metrics.certificate_is_good_until(validity.until());
        let file = self.files.certificate.display();
        match self.expiry.warning(validity, now) {
            Some(ExpiryWarning::Invalid) => {
                tracing::error!(target: STATE, %file, "clients refuse the certificate that is shown: {validity}");
            }
            Some(ExpiryWarning::ExpiresSoon) => {
                tracing::warn!(target: STATE, %file, "the certificate that is shown expires soon: {validity}");
            }
            None => {}
        }
    }

    /// Whether there was a new certificate. An invalid one does not replace a valid one.
    fn reload(&mut self) -> Result<bool, TlsError> {
        let found = self.files.read()?;
        if found == self.seen {
            return Ok(false);
        }
        self.seen = found;
        let certified = self.files.parse(&self.seen, self.config.crypto_provider())?;
        let (found, now) = (validity_of(&certified), Timestamp::now());
        let is_good = |validity: Option<Validity>| validity.is_none_or(|validity| validity.holds_at(now));
        if let Some(validity) = found.filter(|_| !is_good(found) && is_good(self.validity)) {
            return Err(TlsError::Invalid { path: self.files.certificate.clone(), validity: validity.to_string() });
        }
        self.validity = found;
        *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certified);
        Ok(true)
    }
}

fn validity_of(certified: &CertifiedKey) -> Option<Validity> {
    Validity::of(certified.end_entity_cert().ok()?)
}

/// SIGHUP, which is handled from now on instead of ending the program.
pub(crate) fn reload_signal() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// The paths of the certificate and its key.
struct CertificateFiles {
    certificate: PathBuf,
    private_key: PathBuf,
}

/// The contents of both files.
#[derive(PartialEq, Eq)]
struct FileContents {
    certificate: Vec<u8>,
    private_key: Vec<u8>,
}

const CERTIFICATE: &str = "tls.certificate_file";
const PRIVATE_KEY: &str = "tls.private_key_file";

impl CertificateFiles {
    fn read(&self) -> Result<FileContents, TlsError> {
        let read = |setting, path: &Path| {
            fs::read(path).map_err(|source| TlsError::Unreadable { setting, path: path.into(), source })
        };
        Ok(FileContents {
            certificate: read(CERTIFICATE, &self.certificate)?,
            private_key: read(PRIVATE_KEY, &self.private_key)?,
        })
    }

    fn parse(&self, contents: &FileContents, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| TlsError::NotPem {
            setting: CERTIFICATE,
            path: self.certificate.clone(),
            what: "certificate",
        })?;
        let private_key = PrivateKeyDer::from_pem_slice(&contents.private_key).map_err(|_| TlsError::NotPem {
            setting: PRIVATE_KEY,
            path: self.private_key.clone(),
            what: "private key",
        })?;
        Ok(CertifiedKey::from_der(chain, private_key, provider)?)
    }
}

/// The certificate for the next handshake.
#[derive(Debug)]
struct CurrentCertificate(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for CurrentCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
