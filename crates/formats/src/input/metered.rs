//! An input that gives no more than it is allowed to.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The largest element that is read as a whole, in bytes: one annotation, one region, one tag, one name. What lies
/// between elements, and values that are skipped, may be of any size.
pub const MAX_ELEMENT_BYTES: u64 = 32 << 20;

/// The bytes of a file, whatever they come from.
pub(crate) type Bytes<'input> = Box<dyn BufRead + Send + 'input>;

/// How many bytes may still be read; shared between an input and its parser.
#[derive(Debug, Clone)]
pub(super) struct Allowance(Arc<AtomicU64>);

/// An input under an [`Allowance`].
#[derive(Debug)]
pub(super) struct Metered<R> {
    input: R,
    allowance: Allowance,
}

impl Allowance {
    /// Allows as much as one element may have.
    pub(super) fn one_element(&self) {
        self.0.store(MAX_ELEMENT_BYTES, Ordering::Relaxed);
    }

    /// Allows everything.
    pub(super) fn everything(&self) {
        self.0.store(u64::MAX, Ordering::Relaxed);
    }

    fn spend(&self, bytes: usize) {
        let left = self.0.load(Ordering::Relaxed);
        if left < u64::MAX {
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            self.0.store(left.saturating_sub(bytes), Ordering::Relaxed);
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) > 0 {
            return Ok(());
        }
        Err(too_large())
    }
}

impl<R> Metered<R> {
    pub(super) fn new(input: R) -> (Self, Allowance) {
        let allowance = Allowance(Arc::new(AtomicU64::new(u64::MAX)));
        (Self { input, allowance: allowance.clone() }, allowance)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.allowance.check()?;
        let read = self.input.read(buffer)?;
        self.allowance.spend(read);
        Ok(read)
    }
}

/// The error of an element that is too large.
pub(super) fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("an element is larger than {MAX_ELEMENT_BYTES} bytes"))
}
