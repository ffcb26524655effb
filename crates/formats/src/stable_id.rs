//! Task ids for formats that know their tasks by name.

use annotation_statistics_domain::TaskId;

/// A task id made of a name: the lower 63 bits of its 64-bit FNV-1a hash.
///
/// The same name has the same id in every version, on every machine. Two names of one file with the same id are a
/// fault of reading, not a silent sum: at a million names the chance is about one in 20 million.
#[must_use]
pub fn stable_id(name: &str) -> TaskId {
    TaskId::from((hash(name) & i64::MAX.unsigned_abs()).cast_signed())
}

/// The 64-bit FNV-1a hash.
pub(crate) fn hash(name: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    name.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_name_never_changes() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8, "the published test vector of FNV-1a");
        assert_eq!(stable_id("foobar").get(), 0x0594_4171_f739_67e8);
    }
}
