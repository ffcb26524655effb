//! Tests of the format of statements, through what other crates use.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod key_files;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod making;
#[cfg(test)]
mod python;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod verifying;
