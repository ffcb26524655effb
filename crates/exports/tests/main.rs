//! Reads whole exports back as another crate would.

#[cfg(test)]
mod sample;
#[cfg(test)]
mod whole_files;
