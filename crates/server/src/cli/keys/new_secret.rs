//! The output of a new secret.

use annotation_statistics_access::{KeyId, KeySecret};

/// A secret that is shown once.
pub(super) struct NewSecret {
    id: String,
    secret: String,
    json: bool,
}

impl NewSecret {
    pub(super) fn new(id: &KeyId, secret: &KeySecret, json: bool) -> Self {
        Self { id: id.to_string(), secret: secret.reveal().to_owned(), json }
    }

    pub(super) fn text(&self, what: &str) -> String {
        let Self { id, secret, json } = self;
        if *json {
            return serde_json::json!({ "key": id, "secret": secret }).to_string();
        }
        format!("key     {id}\nsecret  {secret}\n\n{what}")
    }
}
