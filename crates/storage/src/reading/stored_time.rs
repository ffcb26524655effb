//! A point in time as it is stored.

use diesel::data_types::PgTimestamp;
use std::time::{Duration, SystemTime};

/// Postgres counts microseconds from 2000 on.
const EPOCH_OF_POSTGRES: i64 = 946_684_800_000_000;

/// `None` before 1970, and where it is infinite.
pub(crate) fn time(stored: PgTimestamp) -> Option<SystemTime> {
    let micros = stored.0.checked_add(EPOCH_OF_POSTGRES)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(u64::try_from(micros).ok()?))
}

/// The next whole microsecond; 1970 where it is before that.
pub(crate) fn of(time: SystemTime) -> PgTimestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let micros = since.as_nanos().div_ceil(1_000);
    PgTimestamp(i64::try_from(micros).unwrap_or(i64::MAX).saturating_sub(EPOCH_OF_POSTGRES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_time_is_one_since_1970() {
        let seconds = |stored: i64| time(PgTimestamp(stored));
        let since = |micros: u64| Some(SystemTime::UNIX_EPOCH + Duration::from_micros(micros));
        assert_eq!((seconds(1), seconds(-EPOCH_OF_POSTGRES)), (since(946_684_800_000_001), since(0)));
        // Before 1970, and `infinity`.
        assert_eq!((seconds(-EPOCH_OF_POSTGRES - 1), seconds(i64::MAX)), (None, None));
    }

    #[test]
    fn a_time_is_stored_as_it_is_read_and_never_as_an_earlier_one() {
        for stored in [0, 1, -EPOCH_OF_POSTGRES, 800_000_000_000_001] {
            assert_eq!(of(time(PgTimestamp(stored)).unwrap()).0, stored);
        }
        let later = SystemTime::UNIX_EPOCH + Duration::from_nanos(1);
        assert_eq!(of(later).0, 1 - EPOCH_OF_POSTGRES);
        assert_eq!(of(SystemTime::UNIX_EPOCH - Duration::from_secs(1)).0, -EPOCH_OF_POSTGRES);
    }
}
