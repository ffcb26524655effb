//! The validity of the certificate, and warnings before it expires.

use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

/// Often enough not to be missed in the log, and no more than that.
const REPEATED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The validity of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    from: Timestamp,
    until: Timestamp,
}

impl Validity {
    /// Of a certificate; `None` where it cannot be parsed, or its times are out of range.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let time = |time: ASN1Time| Timestamp::from_second(time.timestamp()).ok();
        let validity = certificate.validity();
        Some(Self { from: time(validity.not_before)?, until: time(validity.not_after)? })
    }

    /// The last second, since 1970.
    pub(super) fn until(self) -> i64 {
        self.until.as_second()
    }

    pub(super) fn holds_at(self, now: Timestamp) -> bool {
        (self.from..=self.until).contains(&now)
    }
}

impl std::fmt::Display for Validity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "it is good from {} to {}", self.from, self.until)
    }
}

/// A warning about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpiryWarning {
    /// It has expired, or is not valid yet.
    Invalid,
    /// It expires soon.
    ExpiresSoon,
}

/// Repeats a warning once a day, and gives a new one at once.
#[derive(Debug)]
pub(super) struct ExpiryWatch {
    warn_before: SignedDuration,
    reported: Option<(Validity, ExpiryWarning, Timestamp)>,
}

impl ExpiryWatch {
    pub(super) fn new(warning_days: u32) -> Self {
        Self { warn_before: SignedDuration::from_hours(24 * i64::from(warning_days)), reported: None }
    }

    /// The warning about this certificate, unless it was given within a day.
    pub(super) fn warning(&mut self, shown: Validity, now: Timestamp) -> Option<ExpiryWarning> {
        let warning = match shown.until.duration_since(now) {
            _ if !shown.holds_at(now) => ExpiryWarning::Invalid,
            left if left < self.warn_before => ExpiryWarning::ExpiresSoon,
            _ => return None,
        };
        let is_known = self.reported.is_some_and(|(reported, what, at)| {
            (reported, what) == (shown, warning) && now.duration_since(at) < REPEATED_AFTER
        });
        if is_known {
            return None;
        }
        self.reported = Some((shown, warning, now));
        Some(warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn good(from: &str, until: &str) -> Validity {
        Validity { from: at(from), until: at(until) }
    }

    #[test]
    fn that_a_certificate_expires_is_said_once_a_day_and_at_once_when_it_has() {
        let mut watch = ExpiryWatch::new(14);
        let shown = good("2026-01-01T00:00:00Z", "2026-03-31T12:00:00Z");
        for (now, warning, reason) in [
            ("2026-03-17T12:00:00Z", None, "14 days left"),
            ("2026-03-17T12:00:01Z", Some(ExpiryWarning::ExpiresSoon), "less"),
            ("2026-03-18T12:00:00Z", None, "it was said within a day"),
            ("2026-03-18T12:00:01Z", Some(ExpiryWarning::ExpiresSoon), "it was said a day ago"),
            ("2026-03-31T12:00:00Z", Some(ExpiryWarning::ExpiresSoon), "in its last second"),
            ("2026-03-31T12:00:01Z", Some(ExpiryWarning::Invalid), "it has expired"),
            ("2026-03-31T13:00:00Z", None, "which was said"),
        ] {
            assert_eq!(watch.warning(shown, at(now)), warning, "{now}: {reason}");
        }
        let renewed = good("2026-03-31T00:00:00Z", "2026-06-30T00:00:00Z");
        assert_eq!(watch.warning(renewed, at("2026-03-31T13:00:00Z")), None);
    }

    #[test]
    fn another_certificate_is_said_something_of_at_once() {
        let mut watch = ExpiryWatch::new(14);
        let now = at("2026-03-31T00:00:00Z");
        for (shown, warning) in [
            (good("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"), Some(ExpiryWarning::ExpiresSoon)),
            (good("2026-01-01T00:00:00Z", "2026-04-02T00:00:00Z"), Some(ExpiryWarning::ExpiresSoon)),
            (good("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"), Some(ExpiryWarning::Invalid)),
        ] {
            assert_eq!(watch.warning(shown, now), warning, "{shown}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_validity() {
        assert_eq!(Validity::of(&CertificateDer::from(vec![0x30, 0x03, 0x02, 0x01, 0x00])), None);
    }
}
