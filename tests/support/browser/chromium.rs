//! A headless browser.

use super::command::BrowserCommand;
use super::driver::{ChromeDriver, browser_and_driver};
use crate::{temp_folder, wait_until};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, PrintConfiguration, PrintSize};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What is not there by then does not come.
const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// No window, no sandbox (which needs rights that root in a container has not), and no word to anybody but the page.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// Set to `required` where tests must not go without a browser.
const REQUIRED: &str = "BROWSER_TESTS";

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Of the window, in CSS pixels.
    pub width: u32,
    /// Whether dark colours are preferred.
    pub is_dark: bool,
}

/// A browser that remembers nothing, and is gone with this value.
pub struct Browser {
    client: Client,
    _driver: ChromeDriver,
    folder: TempDir,
}

impl Browser {
    /// `None`, and a word about it, where this machine has none: the caller then has nothing to test.
    pub async fn open() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "set by the developer who runs the tests, not by settings")]
        let is_required = std::env::var_os(REQUIRED).is_some_and(|value| value == "required");
        match browser_and_driver() {
            Ok((browser, driver)) => Some(Self::start(&browser, &driver).await),
            Err(why) => {
                assert!(!is_required, "{why}, and {REQUIRED}=required: run make setup-browser");
                // Not to be hidden with what a test that passes prints.
                let mut reported = std::io::stderr();
                writeln!(reported, "NOT RUN, as there is no browser: {why}; `make setup-browser` installs it").unwrap();
                None
            }
        }
    }

    async fn start(browser: &Path, driver: &Path) -> Self {
        let folder = temp_folder();
        let driver = ChromeDriver::start(driver, folder.path());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(browser, folder.path()));
        let browser = Self { client: builder.connect(&driver.url()).await.unwrap(), _driver: driver, folder };
        // It begins with a page of its own, or an empty window without focus: keys would go nowhere.
        browser.visit("about:blank").await;
        browser.command("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        browser
    }

    /// Looks at what is shown, and at what is shown next, like this.
    pub async fn look(&self, look: Look) {
        self.command("Emulation.setDeviceMetricsOverride", metrics(look.width.into(), 800)).await;
        let scheme = if look.is_dark { "dark" } else { "light" };
        let features = [json!({ "name": "prefers-color-scheme", "value": scheme })];
        self.command("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await;
    }

    /// Opens a page and waits until it is there.
    pub async fn visit(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The first element, once it is there.
    pub async fn find(&self, selector: &str) -> Element {
        self.wait_for(Locator::Css(selector)).await
    }

    /// The first element of this kind with this text in it, once it is there.
    pub async fn find_text(&self, tag: &str, text: &str) -> Element {
        self.wait_for(Locator::XPath(&format!("//{tag}[contains(normalize-space(.), '{text}')]"))).await
    }

    async fn wait_for(&self, what: Locator<'_>) -> Element {
        let found = self.client.wait().at_most(DEADLINE).every(PAUSE).for_element(what).await;
        found.unwrap_or_else(|error| panic!("{what:?}: {error}"))
    }

    /// The texts of all of these, as they are shown.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Holds these keys down one after the other, then lets them go.
    pub async fn press(&self, keys: &[char]) {
        self.wait_for_paint().await;
        let start = KeyActions::new("keyboard".into());
        let down = keys.iter().fold(start, |way, key| way.then(KeyAction::Down { value: *key }));
        let up = keys.iter().rev().fold(down, |way, key| way.then(KeyAction::Up { value: *key }));
        self.client.perform_actions(up).await.unwrap();
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        self.wait_for_paint().await;
        self.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// A browser drops the keys that come before a page was shown for the first time, which is after it was loaded.
    async fn wait_for_paint(&self) {
        let deadline = Instant::now() + DEADLINE;
        while self.evaluate("return performance.getEntriesByType('paint').length").await == 0 {
            assert!(Instant::now() < deadline, "the page is never painted");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The result of a script. The page itself has none.
    pub async fn evaluate(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// The one file that was downloaded, once it is whole; its name and what is in it. It is taken away.
    pub fn take_download(&self) -> (String, Vec<u8>) {
        let folder = self.folder.path().join("downloads");
        let mut found = Vec::new();
        wait_until("a downloaded file", || {
            let entries = fs::read_dir(&folder).into_iter().flatten().map(Result::unwrap);
            found = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
            // Under another name while it comes.
            found.len() == 1 && !found[0].ends_with(".crdownload") && !found[0].starts_with('.')
        });
        let path = folder.join(&found[0]);
        let content = fs::read(&path).unwrap();
        fs::remove_file(path).unwrap();
        (found.remove(0), content)
    }

    /// What the console says since the last call.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.client.issue_cmd(BrowserCommand::log("browser")).await.unwrap();
        entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The addresses that were requested since the last call, but for pages of the browser itself.
    pub async fn requests(&self) -> Vec<String> {
        let entries = self.client.issue_cmd(BrowserCommand::log("performance")).await.unwrap();
        let messages = entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap());
        let events = messages.map(|message| serde_json::from_str::<Value>(message).unwrap()["message"].take());
        let sent = events.filter(|event| event["method"] == "Network.requestWillBeSent");
        let addresses = sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned());
        addresses.filter(|address| !address.starts_with("chrome://")).collect()
    }

    /// What assistive technology is given, in order: role and name of each part, but for bare text.
    ///
    /// The tree follows the document with a delay: it is complete once it has the footer that ends each page.
    pub async fn spoken_parts(&self) -> Vec<String> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let tree = self.command("Accessibility.getFullAXTree", json!({})).await;
            let nodes = tree["nodes"].as_array().unwrap();
            let mut parts = Vec::new();
            speak(&nodes[0], nodes, &mut parts);
            if parts.iter().any(|part| part.starts_with("contentinfo: ")) {
                return parts;
            }
            assert!(Instant::now() < deadline, "no footer in the accessibility tree: {parts:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// A picture of the page from its top to at most this height, as PNG.
    pub async fn picture(&self, most_height: u64) -> Vec<u8> {
        let size = self.evaluate("return [innerWidth, document.documentElement.scrollHeight]").await;
        let [width, height] = [0, 1].map(|at| size[at].as_u64().unwrap());
        self.command("Emulation.setDeviceMetricsOverride", metrics(width, height.min(most_height))).await;
        self.client.screenshot().await.unwrap()
    }

    /// The page as it is printed on A4, as PDF.
    pub async fn print(&self) -> Vec<u8> {
        let paper = PrintConfiguration::builder().size(PrintSize { width: 21.0, height: 29.7 }).build().unwrap();
        // The emulation of a screen may still hold when a busy browser prints.
        self.command("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let printed = self.client.print(paper).await.unwrap();
        self.command("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
        printed
    }

    /// Says something in the protocol that the tools for developers speak.
    pub async fn command(&self, command: &str, parameters: Value) -> Value {
        let reported = self.client.issue_cmd(BrowserCommand::of_developers(command, &parameters)).await;
        reported.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

fn metrics(width: u64, height: u64) -> Value {
    json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false })
}

/// Traverses the accessibility tree, whose nodes name their children.
fn speak(node: &Value, nodes: &[Value], parts: &mut Vec<String>) {
    let text = |field: &str| node[field]["value"].as_str().unwrap_or_default().to_owned();
    if node["ignored"] == false && !["StaticText", "InlineTextBox"].contains(&text("role").as_str()) {
        parts.push(format!("{}: {}", text("role"), text("name")));
    }
    for id in node["childIds"].as_array().into_iter().flatten() {
        nodes.iter().filter(|child| child["nodeId"] == *id).for_each(|child| speak(child, nodes, parts));
    }
}

fn capabilities(browser: &Path, folder: &Path) -> Capabilities {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let flags: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
    let downloads = json!({ "download.default_directory": folder.join("downloads") });
    let capabilities = json!({
        "goog:chromeOptions": { "binary": browser, "args": flags, "prefs": downloads },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    serde_json::from_value(capabilities).unwrap()
}
