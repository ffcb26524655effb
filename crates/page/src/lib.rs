//! The page that shows annotation statistics to people: HTML from the types of the domain, and its stylesheet.
//!
//! Depend on this crate when you serve the page. It knows no HTTP: the caller says what was requested and what was
//! found, and gets text. The templates are checked when the crate is compiled.
//!
//! ```
//! use annotation_statistics_page::{Letterhead, Requested, Notice, Outcome, Site, Times, Visitor, render};
//!
//! let site = Site {
//!     api: "statistics".into(),
//!     origin: "http://127.0.0.1:8080".into(),
//!     request_id: "7f".into(),
//!     downloads: vec![],
//!     visitor: Visitor::Anyone,
//!     times: Times::default(),
//!     letterhead: Letterhead::default(),
//! };
//! let html = render(&site, &Requested::default(), &[], &Outcome::Notice(Notice::NothingRecorded))?;
//! assert!(html.contains("Nothing is recorded yet"));
//! # Ok::<(), annotation_statistics_page::Unrendered>(())
//! ```

mod delivery;
mod find_view;
mod findings;
mod letterhead;
mod notice;
mod notice_view;
mod number_format;
mod outcome;
mod page_view;
mod reconcile;
mod requested;
mod share;
mod sign_in_view;
mod statement;
mod stylesheet;
mod times;
mod visitor;

pub use find_view::render_findings;
pub use findings::{Findings, FoundRow};
pub use letterhead::Letterhead;
pub use notice::{Notice, SimilarRequest};
pub use outcome::{Found, MOST_REQUESTS_APART, Outcome, listed_requests};
pub use page_view::{Unrendered, render};
pub use reconcile::{
    ClassCounts, ComparedSheet, ComparedSum, Difference, SheetForm, StatedTotal, render_compared, render_sheet_form,
};
pub use requested::{Download, Recent, Requested, Site};
pub use sign_in_view::{SharedView, SignInProblem, SignInView, render_shared, render_sign_in};
pub use statement::{
    ListedStatement, Making, PreviousShown, ShownGroup, ShownItem, ShownRows, ShownStatement, StatementFile,
    StatementForm, StatementList, StatementProblem, render_no_statement, render_statement, render_statements,
};
pub use stylesheet::{STYLESHEET, stylesheet_name};
pub use times::{ReaderZone, Times};
pub use visitor::{SignedIn, Visitor};
