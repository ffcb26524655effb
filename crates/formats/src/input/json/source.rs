//! The text of a file, a window of it at a time.

use crate::input::json::line_breaks::LineBreaks;
use crate::input::metered::Bytes;
use crate::input::non_numbers::NonNumbers;
use std::io::{self, BufRead, ErrorKind, Read};

/// So much of what was read again with care is kept: more than a parser reads ahead.
const KEPT: usize = 1 << 16;

/// A window of a file: what was read of it and is not passed yet.
pub(super) struct Source<'input> {
    input: NonNumbers<Bytes<'input>>,
    window: String,
    /// What was read behind the window and is no UTF-8, or not yet.
    rest: Vec<u8>,
    /// The place in the window up to which the file is passed.
    place: usize,
    /// The byte of the file at which the window begins.
    start: u64,
    breaks: LineBreaks,
    /// The place in the window up to which `breaks` were counted.
    counted: usize,
    ended: bool,
    failure: Option<io::Error>,
}

impl<'input> Source<'input> {
    pub(super) fn new(input: Bytes<'input>) -> Self {
        let (input, breaks) = (NonNumbers::new(input), LineBreaks::default());
        let (window, rest, failure) = (String::new(), Vec::new(), None);
        Self { input, window, rest, place: 0, start: 0, breaks, counted: 0, ended: false, failure }
    }

    /// The byte of the file at the current place.
    pub(super) fn byte(&self) -> u64 {
        self.start.saturating_add(u64_of(self.place))
    }

    /// How many lines end before the current place.
    pub(super) fn line_breaks(&self) -> u64 {
        let mut breaks = self.breaks;
        breaks.pass(self.bytes(self.counted, self.place));
        breaks.number()
    }

    /// What is known of the text behind the current place.
    #[inline]
    pub(super) fn text(&self) -> &str {
        self.window.get(self.place..).unwrap_or_default()
    }

    /// What is known of it from some bytes behind the current place on.
    #[inline]
    pub(super) fn behind(&self, bytes: usize) -> &[u8] {
        self.window.as_bytes().get(self.place.saturating_add(bytes)..).unwrap_or_default()
    }

    /// A part of the window.
    fn bytes(&self, start: usize, end: usize) -> &[u8] {
        self.window.as_bytes().get(start..end).unwrap_or_default()
    }

    /// Whether there is nothing behind [`text`](Self::text).
    pub(super) fn is_whole(&self) -> bool {
        self.ended && self.rest.is_empty()
    }

    /// Passes over a part of the text.
    #[inline]
    pub(super) fn pass(&mut self, bytes: usize) {
        self.place = self.place.saturating_add(bytes).min(self.window.len());
    }

    /// Makes the text longer; `false` where it cannot be, or is as long as it may be.
    pub(super) fn extend(&mut self, most: usize) -> bool {
        let known = self.text().len();
        // Much larger at once, so that what is read again after each extension is read twice or thrice in all.
        let wanted = known.saturating_add(known / 2).min(most);
        while self.text().len() <= wanted && known < most {
            self.drop_passed(self.place);
            if !self.append() || self.is_blocked() {
                break;
            }
        }
        self.text().len() > known
    }

    /// Whether what comes next is no UTF-8.
    fn is_blocked(&self) -> bool {
        self.rest.len() > 3
    }

    /// Reads once; `false` at the end, and where reading fails.
    fn append(&mut self) -> bool {
        if self.ended || self.failure.is_some() {
            return false;
        }
        let read = loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        match read {
            Ok(bytes) => {
                let length = bytes.len();
                self.rest.extend_from_slice(bytes);
                self.input.consume(length);
                self.ended = length == 0;
            }
            Err(error) => self.failure = Some(error),
        }
        let text = valid_start(&self.rest);
        self.window.push_str(text);
        let length = text.len();
        self.rest.drain(..length);
        !self.ended && self.failure.is_none()
    }

    /// Drops so much of the window, or a little less, so that no character is cut; returns how much that was.
    fn drop_passed(&mut self, bytes: usize) -> usize {
        let bytes = (0..=bytes.min(self.window.len())).rev().find(|place| self.window.is_char_boundary(*place));
        let bytes = bytes.unwrap_or_default();
        if bytes > self.counted {
            let mut breaks = self.breaks;
            breaks.pass(self.bytes(self.counted, bytes));
            (self.breaks, self.counted) = (breaks, bytes);
        }
        self.window.drain(..bytes);
        self.start = self.start.saturating_add(u64_of(bytes));
        for place in [&mut self.place, &mut self.counted] {
            *place = place.saturating_sub(bytes);
        }
        bytes
    }

    /// Everything from the current place on, for a parser that reads it again.
    pub(super) fn again(&mut self) -> Again<'_, 'input> {
        let mut breaks = self.breaks;
        breaks.pass(self.bytes(self.counted, self.place));
        (self.breaks, self.counted) = (breaks, self.counted.max(self.place));
        let given = self.place;
        Again { source: self, given }
    }

    /// Goes to a byte of the file that was read again; `false` where it is not in the window.
    pub(super) fn go_to(&mut self, byte: u64) -> bool {
        let place = byte.checked_sub(self.start).and_then(|place| usize::try_from(place).ok());
        let place = place.filter(|place| *place <= self.window.len());
        self.place = place.unwrap_or(self.place);
        place.is_some()
    }
}

/// What is behind a place of a [`Source`].
pub(super) struct Again<'source, 'input> {
    source: &'source mut Source<'input>,
    /// The place in the window, or in the rest behind it, up to which it was given.
    given: usize,
}

impl Read for Again<'_, '_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.given == self.source.window.len().saturating_add(self.source.rest.len()) {
            self.given -= self.source.drop_passed(self.given.saturating_sub(KEPT));
            self.source.append();
        }
        let Source { window, rest, failure, .. } = &mut *self.source;
        let mut left = match self.given.checked_sub(window.len()) {
            None => window.as_bytes().get(self.given..).unwrap_or_default(),
            Some(given) => rest.get(given..).unwrap_or_default(),
        };
        if left.is_empty()
            && let Some(failure) = failure.take()
        {
            return Err(failure);
        }
        let read = left.read(target)?;
        self.given += read;
        Ok(read)
    }
}

/// The start of a text as far as it is UTF-8.
fn valid_start(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        std::str::from_utf8(valid).unwrap_or_default()
    })
}

fn u64_of(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
