//! Commands in the words of the browser's maker, beyond the standard.

use fantoccini::wd::WebDriverCompatibleCommand;
use http_client::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of a session.
#[derive(Debug)]
pub(crate) struct BrowserCommand {
    path: &'static str,
    body: Value,
}

impl BrowserCommand {
    /// A command of the protocol that the tools for developers speak.
    pub(crate) fn of_developers(name: &str, parameters: &Value) -> Self {
        Self { path: "goog/cdp/execute", body: json!({ "cmd": name, "params": parameters }) }
    }

    /// What was logged since the last call.
    pub(crate) fn log(kind: &str) -> Self {
        Self { path: "se/log", body: json!({ "type": kind }) }
    }
}

impl WebDriverCompatibleCommand for BrowserCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
