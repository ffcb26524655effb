//! The connection string of libpq: where a database is, and the parameters of connections to it.

use crate::{ConnectionSettings, DatabaseTls};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl DatabaseTls {
    /// As parameters of libpq.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AsUrl => Vec::new(),
            Self::VerifyFull { authorities } => {
                // Encryption by Kerberos would come first, and knows nothing of certificates.
                let always = [("sslmode", "verify-full".into()), ("gssencmode", "disable".into())];
                let authorities = authorities.as_ref().map(|path| ("sslrootcert", path.display().to_string()));
                always.into_iter().chain(authorities).collect()
            }
        }
    }
}

impl ConnectionSettings {
    /// The address with our parameters. Those of encryption and the time that marks the socket, in milliseconds, win over
    /// the address, since libpq takes the last; of the others, one that the address already names is left as it is.
    pub(super) fn conninfo(&self, tcp_user_timeout: u32) -> String {
        let is_uri = self.url.starts_with("postgres://") || self.url.starts_with("postgresql://");
        let connect_timeout = self.connect_timeout.as_millis().div_ceil(1000);
        let keepalive = self.keepalive_interval.as_millis().div_ceil(1000).max(1);
        // Some systems go by the number of keepalives alone: as many as fit into tcp_user_timeout.
        let keepalives =
            self.named_tcp_user_timeout().as_secs().div_ceil(keepalive.try_into().unwrap_or(u64::MAX)).max(1);
        let usual = [
            ("application_name", self.application_name.clone()),
            ("connect_timeout", connect_timeout.to_string()),
            ("keepalives_idle", keepalive.to_string()),
            ("keepalives_interval", keepalive.to_string()),
            ("keepalives_count", keepalives.to_string()),
        ];
        let usual = usual.into_iter().filter(|(name, _)| !self.url.contains(name));
        let mark = [("tcp_user_timeout", tcp_user_timeout.to_string())];
        usual.chain(mark).chain(self.tls.parameters()).fold(self.url.clone(), |mut conninfo, (name, value)| {
            let separator = match (is_uri, conninfo.contains('?')) {
                (true, true) => "&",
                (true, false) => "?",
                (false, _) => " ",
            };
            let value = if is_uri { percent_encoded(&value) } else { quoted(&value) };
            conninfo.extend([separator, name, "=", &value]);
            conninfo
        })
    }
}

impl ConnectionSettings {
    /// `tcp_user_timeout` as the address has it, or the setting.
    pub(super) fn named_tcp_user_timeout(&self) -> Duration {
        self.named("tcp_user_timeout").map_or(self.tcp_user_timeout, Duration::from_millis)
    }

    /// Whether there is another host to try.
    pub(super) fn names_several_hosts(&self) -> bool {
        self.url.contains(',')
    }

    /// How long libpq tries at most, all hosts together.
    pub(super) fn longest_opening(&self) -> Duration {
        let hosts = u32::try_from(self.url.matches(',').count()).unwrap_or(u32::MAX).saturating_add(1);
        self.longest_for_one_host().saturating_mul(hosts)
    }

    /// How long it tries each host: two seconds at least.
    pub(super) fn longest_for_one_host(&self) -> Duration {
        let named = self.named("connect_timeout").map_or(self.connect_timeout, Duration::from_secs);
        Duration::from_secs(u64::try_from(named.as_millis().div_ceil(1000)).unwrap_or(u64::MAX).max(2))
    }

    /// The number that the address has under this name.
    fn named(&self, name: &str) -> Option<u64> {
        let (_, value) = self.url.rsplit_once(name)?;
        let value = value.trim_start_matches([' ', '=', '\'']);
        value.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
    }
}

fn percent_encoded(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

/// As libpq reads a value of its key=value form. What a URI takes as it is needs no quotes either.
fn quoted(value: &str) -> String {
    if percent_encoded(value) == value {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TableScans;

    fn settings(url: &str) -> ConnectionSettings {
        ConnectionSettings {
            url: url.into(),
            tls: DatabaseTls::AsUrl,
            application_name: "annotation-statistics".into(),
            table_scans: TableScans::Allowed,
            connect_timeout: Duration::from_millis(500),
            reconnect_interval: Duration::from_millis(100),
            reconnect_max_interval: Duration::from_millis(300),
            statement_timeout: Duration::from_millis(1500),
            lock_timeout: Duration::from_millis(400),
            idle_in_transaction_timeout: Duration::from_secs(5),
            tcp_user_timeout: Duration::from_secs(2),
            keepalive_interval: Duration::from_millis(900),
            overdue_after: Duration::from_millis(500),
            silent_host_pause: Duration::from_secs(30),
        }
    }

    #[test]
    fn parameters_are_added_in_the_style_of_the_url_and_never_override_it() {
        let ours = "application_name=annotation-statistics";
        let rest = ["keepalives_idle=1", "keepalives_interval=1", "keepalives_count=2", "tcp_user_timeout=2001"];
        for (url, expected, reason) in [
            ("postgres://h/d", format!("postgres://h/d?{ours}&connect_timeout=1&{}", rest.join("&")), "a bare URI"),
            (
                "postgresql://h/d?connect_timeout=9",
                format!("postgresql://h/d?connect_timeout=9&{ours}&{}", rest.join("&")),
                "what the URL says stands",
            ),
            ("host=h", format!("host=h {ours} connect_timeout=1 {}", rest.join(" ")), "key=value form"),
        ] {
            assert_eq!(settings(url).conninfo(2001), expected, "{reason}");
        }
    }

    #[test]
    fn what_the_url_says_of_waits_is_what_they_are_reckoned_by() {
        for (url, user_timeout, opening) in [
            ("host=h", 2_000, 2),
            ("postgres://a,b,c/d", 2_000, 6),
            ("postgres://h/d?connect_timeout=9&tcp_user_timeout=7500", 7_500, 9),
            ("host=a,b tcp_user_timeout = '0' connect_timeout=3", 0, 6),
        ] {
            let settings = settings(url);
            let timeouts = (settings.named_tcp_user_timeout(), settings.longest_opening());
            assert_eq!(timeouts, (Duration::from_millis(user_timeout), Duration::from_secs(opening)), "{url}");
        }
    }

    #[test]
    fn a_name_with_blanks_and_quotes_is_one_value_in_either_style() {
        let named =
            |url: &str| ConnectionSettings { application_name: r"it's \ ours".into(), ..settings(url) }.conninfo(2001);
        let rest = "connect_timeout=1 keepalives_idle=1 keepalives_interval=1 keepalives_count=2 tcp_user_timeout=2001";
        let rest: Vec<&str> = rest.split(' ').collect();
        assert_eq!(named("host=h"), format!(r"host=h application_name='it\'s \\ ours' {}", rest.join(" ")));
        let in_uri = "postgres://h/d?application_name=it%27s%20%5C%20ours&";
        assert_eq!(named("postgres://h/d"), format!("{in_uri}{}", rest.join("&")));
    }

    #[test]
    fn encryption_stands_behind_whatever_the_url_says_of_it() {
        let tls = DatabaseTls::VerifyFull { authorities: Some("/etc/our ca.pem".into()) };
        let verified = |url: &str| ConnectionSettings { tls: tls.clone(), ..settings(url) }.conninfo(2001);
        let in_uri = "sslmode=verify-full&gssencmode=disable&sslrootcert=%2Fetc%2Four%20ca.pem";
        let uri = verified("postgres://h/d?sslmode=disable");
        assert!(uri.starts_with("postgres://h/d?sslmode=disable&") && uri.ends_with(in_uri), "{uri}");
        let pairs = verified("host=h sslmode=disable");
        assert!(pairs.ends_with("sslmode=verify-full gssencmode=disable sslrootcert='/etc/our ca.pem'"), "{pairs}");
        let tls = DatabaseTls::VerifyFull { authorities: None };
        let usual = ConnectionSettings { tls, ..settings("host=h") }.conninfo(2001);
        assert!(usual.ends_with("sslmode=verify-full gssencmode=disable"), "{usual}");
    }
}
