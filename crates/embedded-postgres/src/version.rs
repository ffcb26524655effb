//! Major versions of PostgreSQL, of programs and of data folders.

use std::fs;
use std::path::Path;

use crate::{Error, program};

/// The major version of the `postgres` in a folder of programs.
pub(crate) fn of_programs(folder: &Path) -> Result<u32, Error> {
    let program = folder.join("postgres");
    let output = program::output(program::command(&program).arg("--version"))?;
    let output = program::text(&output);
    parse_version(&output).ok_or(Error::UnknownVersion { program, output })
}

/// The major version that initialised a data folder; `None` when it is not one.
pub(crate) fn of_data(data: &Path) -> Option<String> {
    fs::read_to_string(data.join("PG_VERSION")).ok().map(|text| text.trim().to_owned())
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-1)` is 15, so is `16beta1` 16.
fn parse_version(output: &str) -> Option<u32> {
    let number = output.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn the_major_version_is_read_from_the_output_of_postgres() {
        for (output, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL)", None),
            ("", None),
        ] {
            assert_eq!(parse_version(output), major, "{output}");
        }
    }
}
