//! Times as the page states them: in UTC, and in the zone of its reader.

use crate::letterhead::RESERVED;
use annotation_statistics_domain::Revision;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use percent_encoding::utf8_percent_encode;
use std::sync::OnceLock;

/// To the second.
const UTC: &str = "%Y-%m-%d %H:%M:%S UTC";

/// A time zone of the IANA database of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderZone(TimeZone);

impl ReaderZone {
    /// The zone of this name, such as `Europe/Berlin`, spelled as in the database. `None` where there is none.
    pub fn named(name: &str) -> Option<Self> {
        static NAMES: OnceLock<Vec<String>> = OnceLock::new();
        // Only known names are looked up: the search for others reads the whole folder of the database again.
        let names = NAMES.get_or_init(|| tz::db().available().map(|name| name.to_string()).collect());
        let name = names.iter().find(|known| *known == name)?;
        TimeZone::get(name).ok().map(Self)
    }

    /// A time in this zone.
    pub fn at(&self, time: Timestamp) -> ZonedDateTime {
        time.to_zoned_datetime(self.0.clone())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }
}

/// When a page was made, and how it states times.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// When its numbers were read.
    pub now: Timestamp,
    /// The zone of its reader; without one, times are stated in UTC only.
    pub zone: Option<ReaderZone>,
}

/// A time in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StatedTime {
    /// For programs: `2026-11-30T18:47:03Z`.
    pub(crate) machine: String,
    pub(crate) utc: String,
    /// In the zone of the reader, where that is known.
    pub(crate) local: Option<String>,
}

impl Times {
    pub(crate) fn stated(&self, time: Timestamp) -> StatedTime {
        let local =
            |zone: &ReaderZone| time.to_zoned_datetime(zone.0.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        StatedTime {
            machine: time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            utc: time.strftime(UTC).to_string(),
            local: self.zone.as_ref().map(local),
        }
    }

    /// The time of a change: a revision is that time in microseconds. `None` where no calendar has it.
    pub(crate) fn of_change(&self, revision: Revision) -> Option<StatedTime> {
        Timestamp::from_microsecond(revision.number()).ok().map(|time| self.stated(time))
    }

    /// The zone of the reader as the part of a query for a file, with its `&`; empty where it is not known.
    pub(crate) fn zone_query(&self) -> String {
        let query = |zone: &ReaderZone| format!("&tz={}", utf8_percent_encode(zone.name(), RESERVED));
        self.zone.as_ref().map(query).unwrap_or_default()
    }

    /// The name of the zone of the reader; empty where it is not known.
    pub(crate) fn zone_name(&self) -> &str {
        self.zone.as_ref().map(ReaderZone::name).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_stated_in_utc_and_in_the_zone_of_the_reader() {
        let revision = Revision::from(1_764_528_423_000_001);
        let times = |zone: Option<&str>| Times { zone: zone.and_then(ReaderZone::named), ..Times::default() };
        let stated = times(None).of_change(revision).unwrap();
        assert_eq!((stated.machine.as_str(), stated.utc.as_str()), ("2025-11-30T18:47:03Z", "2025-11-30 18:47:03 UTC"));
        assert_eq!(stated.local, None);
        let local = |zone: &str| times(Some(zone)).of_change(revision).unwrap().local;
        assert_eq!(local("Europe/Berlin").as_deref(), Some("2025-11-30 19:47:03 +01:00"));
        assert_eq!(local("Asia/Singapore").as_deref(), Some("2025-12-01 02:47:03 +08:00"), "of the day after");
        assert_eq!(times(None).of_change(Revision::from(i64::MAX)), None, "past all calendars");
    }

    #[test]
    fn files_are_requested_in_the_zone_of_the_reader() {
        let query = |zone: &str| Times { zone: ReaderZone::named(zone), ..Times::default() }.zone_query();
        for (zone, expected) in [("Europe/Berlin", "&tz=Europe%2FBerlin"), ("Etc/GMT+8", "&tz=Etc%2FGMT%2B8"), ("", "")]
        {
            assert_eq!(query(zone), expected);
        }
    }

    #[test]
    fn a_zone_is_one_of_the_database_and_no_path() {
        assert_eq!(ReaderZone::named("Europe/Berlin").unwrap().name(), "Europe/Berlin");
        for name in ["", "europe/berlin", "Europe/Nowhere", "../zoneinfo/Europe/Berlin", "/etc/localtime"] {
            assert_eq!(ReaderZone::named(name), None, "{name}");
        }
    }
}
