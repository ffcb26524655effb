//! The values of a row, written as JSON.

use crate::task::json_text::{Decimal, escaped_len, plain_len, push_escaped};
use crate::{CampaignId, Count, InstanceInfo, PoolName, PoolType, TaskId, TaskStatus};
use std::io;

/// Writes a value as its `Serialize` does with `serde_json`, for much less.
pub(super) trait WriteJson {
    fn write_json(&self, out: &mut impl io::Write) -> io::Result<()>;
}

macro_rules! write_numbers {
    ($($type:ty: $number:expr,)+) => {
        $(impl WriteJson for $type {
            #[inline]
            fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
                let number: fn(Self) -> i64 = $number;
                out.write_all(Decimal::new(number(*self)).as_bytes())
            }
        })+
    };
}

write_numbers! {
    TaskId: Self::get,
    TaskStatus: |status| status.code().into(),
    PoolType: |kind| kind.number().into(),
    Count: Self::get,
}

macro_rules! write_texts {
    ($($type:ty),+) => {
        $(impl WriteJson for $type {
            #[inline]
            fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
                write_text(out, self.as_str())
            }
        })+
    };
}

write_texts!(CampaignId, PoolName);

impl WriteJson for InstanceInfo {
    #[inline]
    fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(self.as_json().as_bytes())
    }
}

fn write_text(out: &mut impl io::Write, text: &str) -> io::Result<()> {
    out.write_all(b"\"")?;
    if plain_len(text.as_bytes()) == text.len() {
        out.write_all(text.as_bytes())?;
    } else {
        let mut escaped = String::with_capacity(escaped_len(text));
        push_escaped(&mut escaped, text);
        out.write_all(escaped.as_bytes())?;
    }
    out.write_all(b"\"")
}
