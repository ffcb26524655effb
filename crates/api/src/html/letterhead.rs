//! What a reader fills in for paper, and in which time zone the reader is: parameters of the page alone.
//!
//! The time zone is kept in a cookie, as it is the reader's and not the page's; the words are in the address, as they are of
//! the delivery.

use crate::ApiState;
use crate::html::session::Cookie;
use crate::http::parameters::{TIME_ZONE, decode_name, parameters, take_once, time_zone};
use crate::response::InvalidParameter;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use annotation_statistics_page::{Letterhead, ReaderZone};
use std::time::Duration;

const CLIENT: &str = "client";
const PERIOD: &str = "period";

/// Each of the words has at most so many bytes.
const MAX_BYTES: usize = 1_024;

/// How long a browser keeps the time zone after it was set.
const KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What the query says of the reader, where it says anything.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ReaderParams {
    client: Option<String>,
    period: Option<String>,
    time_zone: Option<SetZone>,
}

/// The zone that a reader sets.
#[derive(Debug, PartialEq, Eq)]
enum SetZone {
    OfSettings,
    Named(ReaderZone),
}

impl ReaderParams {
    pub(super) fn parse(query: &str) -> Result<Self, InvalidParameter> {
        let mut params = Self::default();
        for (name, value) in parameters(query) {
            match decode_name(name).as_deref() {
                Ok(CLIENT) => take_once(&mut params.client, CLIENT, value, words)?,
                Ok(PERIOD) => take_once(&mut params.period, PERIOD, value, words)?,
                Ok(TIME_ZONE) => take_once(&mut params.time_zone, TIME_ZONE, value, zone)?,
                // The list of ids refuses what cannot be decoded.
                _ => {}
            }
        }
        Ok(params)
    }

    pub(super) fn letterhead(&self, state: &ApiState) -> Letterhead {
        let [client, period] = [&self.client, &self.period].map(|words| words.clone().unwrap_or_default());
        Letterhead { publisher: state.settings.page.publisher.clone(), client, period }
    }

    /// The zone that is set now, or was before, or is that of the settings.
    pub(super) fn zone(&self, request: &HttpRequest, state: &ApiState) -> Option<ReaderZone> {
        let of_settings = || state.settings.page.time_zone.clone();
        match &self.time_zone {
            Some(SetZone::Named(zone)) => Some(zone.clone()),
            Some(SetZone::OfSettings) => of_settings(),
            None => Cookie::TimeZone.of(request, state).and_then(|name| ReaderZone::named(&name)).or_else(of_settings),
        }
    }

    /// The header that keeps the zone that is set now.
    pub(super) fn cookie(&self, request: &HttpRequest, state: &ApiState) -> Option<HeaderValue> {
        let (name, age) = match self.time_zone.as_ref()? {
            SetZone::OfSettings => ("", Duration::ZERO),
            SetZone::Named(zone) => (zone.name(), KEPT),
        };
        Cookie::TimeZone.set(name, Some(age), request, state)
    }
}

fn words(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() > MAX_BYTES { Err(format!("must be at most {MAX_BYTES} bytes")) } else { Ok(text.to_owned()) }
}

fn zone(name: &str) -> Result<SetZone, &'static str> {
    match name.trim() {
        "" => Ok(SetZone::OfSettings),
        name => time_zone(name).map(SetZone::Named),
    }
}
