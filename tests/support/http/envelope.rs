//! The six fields around every response.

use super::raw::RawResponse;
use serde_json::Value;

const FIELDS: [&str; 6] = ["code", "data", "date", "message", "requestId", "success"];

/// A response whose envelope is right in all that is the same for each.
#[derive(Debug)]
pub struct Envelope {
    /// The HTTP status.
    pub status: u16,
    /// `code`
    pub code: i64,
    /// `message`
    pub message: String,
    /// `data`
    pub data: Value,
    /// `date`
    pub date: String,
    /// `requestId`
    pub request_id: String,
}

impl Envelope {
    /// Reads one; every rule that holds for all of them is checked.
    pub fn of(response: &RawResponse) -> Self {
        assert_eq!(response.header("content-type"), Some("application/json"), "{response:?}");
        let value: Value =
            serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}"));
        let fields = value.as_object().unwrap();
        assert_eq!(fields.keys().map(String::as_str).collect::<Vec<_>>(), FIELDS, "exactly these, {}", response.text());
        let text = |name: &str| value[name].as_str().unwrap_or_else(|| panic!("{name} is no text")).to_owned();
        let envelope = Self {
            status: response.status,
            code: value["code"].as_i64().unwrap(),
            message: text("message"),
            data: value["data"].clone(),
            date: text("date"),
            request_id: text("requestId"),
        };
        let success = value["success"].as_bool().unwrap();
        assert_eq!((success, !envelope.data.is_null()), (envelope.code == 2000, success), "{}", response.text());
        assert_eq!(shape(&envelope.date), "0000-00-00 00:00:00");
        assert_eq!(response.header("x-request-id"), Some(envelope.request_id.as_str()));
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        assert!(envelope.request_id.len() == 32 && envelope.request_id.bytes().all(is_hex), "{envelope:?}");
        envelope
    }

    /// Status, code and message.
    pub fn verdict(&self) -> (u16, i64, &str) {
        (self.status, self.code, &self.message)
    }

    /// The total count.
    pub fn count(&self) -> u64 {
        self.data["count"].as_u64().unwrap()
    }

    /// The numbers of the tasks of this page.
    pub fn task_ids(&self) -> Vec<i64> {
        self.data["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    }
}

/// A text with each digit as `0`.
fn shape(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}
