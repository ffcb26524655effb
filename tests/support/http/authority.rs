//! An authority of the tests, and the certificates it vouches for.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// A client that trusts its certificate trusts all that it issued.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, PEM.
pub struct Certified {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub private_key: String,
}

impl Authority {
    /// One that no client trusts so far.
    #[expect(clippy::new_without_default, reason = "an authority is no default of anything")]
    pub fn new() -> Self {
        static AUTHORITIES: AtomicU64 = AtomicU64::new(0);
        // Two of one name would differ by their signatures only, and clients say other things then.
        let number = AUTHORITIES.fetch_add(1, Ordering::Relaxed);
        let mut params = named(&format!("authority {number} of a test"), &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, PEM.
    pub fn certificate(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a server with this name.
    pub fn certify(&self, host: &str) -> Certified {
        self.sign(&named("server of a test", &[host]))
    }

    /// One that was good until some day in 2020.
    pub fn certify_expired(&self, host: &str) -> Certified {
        let mut params = named("server of a test", &[host]);
        (params.not_before, params.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
        self.sign(&params)
    }

    /// One that is good until an hour from now.
    pub fn certify_for_an_hour(&self, host: &str) -> Certified {
        let mut params = named("server of a test", &[host]);
        params.not_after = (SystemTime::now() + Duration::from_secs(3_600)).into();
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Certified {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap().pem();
        Certified { certificate, private_key: key.serialize_pem() }
    }
}

/// OpenSSL takes a certificate whose issuer has its own name for one that vouches for itself.
fn named(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
