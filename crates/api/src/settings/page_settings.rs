//! The settings of the HTML page.

use annotation_statistics_page::ReaderZone;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// The settings of the HTML page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSettings {
    /// Who delivers, in words; may be empty.
    pub(crate) publisher: String,
    /// The zone in which times are stated besides UTC, unless the reader sets another one.
    pub(crate) time_zone: Option<ReaderZone>,
}

/// No time zone has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no time zone of this name in the database of this machine: it has names such as Europe/Berlin, or none at all"
)]
pub struct UnknownTimeZone;

impl PageSettings {
    /// With who delivers, in words, and the name of a time zone, each of which may be empty.
    ///
    /// # Errors
    /// [`UnknownTimeZone`].
    pub fn new(publisher: &str, time_zone: &str) -> Result<Self, UnknownTimeZone> {
        let named = || ReaderZone::named(time_zone).ok_or(UnknownTimeZone);
        let time_zone = if time_zone.is_empty() { None } else { Some(named()?) };
        Ok(Self { publisher: publisher.to_owned(), time_zone })
    }

    /// The time in the zone of a reader, or else in that of the settings; in UTC where neither is known.
    pub(crate) fn in_zone_of(&self, reader: Option<&ReaderZone>, time: Timestamp) -> ZonedDateTime {
        let zone = reader.or(self.time_zone.as_ref());
        zone.map_or_else(|| time.to_zoned_datetime(TimeZone::UTC), |zone| zone.at(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_is_known_or_not_named() {
        assert_eq!(PageSettings::new("", ""), Ok(PageSettings::default()));
        let settings = PageSettings::new("Publisher", "Asia/Singapore").unwrap();
        assert_eq!(settings.publisher, "Publisher");
        assert_eq!(settings.time_zone.as_ref().map(ReaderZone::name), Some("Asia/Singapore"));
        assert_eq!(PageSettings::new("", "Singapur"), Err(UnknownTimeZone));
    }

    #[test]
    fn a_time_is_in_the_zone_of_the_reader_or_of_the_settings_or_in_utc() {
        let time: Timestamp = "2025-04-08T14:20:00Z".parse().unwrap();
        let singapore = ReaderZone::named("Asia/Singapore");
        let stated = |settings: &str, reader: Option<&ReaderZone>| {
            PageSettings::new("", settings).unwrap().in_zone_of(reader, time).to_string()
        };
        assert_eq!(stated("", None), "2025-04-08T14:20:00+00:00[UTC]");
        assert_eq!(stated("Europe/Berlin", None), "2025-04-08T16:20:00+02:00[Europe/Berlin]");
        assert_eq!(stated("Europe/Berlin", singapore.as_ref()), "2025-04-08T22:20:00+08:00[Asia/Singapore]");
    }
}
