//! The validity of the certificate, and warnings before it expires.

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::CertificateDer;
use std::time::SystemTime;

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
        let (from, until) = times(certificate).ok()?;
        Some(Self { from: from.try_into().ok()?, until: until.try_into().ok()? })
    }

    /// The last second, since 1970.
    pub(super) fn until(self) -> i64 {
        self.until.as_second()
    }

    pub(super) fn holds_at(self, now: Timestamp) -> bool {
        (self.from..=self.until).contains(&now)
    }
}

/// When a certificate starts and ends to be valid: of its fields (RFC 5280, 4.1) up to these, none but their order matters.
fn times(certificate: &[u8]) -> der::Result<(SystemTime, SystemTime)> {
    const VERSION: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let certificate = AnyRef::from_der(certificate)?;
    let signed: AnyRef<'_> = SliceReader::new(certificate.value())?.decode()?;
    let mut fields = SliceReader::new(signed.value())?;
    if Tag::peek(&fields)? == VERSION {
        fields.tlv_bytes()?;
    }
    let [_serial_number, _signature, _issuer] = [fields.tlv_bytes()?, fields.tlv_bytes()?, fields.tlv_bytes()?];
    fields.sequence(|validity| Ok((time(validity.decode()?)?, time(validity.decode()?)?)))
}

/// Two digits of a year up to 2049, four from then on.
fn time(field: AnyRef<'_>) -> der::Result<SystemTime> {
    if field.tag() == Tag::UtcTime {
        Ok(field.decode_as::<UtcTime>()?.to_system_time())
    } else {
        Ok(field.decode_as::<GeneralizedTime>()?.to_system_time())
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

    /// A field of less than 128 bytes, as DER.
    fn field(tag: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        [&[tag, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
    }

    /// The fields of a certificate that are read, and the first that is not.
    fn certificate(version: &[u8], from: &[u8], until: &[u8]) -> CertificateDer<'static> {
        let (number, list) = (field(0x02, &[&[7]]), field(0x30, &[]));
        let signed = field(0x30, &[version, &number, &list, &list, &field(0x30, &[from, until]), &list]);
        field(0x30, &[&signed, &list, &field(0x03, &[&[0]])]).into()
    }

    #[test]
    fn a_certificate_says_from_when_to_when_it_is_good() {
        let version = field(0xa0, &[&field(0x02, &[&[2]])]);
        let (short, long) = (|time| field(0x17, &[time]), |time| field(0x18, &[time]));
        for (version, from, until, expected) in [
            (
                &version[..],
                short(b"260101000000Z"),
                short(b"491231235959Z"),
                ["2026-01-01T00:00:00Z", "2049-12-31T23:59:59Z"],
            ),
            (
                &version[..],
                short(b"990228000000Z"),
                long(b"20500101000000Z"),
                ["1999-02-28T00:00:00Z", "2050-01-01T00:00:00Z"],
            ),
            (&[], short(b"260101000000Z"), short(b"260401123000Z"), ["2026-01-01T00:00:00Z", "2026-04-01T12:30:00Z"]),
        ] {
            let [from_text, until_text] = expected;
            assert_eq!(Validity::of(&certificate(version, &from, &until)), Some(good(from_text, until_text)));
        }
        let times_without_zone = (short(b"2601010000"), short(b"2604011230"));
        assert_eq!(Validity::of(&certificate(&version, &times_without_zone.0, &times_without_zone.1)), None);
    }

    #[test]
    fn what_is_no_certificate_has_no_validity() {
        assert_eq!(Validity::of(&CertificateDer::from(vec![0x30, 0x03, 0x02, 0x01, 0x00])), None);
    }
}
