//! The obligations of the ports, and what implementations need to be held to them.

mod implementation;
mod obligations;

pub use implementation::Implementation;
pub use obligations::{obligations_of, print_obligation, untested_obligations};
