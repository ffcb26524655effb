//! A headless browser, and the commands for it.

mod chromium;
mod command;
mod contrast;
mod driver;
mod printed_text;

pub use chromium::{Browser, Look};
pub use contrast::CONTRAST;
pub use printed_text::printed_text;
