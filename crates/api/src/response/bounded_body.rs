//! Bodies while they are written.

use std::io;

/// Data of limited size at the end of a body: writing fails at the first byte over the limit, not when the data is complete.
pub(crate) struct BoundedBody<'a> {
    bytes: &'a mut Vec<u8>,
    max_len: usize,
}

impl<'a> BoundedBody<'a> {
    /// The error of a write over the limit, and of no other.
    pub(super) const LIMIT_REACHED: io::ErrorKind = io::ErrorKind::FileTooLarge;

    /// At most `max` bytes behind those that are there.
    pub(super) fn after(bytes: &'a mut Vec<u8>, max: usize) -> Self {
        let max_len = bytes.len().saturating_add(max);
        Self { bytes, max_len }
    }
}

impl io::Write for BoundedBody<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.max_len.saturating_sub(self.bytes.len()) {
            return Err(Self::LIMIT_REACHED.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// All at once, without the loop of writers that take a part.
    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes).map(drop)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts the bytes that are written, and drops them.
#[derive(Default)]
pub(crate) struct WrittenSize(pub(crate) usize);

impl io::Write for WrittenSize {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_body_takes_what_it_may_and_no_byte_more() {
        let mut bytes = b"there".to_vec();
        let mut body = BoundedBody::after(&mut bytes, 4);
        body.write_all(b"abc").unwrap();
        assert_eq!(body.write_all(b"de").unwrap_err().kind(), BoundedBody::LIMIT_REACHED);
        body.write_all(b"d").unwrap();
        assert_eq!(bytes, b"thereabcd");
    }

    #[test]
    fn a_size_is_counted_without_the_bytes() {
        let mut size = WrittenSize::default();
        size.write_all(b"abc").unwrap();
        size.write_all(b"de").unwrap();
        assert_eq!(size.0, 5);
    }
}
