//! A row while it is written.

use crate::task::json_text::{Decimal, escaped_len, plain_len, push_escaped};
use std::io;

/// Most rows have fewer bytes.
const USUAL_BYTES: usize = 512;

/// Collects the pieces of a row: a call of the writer costs more than most of them.
pub(super) struct Pieces<'a, W> {
    out: &'a mut W,
    bytes: [u8; USUAL_BYTES],
    len: usize,
}

impl<'a, W: io::Write> Pieces<'a, W> {
    /// Nothing is written to `out` before there is much, or [`finish`](Self::finish) is called.
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, bytes: [0; USUAL_BYTES], len: 0 }
    }

    /// Appends bytes as they are.
    #[inline]
    pub(super) fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        let end = self.len + piece.len();
        let Some(place) = self.bytes.get_mut(self.len..end) else { return self.pass(piece) };
        place.copy_from_slice(piece);
        self.len = end;
        Ok(())
    }

    /// Appends bytes of known number, which are copied without a call.
    #[inline]
    pub(super) fn push_array<const N: usize>(&mut self, piece: &[u8; N]) -> io::Result<()> {
        let place = self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut);
        let Some(place) = place else { return self.pass(piece) };
        *place = *piece;
        self.len += N;
        Ok(())
    }

    /// Appends a number.
    #[inline]
    pub(super) fn push_number(&mut self, number: i64) -> io::Result<()> {
        match u8::try_from(number) {
            Ok(digit @ 0..=9) => self.push_array(&[b'0' + digit]),
            Ok(pair @ 10..=99) => self.push_array(&[b'0' + pair / 10, b'0' + pair % 10]),
            _ => self.push(Decimal::new(number).as_bytes()),
        }
    }

    /// Appends a text in its quotes.
    #[inline]
    pub(super) fn push_text(&mut self, text: &str) -> io::Result<()> {
        self.push_array(b"\"")?;
        if plain_len(text.as_bytes()) == text.len() {
            self.push(text.as_bytes())?;
        } else {
            self.push_escaped(text)?;
        }
        self.push_array(b"\"")
    }

    #[cold]
    fn push_escaped(&mut self, text: &str) -> io::Result<()> {
        let mut escaped = String::with_capacity(escaped_len(text));
        push_escaped(&mut escaped, text);
        self.push(escaped.as_bytes())
    }

    /// Writes what was collected.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let collected = self.bytes.get(..self.len).unwrap_or_default();
        self.len = 0;
        self.out.write_all(collected)
    }

    /// What does not fit is written behind what was collected.
    #[cold]
    #[inline(never)]
    fn pass(&mut self, piece: &[u8]) -> io::Result<()> {
        self.finish()?;
        self.out.write_all(piece)
    }
}
