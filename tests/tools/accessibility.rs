//! Holds every page to axe-core, at every width, in light and in dark.
//!
//! `make accessibility` runs it. Whatever the rules of axe-core find is printed, and so is a page that scrolls sideways.

use annotation_statistics_access::AccessKey;
use annotation_statistics_domain::{CampaignId, CampaignScope, PoolType};
use annotation_statistics_tests::{
    Browser, Implementation, KeyDatabase, KeyHolder, Look, RunningService, access_key, record, register, task,
};
use clap::Parser;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// Opens each page in a browser and runs axe-core on it.
#[derive(Debug, Parser)]
struct Arguments {
    /// The file axe.min.js of the package axe-core
    #[arg(long)]
    axe: PathBuf,
}

const WIDTHS: [u32; 5] = [360, 768, 1_024, 1_440, 1_920];

/// Lists what axe-core finds, and whether the page scrolls sideways.
const CHECK: &str = "
return axe.run(document, { resultTypes: ['violations'] }).then(found => [
  ...found.violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.html).join(' ').slice(0, 300)}`),
  ...(found.passes.length === 0 ? ['nothing was checked'] : []),
  ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
]);";

/// The pages for those who have not signed in: each a name and a target.
const SIGNED_OUT: [(&str, &str); 3] = [
    ("the form to sign in", "/"),
    ("the form after a link", "/sign-in?next=statistics%2Fexport%3FannotationRequestId%3Da"),
    ("a share link that is not valid", "/?annotationRequestId=a&share=1.x.y"),
];

/// The pages for those who have.
const SIGNED_IN: [(&str, &str); 14] = [
    ("the first page", "/"),
    ("one request", "/?annotationRequestId=a"),
    ("two requests", "/?annotationRequestId=a&annotationRequestId=b"),
    ("a request without tasks", "/?annotationRequestId=empty"),
    ("an unknown request", "/?requests=unknown%0Aa"),
    ("what cannot be read", "/?annotationRequestId=a&limit=x"),
    ("a form for a sheet", "/reconcile?annotationRequestId=a"),
    ("a form for no sheet", "/reconcile?annotationRequestId=unknown"),
    ("no statements", "/statements?annotationRequestId=a"),
    ("no such statement", "/statement?annotationRequestId=a&name=2026-11"),
    ("what was found", "/find"),
    ("a task", "/find?task=frames%2F7.jpg"),
    ("nothing found", "/find?q=nothing&task=nothing"),
    ("a search that cannot be read", "/find?changedSince=yesterday"),
];

struct Visit<'a> {
    browser: &'a Browser,
    axe: &'a str,
    origin: String,
    findings: usize,
    pages: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    let axe = std::fs::read_to_string(Arguments::parse().axe).unwrap_or_else(|error| panic!("axe.min.js: {error}"));
    let browser = Browser::open().await.expect("there is no browser: run make setup-browser");
    let (data, key) = recorded().await;
    let settings = format!("auth.enabled = true\nauth.master_key = '{}'", KeyDatabase::MASTER_KEY);
    let service = RunningService::with(&data.database.url(), &settings);
    let origin = format!("http://{}", service.address());
    let mut visit = Visit { browser: &browser, axe: &axe, origin, findings: 0, pages: 0 };
    for (name, target) in SIGNED_OUT {
        visit.open(name, target).await;
    }
    visit.sign_in("not-the-secret-at-all").await;
    visit.check("a refused attempt").await;
    visit.sign_in(key.secret.reveal()).await;
    for (name, target) in SIGNED_IN {
        visit.open(name, target).await;
    }
    visit.share().await;
    data.database.cut_off();
    visit.open("no database", "/?annotationRequestId=a").await;
    visit.open("no database to search", "/find").await;
    println!("{} pages at {} looks, {} findings", visit.pages, WIDTHS.len() * 2, visit.findings);
    if visit.findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Annotation requests with short and long names, and a key for them.
async fn recorded() -> (KeyDatabase, AccessKey) {
    let data = KeyDatabase::empty();
    let long = "a-very-long-id-without-a-place-to-break-it-0123456789".repeat(4);
    let pools = [PoolType::Distribution, PoolType::Check, PoolType::Complete];
    let tasks = (0..14).zip(pools.into_iter().cycle()).map(|(at, pool)| task("a", at).pool(pool, "street scenes"));
    record(&data.database, tasks).await;
    record(&data.database, [task("b", 1).made_of("frames/7.jpg"), task(&long, 1).made_of("frames/7.jpg")]).await;
    register(&data.database, "empty", None).await;
    let campaigns = BTreeSet::from([CampaignId::new("1001").unwrap_or_else(|error| panic!("{error}"))]);
    let key = AccessKey { campaigns: CampaignScope::Only(campaigns), ..access_key("ak-1") };
    data.add(key.clone());
    (data, key)
}

impl Visit<'_> {
    async fn open(&mut self, name: &str, target: &str) {
        self.browser.visit(&format!("{}{target}", self.origin)).await;
        self.check(name).await;
    }

    /// Checks the page that is open.
    async fn check(&mut self, name: &str) {
        self.browser.find("h1").await;
        self.pages += 1;
        for (width, is_dark) in WIDTHS.iter().flat_map(|width| [(*width, false), (*width, true)]) {
            self.browser.look(Look { width, is_dark }).await;
            // In one script, as each has its own variables.
            let found = self.browser.evaluate(&format!("{};{CHECK}", self.axe)).await;
            for finding in found.as_array().unwrap() {
                self.findings += 1;
                println!("{name}, {width} px{}: {finding}", if is_dark { ", dark" } else { "" });
            }
        }
    }

    async fn sign_in(&self, secret: &str) {
        self.browser.visit(&format!("{}/", self.origin)).await;
        for (field, text) in [("#key", "ak-1"), ("#secret", secret)] {
            self.browser.find(field).await.send_keys(text).await.unwrap();
        }
        self.browser.find(".sign-in button").await.click().await.unwrap();
        self.browser.find("[role=alert], .visitor").await;
    }

    /// Makes a share link, and goes along it as one who has not signed in.
    async fn share(&mut self) {
        self.browser.visit(&format!("{}/?annotationRequestId=a", self.origin)).await;
        self.browser.find_text("button", "Make a share link").await.click().await.unwrap();
        self.browser.find_text("h1", "Share link").await;
        self.check("a share link").await;
        let link = self.browser.find("#link").await.text().await.unwrap();
        self.browser.visit(&link).await;
        self.check("by a share link").await;
    }
}
