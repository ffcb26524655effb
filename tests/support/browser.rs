//! A browser with nobody in front of it, and what it is asked.

mod chromium;
mod command;
mod contrast;
mod driver;

pub use chromium::{Browser, Look};
pub use contrast::CONTRAST;
