//! The values of a row, written as JSON.

use super::pieces::Pieces;
use crate::{CampaignId, Count, InstanceInfo, PoolName, PoolType, TaskId, TaskStatus};
use std::io;

/// Writes a value as its `Serialize` does with `serde_json`, for much less.
pub(super) trait WriteJson {
    fn write_json(&self, out: &mut Pieces<'_, impl io::Write>) -> io::Result<()>;
}

macro_rules! write_values {
    ($($type:ty: |$value:ident, $out:ident| $write:expr,)+) => {
        $(impl WriteJson for $type {
            #[inline]
            fn write_json(&self, $out: &mut Pieces<'_, impl io::Write>) -> io::Result<()> {
                let $value = self;
                $write
            }
        })+
    };
}

write_values! {
    TaskId: |id, out| out.push_number(id.get()),
    TaskStatus: |status, out| out.push_number(status.code().into()),
    CampaignId: |id, out| out.push_text(id.as_str()),
    PoolName: |name, out| out.push_text(name.as_str()),
    PoolType: |kind, out| out.push_number(kind.number().into()),
    InstanceInfo: |counts, out| out.push(counts.as_json().as_bytes()),
    Count: |count, out| out.push_number(count.get()),
}
