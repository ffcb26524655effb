//! Prints the `OpenAPI` document of the default settings: what `docs/openapi.json` holds.
//!
//! `cargo run -p annotation-statistics-api --example openapi > docs/openapi.json`

use annotation_statistics_api::{ApiSettings, openapi_json};
use std::error::Error;
use std::io::{self, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let document = openapi_json(&ApiSettings::from_default_file()?)?;
    io::stdout().write_all(document.as_bytes())?;
    Ok(())
}
