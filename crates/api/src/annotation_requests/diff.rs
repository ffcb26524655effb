//! Two states of an annotation request, compared. See ADR 106.

mod comparing;
mod diff_body;
mod diff_head;
mod frames;
pub(crate) mod get_diff;
mod params;
mod sides;
mod written_lines;

#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod test_states;
#[cfg(test)]
mod tests;
