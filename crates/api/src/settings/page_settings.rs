//! The settings of the HTML page.

use annotation_statistics_page::ReaderZone;

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
}
